// Limits a second of a port: frames that concern everybody, and bits.
import { type Micros, SECOND } from '../../sim/time.ts'

/** So many microseconds' worth may come at once. */
const BURST = 50_000
/** Whatever the rate, some full frames fit. */
const LEAST_BURST = 8 * 16 * 1514

export type RateState = readonly [since: Micros, used: number]

/** So many a second, counted by the second of lab time. */
export class PerSecond {
  private since: Micros
  private used: number

  constructor([since, used]: RateState = [0, 0]) {
    this.since = since
    this.used = used
  }

  /** Counts one. False: over the limit. */
  take(now: Micros, limit: number): boolean {
    if (now - this.since >= SECOND) {
      this.since = now - (now % SECOND)
      this.used = 0
    }
    if (this.used >= limit) return false
    this.used++
    return true
  }

  save(): RateState {
    return [this.since, this.used]
  }
}

/** A bucket of bits that fills at a rate: what does not fit is dropped. */
export class Bucket {
  private since: Micros
  /** Bits that are missing to a full bucket. */
  private used: number

  constructor([since, used]: RateState = [0, 0]) {
    this.since = since
    this.used = used
  }

  /** Takes the bits of a frame. False: they do not fit. `rate` in bits a second. */
  take(now: Micros, bits: number, rate: number): boolean {
    const filled = Math.floor(((now - this.since) * rate) / SECOND)
    if (filled > 0) {
      this.used = Math.max(0, this.used - filled)
      this.since = now
    }
    const depth = Math.max(LEAST_BURST, Math.floor((rate * BURST) / SECOND))
    if (this.used + bits > depth) return false
    this.used += bits
    return true
  }

  save(): RateState {
    return [this.since, this.used]
  }
}
