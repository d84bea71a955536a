// How values are written. Both what a lab says and what a person writes is brought to one form; values are the same when those are.
import {
  broadcastOf,
  formatAddress,
  formatIp,
  formatIp6,
  formatMac,
  type Ip4,
  inPrefix,
  inPrefix6,
  maskOf,
  networkOf,
  networkOf6,
  parseAddress,
  parseCidr,
  parseCidr6,
  parseIp,
  parseIp6,
  parseMac,
  prefixOf,
} from '../../../wire/addresses.ts'
import type { Format, Value } from './definition.ts'

/** The one form, or undefined for what is no such value. What is said twice, `86400 s (24 h)`, is said once if both are the same. */
export function normal(format: Format, value: Value): string | undefined {
  const text = String(value)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^["'`“”](.*)["'`“”]$/, '$1')
    .trim()
  const plain = form(format, text)
  if (plain !== undefined || !SAID_OTHERWISE.has(format)) return plain
  const bare = withoutWords(text)
  const [, one = bare, other = ''] = /^(.+?) ?(?:\((.+)\)|= ?(.+))$/.exec(bare)?.flatMap((part) => part ?? []) ?? []
  const first = form(format, one)
  return other === '' || first === form(format, other) ? first : undefined
}

/** Where words around the value say nothing. */
const SAID_OTHERWISE: ReadonlySet<Format> = new Set(['number', 'prefix-length', 'address', 'subnet', 'mac', 'duration'])

/** As people copy it out of a window, or out of a text: `IPv4 Address . . . : 10.0.0.7(Preferred)`, `about 24 h.`, dashes of a text program. */
const withoutWords = (text: string): string =>
  text
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/\(preferred\)/i, '')
    .replace(/^[a-z][\w ./()-]*?(?: ?(?: :|: |=) ?| is (?:also )?)/i, '')
    .replace(/^(?:about|exactly|~|≈) ?/i, '')
    .replace(/ ?[.!]$/, '')
    .trim()

function form(format: Format, text: string): string | undefined {
  if (text === '') return undefined
  switch (format) {
    case 'number':
      return numberIn(text)
    case 'prefix-length':
      return prefixLength(text)
    case 'address':
      return address(text)
    case 'subnet':
      return subnet(text)
    case 'mac':
      return mac(text)
    case 'duration':
      return duration(text)
    case 'yes-no':
      return YES.has(text.toLowerCase()) ? 'yes' : NO.has(text.toLowerCase()) ? 'no' : undefined
    case 'name':
      return text.toLowerCase().replace(/\.$/, '')
    case 'id':
    case 'text':
      return text.toLowerCase()
    default:
      return format satisfies never
  }
}

const YES = new Set(['yes', 'y', 'true', 'on', 'up', 'enabled', '1'])
const NO = new Set(['no', 'n', 'false', 'off', 'down', 'disabled', '0'])

/** `1,500`, `1 500`, `0x5dc`, `1500 bytes`. */
function numberIn(text: string): string | undefined {
  const hexadecimal = /^0x([0-9a-f]{1,12})$/i.exec(text)
  if (hexadecimal) return String(Number.parseInt(hexadecimal[1] as string, 16))
  const grouped = /^(-?\d{1,3}(?:[ ,']\d{3})+)( ?[a-z%/]+)?$/i.exec(text)
  const plain = /^(-?\d{1,15}(?:\.\d{1,6})?)( ?[a-z%/]+)?$/i.exec(text)
  const digits = grouped ? (grouped[1] as string).replace(/[ ,']/g, '') : plain?.[1]
  return digits === undefined ? undefined : String(Number(digits))
}

/** `/20`, `20`, `20-bit`, `255.255.240.0`, `0xfffff000`, and `172.20.0.1/20` whose end it is. */
function prefixLength(text: string): string | undefined {
  const length = /^(?:.*\/ ?)?(\d{1,3})(?:[ -]?bits?)?$/i.exec(text)
  if (length && Number(length[1]) <= 128) return String(Number(length[1]))
  const digits = /^0x([0-9a-f]{8})$/i.exec(text)?.[1]
  const mask = digits === undefined ? parseIp(text.replace(/^\/ ?/, '')) : Number.parseInt(digits, 16)
  if (mask === undefined) return undefined
  const bits = prefixOf(mask)
  return maskOf(bits) === mask ? String(bits) : undefined
}

/** Without a prefix length or zone behind it. */
function address(text: string): string | undefined {
  const found = parseAddress(
    text
      .replace(/\/\d{1,3}$/, '')
      .replace(/%[\w-]+$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  )
  return found === undefined ? undefined : formatAddress(found)
}

/** What stands between a network and its mask, and before them. */
const SUBNET_WORDS = /[(),;=]|(?<![\w:])(?:network|subnet|netmask|mask|prefix|length|with|and|the|is|of|id|address)(?!\w):?/gi

/** `172.20.0.0/20`, with an address within instead of the network, with a mask instead of the length or beside it, and from its first address to its last. */
function subnet(text: string): string | undefined {
  const [first = '', ...rest] = text.replace(SUBNET_WORDS, ' ').replace(/\//g, ' /').trim().split(/ +/)
  const range = /^(?:(\S+) ?(?:-|–|to) ?)(\S+)$/i.exec(text)
  if (range) return between(parseIp(range[1] as string), parseIp(range[2] as string))
  // A slash that stands alone belongs to what follows.
  const lengths = rest.filter((one) => one !== '/').map(prefixLength)
  const [bits] = lengths
  if (bits === undefined || lengths.some((one) => one !== bits)) return undefined
  const four = parseIp(first)
  if (four !== undefined) return Number(bits) > 32 ? undefined : `${formatIp(networkOf(four, Number(bits)))}/${bits}`
  const six = parseIp6(first)
  return six === undefined ? undefined : `${formatIp6(networkOf6(six, Number(bits)))}/${bits}`
}

function between(first: Ip4 | undefined, last: Ip4 | undefined): string | undefined {
  if (first === undefined || last === undefined) return undefined
  const bits = prefixOf(~(first ^ last) >>> 0)
  return bits >= 0 && networkOf(first, bits) === first && broadcastOf(first, bits) === last
    ? `${formatIp(first)}/${bits}`
    : undefined
}

/** With colons, dashes, dots, or nothing between; with colons or dashes, a zero may be left out. */
function mac(text: string): string | undefined {
  const its = text.replace(/^(?:mac(?:[ -]?address)?|lladdr|ether) ?/i, '')
  const octets = its.split(/[:-]/)
  const digits = (octets.length === 6 ? octets.map((one) => one.padStart(2, '0')).join('') : its)
    .replace(/[\s:.-]/g, '')
    .toLowerCase()
  if (!/^[0-9a-f]{12}$/.test(digits)) return undefined
  const value = parseMac((digits.match(/../g) as string[]).join(':'))
  return value === undefined ? undefined : formatMac(value)
}

const UNITS: { readonly [unit: string]: number } = {
  ms: 0.001,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hrs: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
}

/** In seconds: `24h`, `86400`, `1 day`, `a day`, `1d 2h`, `24:00:00`, `1.00:00:00`, `1 day, 0:00:00`. */
function duration(text: string): string | undefined {
  const clock = /^(?:(\d{1,5})(?: days?,? |[. ]))?(\d{1,5}):(\d\d):(\d\d)(?: ?h(?:ours?)?)?$/i.exec(text)
  if (clock) {
    const [, days = '0', hours, minutes, seconds] = clock
    return String(Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  }
  const bare = numberIn(text)
  if (bare !== undefined && /^[\d ,.']+$/.test(text)) return bare
  let sum = 0
  let rest = text
    .toLowerCase()
    .replace(/\band\b|,/g, ' ')
    .replace(/\b(?:an?|one)\b/g, '1')
    .trim()
  while (rest !== '') {
    const part = /^(\d{1,12}(?:\.\d{1,6})?)[ -]?([a-z]+) ?/.exec(rest)
    const unit = part === null ? undefined : UNITS[part[2] as string]
    if (part === null || unit === undefined) return undefined
    sum += Number(part[1]) * unit
    rest = rest.slice(part[0].length).trim()
  }
  return String(sum)
}

/** Several values as people write them: with commas, semicolons, lines, `and`, or blanks where values have none. */
export function listIn(format: Format, text: string): readonly string[] | undefined {
  const blanks = format !== 'text' && format !== 'name' && format !== 'duration' && format !== 'subnet'
  const parts = text
    .split(blanks ? /[\s,;]+|\band\b/ : /[,;\n]+|\band\b/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const values = parts.map((one) => normal(format, one))
  return values.includes(undefined) ? undefined : [...new Set(values as string[])].sort()
}

export const same = (format: Format, one: Value, other: Value): boolean => {
  const [a, b] = [normal(format, one), normal(format, other)]
  return a !== undefined && a === b
}

/** As a number, to compare by size; undefined where values have none. */
export function sizeOf(format: Format, value: Value): number | undefined {
  const text = normal(format === 'text' ? 'number' : format, value)
  const size = text === undefined ? Number.NaN : Number(text)
  return Number.isNaN(size) ? undefined : size
}

/** Whether an address is in a network (`10.0.0.0/8`, `2001:db8::/32`) or a range (`10.0.0.5-10.0.0.9`); undefined: that is neither. */
export function isIn(address: string, where: string): boolean | undefined {
  const four = parseIp(address)
  const cidr = parseCidr(where)
  if (cidr) return four !== undefined && inPrefix(four, cidr.address, cidr.prefixLength)
  const cidr6 = parseCidr6(where)
  if (cidr6) {
    const six = parseIp6(address)
    return six !== undefined && inPrefix6(six, cidr6.address, cidr6.prefixLength)
  }
  const [first, last] = where.split('-').map((one) => parseIp(one.trim()))
  if (first === undefined || last === undefined) return undefined
  return four !== undefined && four >= first && four <= last
}
