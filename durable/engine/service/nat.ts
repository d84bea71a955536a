// Network address and port translation of one machine: the home router's, and what ICS does for the Default Switch.
import type { AddressTranslator, Drop } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Frame } from '../link/frame.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import { formatIp, type Ip4, inPrefix } from '../wire/addresses.ts'
import { put16, put32, u16 } from '../wire/bytes.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as tcp from '../wire/tcp.ts'
import { translateErrorInward, translateErrorOutward } from './nat-errors.ts'
import { type Mapping, NatTable, type Protocol, type StoredMapping } from './nat-table.ts'

export type NatOptions = {
  /** Networks whose addresses are translated; asked at every new flow, since the Default Switch moves. */
  readonly inside: () => readonly { readonly network: Ip4; readonly prefixLength: number }[]
  /** Whether packets leaving by this interface are translated. */
  readonly isOutside: (via: Interface) => boolean
}

/** Where the port and the checksum of a transport header stand. */
const SUM_AT = { [ipv4.TCP]: 16, [ipv4.UDP]: 6, [ipv4.ICMP]: 2 } as const

export class Nat implements Part, AddressTranslator {
  readonly kind = 'nat'
  readonly version = 1
  readonly name: string
  readonly table = new NatTable()
  private readonly stack: Stack
  private readonly options: NatOptions

  constructor(stack: Stack, options: NatOptions, state?: { readonly mappings: readonly StoredMapping[] }) {
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/nat`
    if (state) this.table.load(state.mappings)
  }

  outbound(from: Interface, to: Interface, frame: Frame, at: number, source: Ip4): boolean | Drop {
    const bytes = frame.bytes
    if (from === to || !this.options.isOutside(to) || ipv4.isFragment(bytes, at)) return false
    const src = ipv4.src(bytes, at)
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    const now = this.stack.sim.now
    const refused = unfit(bytes, at, head, protocol)
    const query = protocol !== ipv4.ICMP || icmp.isEcho(bytes, head)
    const port = protocol === ipv4.ICMP ? icmp.ident(bytes, head) : u16(bytes, head)
    const known = refused === undefined && query ? this.table.outward(protocol, src, port, source, now) : undefined
    if (known === undefined && !this.isInside(src)) return false
    if (refused !== undefined) return refused
    if (!query) return translateErrorOutward(this.table, bytes, at, head, source, now)
    const mapping = known ?? this.table.open(protocol as Protocol, src, port, source, now, this.inUse)
    if (mapping === undefined) return { code: 'table-full', detail: 'no free port or identifier is left' }
    this.table.allow(mapping, ipv4.dst(bytes, at))
    if (protocol === ipv4.TCP) this.follow(mapping, tcp.flags(bytes, head), false)
    if (protocol !== ipv4.ICMP) mapping.remotePort = u16(bytes, head + 2)
    mapping.used = now
    put16(bytes, at + 10, adjust(u16(bytes, at + 10), mapping.ipDelta))
    put32(bytes, at + 12, mapping.outsideIp)
    rewritePort(
      bytes,
      head,
      protocol,
      protocol === ipv4.ICMP ? head + 4 : head,
      mapping.outsidePort,
      mapping.ipDelta,
      mapping.portDelta,
    )
    return true
  }

  inbound(from: Interface, frame: Frame, at: number): boolean | Drop {
    const bytes = frame.bytes
    if (!this.options.isOutside(from) || ipv4.isFragment(bytes, at)) return false
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    if (unfit(bytes, at, head, protocol) !== undefined) return false
    const now = this.stack.sim.now
    if (protocol === ipv4.ICMP && !icmp.isEcho(bytes, head)) return translateErrorInward(this.table, bytes, at, head, now)
    if (protocol === ipv4.ICMP && icmp.type(bytes, head) === icmp.ECHO_REQUEST) return false
    const port = protocol === ipv4.ICMP ? icmp.ident(bytes, head) : u16(bytes, head + 2)
    const mapping = this.table.inward(protocol, ipv4.dst(bytes, at), port, now)
    if (mapping === undefined) return false
    const src = ipv4.src(bytes, at)
    if (!mapping.remotes.includes(src)) {
      return { code: 'no-mapping', detail: `${formatIp(mapping.insideIp)} has sent nothing to ${formatIp(src)}` }
    }
    if (protocol === ipv4.TCP) this.follow(mapping, tcp.flags(bytes, head), true)
    // RFC 4787 section 4.3: for UDP only outbound traffic keeps a mapping alive (UdpInboundRefresh is False).
    if (protocol !== ipv4.UDP) mapping.used = now
    const ipDelta = ~mapping.ipDelta & 0xffff
    put16(bytes, at + 10, adjust(u16(bytes, at + 10), ipDelta))
    put32(bytes, at + 16, mapping.insideIp)
    rewritePort(
      bytes,
      head,
      protocol,
      protocol === ipv4.ICMP ? head + 4 : head + 2,
      mapping.insidePort,
      ipDelta,
      ~mapping.portDelta & 0xffff,
    )
    return true
  }

  /** Ports stand in the first fragment only: as Linux does, datagrams are put together, translated whole and cut again. */
  wantsWhole(from: Interface, to: Interface, bytes: Uint8Array, at: number): boolean {
    return from !== to && this.options.isOutside(to) && this.isInside(ipv4.src(bytes, at))
  }

  holds(port: number): boolean {
    return this.table.live(this.stack.sim.now).some((mapping) => mapping.outsidePort === port)
  }

  private isInside(ip: Ip4): boolean {
    return this.options.inside().some(({ network, prefixLength }) => inPrefix(ip, network, prefixLength))
  }

  /** Ports and identifiers that this machine's own programs use. */
  private readonly inUse = (port: number): boolean =>
    this.stack.udp.has(port) || this.stack.connects.has(port) || this.stack.echoes.has(port)

  /** Power off, or the network inside moved: nothing of the old flows is left. */
  clear(): void {
    this.table.clear()
  }

  /** Mappings end when they are looked at too late; nothing ticks. */
  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}

  save(): Json {
    return { mappings: this.table.save(this.stack.sim.now) }
  }

  private follow(mapping: Mapping, flags: number, inward: boolean): void {
    if ((flags & (tcp.RST | tcp.FIN)) !== 0) mapping.established = false
    else if (inward && (flags & tcp.ACK) !== 0) mapping.established = true
  }
}

/** Why a packet cannot be translated. */
function unfit(bytes: Uint8Array, at: number, head: number, protocol: number): Drop | undefined {
  if (protocol !== ipv4.TCP && protocol !== ipv4.UDP && protocol !== ipv4.ICMP)
    return { code: 'not-simulated', detail: `NAT of IP protocol ${protocol}` }
  const need = protocol === ipv4.TCP ? 20 : 8
  return at + ipv4.totalLen(bytes, at) - head < need
    ? { code: 'malformed', detail: 'shorter than its transport header' }
    : undefined
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
  protocol: number,
  portAt: number,
  port: number,
  ipDelta: number,
  portDelta: number,
): void {
  put16(bytes, portAt, port)
  const sumAt = head + SUM_AT[protocol as Protocol]
  const old = u16(bytes, sumAt)
  if (protocol === ipv4.ICMP) {
    put16(bytes, sumAt, adjust(old, portDelta))
  } else if (protocol === ipv4.TCP || old !== 0) {
    // UDP without a checksum stays without one; a computed zero is sent as all ones.
    const sum = adjust(old, ((ipDelta + portDelta) & 0xffff) + ((ipDelta + portDelta) >>> 16))
    put16(bytes, sumAt, protocol === ipv4.UDP && sum === 0 ? 0xffff : sum)
  }
}
