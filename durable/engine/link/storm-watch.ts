import { MILLISECOND, type Micros, SECOND } from '../sim/time.ts'

/** In a network without loops a switch floods a packet once. So many times means that it goes round in circles. */
export const STORM_COPIES = 1000
const WATCHED = 32

/** A packet that was flooded: how often, since when. */
type Flooded = { readonly packet: number; copies: number; readonly since: Micros }
export type StormState = readonly (readonly [packet: number, copies: number, since: Micros])[]

export type Storm = { readonly packet: number; readonly copies: number; readonly since: Micros; readonly until: Micros }

/**
 * Watches a switch for storms. Nothing on a real network stops a frame that goes in circles; here the lab must stay usable, so
 * further copies are dropped, and the student is told.
 */
export class StormWatch {
  private readonly flooded: Flooded[]
  private found: Storm[] = []

  constructor(state: StormState = []) {
    this.flooded = state.map(([packet, copies, since]) => ({ packet, copies, since }))
  }

  /** Counts one flood of a packet. True: it is a storm, drop it. */
  isStorm(packet: number, now: Micros): boolean {
    const { flooded } = this
    for (let at = flooded.length - 1; at >= 0; at--) {
      const entry = flooded[at] as Flooded
      if (entry.packet !== packet) continue
      entry.copies++
      if (entry.copies === STORM_COPIES && this.found.length < WATCHED)
        this.found.push({ packet, copies: STORM_COPIES, since: entry.since, until: now })
      return entry.copies >= STORM_COPIES
    }
    flooded.push({ packet, copies: 1, since: now })
    if (flooded.length > WATCHED) flooded.shift()
    return false
  }

  /** Storms found since the last call. */
  take(): Storm[] {
    const found = this.found
    this.found = []
    return found
  }

  save(): StormState {
    return this.flooded.map(({ packet, copies, since }) => [packet, copies, since] as const)
  }
}

export function describeStorm(storm: Storm, hub: string): string {
  const took = Math.max(1, storm.until - storm.since)
  const rate = Math.round((storm.copies * SECOND) / took)
  const within = took < SECOND ? `${Math.max(1, Math.round(took / MILLISECOND))} ms` : `${Math.round(took / SECOND)} s`
  return `storm: packet ${storm.packet} goes round in circles. ${hub} passed it on ${storm.copies} times within ${within} (${rate} copies a second): there is a loop of cables. Further copies are dropped.`
}
