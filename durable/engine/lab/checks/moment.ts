// A lab as it is at one moment, and copies of it to act in. What is looked at is never changed: each trial gets a copy of its own.

import type { Sighting, Vantage } from '../../link/recorder.ts'
import { RING } from '../build.ts'
import type { Lab } from '../lab.ts'
import type { Shown, StoredLab } from '../lab-api.ts'

/** Sightings of a trial that are shown. */
const MOST_SHOWN = 12

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

/** What a trial shows of these packets, as far as the ring of the copy has it. */
export const shownOf = (lab: Lab, packets: readonly number[]): Shown[] =>
  shownAmong(lab.sightings(Math.max(0, lab.nextSighting - RING.slots)), lab.vantages, packets)

/** Each packet where it was seen first and last; of many the last ones, and whatever is no question for an address goes before. */
export function shownAmong(seen: readonly Sighting[], vantages: readonly Vantage[], packets: readonly number[]): Shown[] {
  const wanted = new Set(packets)
  const first = new Map<number, Shown>()
  const last = new Map<number, Shown>()
  for (const { vantage, ...rest } of seen) {
    const at = vantages[vantage]
    if (!wanted.has(rest.packet) || at === undefined) continue
    const { machine, adapter, linkType } = at
    const shown: Shown = { ...rest, place: { machine, adapter, linkType } }
    if (!first.has(rest.packet)) first.set(rest.packet, shown)
    last.set(rest.packet, shown)
  }
  const ends = [...new Set([...first.values(), ...last.values()])]
  const talk = ends.filter((one) => !isArp(one))
  const chosen = ends.length <= MOST_SHOWN || talk.length === 0 ? ends : talk
  return chosen.sort((a, b) => a.sequence - b.sequence).slice(-MOST_SHOWN)
}

const isArp = ({ bytes, place }: Shown): boolean => place.linkType === 'ethernet' && bytes[12] === 0x08 && bytes[13] === 0x06
