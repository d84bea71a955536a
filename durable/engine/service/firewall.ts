// Windows Firewall for a machine's own addresses (fact sheet 2.7, "Evaluation"): block beats allow, no match means the
// profile's default, answers to what the machine sent are admitted. Forwarded and translated packets are not its business.
import type { Drop, PacketFilter } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { MINUTE, type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatIp, formatIp6, type Ip4, isMulticastIp } from '../wire/addresses.ts'
import { hex, u16 } from '../wire/bytes.ts'
import * as icmp from '../wire/icmp.ts'
import * as icmpv6 from '../wire/icmpv6.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as ipv6 from '../wire/ipv6.ts'

export type FirewallRule = {
  readonly name: string
  readonly displayName: string
  readonly group: string
  enabled: boolean
  readonly direction: 'Inbound' | 'Outbound'
  readonly action: 'Allow' | 'Block'
  /** IP protocol number, 0 = any. */
  readonly protocol: number
  /** 0 = any. */
  readonly localPort: number
  readonly icmpType: number | null
  /** 0 = any. */
  readonly localAddress: Ip4
  /** Empty = any. */
  readonly interfaceAlias: string
  readonly program: string
  readonly service: string
}

export type FirewallState = {
  readonly rules: readonly FirewallRule[]
  readonly flows: readonly (readonly [number, number, Micros])[]
  readonly flows6?: readonly (readonly [string, Micros])[]
}

const FLOW_LIFETIME = MINUTE
const MAX_FLOWS = 512
/** Who asked a group is answered by somebody nobody could name before (AllowUnicastResponseToMulticast). */
const REPLY_LIFETIME = 4 * SECOND
const ANYBODY: Ip4 = 0

export class Firewall implements Part, PacketFilter {
  readonly kind = 'firewall'
  readonly version = 1
  readonly name: string
  rules: FirewallRule[]
  /** Last use by (protocol and local port) * 2^32 + remote address. */
  private readonly flows = new Map<number, Micros>()
  /** The same for IPv6, by text. */
  private readonly flows6 = new Map<string, Micros>()
  private readonly stack: Stack

  constructor(stack: Stack, rules: readonly FirewallRule[], state?: FirewallState) {
    this.stack = stack
    this.name = `${stack.machine}/firewall`
    this.rules = (state?.rules ?? rules).map((rule) => ({ ...rule }))
    for (const [high, remote, used] of state?.flows ?? []) this.flows.set(high * 0x1_0000_0000 + remote, used)
    for (const [key, used] of state?.flows6 ?? []) this.flows6.set(key, used)
  }

  admits(via: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    if (protocol === ipv4.ICMP && head < bytes.length && bytes[head] !== icmp.ECHO_REQUEST) return undefined
    const port = portOf(bytes, head, protocol)
    const remote = ipv4.src(bytes, at)
    const used = this.flows.get(flowKey(protocol, port, remote))
    if (used !== undefined && this.stack.sim.now - used <= FLOW_LIFETIME) return undefined
    const dst = ipv4.dst(bytes, at)
    const asked = protocol === ipv4.UDP && via.has(dst) ? this.flows.get(flowKey(protocol, port, ANYBODY)) : undefined
    if (asked !== undefined && this.stack.sim.now - asked <= REPLY_LIFETIME) return undefined
    // A connection was admitted when it was opened, or is our own: it goes on however long it was silent.
    const opened = protocol === ipv4.TCP && head + 4 <= bytes.length
    if (opened && this.stack.tcp.knows(dst, port, remote, u16(bytes, head))) return undefined
    let allowed = false
    for (const rule of this.rules) {
      if (!rule.enabled || rule.direction !== 'Inbound' || !matches(rule, via, bytes, head, protocol, port, dst)) continue
      if (rule.action === 'Block') return { code: 'firewall', detail: `rule "${rule.displayName}" blocks it` }
      allowed = true
    }
    if (allowed) return undefined
    const what =
      protocol === ipv4.ICMP
        ? 'ICMP echo requests'
        : `${protocol === ipv4.TCP ? 'TCP' : protocol === ipv4.UDP ? 'UDP' : `protocol ${protocol}`} port ${port}`
    return {
      code: 'firewall',
      detail: `no enabled inbound rule of ${this.stack.machine} allows ${what} to ${formatIp(dst)} on ${via.name}`,
    }
  }

  admits6(via: Interface, bytes: Uint8Array, at: number, protocol: number, from: number): Drop | undefined {
    // Neighbour and listener discovery and errors are let in by the Core Networking rules, which cannot be wished away here.
    if (protocol === ipv6.ICMP6 && bytes[from] !== icmpv6.ECHO_REQUEST) return undefined
    const port = portOf(bytes, from, protocol)
    const used = this.flows6.get(flowKey6(protocol, port, bytes, at + 8))
    if (used !== undefined && this.stack.sim.now - used <= FLOW_LIFETIME) return undefined
    let allowed = false
    for (const rule of this.rules) {
      if (!rule.enabled || rule.direction !== 'Inbound' || !matches6(rule, via, bytes, from, protocol, port)) continue
      if (rule.action === 'Block') return { code: 'firewall', detail: `rule "${rule.displayName}" blocks it` }
      allowed = true
    }
    if (allowed) return undefined
    const name = protocol === ipv4.TCP ? 'TCP' : protocol === ipv4.UDP ? 'UDP' : `protocol ${protocol}`
    const what = protocol === ipv6.ICMP6 ? 'ICMPv6 echo requests' : `${name} port ${port}`
    const dst = formatIp6(ipv6.dst(bytes, at))
    return {
      code: 'firewall',
      detail: `no enabled inbound rule of ${this.stack.machine} allows ${what} to ${dst} on ${via.name}`,
    }
  }

  sent6(_via: Interface, bytes: Uint8Array, at: number): void {
    const protocol = ipv6.nextHeader(bytes, at)
    if (protocol !== ipv4.UDP && protocol !== ipv4.TCP) return
    const key = flowKey6(protocol, u16(bytes, at + ipv6.HEADER_LEN), bytes, at + 24)
    const { now } = this.stack.sim
    this.flows6.delete(key)
    if (this.flows6.size >= MAX_FLOWS) this.flows6.delete(this.flows6.keys().next().value as string)
    this.flows6.set(key, now)
    this.stack.sim.touch(this)
  }

  sent(_via: Interface, bytes: Uint8Array, at: number): void {
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    if (protocol !== ipv4.UDP && protocol !== ipv4.TCP) return
    const dst = ipv4.dst(bytes, at)
    const toGroup = protocol === ipv4.UDP && isMulticastIp(dst)
    const key = flowKey(protocol, u16(bytes, head), toGroup ? ANYBODY : dst)
    const { now } = this.stack.sim
    const used = this.flows.get(key)
    // One that has run out begins anew, at the end: that is where it stands when the firewall was stored in between.
    if (used !== undefined && now - used > FLOW_LIFETIME) this.flows.delete(key)
    if (this.flows.size >= MAX_FLOWS && !this.flows.has(key)) this.purge()
    this.flows.set(key, now)
    this.stack.sim.touch(this)
  }

  add(rule: FirewallRule): void {
    this.rules.push({ ...rule })
    this.stack.sim.touch(this)
  }

  /** Power off: flows are forgotten, rules stay. */
  clear(): void {
    this.flows.clear()
    this.flows6.clear()
    this.stack.sim.touch(this)
  }

  changed(): void {
    this.stack.sim.touch(this)
  }

  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}

  save(): FirewallState & Json {
    return {
      rules: this.rules.map((rule) => ({ ...rule })),
      flows: [...this.flows]
        .filter(([, used]) => this.stack.sim.now - used <= FLOW_LIFETIME)
        .map(([key, used]) => [Math.floor(key / 0x1_0000_0000), key % 0x1_0000_0000, used] as const),
      flows6: [...this.flows6].filter(([, used]) => this.stack.sim.now - used <= FLOW_LIFETIME),
    }
  }

  private purge(): void {
    for (const [key, used] of this.flows) if (this.stack.sim.now - used > FLOW_LIFETIME) this.flows.delete(key)
    while (this.flows.size >= MAX_FLOWS) this.flows.delete(this.flows.keys().next().value as number)
  }
}

const flowKey = (protocol: number, localPort: number, remote: Ip4): number =>
  (protocol * 65536 + localPort) * 0x1_0000_0000 + remote

const flowKey6 = (protocol: number, localPort: number, bytes: Uint8Array, remote: number): string =>
  `${protocol}/${localPort}/${hex(bytes, remote, remote + 16)}`

function matches6(rule: FirewallRule, via: Interface, bytes: Uint8Array, from: number, protocol: number, port: number): boolean {
  if (rule.protocol !== 0 && rule.protocol !== protocol) return false
  if (rule.localPort !== 0 && rule.localPort !== port) return false
  if (rule.icmpType !== null && bytes[from] !== rule.icmpType) return false
  // An address is one of IPv4 here.
  return rule.localAddress === 0 && (rule.interfaceAlias === '' || rule.interfaceAlias === via.name)
}

/** The local port of an incoming packet; for ICMP and the rest 0. */
const portOf = (bytes: Uint8Array, head: number, protocol: number): number =>
  (protocol === ipv4.UDP || protocol === ipv4.TCP) && head + 4 <= bytes.length ? u16(bytes, head + 2) : 0

function matches(
  rule: FirewallRule,
  via: Interface,
  bytes: Uint8Array,
  head: number,
  protocol: number,
  port: number,
  dst: Ip4,
): boolean {
  if (rule.protocol !== 0 && rule.protocol !== protocol) return false
  if (rule.localPort !== 0 && rule.localPort !== port) return false
  if (rule.icmpType !== null && bytes[head] !== rule.icmpType) return false
  // A broadcast reaches a service that is bound to the address of the interface it came by.
  if (rule.localAddress !== 0 && rule.localAddress !== dst && !(via.isBroadcast(dst) && via.has(rule.localAddress))) return false
  return rule.interfaceAlias === '' || rule.interfaceAlias === via.name
}
