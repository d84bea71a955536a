// Dates as Windows and .NET write them, out of the engine's calendar.
import { type CivilTime, civilTime, MONTHS, WEEKDAYS } from '../../engine/machine/calendar.ts'

export { localMicros } from '../../engine/machine/calendar.ts'

export type Civil = CivilTime
export const civil = civilTime

const DAY = 86_400_000_000
const HOUR = 3_600_000_000
const MINUTE = 60_000_000
const SECOND = 1_000_000

const two = (n: number) => String(n).padStart(2, '0')
const hour12 = (c: Civil) => c.hour % 12 || 12
const half = (c: Civil) => (c.hour < 12 ? 'AM' : 'PM')

/** `8:01:12 AM` */
export const longTime = (c: Civil) => `${hour12(c)}:${two(c.minute)}:${two(c.second)} ${half(c)}`
/** `Thursday, November 20, 2025` */
export const longDate = (c: Civil) => `${WEEKDAYS[c.weekday]}, ${MONTHS[c.month - 1]} ${c.day}, ${c.year}`
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
      return n >= 4 ? MONTHS[c.month - 1] : n === 3 ? MONTHS[c.month - 1].slice(0, 3) : number(c.month)
    case 'd':
      return n >= 4 ? WEEKDAYS[c.weekday] : n === 3 ? WEEKDAYS[c.weekday].slice(0, 3) : number(c.day)
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
