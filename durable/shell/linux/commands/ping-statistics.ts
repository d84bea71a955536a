import { fixed, general, milliseconds } from '../format.ts'

/** Round trips of one ping, in integers as iputils sums them. */
export type Statistics = { replies: number; least: number; most: number; sum: number; squares: number; twice: number }

export const noStatistics = (): Statistics => ({ replies: 0, least: 0, most: 0, sum: 0, squares: 0, twice: 0 })

export function addReply(statistics: Statistics, micros: number): void {
  statistics.least = statistics.replies === 0 ? micros : Math.min(statistics.least, micros)
  statistics.most = Math.max(statistics.most, micros)
  statistics.replies++
  statistics.sum += micros
  statistics.squares += micros * micros
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

export function statisticsText(summary: Summary, { replies, least, most, sum, squares, twice }: Statistics): string {
  const { host, sent, received, errors, micros, intervalMs } = summary
  const loss = sent > 0 ? `, ${general(((sent - received) * 100) / sent)}% packet loss` : ''
  const more = `${twice > 0 ? `, +${twice} duplicates` : ''}${errors > 0 ? `, +${errors} errors` : ''}`
  // The clock stops at the last request: what was waited for answers after it does not count.
  const time = Math.min(Math.floor(micros / 1000), Math.max(0, sent - 1) * intervalMs)
  let text = `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} received${more}${loss}`
  if (sent > 0) text += `, time ${time}ms`
  text += '\n'
  if (replies > 0) {
    const mean = Math.floor(sum / replies)
    const spread = Math.floor(Math.sqrt(Math.max(0, Math.floor(squares / replies) - mean * mean)))
    text += `rtt min/avg/max/mdev = ${milliseconds(least)}/${milliseconds(mean)}/${milliseconds(most)}/${milliseconds(spread)} ms`
  }
  return `${text}\n`
}
