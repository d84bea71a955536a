import { spanText } from './clock-hand.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import { KEPT } from './store/frames.ts'

/** What is run of the time that was missed, in events. */
export const CATCH_UP_EVENTS = 500_000
/** Events in one committed slice. */
const SLICE = 10_000
/** Of the packets of such a time this share of the ring is kept, where it is free. */
export const CATCH_UP_SIGHTINGS = KEPT.sightings / 4

/** The time when nobody was there, made up for in committed slices. */
export class CatchUp {
  private readonly from: number
  private readonly to: number
  private events = 0
  private kept = 0
  private lost = 0
  /** Whether consoles printed something, which nobody was told. */
  printed = false

  constructor(from: number, missed: number) {
    this.from = from
    this.to = from + missed
  }

  /** Lab time that is still to be made up for. */
  left(now: number): number {
    return Math.max(0, this.to - now)
  }

  /** Runs and commits a slice. True: there is no more, or no more will be done. */
  slice(keeper: LabKeeper, live: Live): boolean {
    const { lab } = live
    const { done, events } = lab.runTo(this.to, Math.min(SLICE, CATCH_UP_EVENTS - this.events))
    if (!done) lab.runTo(lab.now, SLICE)
    this.events += Math.max(1, events)
    const fresh = lab.takeOutput()
    if (fresh.length > 0) this.printed = true
    const { seen, kept } = keeper.pass(live, fresh, CATCH_UP_SIGHTINGS - this.kept)
    this.kept += kept
    this.lost += seen.length - kept
    return done || this.events >= CATCH_UP_EVENTS
  }

  /** How far it came. */
  sentence(now: number): string {
    const [missed, came] = [spanText(this.to - this.from), spanText(Math.min(now, this.to) - this.from)]
    const far =
      now >= this.to
        ? `The lab has caught up on the ${missed} when nobody was here.`
        : `Nobody was here for ${missed} of lab time. The lab has caught up on ${came} of it, its budget of ${CATCH_UP_EVENTS} events, and goes on from there.`
    return this.lost === 0 ? far : `${far} ${this.lost} packets of this time are not kept, so that yours are.`
  }
}
