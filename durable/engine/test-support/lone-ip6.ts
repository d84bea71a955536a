// One IPv6 stack and nothing else: a test plays everybody around it, frame by frame.
import { LINUX, WINDOWS } from '../ip/profile.ts'
import { Stack } from '../ip/stack.ts'
import type { Interface6 } from '../ip/v6/interface6.ts'
import { Ip6Stack } from '../ip/v6/ip6-stack.ts'
import { Recorder, type Sighting } from '../link/recorder.ts'
import { Simulation } from '../sim/simulation.ts'
import { SECOND } from '../sim/time.ts'
import { type Ip6, isMulticastIp6, type Mac, multicastMac6, parseIp6 } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as icmpv6 from '../wire/icmpv6.ts'
import * as ipv6 from '../wire/ipv6.ts'
import * as mld from '../wire/mld.ts'
import * as ndp from '../wire/ndp.ts'
import { adapter, OWN_MAC, PEER_MAC } from './lone-stack.ts'

export const six = (text: string): Ip6 => parseIp6(text) as Ip6
/** The neighbour's and our own link-local address, by EUI-64. */
export const PEER6 = six('fe80::4af7:c0ff:feac:ee46')
export const OWN6 = six('fe80::215:5dff:fe03:3200')

export type Said6 = {
  readonly at: number
  readonly to: Mac
  readonly ip: ipv6.Ipv6
  readonly ndp?: ndp.Ndp
  readonly mld?: mld.Mld
  readonly icmp?: icmpv6.Icmp6
}

export class LoneIp6 {
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly stack: Stack
  readonly ip6: Ip6Stack
  readonly i6: Interface6
  private said: Said6[] = []
  private packets = 1_000_000

  constructor(os: 'windows' | 'linux' = 'linux', forwarding = false) {
    this.sim = new Simulation(7)
    this.recorder = new Recorder(this.sim, 1024, 1 << 20)
    this.stack = new Stack(this.sim, this.recorder, 'host', os === 'windows' ? WINDOWS : LINUX)
    this.ip6 = new Ip6Stack(this.stack, { temporary: os === 'windows' })
    this.sim.add(this.stack)
    this.sim.add(this.ip6)
    this.stack.addInterface(adapter(this.recorder, 1, 0, 'loopback').via)
    const { via } = adapter(this.recorder, 2, OWN_MAC)
    // Not yet plugged in.
    via.attachment = { up: false, transmit() {} }
    this.stack.addInterface(via)
    this.i6 = this.ip6.interfaces.get(2) as Interface6
    this.i6.forwarding = forwarding
    this.stack.attach(2, {
      up: true,
      transmit: ({ bytes }) => {
        if (ethernet.type(bytes) === ethernet.TYPE_IPV6) this.said.push(parse(this.sim.now, bytes))
      },
    })
  }

  /** Until the link-local address is there and nobody has answered. */
  settled(): this {
    this.wait(20)
    this.take()
    return this
  }

  wait(seconds: number): void {
    this.sim.run(this.sim.now + Math.round(seconds * SECOND))
  }

  take(): Said6[] {
    return this.said.splice(0)
  }

  hear(bytes: Uint8Array): Sighting {
    const sequence = this.recorder.next
    this.sim.cause = ++this.packets
    this.stack.receive(2, { bytes, id: this.packets, cause: 0, origin: 0, stored: -1 })
    return this.recorder.read(sequence, sequence + 1)[0] as Sighting
  }
}

function parse(at: number, bytes: Uint8Array): Said6 {
  const ip = ipv6.parse(bytes, ethernet.HEADER_LEN, bytes.length)
  if (typeof ip === 'string') throw new Error(ip)
  const upper = ipv6.walk(bytes, ethernet.HEADER_LEN, bytes.length)
  if (typeof upper === 'string') throw new Error(upper)
  const common = { at, to: ethernet.dst(bytes), ip }
  if (upper.protocol !== ipv6.ICMP6 || upper.fragment >= 0) return common
  const type = bytes[upper.from]
  const codec = type >= 133 && type <= 137 ? 'ndp' : type === 143 || type === 130 ? 'mld' : 'icmp'
  const read = { ndp, mld, icmp: icmpv6 }[codec].parse(bytes, upper.from, bytes.length, ip)
  if (typeof read === 'string') throw new Error(read)
  return { ...common, [codec]: read }
}

export type Way6 = { readonly src?: Ip6; readonly dst?: Ip6; readonly hopLimit?: number; readonly toMac?: Mac }

export function packet6(nextHeader: number, payload: Uint8Array, way: Way6 = {}): Uint8Array {
  const { src = PEER6, dst = OWN6, hopLimit = 255 } = way
  const bytes = new Uint8Array(ethernet.HEADER_LEN + ipv6.HEADER_LEN + payload.length)
  ethernet.emit(bytes, way.toMac ?? (isMulticastIp6(dst) ? multicastMac6(dst) : OWN_MAC), PEER_MAC, ethernet.TYPE_IPV6)
  ipv6.emit({ src, dst, nextHeader, hopLimit }, payload.length, bytes, ethernet.HEADER_LEN)
  bytes.set(payload, ethernet.HEADER_LEN + ipv6.HEADER_LEN)
  return bytes
}

export function anNdp(message: ndp.Ndp, way: Way6 = {}): Uint8Array {
  const out = new Uint8Array(ndp.len(message))
  ndp.emit(message, out, 0, { src: way.src ?? PEER6, dst: way.dst ?? OWN6 })
  return packet6(ipv6.ICMP6, out, way)
}

export function anEcho6(way: Way6 = {}, payload = Uint8Array.of(1, 2, 3)): Uint8Array {
  const message: icmpv6.Icmp6 = { kind: 'echo-request', ident: 7, sequence: 1, payload }
  const out = new Uint8Array(icmpv6.len(message))
  icmpv6.emit(message, out, 0, { src: way.src ?? PEER6, dst: way.dst ?? OWN6 })
  return packet6(ipv6.ICMP6, out, way)
}

/** What a router says, with one prefix. */
export const anAdvertisement = (
  change: Partial<ndp.RouterAdvertisement> = {},
  prefix: { readonly prefix?: Ip6; readonly valid?: number; readonly preferred?: number } = {},
): Uint8Array =>
  anNdp(
    {
      kind: 'router-advertisement',
      hopLimit: 64,
      managed: false,
      other: false,
      preference: ndp.MEDIUM,
      lifetime: 1800,
      reachableTime: 0,
      retransTimer: 0,
      options: [
        { type: 'source-link', mac: PEER_MAC },
        {
          type: 'prefix',
          prefix: six('2001:db8:1::'),
          length: 64,
          onLink: true,
          autonomous: true,
          valid: 86_400,
          preferred: 14_400,
          ...prefix,
        },
        { type: 'rdnss', lifetime: 1800, servers: [six('2001:db8:1::53')] },
      ],
      ...change,
    },
    { dst: six('ff02::1') },
  )
