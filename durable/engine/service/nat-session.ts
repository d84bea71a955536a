// One flow through a mapping: the inside endpoint and one remote endpoint, with the phase that decides how long it is kept
// (RFC 5382 section 5, RFC 4787 section 4.3, RFC 5508 section 3.2).
import { type Micros, SECOND } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { ICMP, type TCP, UDP } from '../wire/ipv4.ts'
import { ACK, FIN, RST, SYN } from '../wire/tcp.ts'

export type Protocol = typeof ICMP | typeof TCP | typeof UDP

/** Whom an inside endpoint hears from, once it has a mapping (RFC 4787 section 5). */
export type Filtering = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

/** What differs between translators. Times in seconds. */
export type NatBehavior = {
  readonly filtering: Filtering
  /** Of TCP, where it is another. */
  readonly tcpFiltering?: Filtering
  readonly hairpin: boolean
  readonly icmp: number
  readonly tcpEstablished: number
  readonly tcpTransient: number
  readonly udp: number
  /** Whether packets from outside keep a UDP flow alive (RFC 4787 REQ-6 asks for those from inside only). */
  readonly udpInboundRefresh: boolean
}

/** Fact sheet 2.11: what `Get-NetNat` shows; also what Internet Connection Sharing does. */
export const WINNAT: NatBehavior = {
  filtering: 'address-dependent',
  hairpin: true,
  icmp: 30,
  tcpEstablished: 1800,
  tcpTransient: 120,
  udp: 120,
  udpInboundRefresh: false,
}

/** A router as the RFCs want it: 2 h 4 min, 4 min (RFC 5382 REQ-5), 5 min (RFC 4787 REQ-5), 60 s (RFC 5508 REQ-2). */
export const HOME_ROUTER: NatBehavior = {
  ...WINNAT,
  icmp: 60,
  tcpEstablished: 7440,
  tcpTransient: 240,
  udp: 300,
}

/**
 * Opening: one side has spoken. Established: both have. Closing: one has finished or reset (what RFC 5382 calls partially open,
 * established and partially closed). Reset: an established connection was reset, perhaps by somebody else; if it
 * goes on nevertheless it is established again (RFC 6146 section 3.5.2.2, state TRANS).
 */
export const OPENING = 0
export const OPENED_FROM_OUTSIDE = 1
export const ESTABLISHED = 2
export const CLOSING = 3
export const RESET = 4
export type Phase = 0 | 1 | 2 | 3 | 4

export type Session = {
  readonly remoteIp: Ip4
  /** 0 for echoes. */
  readonly remotePort: number
  phase: Phase
  endsAt: Micros
  /** When it began; unknown of one that was stored before that was kept. */
  since?: Micros
}

export type StoredSession = readonly [Ip4, number, Phase, Micros, Micros?]

export function lifetime(behavior: NatBehavior, protocol: Protocol, phase: Phase): Micros {
  if (protocol === UDP) return behavior.udp * SECOND
  if (protocol === ICMP) return behavior.icmp * SECOND
  return (phase === ESTABLISHED ? behavior.tcpEstablished : behavior.tcpTransient) * SECOND
}

/** What a segment does to its connection. `inward`: it comes from outside. */
export function follow(session: Session, flags: number, inward: boolean): void {
  if ((flags & RST) !== 0) {
    session.phase = session.phase === ESTABLISHED || session.phase === RESET ? RESET : CLOSING
  } else if ((flags & FIN) !== 0) {
    session.phase = CLOSING
  } else if ((flags & (SYN | ACK)) === SYN) {
    // The same endpoints again: another connection, or the same SYN once more.
    if (session.phase === CLOSING || session.phase === RESET) session.phase = inward ? OPENED_FROM_OUTSIDE : OPENING
  } else if ((flags & ACK) !== 0) {
    const answers = session.phase === OPENED_FROM_OUTSIDE ? !inward : session.phase === OPENING && inward
    if (answers || session.phase === RESET) session.phase = ESTABLISHED
  }
}
