// The frames of a step, as `npm run lab -- DIR --frames FILTER` prints them: when, where, which way, what, and what became of it.
import type { LabApi } from '../durable/engine/lab/lab-api.ts'
import { createMemory, dissect } from '../durable/engine/wire/dissect.ts'
import { type Filter, matches } from '../durable/engine/wire/filter/index.ts'
import { comment, type Told } from '../durable/walk/walk.ts'

/** A row a sighting that the filter lets pass, in order; times are milliseconds since the line began. */
export function framesText({ seen, result }: Told, { vantages }: Pick<LabApi, 'vantages'>, filter: Filter): string {
  const memory = createMemory()
  const from = result?.startedAt ?? seen[0]?.time ?? 0
  const rows = seen.flatMap((one) => {
    const { sequence: number, time: timeMicros, bytes, length } = one
    const place = vantages[one.vantage]
    if (!place) throw new Error(`sighting ${number} is at no known place`)
    const { machine, adapter, linkType } = place
    // Also of what is not shown: what follows on a TCP connection is told by what came before.
    const { source, destination, protocol, info } = dissect(bytes, linkType, memory, length)
    const subject = { bytes, length, linkType, number, timeMicros, interfaceName: `${machine}/${adapter}` }
    if (!matches(filter, subject)) return []
    const where = `${one.direction === 'out' ? 'out of' : 'into'} ${machine}/${adapter}`
    const fate = comment(one)
    const time = ((timeMicros - from) / 1_000).toFixed(3)
    return [[time, where, `${source} > ${destination}`, protocol, fate === undefined ? info : `${info} [${fate}]`]]
  })
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const cell = (text: string, at: number) => (at === 0 ? text.padStart(widths[0] ?? 0) : text.padEnd(widths[at] ?? 0))
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('')
}
