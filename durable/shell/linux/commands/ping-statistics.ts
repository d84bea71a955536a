import type { Json } from '../../../engine/sim/json.ts'
import { fieldsOf, numberOf } from '../events.ts'
import { fixed, general, milliseconds } from '../format.ts'

/** Round trips of one ping, in integers as iputils sums them. */
export type Trips = {
  readonly count: number
  readonly least: number
  readonly most: number
  readonly sum: number
  readonly squares: number
}

export function tripsOf(value: Json | undefined): Trips {
  const fields = fieldsOf(value)
  const [count, least, most] = [numberOf(fields, 'count'), numberOf(fields, 'least'), numberOf(fields, 'most')]
  return { count, least, most, sum: numberOf(fields, 'sum'), squares: numberOf(fields, 'squares') }
}

/** `0.412`, `12.3`, `123`: four figures at most, as iputils prints a time. */
export function tripTime(micros: number): string {
  if (micros >= 99_950) return fixed(micros + 500, 1000, 0)
  if (micros >= 9_995) return fixed(micros + 50, 1000, 1)
  if (micros >= 1_000) return fixed(micros + 5, 1000, 2)
  return fixed(micros, 1000, 3)
}

export type Summary = {
  readonly host: string
  readonly sent: number
  readonly received: number
  readonly errors: number
  readonly micros: number
  readonly intervalMs: number
}

export function statisticsText(summary: Summary, { count, least, most, sum, squares }: Trips): string {
  const { host, sent, received, errors, micros, intervalMs } = summary
  const loss = sent > 0 ? `, ${general(((sent - received) * 100) / sent)}% packet loss` : ''
  const more = errors > 0 ? `, +${errors} errors` : ''
  // The clock stops at the last request: what was waited for answers after it does not count.
  const time = Math.min(Math.floor(micros / 1000), Math.max(0, sent - 1) * intervalMs)
  let text = `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} received${more}${loss}`
  if (sent > 0) text += `, time ${time}ms`
  text += '\n'
  if (count > 0) {
    const mean = Math.floor(sum / count)
    const spread = Math.floor(Math.sqrt(Math.max(0, Math.floor(squares / count) - mean * mean)))
    text += `rtt min/avg/max/mdev = ${milliseconds(least)}/${milliseconds(mean)}/${milliseconds(most)}/${milliseconds(spread)} ms`
  }
  return `${text}\n`
}
