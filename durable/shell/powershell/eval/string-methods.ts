// Methods of texts, as .NET Framework has them.
import { toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { character, type PsValue } from '../values/value.ts'
import { methodFault } from './operators.ts'
import { boundText } from './session.ts'

const outside = (name: string, count: number, why: string) => methodFault(name, count, why, 'ArgumentOutOfRangeException')

/** `'OrdinalIgnoreCase'` and its like as the last argument. */
const folded = (args: readonly PsValue[]): boolean => /IgnoreCase$/i.test(text(args.at(-1) ?? '')) && args.length > 1

const charsOf = (value: PsValue): string => (Array.isArray(value) ? value.map((one) => text(one)).join('') : text(value))

export function stringMethod(value: string, name: string, args: readonly PsValue[]): PsValue | undefined {
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
      return folded(args) ? value.toLowerCase().startsWith(first.toLowerCase()) : value.startsWith(first)
    case 'endswith':
      return folded(args) ? value.toLowerCase().endsWith(first.toLowerCase()) : value.endsWith(first)
    case 'contains':
      return value.includes(first)
    case 'indexof':
      return folded(args) ? value.toLowerCase().indexOf(first.toLowerCase()) : value.indexOf(first, number(1))
    case 'lastindexof':
      return value.lastIndexOf(first)
    case 'indexofany':
      return [...value].findIndex((char) => charsOf(args[0] ?? null).includes(char))
    case 'equals':
      return folded(args) ? value.toLowerCase() === first.toLowerCase() : value === first
    case 'compareto':
      return value.toLowerCase() < first.toLowerCase() ? -1 : value.toLowerCase() > first.toLowerCase() ? 1 : 0
    case 'normalize':
      return value
    case 'chars':
    case 'get_chars':
      return character(value[number(0)] ?? '')
    case 'gethashcode':
      return [...value].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) | 0, 17)
    case 'getenumerator':
      return [...value].map(character)
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
        throw outside(
          'Substring',
          args.length,
          'Index and length must refer to a location within the string.\nParameter name: length',
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
      if (number(0) < 0 || number(0) > value.length)
        throw outside(
          'Insert',
          args.length,
          'Specified argument was out of the range of valid values.\nParameter name: startIndex',
        )
      return value.slice(0, number(0)) + text(args[1] ?? '') + value.slice(number(0))
    case 'remove':
      if (number(0) < 0 || number(0) > value.length || number(0) + number(1) > value.length)
        throw outside('Remove', args.length, 'startIndex must be less than length of string.\nParameter name: startIndex')
      return value.slice(0, number(0)) + (args.length > 1 ? value.slice(number(0) + number(1)) : '')
    case 'tochararray':
      return [...value].map(character)
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

/** .NET Framework splits at every character of the argument; several texts split at each of them. */
function splitAt(value: string, args: readonly PsValue[]): PsValue {
  const whole = Array.isArray(args[0]) && args.length > 1 && args[0].some((one) => text(one).length > 1)
  const marks = whole
    ? (args[0] as PsValue[]).map((one) => text(one))
    : [...(args.length === 0 ? ' \t\r\n' : charsOf(args[0] ?? null))]
  const given = args.slice(1).find((one) => typeof one === 'number')
  const most = typeof given === 'number' ? given : Number.POSITIVE_INFINITY
  const drop = args.slice(1).some((one) => /^(RemoveEmptyEntries|1)$/i.test(text(one)) && typeof one !== 'number')
  const pieces: PsValue[] = []
  let from = 0
  for (let at = 0; at < value.length && pieces.length < most - 1; ) {
    const mark = marks.find((one) => one !== '' && value.startsWith(one, at))
    if (mark === undefined) {
      at++
      continue
    }
    if (!drop || at > from) pieces.push(value.slice(from, at))
    at += mark.length
    from = at
  }
  if (!drop || from < value.length) pieces.push(value.slice(from))
  return pieces
}
