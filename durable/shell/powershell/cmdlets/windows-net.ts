import type { WindowsNetCalls } from '../../../engine/machine/windows/net-calls.ts'
import type { Call } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'

/** What only Windows knows of networking. */
export function netOf(call: Call): WindowsNetCalls {
  const { windowsNet } = call.kernel
  if (windowsNet === undefined)
    throw new NotSimulated('This on another system than Windows is real, but it is not simulated here yet.')
  return windowsNet
}
