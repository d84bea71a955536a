// Rewriting one side of a packet, with checksums mended by the difference (RFC 1624): what NAT does at each place.
import type { Ip4 } from '../../wire/addresses.ts'
import { put16, put32, u16, u32 } from '../../wire/bytes.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'

export type Side = 'source' | 'destination'

const SUM_AT: { readonly [protocol: number]: number } = { [ipv4.TCP]: 16, [ipv4.UDP]: 6 }

/** Sets address and port (of ICMP questions: the identifier) of one side. `end`: where the packet ends. */
export function rewriteSide(bytes: Uint8Array, at: number, end: number, side: Side, ip: Ip4, port: number): void {
  const ipAt = at + (side === 'source' ? 12 : 16)
  const head = at + ipv4.headerLen(bytes, at)
  const before = u32(bytes, ipAt)
  const ipDelta = fold((~(before >>> 16) & 0xffff) + (~before & 0xffff) + (ip >>> 16) + (ip & 0xffff))
  put32(bytes, ipAt, ip)
  put16(bytes, at + 10, adjust(u16(bytes, at + 10), ipDelta))
  if (ipv4.fragmentOffset(bytes, at) > 0) return
  const protocol = ipv4.protocol(bytes, at)
  if (protocol === ipv4.ICMP) {
    if (head + 8 <= end && icmp.isEcho(bytes, head)) icmp.rewriteIdent(bytes, head, port)
    return
  }
  const sumAt = SUM_AT[protocol]
  if (sumAt === undefined) return
  const portAt = head + (side === 'source' ? 0 : 2)
  if (portAt + 2 > end) return
  const portDelta = fold((~u16(bytes, portAt) & 0xffff) + port)
  put16(bytes, portAt, port)
  if (head + sumAt + 2 > end) return
  const old = u16(bytes, head + sumAt)
  if (protocol === ipv4.UDP && old === 0) return
  const sum = adjust(old, fold(ipDelta + portDelta))
  put16(bytes, head + sumAt, protocol === ipv4.UDP && sum === 0 ? 0xffff : sum)
}

/** The packet that an ICMP error quotes, rewritten on one side; the error's own checksum follows. */
export function rewriteQuoted(bytes: Uint8Array, head: number, end: number, side: Side, ip: Ip4, port: number): void {
  rewriteSide(bytes, head + 8, end, side, ip, port)
  put16(bytes, head + 2, 0)
  let sum = 0
  for (let i = head; i + 1 < end; i += 2) sum += u16(bytes, i)
  if ((end - head) % 2 === 1) sum += bytes[end - 1] << 8
  put16(bytes, head + 2, ~fold(sum) & 0xffff)
}

function fold(value: number): number {
  let v = value
  while (v > 0xffff) v = (v & 0xffff) + Math.floor(v / 0x10000)
  return v
}

const adjust = (sum: number, delta: number): number => ~fold((~sum & 0xffff) + delta) & 0xffff
