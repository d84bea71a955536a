// What text becomes under a type of .NET: dates, spans of time, addresses.
import { formatAddress, type IpAddress, parseAddress } from '../../../engine/wire/addresses.ts'
import { text } from '../values/text.ts'
import { kindOf, object, type PsDate, type PsValue } from '../values/value.ts'

const [DAY, HOUR, MINUTE, SECOND] = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000] as const

/** Days since 1970 of a date of the Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
export const lengthOf = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0)

/** A moment of the calendar; undefined when there is none such. */
export function dateFrom(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): PsDate | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) return undefined
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined
  return { kind: 'date', micros: dayNumber(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND }
}

/** From 0001-01-01 to 1970-01-01. */
const YEAR_ONE = 62_135_596_800_000_000

/** `2025-01-02`, `1/2/2025`, either with `10:15`, `10:15:04 AM` or `T10:15:04`; undefined when it is no date. */
export function dateOf(value: PsValue): PsValue | undefined {
  if (kindOf(value) === 'date') return value
  if (typeof value === 'number') return { kind: 'date', micros: Math.floor(value / 10) - YEAR_ONE }
  const m =
    /^\s*(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\/(\d{1,2})\/(\d{4}))(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*([AP]M)?)?\s*$/i.exec(
      text(value),
    )
  if (m === null) return undefined
  const [year, month, day] = [Number(m[1] ?? m[6]), Number(m[2] ?? m[4]), Number(m[3] ?? m[5])]
  const half = (m[11] ?? '').toUpperCase()
  const given = Number(m[7] ?? 0)
  const hour = half === '' ? given : (given % 12) + (half === 'PM' ? 12 : 0)
  const [minute, second] = [Number(m[8] ?? 0), Number(m[9] ?? 0)]
  if (month < 1 || month > 12 || day < 1 || day > lengthOf(year, month) || hour > 23 || minute > 59 || second > 59)
    return undefined
  const fraction = Number((m[10] ?? '').padEnd(6, '0'))
  return {
    kind: 'date',
    micros: dayNumber(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction,
  }
}

/** `1:02:03`, `2.01:02:03.5`, a number of days as text, or ticks of 100 ns as a number. */
export function spanOf(value: PsValue): PsValue | undefined {
  if (kindOf(value) === 'span') return value
  if (typeof value === 'number') return { kind: 'span', micros: Math.floor(value / 10) }
  const written = text(value).trim()
  if (/^-?\d+$/.test(written)) return { kind: 'span', micros: Number(written) * DAY }
  const m = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?$/.exec(written)
  if (m === null) return undefined
  const [hours, minutes, seconds] = [Number(m[3]), Number(m[4]), Number(m[5] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const fraction = Number((m[6] ?? '').padEnd(6, '0'))
  const micros = Number(m[2] ?? 0) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction
  return { kind: 'span', micros: m[1] === undefined ? micros : -micros }
}

/** System.Net.IPAddress; a number is the address with its first octet last, as .NET keeps it. */
export function addressOf(value: PsValue): PsValue | undefined {
  if (kindOf(value) === 'object') return value
  const ip: IpAddress | undefined = typeof value === 'number' ? swapped(value) : parseAddress(text(value))
  if (ip === undefined) return undefined
  const four = typeof ip === 'number'
  const words = formatAddress(ip)
  return object(
    'System.Net.IPAddress',
    {
      Address: four ? swapped(ip) : null,
      AddressFamily: four ? 'InterNetwork' : 'InterNetworkV6',
      ScopeId: four ? null : 0,
      IsIPv6Multicast: !four && ip >> 120n === 0xffn,
      IsIPv6LinkLocal: !four && ip >> 118n === 0x3fan,
      IsIPv6SiteLocal: !four && ip >> 118n === 0x3fbn,
      IsIPv6Teredo: !four && ip >> 96n === 0x20010000n,
      IsIPv4MappedToIPv6: !four && ip >> 32n === 0xffffn,
      IPAddressToString: words,
    },
    words,
  )
}

const swapped = (ip: number): number => (((ip & 255) << 24) | ((ip & 0xff00) << 8) | ((ip >>> 8) & 0xff00) | (ip >>> 24)) >>> 0
