import { localMicros } from '../../windows/calendar.ts'
import { NotSimulated } from '../errors.ts'
import { toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import type { PsValue } from '../values/value.ts'
import { joined } from './operators.ts'
import type { Frame } from './session.ts'

/** The few static members that people type: `[math]::Round(...)`, `[string]::Join(...)`, `[Convert]::ToString(x, 2)`. */
export function staticCall(type: string, name: string, args: readonly PsValue[], frame: Frame): PsValue {
  const call = `${type}::${name}`.toLowerCase().replace(/^system\./, '')
  const n = (i: number): number => toNumber(args[i] ?? 0) ?? 0
  switch (call) {
    case 'math::abs':
      return Math.abs(n(0))
    case 'math::floor':
      return Math.floor(n(0))
    case 'math::ceiling':
      return Math.ceil(n(0))
    case 'math::truncate':
      return Math.trunc(n(0))
    case 'math::sqrt':
      return Math.sqrt(n(0))
    case 'math::max':
      return Math.max(n(0), n(1))
    case 'math::min':
      return Math.min(n(0), n(1))
    case 'math::round': {
      const scale = Number(`1e${Math.max(0, Math.min(15, n(1)))}`)
      return toInteger(n(0) * scale) / scale
    }
    case 'math::pow': {
      let out = 1
      for (let i = 0; i < Math.min(Math.abs(toInteger(n(1))), 1100); i++) out *= n(0)
      return n(1) < 0 ? 1 / out : out
    }
    case 'string::join':
      return joined(args.length === 2 ? args[1] : args.slice(1), text(args[0] ?? ''))
    case 'string::isnullorempty':
      return text(args[0] ?? null) === ''
    case 'convert::tostring':
      return args.length === 2 ? toInteger(n(0)).toString(Math.max(2, Math.min(36, toInteger(n(1))))) : text(args[0] ?? null)
    case 'convert::toint32':
    case 'convert::toint64': {
      const digits = Number.parseInt(text(args[0] ?? ''), args.length === 2 ? toInteger(n(1)) : 10)
      return Number.isNaN(digits) ? 0 : digits
    }
    case 'int::maxvalue':
    case 'int32::maxvalue':
      return 2_147_483_647
    case 'datetime::now':
      return { kind: 'date', micros: localMicros(frame.session.kernel.clock()) }
    case 'environment::machinename':
      return frame.session.kernel.identity().hostname.toUpperCase()
    case 'environment::newline':
      return '\r\n'
    default:
      throw new NotSimulated(`[${type}]::${name} is not simulated here yet.`)
  }
}
