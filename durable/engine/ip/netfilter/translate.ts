// NAT of connections (net/netfilter/nf_nat_core.c): the tuple that a new one gets, and what each of its packets is rewritten to.
import type { RandomStream } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import type { Ip4 } from '../../wire/addresses.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import type { Connection, Conntrack } from './conntrack.ts'
import { rewriteQuoted, rewriteSide, type Side } from './rewrite.ts'
import type { PortRange } from './rule.ts'
import { inverted, type Tuple } from './tuple.ts'

export type Range = { readonly first: Ip4; readonly last: Ip4; readonly ports: PortRange | null }

/**
 * Gives a side of a new connection an address and port within a range, so that no other connection has the same tuples.
 * False: no port is left.
 */
export function bind(
  table: Conntrack,
  connection: Connection,
  side: Side,
  range: Range,
  random: RandomStream,
  now: Micros,
): boolean {
  // What the packet looks like when it leaves: the reply, turned round.
  const leaving = inverted(connection.reply)
  const ip = range.first === range.last ? range.first : range.first + (connection.original.src % (range.last - range.first + 1))
  const port = side === 'source' ? leaving.sport : leaving.dport
  const hasPorts = leaving.protocol === ipv4.TCP || leaving.protocol === ipv4.UDP || leaving.protocol === ipv4.ICMP
  const as = (chosen: number): Tuple => {
    const identifier = leaving.protocol === ipv4.ICMP ? chosen : undefined
    return side === 'source'
      ? { ...leaving, src: ip, sport: chosen, dport: identifier ?? leaving.dport }
      : { ...leaving, dst: ip, dport: chosen, sport: identifier ?? leaving.sport }
  }
  const free = (tuple: Tuple): boolean => table.find(inverted(tuple), now) === undefined
  const [low, high] = range.ports ?? portsLike(leaving.protocol, port)
  let chosen: Tuple | undefined
  const kept = as(port)
  if (!hasPorts || ((range.ports === null || (port >= low && port <= high)) && free(kept))) chosen = kept
  else {
    const count = high - low + 1
    const begin = side === 'source' && range.ports === null ? random.below(count) : 0
    // As the kernel does: a bounded number of tries, then it gives up and the packet is lost.
    for (let tries = 0; tries < Math.min(count, 512) && chosen === undefined; tries++) {
      const tuple = as(low + ((begin + tries) % count))
      if (free(tuple)) chosen = tuple
    }
    // A destination may be shared: whoever is there serves many.
    if (chosen === undefined && side === 'destination') chosen = as(low)
  }
  if (chosen === undefined) return false
  const changed =
    chosen.src !== leaving.src || chosen.dst !== leaving.dst || chosen.sport !== leaving.sport || chosen.dport !== leaving.dport
  connection.reply = inverted(chosen)
  if (changed) connection[side === 'source' ? 'sourceNat' : 'destinationNat'] = true
  return true
}

/** A port of the same class as the old one (RFC 4787 REQ-3 in spirit; nf_nat_l4proto_unique_tuple). */
function portsLike(protocol: number, port: number): PortRange {
  if (protocol === ipv4.ICMP) return [0, 0xffff]
  if (port < 512) return [1, 511]
  return port < 1024 ? [600, 1023] : [1024, 65535]
}

/** What a packet of a connection must look like: the other direction's tuple, turned round. */
const wanted = (connection: Connection, reply: boolean): Tuple => inverted(reply ? connection.original : connection.reply)

/** Whether this side of packets in this direction is rewritten: for replies the sides are swapped. */
function concerns(connection: Connection, reply: boolean, side: Side): boolean {
  return (side === 'source') === reply ? connection.destinationNat : connection.sourceNat
}

/** Rewrites one side of a packet as its connection says. True when it did. */
export function translate(
  connection: Connection,
  reply: boolean,
  side: Side,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  if (!concerns(connection, reply, side)) return false
  const tuple = wanted(connection, reply)
  const [ip, port] = side === 'source' ? [tuple.src, tuple.sport] : [tuple.dst, tuple.dport]
  rewriteSide(bytes, at, end, side, ip, port)
  return true
}

/** The same for an ICMP error about a packet of the other direction: what it quotes is rewritten too. */
export function translateError(
  connection: Connection,
  reply: boolean,
  side: Side,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  if (!concerns(connection, reply, side)) return false
  const tuple = wanted(connection, reply)
  const head = at + ipv4.headerLen(bytes, at)
  if (!icmp.isError(bytes, head)) return false
  const [ip, port] = side === 'source' ? [tuple.src, tuple.sport] : [tuple.dst, tuple.dport]
  rewriteQuoted(bytes, head, end, side === 'source' ? 'destination' : 'source', ip, port)
  rewriteSide(bytes, at, end, side, ip, 0)
  return true
}
