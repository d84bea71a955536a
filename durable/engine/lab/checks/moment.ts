// A lab as it is at one moment, and copies of it to act in. What is looked at is never changed: each trial gets a copy of its own.
import { RING } from '../build.ts'
import type { Lab } from '../lab.ts'
import type { Shown, StoredLab } from '../lab-api.ts'

/** Sightings of a trial that are shown. */
const MOST_SHOWN = 8

export class Moment {
  readonly lab: Lab
  private stored: StoredLab | undefined

  constructor(lab: Lab) {
    this.lab = lab
  }

  /** The lab is saved once, however many copies are made. */
  copy(): Lab {
    this.stored ??= this.lab.save()
    return this.lab.copy(this.stored)
  }
}

/** What a trial shows of these packets: each where it was seen first and last, as far as the ring of the copy has it. */
export function shownOf(lab: Lab, packets: readonly number[]): Shown[] {
  const wanted = new Set(packets.slice(0, MOST_SHOWN))
  const first = new Map<number, Shown>()
  const last = new Map<number, Shown>()
  for (const { vantage, ...seen } of lab.sightings(Math.max(0, lab.nextSighting - RING.slots))) {
    const at = lab.vantages[vantage]
    if (!wanted.has(seen.packet) || at === undefined) continue
    const { machine, adapter, linkType } = at
    const shown: Shown = { ...seen, place: { machine, adapter, linkType } }
    if (!first.has(seen.packet)) first.set(seen.packet, shown)
    last.set(seen.packet, shown)
  }
  const both = new Set([...first.values(), ...last.values()])
  return [...both].sort((a, b) => a.sequence - b.sequence).slice(0, MOST_SHOWN)
}
