// Static members that people type: `[math]::Round(...)`, `[datetime]::Now`, `[Convert]::ToString(x, 2)`, and `::new()`.
import { localMicros } from '../../windows/calendar.ts'
import type { Gen } from '../../windows/program.ts'
import { allEvents, textOf } from '../../windows/program.ts'
import { NotSimulated } from '../errors.ts'
import { compareText, toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { character, object, PsList, type PsValue } from '../values/value.ts'
import { WHOLE_NUMBERS } from '../values/whole-numbers.ts'
import { cast } from './cast.ts'
import { dateFrom, dateOf, lengthOf } from './casts.ts'
import { formatOperator } from './format-operator.ts'
import { joined, methodFault, OperatorFault } from './operators.ts'
import { pathCall } from './path-values.ts'
import { randomGuid } from './random.ts'
import { regexCall } from './regex-values.ts'
import type { Frame } from './session.ts'
import { inform as tell } from './streams.ts'

type Member = (args: readonly PsValue[], frame: Frame) => PsValue | undefined

const n = (args: readonly PsValue[], at: number): number => toNumber(args[at] ?? 0) ?? 0
const t = (args: readonly PsValue[], at = 0): string => text(args[at] ?? '')
const DAY = 86_400e6

/** A line straight to the terminal, as [Console] writes. */
function inform(frame: Frame, message: string, newline: boolean): PsValue {
  tell(frame.session, frame.streams, message, newline)
  return null
}

const math: Readonly<Record<string, Member>> = {
  pi: () => Number('3.14159265358979323846'),
  e: () => Number('2.71828182845904523536'),
  abs: (args) => Math.abs(n(args, 0)),
  floor: (args) => Math.floor(n(args, 0)),
  ceiling: (args) => Math.ceil(n(args, 0)),
  truncate: (args) => Math.trunc(n(args, 0)),
  sqrt: (args) => Math.sqrt(n(args, 0)),
  sign: (args) => Math.sign(n(args, 0)),
  max: (args) => Math.max(n(args, 0), n(args, 1)),
  min: (args) => Math.min(n(args, 0), n(args, 1)),
  divrem: (args) => Math.trunc(n(args, 0) / n(args, 1)),
  round(args) {
    const scale = Number(`1e${Math.max(0, Math.min(15, n(args, 1)))}`)
    const away = args.some((one) => /^AwayFromZero$/i.test(text(one)))
    const scaled = n(args, 0) * scale
    return (away ? Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5) : toInteger(scaled)) / scale
  },
  pow(args) {
    const power = n(args, 1)
    if (power === 0.5) return Math.sqrt(n(args, 0))
    if (!Number.isInteger(power)) return undefined
    let out = 1
    for (let i = 0; i < Math.min(Math.abs(power), 1100); i++) out *= n(args, 0)
    return power < 0 ? 1 / out : out
  },
}

const strings: Readonly<Record<string, Member>> = {
  empty: () => '',
  join: (args) => joined(args.length === 2 ? (args[1] as PsValue) : args.slice(1), t(args)),
  format: (args) => formatOperator(t(args), args.length === 2 && Array.isArray(args[1]) ? args[1] : args.slice(1)),
  concat: (args) => (args.length === 1 && Array.isArray(args[0]) ? args[0] : args).map((one) => text(one)).join(''),
  isnullorempty: (args) => t(args) === '',
  isnullorwhitespace: (args) => t(args).trim() === '',
  compare: (args) => compareText(t(args), t(args, 1), args[2] !== true),
  equals: (args) => t(args) === t(args, 1),
  new: (args) =>
    typeof args[1] === 'number' ? t(args).repeat(Math.max(0, Math.min(100_000, n(args, 1)))) : t(args).split(' ').join(''),
}

const fromBase = (args: readonly PsValue[], type: string): PsValue => {
  if (args.length < 2) return cast(type, args[0] ?? null) ?? null
  const base = toInteger(n(args, 1))
  const digits = t(args)
    .toLowerCase()
    .replace(base === 16 ? /^0x/ : /^$/, '')
  const legal = '0123456789abcdef'.slice(0, Math.max(2, Math.min(16, base)))
  if (digits === '' || [...digits].some((char) => !legal.includes(char)))
    throw methodFault('ToInt32', args.length, 'Could not find any recognizable digits.', 'FormatException')
  return Number.parseInt(digits, base)
}

/** Negative numbers as their 32 bits. */
const inBase = (value: number, base: number): string =>
  (value < 0 ? value + 4_294_967_296 : value).toString(Math.max(2, Math.min(36, base)))

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
function toBase64(octets: readonly number[]): string {
  let out = ''
  for (let at = 0; at < octets.length; at += 3) {
    const [a = 0, b = 0, c = 0] = octets.slice(at, at + 3)
    const bits = (a << 16) | (b << 8) | c
    for (let i = 0; i < 4; i++) out += at + i - 1 < octets.length ? BASE64[(bits >> (18 - 6 * i)) & 63] : '='
  }
  return out
}
function fromBase64(written: string): number[] {
  const clean = written.replace(/[\s=]/g, '')
  if (/[^A-Za-z0-9+/]/.test(clean))
    throw methodFault(
      'FromBase64String',
      1,
      'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters. ',
      'FormatException',
    )
  const out: number[] = []
  let [bits, held] = [0, 0]
  for (const char of clean) {
    bits = ((bits << 6) | BASE64.indexOf(char)) & 0xffffff
    held += 6
    if (held < 8) continue
    held -= 8
    out.push((bits >> held) & 255)
  }
  return out
}

const convert: Readonly<Record<string, Member>> = {
  tostring: (args) =>
    args.length === 2 && typeof args[1] === 'number' ? inBase(toInteger(n(args, 0)), toInteger(n(args, 1))) : t(args),
  toint32: (args) => fromBase(args, 'int'),
  toint64: (args) => fromBase(args, 'long'),
  toint16: (args) => fromBase(args, 'int16'),
  touint32: (args) => fromBase(args, 'uint32'),
  touint64: (args) => fromBase(args, 'uint64'),
  tobyte: (args) => fromBase(args, 'byte'),
  todouble: (args) => cast('double', args[0] ?? null),
  todecimal: (args) => cast('double', args[0] ?? null),
  toboolean: (args) =>
    /^true$/i.test(t(args)) ? true : /^false$/i.test(t(args)) ? false : (cast('bool', args[0] ?? null) ?? null),
  todatetime: (args) => cast('datetime', args[0] ?? null),
  tochar: (args) => cast('char', args[0] ?? null),
  tobase64string: (args) => toBase64((Array.isArray(args[0]) ? args[0] : []).map((one) => (toNumber(one) ?? 0) & 255)),
  frombase64string: (args) => fromBase64(t(args)),
}

const now = (frame: Frame): number => localMicros(frame.session.kernel.clock())
const date = (micros: number): PsValue => ({ kind: 'date', micros })
const span = (micros: number): PsValue => ({ kind: 'span', micros: Math.round(micros) })

const datetime: Readonly<Record<string, Member>> = {
  now: (_, frame) => date(now(frame)),
  utcnow: (_, frame) => date(now(frame) - frame.session.kernel.clock().zoneMinutes * 60e6),
  today: (_, frame) => date(now(frame) - (now(frame) % DAY)),
  minvalue: () => dateFrom(1, 1, 1),
  maxvalue: () => dateFrom(9999, 12, 31, 23, 59, 59),
  parse: (args) => dateOf(args[0] ?? null) ?? parseFault('Parse', args, 'String was not recognized as a valid DateTime.'),
  parseexact: (args) =>
    exact(t(args), t(args, 1)) ?? parseFault('ParseExact', args, 'String was not recognized as a valid DateTime.'),
  daysinmonth: (args) => lengthOf(n(args, 0), n(args, 1)),
  isleapyear: (args) => lengthOf(n(args, 0), 2) === 29,
  fromfiletime: (args) => date(Math.floor((n(args, 0) - 116_444_736_000_000_000) / 10)),
  new: (args) =>
    args.length < 3 ? dateOf(n(args, 0)) : dateFrom(n(args, 0), n(args, 1), n(args, 2), n(args, 3), n(args, 4), n(args, 5)),
}

function exact(written: string, pattern: string): PsValue | undefined {
  const letters = [...pattern.matchAll(/(yyyy|MM|dd|HH|mm|ss)|(.)/g)]
  let at = 0
  const parts: Record<string, number> = { yyyy: 1, MM: 1, dd: 1, HH: 0, mm: 0, ss: 0 }
  for (const [, field, literal] of letters) {
    if (field === undefined) {
      if (written[at++] !== literal) return undefined
      continue
    }
    const digits = written.slice(at, at + field.length)
    if (!/^\d+$/.test(digits) || digits.length < field.length) return undefined
    parts[field] = Number(digits)
    at += field.length
  }
  return at === written.length
    ? dateFrom(...(['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'].map((one) => parts[one] as number) as [number, number, number]))
    : undefined
}

const timespan: Readonly<Record<string, Member>> = {
  zero: () => span(0),
  // Of the 64-bit count of 100 ns that a TimeSpan is.
  maxvalue: () => span(922_337_203_685_477_600),
  minvalue: () => span(-922_337_203_685_477_600),
  fromdays: (args) => span(n(args, 0) * DAY),
  fromhours: (args) => span(n(args, 0) * 3_600e6),
  fromminutes: (args) => span(n(args, 0) * 60e6),
  fromseconds: (args) => span(n(args, 0) * 1e6),
  frommilliseconds: (args) => span(n(args, 0) * 1e3),
  fromticks: (args) => span(n(args, 0) / 10),
  parse: (args) => cast('timespan', t(args)),
  new: (args) =>
    args.length <= 1
      ? span(n(args, 0) / 10)
      : args.length === 3
        ? span(n(args, 0) * 3_600e6 + n(args, 1) * 60e6 + n(args, 2) * 1e6)
        : span(n(args, 0) * DAY + n(args, 1) * 3_600e6 + n(args, 2) * 60e6 + n(args, 3) * 1e6 + n(args, 4) * 1e3),
}

const parseFault = (name: string, args: readonly PsValue[], why: string): never => {
  throw methodFault(name, args.length, why, 'FormatException')
}

const address: Readonly<Record<string, Member>> = {
  parse: (args) => {
    try {
      return cast('ipaddress', t(args))
    } catch (error) {
      if (!(error instanceof OperatorFault)) throw error
      return parseFault('Parse', args, 'An invalid IP address was specified.')
    }
  },
  any: () => cast('ipaddress', '0.0.0.0'),
  loopback: () => cast('ipaddress', '127.0.0.1'),
  broadcast: () => cast('ipaddress', '255.255.255.255'),
  none: () => cast('ipaddress', '255.255.255.255'),
  ipv6any: () => cast('ipaddress', '::'),
  ipv6loopback: () => cast('ipaddress', '::1'),
  isloopback: (args) => /^(127\.|::1$)/.test(t(args)),
  new: (args) =>
    Array.isArray(args[0]) ? cast('ipaddress', args[0].map((one) => text(one)).join('.')) : cast('ipaddress', args[0] ?? null),
}

const environment: Readonly<Record<string, Member>> = {
  machinename: (_, frame) => frame.session.kernel.identity().hostname.toUpperCase(),
  username: (_, frame) => frame.session.kernel.identity().user,
  userdomainname: (_, frame) => frame.session.kernel.identity().hostname.toUpperCase(),
  newline: () => '\r\n',
  currentdirectory: (_, frame) => frame.session.cwd,
  is64bitoperatingsystem: () => true,
  is64bitprocess: () => true,
  userinteractive: () => true,
  systemdirectory: () => 'C:\\Windows\\system32',
  osversion: (_, frame) => {
    const version = `10.0.${frame.session.kernel.identity().build}.0`
    return object('System.OperatingSystem', {
      Platform: 'Win32NT',
      ServicePack: '',
      Version: cast('version', version) ?? version,
      VersionString: `Microsoft Windows NT ${version}`,
    })
  },
}

const letters =
  (test: RegExp): Member =>
  (args) =>
    test.test(t(args).slice(0, 1))
const char: Readonly<Record<string, Member>> = {
  isdigit: letters(/\d/),
  isletter: letters(/\p{L}/u),
  isletterordigit: letters(/[\p{L}\d]/u),
  isupper: letters(/\p{Lu}/u),
  islower: letters(/\p{Ll}/u),
  iswhitespace: letters(/\s/),
  ispunctuation: letters(/\p{P}/u),
  toupper: (args) => character(t(args).toUpperCase()),
  tolower: (args) => character(t(args).toLowerCase()),
}

const order = (a: PsValue, b: PsValue): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareText(text(a), text(b), false)
/** Changes the list that was given and puts nothing out. */
function inPlace(args: readonly PsValue[], change: (list: PsValue[]) => void): PsValue {
  if (Array.isArray(args[0])) change(args[0])
  return null
}
const array: Readonly<Record<string, Member>> = {
  reverse: (args) => inPlace(args, (list) => list.reverse()),
  sort: (args) => inPlace(args, (list) => list.sort(order)),
  indexof: (args) => (Array.isArray(args[0]) ? args[0].findIndex((one) => text(one) === t(args, 1)) : -1),
  clear: (args) => inPlace(args, (list) => list.fill(null)),
}

const whole = (type: string): Readonly<Record<string, Member>> => ({
  maxvalue: () => WHOLE_NUMBERS[type]?.high,
  minvalue: () => WHOLE_NUMBERS[type]?.low,
  parse: (args) => {
    try {
      return cast(type, t(args).trim() === '' ? 'x' : t(args))
    } catch (error) {
      if (!(error instanceof OperatorFault)) throw error
      const large = /too large/.exec(error.message) !== null
      const why = large ? (/Error: "(.*)"$/.exec(error.message)?.[1] ?? '') : 'Input string was not in a correct format.'
      throw methodFault('Parse', args.length, why, large ? 'OverflowException' : 'FormatException')
    }
  },
})

const encodings =
  (type: string): Member =>
  () =>
    object(`System.Text.${type}`, { EncodingName: type }, `System.Text.${type}`)
const octets = (value: PsValue | undefined): number[] =>
  Array.isArray(value) ? value.map((one) => (toNumber(one) ?? 0) & 255) : []

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const types: Readonly<Record<string, Readonly<Record<string, Member>>>> = {
  'System.Math': math,
  'System.String': strings,
  'System.Convert': convert,
  'System.DateTime': datetime,
  'System.TimeSpan': timespan,
  'System.Net.IPAddress': address,
  'System.Environment': environment,
  'System.Char': char,
  'System.Array': array,
  ...Object.fromEntries(Object.keys(WHOLE_NUMBERS).map((name) => [`System.${name}`, whole(name)])),
  'System.Double': {
    ...whole('Double'),
    maxvalue: () => Number.MAX_VALUE,
    minvalue: () => -Number.MAX_VALUE,
    nan: () => Number.NaN,
  },
  'System.Boolean': { truestring: () => 'True', falsestring: () => 'False', parse: (args) => /^true$/i.test(t(args)) },
  'System.Guid': {
    newguid: (_, frame) => cast('guid', randomGuid(frame.session)),
    empty: () => cast('guid', '00000000-0000-0000-0000-000000000000'),
    parse: (args) => cast('guid', t(args)),
    new: (args) => cast('guid', t(args)),
  },
  'System.Version': {
    parse: (args) => cast('version', t(args)),
    new: (args) => cast('version', args.length === 1 ? t(args) : args.map((one) => text(one)).join('.')),
  },
  'System.Uri': {
    new: (args) => cast('uri', t(args)),
    escapedatastring: (args) => encodeURIComponent(t(args)),
  },
  'System.Text.Encoding': {
    utf8: encodings('UTF8Encoding'),
    ascii: encodings('ASCIIEncoding'),
    unicode: encodings('UnicodeEncoding'),
    default: encodings('UTF8Encoding'),
  },
  'System.BitConverter': {
    tostring: (args) =>
      octets(args[0])
        .map((one) => one.toString(16).toUpperCase().padStart(2, '0'))
        .join('-'),
    getbytes: (args) => [0, 8, 16, 24].map((shift) => (toInteger(n(args, 0)) >>> shift) & 255),
    toint32: (args) =>
      octets(args[0])
        .slice(n(args, 1), n(args, 1) + 4)
        .reduce((sum, one, at) => sum | (one << (8 * at)), 0),
    touint32: (args) =>
      octets(args[0])
        .slice(n(args, 1), n(args, 1) + 4)
        .reduceRight((sum, one) => sum * 256 + one, 0),
    islittleendian: () => true,
  },
  'System.DayOfWeek': Object.fromEntries(DAYS.map((day) => [day.toLowerCase(), () => day])),
  'System.Enum': { getnames: (args) => enumNames(t(args)), getvalues: (args) => enumNames(t(args)) },
  'System.StringComparison': Object.fromEntries(
    [
      'Ordinal',
      'OrdinalIgnoreCase',
      'CurrentCulture',
      'CurrentCultureIgnoreCase',
      'InvariantCulture',
      'InvariantCultureIgnoreCase',
    ].map((one) => [one.toLowerCase(), () => one]),
  ),
  'System.StringSplitOptions': { removeemptyentries: () => 'RemoveEmptyEntries', none: () => 'None' },
  'System.Console': {
    writeline: (args, frame) => inform(frame, t(args), true),
    write: (args, frame) => inform(frame, t(args), false),
    beep: () => null,
    title: () => 'Administrator: Windows PowerShell',
    windowwidth: () => 120,
  },
  'System.GC': { collect: () => null },
  'System.Net.Dns': { gethostname: (_, frame) => frame.session.kernel.identity().hostname },
  'System.Collections.ArrayList': {
    new: (args) => new PsList('System.Collections.ArrayList', Array.isArray(args[0]) ? args[0] : []),
  },
  'System.Collections.Hashtable': { new: () => ({ kind: 'hash', entries: new Map(), ordered: false }) },
  'System.Object': { new: () => object('System.Object', {}, 'System.Object') },
  'System.Management.Automation.PSObject': { new: () => object('System.Management.Automation.PSCustomObject', {}) },
}

function enumNames(name: string): PsValue {
  if (/DayOfWeek$/.test(name)) return DAYS
  throw new NotSimulated(`[Enum]::GetNames([${name}]) is real, but it is not simulated here yet.`)
}

/** `type`: a full name. `frame`: where it is called. */
export function* staticCall(type: string, name: string, args: readonly PsValue[], frame: Frame): Gen<PsValue> {
  const lower = name.toLowerCase()
  if (type === 'System.Net.Dns' && /^get(hostaddresses|hostentry|hostbyname)$/.test(lower))
    return yield* lookedUp(lower, t(args), frame)
  const own = types[type]
  if (own !== undefined && Object.hasOwn(own, lower)) {
    const value = own[lower]?.(args, frame)
    if (value !== undefined) return value
  }
  if (type === 'System.Text.RegularExpressions.Regex') {
    const value = lower === 'new' ? cast('regex', t(args)) : regexCall(lower, args)
    if (value !== undefined) return value
  }
  if (/^System\.IO\.(Path|File|Directory)$/.test(type)) {
    const value = pathCall(type, lower, args, frame)
    if (value !== undefined) return value
  }
  if (lower === 'new') {
    const value = construct(type, args)
    if (value !== undefined) return value
  }
  throw new NotSimulated(`[${type}]::${name} is real or may be, but it is not simulated here yet.`)
}

/** `[type]::new(...)` and `New-Object type ...`; undefined when it cannot be made here. */
export function construct(type: string, args: readonly PsValue[]): PsValue | undefined {
  if (/^System\.Collections\.Generic\.List\[/.test(type)) return new PsList(type, Array.isArray(args[0]) ? args[0] : [])
  if (/^System\.Collections\.Generic\.Dictionary\[/.test(type) || /(Ordered|Sorted)(Dictionary|List)/.test(type))
    return { kind: 'hash', entries: new Map(), ordered: type.includes('Ordered') }
  if (/Exception$/.test(type))
    return object(
      [type, 'System.SystemException', 'System.Exception'],
      { Message: t(args), HResult: -2_146_233_088, InnerException: null },
      t(args),
    )
  return types[type]?.['new'] === undefined
    ? args.length === 1
      ? cast(type, args[0] as PsValue)
      : undefined
    : types[type]['new'](args, undefined as never)
}

function* lookedUp(method: string, name: string, frame: Frame): Gen<PsValue> {
  const found: string[] = []
  for (const kind of ['A', 'AAAA'])
    for (const event of yield* allEvents(frame.session.kernel, 'resolve', { name, type: kind }))
      if (event['kind'] === 'resolved')
        for (const record of (event['records'] ?? []) as readonly { type: string; data: string }[])
          if (record.type === kind) found.push(textOf(record.data))
  if (found.length === 0)
    throw methodFault(
      method === 'gethostaddresses' ? 'GetHostAddresses' : 'GetHostEntry',
      1,
      'No such host is known',
      'Net.Sockets.SocketException',
    )
  const addresses = found.map((one) => cast('ipaddress', one) ?? one)
  return method === 'gethostaddresses'
    ? addresses
    : object('System.Net.IPHostEntry', { HostName: name, Aliases: [], AddressList: addresses })
}
