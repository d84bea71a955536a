// How a firewall in the middle follows a TCP connection: the table of net/netfilter/nf_conntrack_proto_tcp.c, and its times.
import { SECOND } from '../../sim/time.ts'
import * as tcp from '../../wire/tcp.ts'

export const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const

/** Seconds that a connection is kept in each state without a packet. */
const TIMES = [0, 120, 60, 432_000, 120, 60, 30, 120, 10, 120]
export const tcpLifetime = (state: number): number => (TIMES[state] as number) * SECOND

const [, SS, SR, ES, FW, CW, LA, TW, CL, S2] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
/** Invalid, and to be passed over without a change. */
const [IV, IG] = [-1, -2]
export const ESTABLISHED = ES
export const TIME_WAIT = TW

/** By direction, by kind of segment, by the state before. */
const ORIGINAL: readonly (readonly number[])[] = [
  [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2],
  [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR],
  [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
  [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV],
  [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
]
const REPLY: readonly (readonly number[])[] = [
  [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2],
  [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR],
  [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
  [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG],
  [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
]

function kindOf(flags: number): number {
  if ((flags & tcp.RST) !== 0) return 4
  if ((flags & tcp.SYN) !== 0) return (flags & tcp.ACK) !== 0 ? 1 : 0
  if ((flags & tcp.FIN) !== 0) return 2
  return (flags & tcp.ACK) !== 0 ? 3 : -1
}

/** The state after a segment, or -1 where there can be no such segment. */
export function followTcp(state: number, flags: number, reply: boolean): number {
  const kind = kindOf(flags)
  if (kind < 0) return IV
  const next = ((reply ? REPLY : ORIGINAL)[kind] as readonly number[])[state] as number
  return next === IG ? state : next
}
