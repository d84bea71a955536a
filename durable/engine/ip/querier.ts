// A querier of multicast listeners on one interface, for both families: it asks who listens to what, and knows it for a while
// (IGMP version 3, RFC 3376 section 6; MLD version 2, RFC 3810 section 7). Of several on a link the one with the lowest address
// asks. Whoever forwards groups would go by `groups`; here nobody does: switches flood them.
import type { Json } from '../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import { formatAddress, type IpAddress, parseAddress } from '../wire/addresses.ts'

/** RFC 3376 section 8 and RFC 3810 section 9, which agree. */
export const ROBUSTNESS = 2
export const QUERY_INTERVAL = 125 * SECOND
export const RESPONSE_INTERVAL = 10 * SECOND
const STARTUP_INTERVAL = QUERY_INTERVAL / 4
const OTHER_PRESENT = ROBUSTNESS * QUERY_INTERVAL + RESPONSE_INTERVAL / 2
const MEMBERSHIP = ROBUSTNESS * QUERY_INTERVAL + RESPONSE_INTERVAL
export const LAST_MEMBER_INTERVAL = SECOND
const LAST_MEMBER_TIME = ROBUSTNESS * LAST_MEMBER_INTERVAL
/** Groups of one family on one link: who reports more is forgotten for those heard of longest ago. */
export const MAX_LISTENED = 256

/** Somebody listens until then; who left is asked after so many times more, next at `askAt`. */
type Listened = { until: Micros; asks: number; askAt: Micros }

/** What one family does with it: a query about a group, or about all (undefined). False: there is no address to ask from yet. */
export type Ask<Ip> = (group: Ip | undefined, response: Micros) => boolean

export type StoredListening = {
  readonly queryAt: number | null
  readonly startup: number
  readonly otherUntil: Micros
  readonly groups: readonly (readonly [group: string, until: Micros, asks: number, askAt: number | null])[]
}

export class Listening<Ip extends IpAddress> {
  private queryAt: Micros
  private startup = ROBUSTNESS
  private otherUntil: Micros = 0
  private readonly listened = new Map<Ip, Listened>()

  constructor(now: Micros, state?: StoredListening) {
    this.queryAt = now
    if (state === undefined) return
    this.queryAt = loadTime(state.queryAt)
    this.startup = state.startup
    this.otherUntil = state.otherUntil
    for (const [text, until, asks, askAt] of state.groups) {
      const group = parseAddress(text)
      if (group !== undefined) this.listened.set(group as Ip, { until, asks, askAt: loadTime(askAt) })
    }
  }

  /** Groups that somebody on the link listens to, and until when that is believed. */
  get groups(): readonly (readonly [group: Ip, until: Micros])[] {
    return [...this.listened].map(([group, { until }]) => [group, until] as const)
  }

  /** Whether it is this one that asks. */
  asks(now: Micros): boolean {
    return now >= this.otherUntil
  }

  get dueAt(): Micros {
    let at = this.queryAt
    for (const { until, askAt } of this.listened.values()) at = Math.min(at, until, askAt)
    return at
  }

  poll(now: Micros, ask: Ask<Ip>): void {
    if (this.queryAt <= now) {
      const asked = this.asks(now) && ask(undefined, RESPONSE_INTERVAL)
      if (asked && this.startup > 0) this.startup--
      this.queryAt = now + (this.startup > 0 ? STARTUP_INTERVAL : QUERY_INTERVAL)
      if (!this.asks(now)) this.queryAt = this.otherUntil
    }
    for (const [group, one] of this.listened) {
      if (one.askAt <= now) {
        one.asks--
        one.askAt = one.asks > 0 ? now + LAST_MEMBER_INTERVAL : NEVER
        if (this.asks(now)) ask(group, LAST_MEMBER_INTERVAL)
      }
      if (one.until <= now) this.listened.delete(group)
    }
  }

  /** Somebody else asks (sections 6.6.2 and 7.6.2); about one group: who listens to it has little time left to say so. */
  heardQuery(now: Micros, lower: boolean, group: Ip | undefined): void {
    if (lower) {
      this.otherUntil = now + OTHER_PRESENT
      this.queryAt = this.otherUntil
    }
    const known = group === undefined ? undefined : this.listened.get(group)
    if (known !== undefined && !this.asks(now)) known.until = Math.min(known.until, now + LAST_MEMBER_TIME)
  }

  joined(now: Micros, group: Ip): void {
    this.listened.delete(group)
    if (this.listened.size >= MAX_LISTENED) this.listened.delete(this.listened.keys().next().value as Ip)
    this.listened.set(group, { until: now + MEMBERSHIP, asks: 0, askAt: NEVER })
  }

  /** Perhaps it was the last: whoever is left is asked twice, and then nobody is believed to be (section 6.4.2). */
  left(now: Micros, group: Ip): void {
    const known = this.listened.get(group)
    if (known === undefined || known.asks > 0 || !this.asks(now)) return
    known.until = Math.min(known.until, now + LAST_MEMBER_TIME)
    known.asks = ROBUSTNESS
    known.askAt = now
  }

  save(): StoredListening & Json {
    return {
      queryAt: storeTime(this.queryAt),
      startup: this.startup,
      otherUntil: this.otherUntil,
      groups: [...this.listened].map(([group, { until, asks, askAt }]) => [formatAddress(group), until, asks, storeTime(askAt)]),
    }
  }
}

/** Codes of response times and intervals: exact below 128 (octet, tenths or seconds) and 32,768 (16 bits, milliseconds). */
export const tenths = (time: Micros): number => Math.round(time / (100 * MILLISECOND))
export const millis = (time: Micros): number => Math.round(time / MILLISECOND)
export const INTERVAL_CODE = QUERY_INTERVAL / SECOND
