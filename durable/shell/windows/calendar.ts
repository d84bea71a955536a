// Civil dates from lab time, after Howard Hinnant's days_from_civil: the shells have no platform clock or calendar.
import type { Clock } from '../../engine/machine/views.ts'

export type Civil = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly micro: number
  /** 0 = Sunday. */
  readonly weekday: number
}

const DAY = 86_400_000_000
const HOUR = 3_600_000_000
const MINUTE = 60_000_000
const SECOND = 1_000_000

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Microseconds since 1970 on the machine's own wall clock. */
export const localMicros = (clock: Clock, at = clock.now): number => clock.epochMicros + at + clock.zoneMinutes * MINUTE

export function civil(micros: number): Civil {
  const day = Math.floor(micros / DAY)
  const rest = micros - day * DAY
  const z = day + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
    hour: Math.floor(rest / HOUR),
    minute: Math.floor((rest % HOUR) / MINUTE),
    second: Math.floor((rest % MINUTE) / SECOND),
    micro: rest % SECOND,
    weekday: (((day + 4) % 7) + 7) % 7,
  }
}

const two = (n: number) => String(n).padStart(2, '0')
const hour12 = (c: Civil) => c.hour % 12 || 12
const half = (c: Civil) => (c.hour < 12 ? 'AM' : 'PM')

/** `8:01:12 AM` */
export const longTime = (c: Civil) => `${hour12(c)}:${two(c.minute)}:${two(c.second)} ${half(c)}`
/** `Thursday, November 20, 2025` */
export const longDate = (c: Civil) => `${days[c.weekday]}, ${months[c.month - 1]} ${c.day}, ${c.year}`
/** `Thursday, November 20, 2025 8:01:12 AM` */
export const longDateTime = (c: Civil) => `${longDate(c)} ${longTime(c)}`
/** `11/20/2025 8:01:12 AM`, as cells show it. */
export const shortDateTime = (c: Civil) => `${c.month}/${c.day}/${c.year} ${longTime(c)}`
/** `11/20/2025 08:01:12`, as string expansion writes it. */
export const invariantDateTime = (c: Civil) =>
  `${two(c.month)}/${two(c.day)}/${c.year} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`

/** .NET custom format letters; text in single quotes is literal. */
export function formatDate(c: Civil, format: string): string {
  let out = ''
  for (let i = 0; i < format.length; ) {
    const letter = format[i]
    if (letter === "'" || letter === '"') {
      const end = format.indexOf(letter, i + 1)
      out += format.slice(i + 1, end < 0 ? format.length : end)
      i = end < 0 ? format.length : end + 1
      continue
    }
    let n = 1
    while (format[i + n] === letter) n++
    out += dateField(c, letter, n)
    i += n
  }
  return out
}

function dateField(c: Civil, letter: string, n: number): string {
  const number = (value: number) => (n === 1 ? String(value) : two(value))
  switch (letter) {
    case 'y':
      return n <= 2 ? two(c.year % 100) : String(c.year).padStart(n, '0')
    case 'M':
      return n >= 4 ? months[c.month - 1] : n === 3 ? months[c.month - 1].slice(0, 3) : number(c.month)
    case 'd':
      return n >= 4 ? days[c.weekday] : n === 3 ? days[c.weekday].slice(0, 3) : number(c.day)
    case 'H':
      return number(c.hour)
    case 'h':
      return number(hour12(c))
    case 'm':
      return number(c.minute)
    case 's':
      return number(c.second)
    case 'f':
      return String(c.micro).padStart(6, '0').padEnd(7, '0').slice(0, n)
    case 't':
      return n === 1 ? half(c)[0] : half(c)
    default:
      return letter.repeat(n)
  }
}

/** `00:14:02.1230000`, a TimeSpan as .NET writes it. */
export function timeSpan(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const left = Math.abs(micros)
  const day = Math.floor(left / DAY)
  const fraction = left % SECOND
  const clock = `${two(Math.floor((left % DAY) / HOUR))}:${two(Math.floor((left % HOUR) / MINUTE))}:${two(Math.floor((left % MINUTE) / SECOND))}`
  return `${sign}${day > 0 ? `${day}.` : ''}${clock}${fraction > 0 ? `.${String(fraction).padStart(6, '0')}0` : ''}`
}
