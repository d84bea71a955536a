// ICMP errors through a NAT (RFC 5508 section 4): the packet they quote is translated back as well.
import type { Drop } from '../ip/hooks.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { put16, u16 } from '../wire/bytes.ts'
import { add, adjust16, adjust32, fold } from '../wire/checksum.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import type { NatTable } from './nat-table.ts'

/** An error from outside about a packet that an inside machine sent. False: it is about one of our own. */
export function translateErrorInward(table: NatTable, bytes: Uint8Array, at: number, head: number, now: number): boolean | Drop {
  const quoted = quote(bytes, at, head)
  if (quoted === undefined) return false
  // RFC 5508 REQ-3: what is wrong is not made right by translating it.
  if (!isSound(bytes, at, head)) return { code: 'malformed', detail: 'icmp: bad checksum' }
  const { inner, transport, protocol, end } = quoted
  const port = protocol === ipv4.ICMP ? icmp.ident(bytes, transport) : u16(bytes, transport)
  const mapping = table.inward(protocol, ipv4.src(bytes, inner), port, now)
  if (mapping === undefined) return false
  rewriteQuoted(bytes, inner, transport, protocol, end, 12, 0, mapping.insideIp, mapping.insidePort)
  ipv4.rewriteDst(bytes, at, mapping.insideIp)
  refreshIcmp(bytes, at, head)
  return true
}

/** An error from an inside machine about a packet that came in: outside it must speak of what was sent there. */
export function translateErrorOutward(
  table: NatTable,
  bytes: Uint8Array,
  at: number,
  head: number,
  source: Ip4,
  now: number,
): boolean | Drop {
  const quoted = quote(bytes, at, head)
  if (quoted === undefined) return { code: 'malformed', detail: 'an ICMP error that quotes nothing' }
  if (!isSound(bytes, at, head)) return { code: 'malformed', detail: 'icmp: bad checksum' }
  const { inner, transport, protocol, end } = quoted
  const port = protocol === ipv4.ICMP ? icmp.ident(bytes, transport) : u16(bytes, transport + 2)
  const mapping = table.outward(protocol, ipv4.dst(bytes, inner), port, source, now)
  if (mapping === undefined) return { code: 'no-mapping', detail: 'the packet that the error quotes came through no mapping' }
  rewriteQuoted(bytes, inner, transport, protocol, end, 16, 2, mapping.outsideIp, mapping.outsidePort)
  ipv4.rewriteSrc(bytes, at, source)
  refreshIcmp(bytes, at, head)
  return true
}

const isSound = (bytes: Uint8Array, at: number, head: number): boolean =>
  fold(add(0, bytes, head, at + ipv4.totalLen(bytes, at))) === 0

type Quoted = { readonly inner: number; readonly transport: number; readonly protocol: number; readonly end: number }

function quote(bytes: Uint8Array, at: number, head: number): Quoted | undefined {
  const end = at + ipv4.totalLen(bytes, at)
  const inner = head + icmp.HEADER_LEN
  if (!icmp.isError(bytes, head) || end - inner < ipv4.HEADER_LEN) return undefined
  const transport = inner + ipv4.headerLen(bytes, inner)
  const protocol = ipv4.protocol(bytes, inner)
  if (end - transport < 8 || (protocol !== ipv4.TCP && protocol !== ipv4.UDP && protocol !== ipv4.ICMP)) return undefined
  return { inner, transport, protocol, end }
}

/** `ipAt` 12 rewrites the quoted source, 16 its destination; `portAt` likewise within the transport header. */
function rewriteQuoted(
  bytes: Uint8Array,
  inner: number,
  transport: number,
  protocol: number,
  end: number,
  ipAt: 12 | 16,
  portAt: 0 | 2,
  ip: Ip4,
  port: number,
): void {
  const oldIp = ipAt === 12 ? ipv4.src(bytes, inner) : ipv4.dst(bytes, inner)
  if (ipAt === 12) ipv4.rewriteSrc(bytes, inner, ip)
  else ipv4.rewriteDst(bytes, inner, ip)
  if (protocol === ipv4.ICMP) {
    icmp.rewriteIdent(bytes, transport, port)
    return
  }
  const oldPort = u16(bytes, transport + portAt)
  put16(bytes, transport + portAt, port)
  // UDP's checksum lies within the eight octets that every error quotes, TCP's within what routers quote today.
  const sumAt = transport + (protocol === ipv4.UDP ? 6 : 16)
  if (sumAt + 2 > end || (protocol === ipv4.UDP && u16(bytes, sumAt) === 0)) return
  const sum = adjust16(adjust32(u16(bytes, sumAt), oldIp, ip), oldPort, port)
  put16(bytes, sumAt, protocol === ipv4.UDP && sum === 0 ? 0xffff : sum)
}

function refreshIcmp(bytes: Uint8Array, at: number, head: number): void {
  icmp.setSum(bytes, head, 0)
  icmp.setSum(bytes, head, fold(add(0, bytes, head, at + ipv4.totalLen(bytes, at))))
}
