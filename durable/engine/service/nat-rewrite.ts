// Changing addresses and ports in a packet, its checksums by the difference (RFC 1624, RFC 3022 section 4.2).
import type { Drop } from '../ip/hooks.ts'
import { put16, put32, u16 } from '../wire/bytes.ts'
import * as ipv4 from '../wire/ipv4.ts'
import type { Mapping, Protocol } from './nat-table.ts'

/** Where the checksum of a transport header stands. */
const SUM_AT = { [ipv4.TCP]: 16, [ipv4.UDP]: 6, [ipv4.ICMP]: 2 } as const

/** Why a packet cannot be translated. */
export function unfit(bytes: Uint8Array, at: number, head: number, protocol: number): Drop | undefined {
  if (protocol !== ipv4.TCP && protocol !== ipv4.UDP && protocol !== ipv4.ICMP)
    return { code: 'not-simulated', detail: `NAT of IP protocol ${protocol}` }
  const need = protocol === ipv4.TCP ? 20 : 8
  return at + ipv4.totalLen(bytes, at) - head < need
    ? { code: 'malformed', detail: 'shorter than its transport header' }
    : undefined
}

/** The source becomes the outside endpoint. */
export function rewriteSource(bytes: Uint8Array, at: number, head: number, m: Mapping): void {
  put16(bytes, at + 10, adjust(u16(bytes, at + 10), m.ipDelta))
  put32(bytes, at + 12, m.outsideIp)
  rewritePort(bytes, head, m.protocol, m.protocol === ipv4.ICMP ? head + 4 : head, m.outsidePort, m.ipDelta, m.portDelta)
}

/** The destination becomes the inside endpoint. */
export function rewriteDestination(bytes: Uint8Array, at: number, head: number, m: Mapping): void {
  const ipDelta = ~m.ipDelta & 0xffff
  put16(bytes, at + 10, adjust(u16(bytes, at + 10), ipDelta))
  put32(bytes, at + 16, m.insideIp)
  const portAt = m.protocol === ipv4.ICMP ? head + 4 : head + 2
  rewritePort(bytes, head, m.protocol, portAt, m.insidePort, ipDelta, ~m.portDelta & 0xffff)
}

/** RFC 1624 with the difference already summed up. */
function adjust(sum: number, delta: number): number {
  let s = (~sum & 0xffff) + delta
  s = (s & 0xffff) + (s >>> 16)
  return ~s & 0xffff
}

function rewritePort(
  bytes: Uint8Array,
  head: number,
  protocol: Protocol,
  portAt: number,
  port: number,
  ipDelta: number,
  portDelta: number,
): void {
  put16(bytes, portAt, port)
  const sumAt = head + SUM_AT[protocol]
  const old = u16(bytes, sumAt)
  if (protocol === ipv4.ICMP) {
    put16(bytes, sumAt, adjust(old, portDelta))
  } else if (protocol === ipv4.TCP || old !== 0) {
    // UDP without a checksum stays without one; a computed zero is sent as all ones.
    const sum = adjust(old, ((ipDelta + portDelta) & 0xffff) + ((ipDelta + portDelta) >>> 16))
    put16(bytes, sumAt, protocol === ipv4.UDP && sum === 0 ? 0xffff : sum)
  }
}
