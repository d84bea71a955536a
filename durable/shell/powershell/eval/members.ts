import { civil, formatDate, longDate, longTime, shortDateTime } from '../../windows/calendar.ts'
import { toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { entryOf, isHash, isObject, kindOf, type PsValue, shortType, typeName } from '../values/value.ts'
import { formatValue } from './format-operator.ts'
import { OperatorFault } from './operators.ts'
import { boundText } from './session.ts'

/** `$value.name`; of a list without such a member, that of each item. */
export function member(value: PsValue, name: string): PsValue {
  const own = ownMember(value, name)
  if (own !== undefined) return own
  if (!Array.isArray(value)) return null
  const found: PsValue[] = []
  for (const item of value) {
    const one = ownMember(item, name)
    if (one === undefined || one === null) continue
    if (Array.isArray(one)) found.push(...one)
    else found.push(one)
  }
  return found.length === 0 ? null : found.length === 1 ? found[0] : found
}

export function ownMember(value: PsValue, name: string): PsValue | undefined {
  const lower = name.toLowerCase()
  if (isObject(value)) {
    const found = entryOf(value.props, name)
    if (found !== undefined) return found[1]
  }
  if (isHash(value)) {
    const found = entryOf(value.entries, name)
    if (found !== undefined) return found[1]
    if (lower === 'keys') return [...value.entries.keys()]
    if (lower === 'values') return [...value.entries.values()]
    if (lower === 'count') return value.entries.size
  }
  if (typeof value === 'string' && lower === 'length') return value.length
  if (Array.isArray(value)) return lower === 'count' || lower === 'length' ? value.length : undefined
  const kind = kindOf(value)
  if (kind === 'date') return dateMember((value as { micros: number }).micros, lower)
  if (kind === 'span') return spanMember((value as { micros: number }).micros, lower)
  if (kind === 'type' && (lower === 'name' || lower === 'fullname')) return text(value)
  if (lower === 'count' || lower === 'length') return value === null ? 0 : 1
  return undefined
}

function dateMember(micros: number, name: string): PsValue | undefined {
  const c = civil(micros)
  const parts: Record<string, PsValue> = {
    year: c.year,
    month: c.month,
    day: c.day,
    hour: c.hour,
    minute: c.minute,
    second: c.second,
    millisecond: Math.floor(c.micro / 1000),
    dayofweek: longDate(c).split(',')[0],
    date: { kind: 'date', micros: micros - (micros % 86_400_000_000) },
    timeofday: { kind: 'span', micros: micros % 86_400_000_000 },
    ticks: micros * 10 + 621_355_968_000_000_000,
  }
  return parts[name]
}

function spanMember(micros: number, name: string): PsValue | undefined {
  const seconds = micros / 1_000_000
  const parts: Record<string, number> = {
    totalmilliseconds: micros / 1000,
    totalseconds: seconds,
    totalminutes: seconds / 60,
    totalhours: seconds / 3600,
    totaldays: seconds / 86_400,
    days: Math.trunc(seconds / 86_400),
    hours: Math.trunc(seconds / 3600) % 24,
    minutes: Math.trunc(seconds / 60) % 60,
    seconds: Math.trunc(seconds) % 60,
    milliseconds: Math.trunc(micros / 1000) % 1000,
    ticks: micros * 10,
  }
  return parts[name]
}

/** `$value.name(args)` */
export function invoke(value: PsValue, name: string, args: readonly PsValue[]): PsValue {
  const lower = name.toLowerCase()
  if (value === null) throw new OperatorFault('You cannot call a method on a null-valued expression.', 'InvokeMethodOnNull')
  if (lower === 'gettype' && args.length === 0)
    return {
      kind: 'object',
      types: ['System.RuntimeType'],
      props: new Map<string, PsValue>([
        ['Name', shortType(value)],
        ['FullName', typeName(value)],
      ]),
      text: typeName(value),
    }
  if (lower === 'tostring') {
    return args.length === 1 && typeof value !== 'string'
      ? formatValue(value, text(args[0]))
      : kindOf(value) === 'date'
        ? shortDateTime(civil((value as { micros: number }).micros))
        : text(value)
  }
  if (lower === 'equals' && args.length === 1) return text(value) === text(args[0])
  const found =
    typeof value === 'string'
      ? stringMethod(value, lower, args)
      : kindOf(value) === 'date'
        ? dateMethod((value as { micros: number }).micros, lower, args)
        : listMethod(value, lower, args)
  if (found !== undefined) return found
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map((item) => invoke(item, name, args))
  throw new OperatorFault(
    `Method invocation failed because [${typeName(value)}] does not contain a method named '${name}'.`,
    'MethodNotFound',
  )
}

function stringMethod(value: string, name: string, args: readonly PsValue[]): PsValue | undefined {
  const first = text(args[0] ?? '')
  const number = (i: number) => toInteger(toNumber(args[i] ?? 0) ?? 0)
  switch (name) {
    case 'toupper':
    case 'toupperinvariant':
      return value.toUpperCase()
    case 'tolower':
    case 'tolowerinvariant':
      return value.toLowerCase()
    case 'trim':
      return trimmed(value, args, true, true)
    case 'trimstart':
      return trimmed(value, args, true, false)
    case 'trimend':
      return trimmed(value, args, false, true)
    case 'startswith':
      return value.startsWith(first)
    case 'endswith':
      return value.endsWith(first)
    case 'contains':
      return value.includes(first)
    case 'indexof':
      return value.indexOf(first)
    case 'lastindexof':
      return value.lastIndexOf(first)
    case 'replace': {
      const out = value.split(first).join(text(args[1] ?? ''))
      boundText(out.length)
      return first === '' ? value : out
    }
    case 'split':
      return splitAt(value, args)
    case 'substring': {
      const start = number(0)
      const length = args.length > 1 ? number(1) : value.length - start
      if (start < 0 || start > value.length || length < 0 || start + length > value.length) {
        throw new OperatorFault(
          `Exception calling "Substring" with "${args.length}" argument(s): "Index and length must refer to a location within the string.\nParameter name: length"`,
          'ArgumentOutOfRangeException',
        )
      }
      return value.slice(start, start + length)
    }
    case 'padleft':
    case 'padright': {
      const width = number(0)
      boundText(width)
      const fill = args.length > 1 ? text(args[1]).slice(0, 1) : ' '
      return name === 'padleft' ? value.padStart(width, fill) : value.padEnd(width, fill)
    }
    case 'insert':
      return value.slice(0, number(0)) + text(args[1] ?? '') + value.slice(number(0))
    case 'remove':
      return value.slice(0, number(0)) + (args.length > 1 ? value.slice(number(0) + number(1)) : '')
    case 'tochararray':
      return [...value]
    default:
      return undefined
  }
}

function trimmed(value: string, args: readonly PsValue[], left: boolean, right: boolean): string {
  const chars = args.length === 0 ? ' \t\r\n\f\v' : args.map((arg) => text(arg)).join('')
  let [from, to] = [0, value.length]
  while (left && from < to && chars.includes(value[from])) from++
  while (right && to > from && chars.includes(value[to - 1])) to--
  return value.slice(from, to)
}

/** .NET Framework splits at every character of the argument. */
function splitAt(value: string, args: readonly PsValue[]): PsValue {
  const chars = args.length === 0 ? ' \t\r\n' : text(Array.isArray(args[0]) ? args[0].map((arg) => text(arg)).join('') : args[0])
  const pieces: PsValue[] = []
  let piece = ''
  for (const char of value) {
    if (chars.includes(char)) {
      pieces.push(piece)
      piece = ''
    } else piece += char
  }
  pieces.push(piece)
  return pieces
}

function dateMethod(micros: number, name: string, args: readonly PsValue[]): PsValue | undefined {
  const units: Record<string, number> = {
    adddays: 86_400e6,
    addhours: 3_600e6,
    addminutes: 60e6,
    addseconds: 1e6,
    addmilliseconds: 1e3,
  }
  if (units[name] !== undefined) return { kind: 'date', micros: micros + Math.round((toNumber(args[0] ?? 0) ?? 0) * units[name]) }
  if (name === 'toshortdatestring') return formatDate(civil(micros), 'M/d/yyyy')
  if (name === 'tolongdatestring') return longDate(civil(micros))
  if (name === 'toshorttimestring') return formatDate(civil(micros), 'h:mm tt')
  if (name === 'tolongtimestring') return longTime(civil(micros))
  return undefined
}

function listMethod(value: PsValue, name: string, args: readonly PsValue[]): PsValue | undefined {
  if (Array.isArray(value)) {
    if (name === 'contains') return value.some((item) => text(item) === text(args[0] ?? ''))
    if (name === 'indexof') return value.findIndex((item) => text(item) === text(args[0] ?? ''))
  }
  if (isHash(value)) {
    if (name === 'containskey' || name === 'contains') return entryOf(value.entries, text(args[0] ?? '')) !== undefined
    if (name === 'add') {
      value.entries.set(text(args[0] ?? ''), args[1] ?? null)
      return null
    }
    if (name === 'remove') {
      const found = entryOf(value.entries, text(args[0] ?? ''))
      if (found !== undefined) value.entries.delete(found[0])
      return null
    }
  }
  if (typeof value === 'number' && name === 'compareto') return Math.sign(value - (toNumber(args[0] ?? 0) ?? 0))
  return undefined
}

/** `$value[index]` */
export function at(value: PsValue, index: PsValue): PsValue {
  if (Array.isArray(index)) return index.map((one) => at(value, one))
  if (isHash(value)) return entryOf(value.entries, text(index))?.[1] ?? null
  if (value === null) throw new OperatorFault('Cannot index into a null array.', 'NullArray')
  const n = toNumber(index)
  const list = typeof value === 'string' ? [...value] : Array.isArray(value) ? value : undefined
  if (list === undefined) {
    if (isObject(value) && n === 0) return value
    throw new OperatorFault(`Unable to index into an object of type ${typeName(value)}.`, 'CannotIndex')
  }
  if (n === undefined)
    throw new OperatorFault(
      `Cannot convert value "${text(index)}" to type "System.Int32". Error: "Input string was not in a correct format."`,
      'InvalidCastFromStringToInteger',
    )
  return list[n < 0 ? list.length + n : toInteger(n)] ?? null
}
