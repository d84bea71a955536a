// How long to wait for an acknowledgement (RFC 6298), in whole microseconds.
import { type Micros, SECOND } from '../../sim/time.ts'
import type { TcpProfile } from '../profile.ts'
import type { Connection } from './connection.ts'
import type { Seq } from './sequence.ts'
import { gt } from './sequence.ts'

export const INITIAL_RTO = SECOND

/** Begins to time the octet at `seq`, unless another one is being timed. */
export function time(c: Connection, seq: Seq, now: Micros): void {
  if (c.timing) return
  c.timing = true
  c.rttSeq = seq
  c.rttAt = now
}

/** RFC 6298 section 3 (Karn): what was sent again tells nothing. */
export function stopTiming(c: Connection): void {
  c.timing = false
}

/** An acknowledgement of everything before `ack`: a sample, when the octet that is timed is among it. */
export function sampleFrom(c: Connection, ack: Seq, now: Micros, profile: TcpProfile): void {
  if (!c.timing || !gt(ack, c.rttSeq)) return
  c.timing = false
  sample(c, now - c.rttAt, profile)
}

/** RFC 6298 section 2. */
export function sample(c: Connection, micros: Micros, profile: TcpProfile): void {
  const r = Math.max(1, Math.min(micros, profile.maxRto))
  if (c.srtt === 0) {
    c.srtt = r << 3
    c.rttvar = r << 1
  } else {
    const off = r - (c.srtt >> 3)
    c.rttvar += Math.abs(off) - (c.rttvar >> 2)
    c.srtt += off
  }
  c.rto = Math.max(profile.minRto, Math.min(profile.maxRto, (c.srtt >> 3) + Math.max(1000, c.rttvar)))
}

/** The timeout after it has run out `times` times (RFC 6298 section 5.5). */
export const backedOff = (rto: Micros, times: number, limit: Micros): Micros => Math.min(limit, rto * (1 << Math.min(times, 20)))
