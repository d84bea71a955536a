// A lab as rows: its own, one of each part, and which of them differ from those written last.
import type { Part, PartRow } from '../sim/part.ts'
import type { Built } from './build.ts'
import { changesOf } from './changes.ts'
import type { SightingDigest } from './digest.ts'
import type { LabApi, LabClockRow, StoredLab } from './lab-api.ts'
import type { Change } from './query/query.ts'
import type { Turner } from './turner.ts'

/** Changes when the same lab, seed and lines may give other packets. */
export const ENGINE_VERSION = 4

export class Rows {
  private readonly built: Built
  private readonly turner: Turner
  private readonly seen: SightingDigest
  /** The data of each part's last row: equal rows are not written again. Comparing texts is exact and cheaper than hashing. */
  private readonly written = new Map<string, string>()
  /** The number of each part, made anew when parts came or went. */
  private numbers: { readonly next: number; readonly count: number; readonly of: LabClockRow['numbers'] } | undefined

  constructor(built: Built, turner: Turner, seen: SightingDigest, stored: StoredLab | undefined) {
    this.built = built
    this.turner = turner
    this.seen = seen
    for (const row of stored?.parts ?? []) this.written.set(row.name, row.data)
  }

  takeChanges(): ReturnType<LabApi['takeChanges']> {
    const { sim } = this.built
    const removed = sim.takeRemoved()
    const rows: PartRow[] = []
    const changes: Change[] = []
    for (const part of sim.parts()) {
      const row = rowOf(part)
      const before = this.written.get(row.name)
      if (before === row.data) continue
      this.written.set(row.name, row.data)
      rows.push(row)
      changes.push(...changesOf(before === undefined ? undefined : { ...row, data: before }, row, sim.now, this.interfaceName))
    }
    for (const name of removed) this.written.delete(name)
    return { clock: this.clock(), changed: rows, removed, changes }
  }

  private readonly interfaceName = (machine: string, index: number): string =>
    this.built.machines.get(machine)?.stack.interfaces.get(index)?.name ?? `interface ${index}`

  save(): StoredLab {
    return { clock: this.clock(), parts: this.built.sim.parts().map(rowOf) }
  }

  private clock(): LabClockRow {
    const { sim, recorder } = this.built
    return {
      engine: ENGINE_VERSION,
      now: sim.now,
      nextPart: sim.partNumber,
      lastPacket: sim.lastPacket,
      nextSighting: recorder.next,
      mode: this.turner.mode,
      digest: this.seen.value(),
      seen: recorder.rate,
      numbers: this.partNumbers(),
      ...this.laterPlaces(),
    }
  }

  private laterPlaces(): Pick<LabClockRow, 'places'> {
    const { recorder, fixedPlaces } = this.built
    if (recorder.vantages.length === fixedPlaces) return {}
    return { places: recorder.vantages.slice(fixedPlaces).map((at) => [at.machine, at.adapter, at.linkType] as const) }
  }

  private partNumbers(): LabClockRow['numbers'] {
    const { sim } = this.built
    const parts = sim.parts()
    const { partNumber: next } = sim
    // Whoever comes takes the next number, so with the same one and as many parts nobody has come or gone.
    if (this.numbers?.next !== next || this.numbers.count !== parts.length) {
      this.numbers = { next, count: parts.length, of: Object.fromEntries(parts.map((part) => [part.name, sim.numberOf(part)])) }
    }
    return this.numbers.of
  }
}

const rowOf = (part: Part): PartRow => ({
  name: part.name,
  kind: part.kind,
  version: part.version,
  data: JSON.stringify(part.save()),
})
