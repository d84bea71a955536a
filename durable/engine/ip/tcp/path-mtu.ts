// ICMP about our segments: path MTU discovery (RFC 1191, 8201) and errors, believed only when they quote what is under way
// (RFC 5927).
import { MINUTE } from '../../sim/time.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import { familyOf } from '../families.ts'
import type { SendError } from '../hooks.ts'
import type { Connection } from './connection.ts'
import { RECOVERY } from './connection.ts'
import type { TcpContext } from './context.ts'
import { maxPayload, pathOf } from './emit.ts'
import { push, resend } from './output.ts'
import { stopTiming } from './rtt.ts'
import { geq, gt, lt } from './sequence.ts'
import { CLOSED, SYN_RECEIVED, SYN_SENT } from './state.ts'

const LIFETIME = 10 * MINUTE
const MAX_KNOWN = 256
/** RFC 1191 section 7: MTUs of links, for routers that do not name theirs. */
const PLATEAUS = [32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508] as const

/** An ICMP error that quotes a segment of ours. `seq` is the number it quotes, or undefined when too little is quoted. */
export function receiveError(
  tcp: TcpContext,
  local: IpAddress,
  localPort: number,
  remote: IpAddress,
  remotePort: number,
  seq: number,
  error: SendError,
): void {
  const c = tcp.table.find(local, localPort, remote, remotePort)
  if (c === undefined) return
  if (!geq(seq | 0, c.una) || !lt(seq | 0, c.max)) return
  if (error.kind === 'fragmentation') return lower(tcp, c, error.mtu)
  if (c.state !== SYN_SENT) return
  // RFC 5461 leaves it to the system; both give up an opening at once.
  tcp.counters.attemptFails++
  tcp.fail(c, error)
}

/** What the way to an address carries, as far as was found out; 0 = nothing is known. */
export function knownMtu(tcp: TcpContext, remote: IpAddress): number {
  const known = tcp.mtus.get(remote)
  if (known === undefined) return 0
  if (known.until > tcp.now) return known.mtu
  tcp.mtus.delete(remote)
  return 0
}

function lower(tcp: TcpContext, c: Connection, said: number): void {
  const path = pathOf(tcp.stack, c)
  if (path === undefined) return
  const now = c.pathMtu === 0 ? path.mtu : Math.min(path.mtu, c.pathMtu)
  const mtu = Math.max(familyOf(c.remote)?.minMtu ?? 552, said > 0 ? said : (PLATEAUS.find((p) => p < now) ?? 0))
  // It can only ever become smaller; what says otherwise is a mistake or a lie.
  if (mtu >= now) return
  c.pathMtu = mtu
  if (tcp.mtus.size >= MAX_KNOWN && !tcp.mtus.has(c.remote)) tcp.mtus.delete(tcp.mtus.keys().next().value as IpAddress)
  tcp.mtus.set(c.remote, { mtu, until: tcp.now + LIFETIME })
  if (c.state === SYN_SENT || c.state === SYN_RECEIVED || c.state === CLOSED) return
  // No sign of congestion (RFC 1191 section 6.4): what was too big goes out again, in smaller pieces.
  stopTiming(c)
  c.busy = true
  if (c.phase === RECOVERY) resend(tcp, c, c.una, maxPayload(tcp.stack, c))
  else if (gt(c.max, c.una)) {
    c.nxt = c.una
    push(tcp, c)
  }
  c.busy = false
  tcp.rearm(c)
}
