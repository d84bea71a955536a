// The neighbour cache of one interface: ARP (RFC 826) with the states of RFC 4861 section 7.3.2, as Windows and Linux show
// them. Timings: fact sheet 4.2.
import { fromBase64, toBase64 } from '../link/base64.ts'
import type { Frame } from '../link/frame.ts'
import type { Json } from '../sim/json.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import type { Ip4, Mac } from '../wire/addresses.ts'

export const RETRANS_TIMER = SECOND
export const MAX_PROBES = 3
export const DELAY_FIRST_PROBE = 5 * SECOND
export const BASE_REACHABLE_TIME = 30 * SECOND
/** Packets that wait for one address before the oldest is dropped: enough for the fragments of the largest datagram. */
export const MAX_WAITING = 64
/** Entries of one interface (Linux: gc_thresh3). */
export const TABLE_LIMIT = 1024

export type NeighborState = 'incomplete' | 'reachable' | 'delay' | 'probe' | 'unreachable' | 'permanent'

export type Neighbor = {
  readonly ip: Ip4
  mac: Mac
  /** Reachable turns into stale by looking at the time, without a timer. */
  state: NeighborState
  reachableUntil: Micros
  probes: number
  due: Micros
  waiting: Frame[]
  times: NeighborTimes
}

/** As `ip -s neigh` tells them: when it was sent to last, when it proved to be there, when its link address was learned. */
export type NeighborTimes = {
  used: Micros
  confirmed: Micros
  updated: Micros
  /** Questions since it was asked about last; a first one in place of three that nobody could answer counts as those (NUD_INCOMPLETE). */
  probes: number
}
export type StoredTimes = readonly [used: Micros, confirmed: Micros, updated: Micros, probes: number]

export const newTimes = (now: Micros): NeighborTimes => ({ used: now, confirmed: now, updated: now, probes: 0 })
export const storeTimes = ({ used, confirmed, updated, probes }: NeighborTimes): StoredTimes => [used, confirmed, updated, probes]
/** A row of before they were kept knows nothing of them. */
export const loadTimes = ([used, confirmed, updated, probes]: StoredTimes = [0, 0, 0, 0]): NeighborTimes => ({
  used,
  confirmed,
  updated,
  probes,
})

type StoredFrame = readonly [number, number, number, string]
type Stored = readonly [Ip4, Mac, NeighborState, number, number, number | null, readonly StoredFrame[], StoredTimes?]

export class Neighbors {
  /** By the address as a signed number, which a Map hashes without boxing. */
  private readonly table = new Map<number, Neighbor>()
  /** When the first entry needs attention. */
  dueAt: Micros = NEVER

  get(ip: Ip4): Neighbor | undefined {
    return this.table.get(ip | 0)
  }

  /** Adds an entry. Whoever adds what others made it add calls `makeRoom` first. */
  add(ip: Ip4, state: NeighborState, mac: Mac, now: Micros = 0): Neighbor {
    const entry: Neighbor = { ip, mac, state, reachableUntil: 0, probes: 0, due: NEVER, waiting: [], times: newTimes(now) }
    this.table.set(ip | 0, entry)
    return entry
  }

  /**
   * Where the table is full, its oldest entry that nobody waits for goes; when somebody waits for every one, the oldest of those,
   * which is answered, since its packets are lost. 'full': all entries are permanent.
   */
  makeRoom(): Neighbor | 'full' | undefined {
    if (this.table.size < TABLE_LIMIT) return undefined
    let oldest: Neighbor | undefined
    for (const entry of this.table.values()) {
      if (entry.state === 'permanent') continue
      if (entry.waiting.length === 0) {
        this.delete(entry.ip)
        return undefined
      }
      oldest ??= entry
    }
    if (oldest === undefined) return 'full'
    this.delete(oldest.ip)
    return oldest
  }

  get size(): number {
    return this.table.size
  }

  delete(ip: Ip4): boolean {
    const found = this.table.delete(ip | 0)
    if (found) this.rearm()
    return found
  }

  clear(): void {
    this.table.clear()
    this.rearm()
  }

  get all(): Iterable<Neighbor> {
    return this.table.values()
  }

  rearm(): void {
    let due = NEVER
    for (const entry of this.table.values()) {
      if (entry.due < due) due = entry.due
    }
    this.dueAt = due
  }

  /** When the first entry that is being asked for needs attention, unless only parked commands wait for it. */
  unresolvedAt(parked: ReadonlySet<number>): Micros {
    let at = NEVER
    if (this.dueAt === NEVER) return at
    for (const entry of this.table.values()) {
      if (entry.state !== 'incomplete' || entry.due >= at) continue
      if (parked.size === 0 || entry.waiting.length === 0 || entry.waiting.some((frame) => !parked.has(frame.origin)))
        at = entry.due
    }
    return at
  }

  save(): Json {
    return [...this.table.values()].map((n) => [
      n.ip,
      n.mac,
      n.state,
      n.reachableUntil,
      n.probes,
      storeTime(n.due),
      n.waiting.map((f) => [f.id, f.cause, f.origin, toBase64(f.bytes)]),
      [...storeTimes(n.times)],
    ])
  }

  load(stored: readonly Stored[]): void {
    this.table.clear()
    for (const [ip, mac, state, reachableUntil, probes, due, waiting, times] of stored) {
      const frames = waiting.map(([id, cause, origin, bytes]) => ({
        id,
        cause,
        origin,
        bytes: fromBase64(bytes) ?? new Uint8Array(0),
        stored: -1,
      }))
      const shown = loadTimes(times)
      this.table.set(ip | 0, { ip, mac, state, reachableUntil, probes, due: loadTime(due), waiting: frames, times: shown })
    }
    this.rearm()
  }
}
