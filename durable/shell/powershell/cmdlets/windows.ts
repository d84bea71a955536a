// What the cmdlets of the Windows system share.
import type { WindowsCalls } from '../../../engine/machine/windows/windows-views.ts'
import { localMicros } from '../../windows/calendar.ts'
import type { Call } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import type { PsDate } from '../values/value.ts'

export function windowsOf(call: Call): WindowsCalls {
  if (call.kernel.windows === undefined) throw new NotSimulated(`${call.kernel.identity().hostname} is no Windows computer.`)
  return call.kernel.windows
}

/** A moment of lab time on the wall clock of this computer. */
export const dateOf = (call: Call, at: number): PsDate => ({ kind: 'date', micros: localMicros(call.kernel.clock(), at) })
