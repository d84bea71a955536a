// One direction of a connection: protocol, two addresses, two ports (of ICMP questions: the identifier, twice).
import type { Ip4 } from '../../wire/addresses.ts'
import { u16 } from '../../wire/bytes.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'

export type Tuple = {
  readonly protocol: number
  readonly src: Ip4
  readonly dst: Ip4
  readonly sport: number
  readonly dport: number
}

/** The tuple of a packet whose IP header stands at `at`, or undefined where there is none: ICMP errors, fragments, rubbish. */
export function tupleOf(bytes: Uint8Array, at: number, end = bytes.length): Tuple | undefined {
  const protocol = ipv4.protocol(bytes, at)
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  if (ipv4.fragmentOffset(bytes, at) > 0) return undefined
  const head = at + ipv4.headerLen(bytes, at)
  if (protocol === ipv4.TCP || protocol === ipv4.UDP) {
    if (head + 4 > end) return undefined
    return { protocol, src, dst, sport: u16(bytes, head), dport: u16(bytes, head + 2) }
  }
  if (protocol === ipv4.ICMP) {
    if (head + 8 > end || !icmp.isEcho(bytes, head)) return undefined
    const ident = icmp.ident(bytes, head)
    return { protocol, src, dst, sport: ident, dport: ident }
  }
  return { protocol, src, dst, sport: 0, dport: 0 }
}

export const inverted = ({ protocol, src, dst, sport, dport }: Tuple): Tuple => ({
  protocol,
  src: dst,
  dst: src,
  sport: dport,
  dport: sport,
})

export const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport && a.protocol === b.protocol

/** A small whole number, so that a Map does not have to box it. */
export function hashTuple(tuple: Tuple): number {
  let h = Math.imul(tuple.src ^ tuple.protocol, 0x9e3779b1)
  h = Math.imul(h ^ tuple.dst, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h ^ ((tuple.sport << 16) | tuple.dport), 0xc2b2ae35)
  return (h ^ (h >>> 16)) & 0x3fffffff
}
