// The neighbour cache of one interface for IPv6 (RFC 4861 sections 5.1 and 7.3.2). Timings: fact sheet 4.2.
import { fromBase64, toBase64 } from '../../link/base64.ts'
import type { Frame } from '../../link/frame.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatIp6, type Ip6, type Mac, parseIp6 } from '../../wire/addresses.ts'
import { loadTimes, type NeighborTimes, newTimes, type StoredTimes, storeTimes } from '../neighbors.ts'

/** Linux' gc_thresh2: somebody who is asked for every address of a /64 must not fill the memory. */
export const TABLE_LIMIT = 512
/** Packets that wait for one address before the oldest is dropped. */
export const MAX_WAITING = 8

/** `reachable` becomes stale by looking at the time, without a timer; `unreachable` is what asking in vain leaves behind. */
export type NudState = 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'unreachable' | 'permanent'

export type Neighbor6 = {
  readonly ip: Ip6
  mac: Mac
  state: NudState
  isRouter: boolean
  reachableUntil: Micros
  probes: number
  due: Micros
  waiting: Frame[]
  times: NeighborTimes
}

export type StoredFrame = readonly [id: number, cause: number, origin: number, bytes: string]
export const storeFrame = (f: Frame): StoredFrame => [f.id, f.cause, f.origin, toBase64(f.bytes)]
export const loadFrame = ([id, cause, origin, bytes]: StoredFrame): Frame => ({
  id,
  cause,
  origin,
  bytes: fromBase64(bytes) ?? new Uint8Array(0),
  stored: -1,
})

export type StoredNeighbor6 = readonly [
  ip: string,
  mac: Mac,
  state: NudState,
  isRouter: boolean,
  reachableUntil: Micros,
  probes: number,
  due: number | null,
  waiting: readonly StoredFrame[],
  // Younger than the format.
  times?: StoredTimes,
]

export class Neighbors6 {
  private readonly table = new Map<Ip6, Neighbor6>()
  /** When the first entry needs attention. */
  dueAt: Micros = NEVER

  get(ip: Ip6): Neighbor6 | undefined {
    return this.table.get(ip)
  }

  /**
   * Adds an entry. A full table forgets its oldest that nobody waits for; when somebody waits for each, the oldest, whose
   * packets are the answer. Routers stay as long as there is anybody else, what people entered longer still.
   */
  add(ip: Ip6, state: NudState, mac: Mac, now: Micros = 0): { entry: Neighbor6; lost: readonly Frame[] } {
    let lost: readonly Frame[] = []
    if (this.table.size >= TABLE_LIMIT) {
      const oldest =
        this.first((n) => !n.isRouter && n.state !== 'permanent' && n.waiting.length === 0) ??
        this.first((n) => !n.isRouter && n.state !== 'permanent') ??
        // Anybody on the link can say that he is a router.
        this.first((n) => n.state !== 'permanent') ??
        this.first(() => true)
      if (oldest !== undefined) {
        this.table.delete(oldest.ip)
        lost = oldest.waiting
      }
    }
    const fresh = { isRouter: false, reachableUntil: 0, probes: 0, due: NEVER, waiting: [], times: newTimes(now) }
    const entry: Neighbor6 = { ip, mac, state, ...fresh }
    this.table.set(ip, entry)
    return { entry, lost }
  }

  private first(which: (n: Neighbor6) => boolean): Neighbor6 | undefined {
    for (const entry of this.table.values()) if (which(entry)) return entry
    return undefined
  }

  delete(ip: Ip6): boolean {
    const found = this.table.delete(ip)
    if (found) this.rearm()
    return found
  }

  clear(): void {
    this.table.clear()
    this.dueAt = NEVER
  }

  get all(): Iterable<Neighbor6> {
    return this.table.values()
  }
  get size(): number {
    return this.table.size
  }

  rearm(): void {
    let due = NEVER
    for (const entry of this.table.values()) if (entry.due < due) due = entry.due
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

  save(): StoredNeighbor6[] & Json {
    return [...this.table.values()].map((n) => [
      formatIp6(n.ip),
      n.mac,
      n.state,
      n.isRouter,
      n.reachableUntil,
      n.probes,
      storeTime(n.due),
      n.waiting.map(storeFrame),
      storeTimes(n.times),
    ]) as unknown as StoredNeighbor6[] & Json
  }

  load(stored: readonly StoredNeighbor6[]): void {
    this.table.clear()
    for (const [text, mac, state, isRouter, reachableUntil, probes, due, waiting, times] of stored) {
      const ip = parseIp6(text) ?? 0n
      const frames = waiting.map(loadFrame)
      const rest = { reachableUntil, probes, due: loadTime(due), waiting: frames, times: loadTimes(times) }
      this.table.set(ip, { ip, mac, state, isRouter, ...rest })
    }
    this.rearm()
  }
}
