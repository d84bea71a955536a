// Methods of values that are not texts, and the way to all of them: `$value.name(args)`.
import { utf8 } from '../../../engine/service/http-content.ts'
import { civil, formatDate, longDate, longTime, shortDateTime } from '../../windows/calendar.ts'
import { compare, compareText, equal, toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import {
  entryOf,
  isHash,
  isObject,
  kindOf,
  object,
  type PsHash,
  PsList,
  type PsObject,
  type PsValue,
  typeName,
} from '../values/value.ts'
import { castOrNull } from './cast.ts'
import { dateFrom, lengthOf } from './casts.ts'
import { formatValue } from './format-operator.ts'
import { methodFault, OperatorFault } from './operators.ts'
import { regexCall } from './regex-values.ts'
import { boundList } from './session.ts'
import { stringMethod } from './string-methods.ts'

export function invoke(value: PsValue, name: string, args: readonly PsValue[]): PsValue {
  const lower = name.toLowerCase()
  if (value === null) throw new OperatorFault('You cannot call a method on a null-valued expression.', 'InvokeMethodOnNull')
  if (lower === 'gettype' && args.length === 0) return { kind: 'type', name: typeName(value) }
  if (lower === 'tostring') return shown(value, args)
  const found = typeof value === 'string' ? stringMethod(value, lower, args) : otherMethod(value, lower, name, args)
  if (found !== undefined) return found
  if (lower === 'equals' && args.length === 1) return equal(value, args[0] ?? null, true)
  if (lower === 'gethashcode') return text(value).length
  if (lower === 'compareto' && args.length === 1) return compare(value, args[0] ?? null) ?? 0
  if (Array.isArray(value) && !(value instanceof PsList) && value.length > 0 && value.every((item) => item !== null))
    return value.map((item) => invoke(item, name, args))
  throw new OperatorFault(
    `Method invocation failed because [${typeName(value)}] does not contain a method named '${name}'.`,
    'MethodNotFound',
  )
}

function shown(value: PsValue, args: readonly PsValue[]): string {
  if (isObject(value) && value.types[0] === 'System.Guid' && args.length === 1 && /^n$/i.test(text(args[0] ?? '')))
    return text(value).replace(/-/g, '')
  if (args.length > 0 && typeof value !== 'string') return formatValue(value, text(args[0] ?? ''))
  return kindOf(value) === 'date' ? shortDateTime(civil((value as { micros: number }).micros)) : text(value)
}

function otherMethod(value: PsValue, lower: string, name: string, args: readonly PsValue[]): PsValue | undefined {
  if (Array.isArray(value))
    return value instanceof PsList ? listMethod(value, lower, args) : arrayMethod(value, lower, name, args)
  if (isHash(value)) return hashMethod(value, lower, args)
  switch (kindOf(value)) {
    case 'date':
      return dateMethod((value as { micros: number }).micros, lower, args)
    case 'span':
      return spanMethod((value as { micros: number }).micros, lower, args)
    case 'script':
      return lower === 'getnewclosure' ? value : undefined
    case 'object':
      return objectMethod(value as PsObject, lower, args)
    default:
      return undefined
  }
}

const whole = (args: readonly PsValue[], at: number): number => toInteger(toNumber(args[at] ?? 0) ?? 0)

function arrayMethod(value: PsValue[], lower: string, name: string, args: readonly PsValue[]): PsValue | undefined {
  switch (lower) {
    case 'contains':
      return value.some((item) => equal(item, args[0] ?? null, true))
    case 'indexof':
      return value.findIndex((item) => equal(item, args[0] ?? null, true))
    case 'getvalue':
      return value[whole(args, 0)] ?? null
    case 'setvalue':
      value[whole(args, 1)] = args[0] ?? null
      return null
    case 'clone':
      return [...value]
    case 'getlength':
    case 'get_count':
      return value.length
    case 'getupperbound':
      return value.length - 1
    case 'getlowerbound':
      return 0
    case 'getenumerator':
      return value
    case 'add':
    case 'remove':
    case 'removeat':
    case 'insert':
    case 'clear':
      throw methodFault(name, args.length, 'Collection was of a fixed size.', 'NotSupportedException')
    default:
      return undefined
  }
}

function listMethod(value: PsList, lower: string, args: readonly PsValue[]): PsValue | undefined {
  const index = (): number => value.findIndex((item) => equal(item, args[0] ?? null, true))
  const order = (a: PsValue, b: PsValue): number => compare(a, b) ?? compareText(text(a), text(b), false)
  switch (lower) {
    case 'add': {
      boundList(value.length + 1)
      const generic = /List\[(.*)\]$/.exec(value.type)?.[1]
      value.push(generic === undefined ? (args[0] ?? null) : (castOrNull(generic, args[0] ?? null) ?? args[0] ?? null))
      return value.type.endsWith('ArrayList') ? value.length - 1 : NOTHING
    }
    case 'addrange': {
      const more = Array.isArray(args[0]) ? args[0] : [args[0] ?? null]
      boundList(value.length + more.length)
      for (const item of more) value.push(item)
      return NOTHING
    }
    case 'insert':
      value.splice(whole(args, 0), 0, args[1] ?? null)
      return NOTHING
    case 'remove': {
      const at = index()
      if (at >= 0) value.splice(at, 1)
      return value.type.endsWith('ArrayList') ? NOTHING : at >= 0
    }
    case 'removeat':
      value.splice(whole(args, 0), 1)
      return NOTHING
    case 'removerange':
      value.splice(whole(args, 0), whole(args, 1))
      return NOTHING
    case 'clear':
      value.length = 0
      return NOTHING
    case 'contains':
      return index() >= 0
    case 'indexof':
      return index()
    case 'sort':
      value.sort(order)
      return NOTHING
    case 'reverse':
      value.reverse()
      return NOTHING
    case 'toarray':
    case 'getenumerator':
      return [...value]
    case 'getrange':
      return new PsList(value.type, value.slice(whole(args, 0), whole(args, 0) + whole(args, 1)))
    default:
      return undefined
  }
}

/** What a method without a value puts out. */
const NOTHING: PsValue = null

function hashMethod(value: PsHash, lower: string, args: readonly PsValue[]): PsValue | undefined {
  const key = text(args[0] ?? '')
  switch (lower) {
    case 'containskey':
    case 'contains':
      return entryOf(value.entries, key) !== undefined
    case 'containsvalue':
      return [...value.entries.values()].some((item) => equal(item, args[0] ?? null, true))
    case 'add': {
      const before = entryOf(value.entries, key)
      if (before !== undefined)
        throw methodFault(
          'Add',
          args.length,
          `Item has already been added. Key in dictionary: '${before[0]}'  Key being added: '${key}'`,
          'ArgumentException',
        )
      boundList(value.entries.size + 1)
      value.entries.set(key, args[1] ?? null)
      return NOTHING
    }
    case 'set_item':
      value.entries.set(entryOf(value.entries, key)?.[0] ?? key, args[1] ?? null)
      return NOTHING
    case 'get_item':
    case 'item':
      return entryOf(value.entries, key)?.[1] ?? null
    case 'remove': {
      const found = entryOf(value.entries, key)
      if (found !== undefined) value.entries.delete(found[0])
      return NOTHING
    }
    case 'clear':
      value.entries.clear()
      return NOTHING
    case 'clone':
      return { ...value, entries: new Map(value.entries) }
    case 'getenumerator':
      return [...value.entries].map(([Key, Value]) => object('System.Collections.DictionaryEntry', { Name: Key, Key, Value }))
    default:
      return undefined
  }
}

function dateMethod(micros: number, name: string, args: readonly PsValue[]): PsValue | undefined {
  const units: Record<string, number> = {
    adddays: 86_400e6,
    addhours: 3_600e6,
    addminutes: 60e6,
    addseconds: 1e6,
    addmilliseconds: 1e3,
    addticks: 0.1,
  }
  const unit = units[name]
  if (unit !== undefined) return { kind: 'date', micros: micros + Math.round((toNumber(args[0] ?? 0) ?? 0) * unit) }
  const c = civil(micros)
  const by = args[0] ?? null
  switch (name) {
    case 'addmonths':
    case 'addyears': {
      const months = c.year * 12 + c.month - 1 + whole(args, 0) * (name === 'addyears' ? 12 : 1)
      const [year, month] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1]
      const start = dateFrom(year, month, Math.min(c.day, lengthOf(year, month)))
      return start === undefined ? undefined : { kind: 'date', micros: start.micros + (micros % 86_400e6) }
    }
    case 'add':
      return kindOf(by) === 'span' ? { kind: 'date', micros: micros + (by as { micros: number }).micros } : undefined
    case 'subtract': {
      const other = (by as { micros?: number } | null)?.micros ?? 0
      return kindOf(by) === 'date' ? { kind: 'span', micros: micros - other } : { kind: 'date', micros: micros - other }
    }
    case 'toshortdatestring':
      return formatDate(c, 'M/d/yyyy')
    case 'tolongdatestring':
      return longDate(c)
    case 'toshorttimestring':
      return formatDate(c, 'h:mm tt')
    case 'tolongtimestring':
      return longTime(c)
    case 'tolocaltime':
    case 'touniversaltime':
      return { kind: 'date', micros }
    case 'isdaylightsavingtime':
      return false
    case 'tofiletime':
      return micros * 10 + 116_444_736_000_000_000
    default:
      return undefined
  }
}

function spanMethod(micros: number, name: string, args: readonly PsValue[]): PsValue | undefined {
  const other = (args[0] as { micros?: number } | null | undefined)?.micros ?? 0
  switch (name) {
    case 'add':
      return { kind: 'span', micros: micros + other }
    case 'subtract':
      return { kind: 'span', micros: micros - other }
    case 'negate':
      return { kind: 'span', micros: -micros }
    case 'duration':
      return { kind: 'span', micros: Math.abs(micros) }
    default:
      return undefined
  }
}

function objectMethod(value: PsObject, name: string, args: readonly PsValue[]): PsValue | undefined {
  switch (value.types[0]) {
    case 'System.Net.IPAddress':
      if (name !== 'getaddressbytes') return undefined
      return text(value).includes(':') ? bytes6(value) : text(value).split('.').map(Number)
    case 'System.Text.RegularExpressions.Regex':
      return regexCall(name, [args[0] ?? '', text(value), ...args.slice(1)])
    case 'System.Text.UTF8Encoding':
    case 'System.Text.ASCIIEncoding':
    case 'System.Text.UnicodeEncoding':
      return encoding(value.types[0], name, args)
    default:
      return undefined
  }
}

function bytes6(value: PsObject): number[] {
  const [left = '', right] = text(value).split('%')[0]?.split('::') ?? []
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((one) => Number.parseInt(one, 16)))
  const [a, b] = [groups(left), groups(right ?? '')]
  const all = right === undefined ? a : [...a, ...new Array<number>(8 - a.length - b.length).fill(0), ...b]
  return all.flatMap((group) => [group >> 8, group & 255])
}

function encoding(type: string, name: string, args: readonly PsValue[]): PsValue | undefined {
  const wide = type === 'System.Text.UnicodeEncoding'
  const given = args[0] ?? null
  if (name === 'getbytes') {
    const units = wide
      ? [...text(given)].flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8])
      : [...utf8(text(given))]
    boundList(units.length)
    return units
  }
  if (name !== 'getstring' || !Array.isArray(given)) return undefined
  const octets = given.map((one) => (toNumber(one) ?? 0) & 255)
  if (!wide) return fromUtf8(octets)
  return octets.reduce(
    (out, octet, at) => (at % 2 === 0 ? out : out + String.fromCharCode((octets[at - 1] as number) | (octet << 8))),
    '',
  )
}

/** UTF-8 by hand: engines without a platform have no decoder. */
export function fromUtf8(octets: readonly number[]): string {
  let out = ''
  for (let at = 0; at < octets.length; at++) {
    const first = octets[at] as number
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let code = more === 0 ? first : first & (0x3f >> more)
    for (let i = 0; i < more; i++) code = (code << 6) | ((octets[++at] ?? 0) & 63)
    out += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  }
  return out
}
