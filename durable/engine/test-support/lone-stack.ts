// One stack and nothing else: a test plays everybody around it, frame by frame.
import { Interface, type InterfaceKind } from '../ip/interface.ts'
import { LINUX, WINDOWS } from '../ip/profile.ts'
import { Stack } from '../ip/stack.ts'
import type { Frame } from '../link/frame.ts'
import { Recorder, type Sighting } from '../link/recorder.ts'
import { Simulation } from '../sim/simulation.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { type Ip4, MAC_BROADCAST, type Mac } from '../wire/addresses.ts'
import * as arp from '../wire/arp.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as tcp from '../wire/tcp.ts'
import * as udp from '../wire/udp.ts'
import { Port } from './sink.ts'

export const OWN_MAC: Mac = 0x00155d033200
export const PEER_MAC: Mac = 0x48f7c0acee46
/** 192.168.3.20/24, and a neighbour. */
export const OWN: Ip4 = 0xc0a80314
export const PEER: Ip4 = 0xc0a80301

/** An interface that is plugged into a port of the test. */
export function adapter(recorder: Recorder, index: number, mac: Mac, kind: InterfaceKind = 'ethernet', port = new Port()) {
  const name = kind === 'loopback' ? 'lo' : `eth${index - 2}`
  const via = new Interface({
    index,
    name,
    description: name,
    kind,
    guid: '',
    mac,
    mtu: kind === 'loopback' ? 65536 : 1500,
    metric: 25,
    speed: 1_000_000_000,
    vantage: recorder.vantage('host', name),
  })
  via.attachment = port
  return { via, port }
}

/** What a frame that the stack sent says, at the time when it was sent. */
export type Said =
  | { readonly at: Micros; readonly to: Mac; readonly arp: arp.Arp }
  | { readonly at: Micros; readonly to: Mac; readonly ip: ipv4.Ipv4; readonly icmp: icmp.Icmp }
  | { readonly at: Micros; readonly to: Mac; readonly ip: ipv4.Ipv4; readonly udp: udp.Udp }
  | { readonly at: Micros; readonly to: Mac; readonly ip: ipv4.Ipv4; readonly tcp: tcp.Tcp }
  /** A fragment, or a protocol that is not looked into. */
  | { readonly at: Micros; readonly to: Mac; readonly ip: ipv4.Ipv4; readonly payload: Uint8Array }

export class LoneStack {
  readonly sim = new Simulation(1)
  readonly recorder = new Recorder(this.sim, 1024, 1 << 20)
  readonly stack: Stack
  readonly via: Interface
  readonly said: Said[] = []
  private packets = 1_000_000

  constructor(os: 'windows' | 'linux' = 'linux', address: Ip4 | null = OWN) {
    this.stack = new Stack(this.sim, this.recorder, 'host', os === 'windows' ? WINDOWS : LINUX)
    this.sim.add(this.stack)
    const lo = this.stack.addInterface(adapter(this.recorder, 1, 0, 'loopback').via)
    this.stack.addAddress(lo, 0x7f000001, 8, 'well-known')
    this.via = this.plug(2, OWN_MAC)
    if (address !== null) {
      this.stack.addAddress(this.via, address, 24, 'manual')
      this.wait(10)
    }
    this.said.length = 0
  }

  /** A further interface; what it sends is told like everything else. */
  plug(index: number, mac: Mac): Interface {
    const { via } = adapter(this.recorder, index, mac)
    this.stack.addInterface(via)
    this.stack.attach(index, { up: true, transmit: (frame) => this.said.push(parse(this.sim.now, frame)) })
    return via
  }

  wait(seconds: number): void {
    this.sim.run(this.sim.now + Math.round(seconds * SECOND))
  }

  /** Hands bytes to the stack as they come from the wire, and answers what became of them. */
  hear(bytes: Uint8Array, index = 2): Sighting {
    const sequence = this.recorder.next
    this.sim.cause = ++this.packets
    this.stack.receive(index, { bytes, id: this.packets, cause: 0, origin: 0, stored: -1 })
    return this.recorder.read(sequence, sequence + 1)[0] as Sighting
  }

  /** Everything said since the last call. */
  take(): Said[] {
    return this.said.splice(0)
  }

  /** From now on the neighbour is known, without a word on the wire. */
  know(ip: Ip4 = PEER, mac: Mac = PEER_MAC, via = this.via): void {
    via.neighbors.add(ip, 'permanent', mac)
  }
}

function parse(at: Micros, { bytes }: Frame): Said {
  const to = ethernet.dst(bytes)
  if (ethernet.type(bytes) === ethernet.TYPE_ARP) {
    const message = arp.parse(bytes, ethernet.HEADER_LEN, bytes.length)
    if (typeof message === 'string') throw new Error(message)
    return { at, to, arp: message }
  }
  const ip = ipv4.parse(bytes, ethernet.HEADER_LEN, bytes.length)
  if (typeof ip === 'string') throw new Error(ip)
  if (ip.moreFragments || ip.fragmentOffset > 0 || ![ipv4.ICMP, ipv4.UDP, ipv4.TCP].includes(ip.protocol))
    return { at, to, ip, payload: ip.payload }
  const body =
    ip.protocol === ipv4.ICMP
      ? { icmp: icmp.parse(ip.payload, 0, ip.payload.length) }
      : ip.protocol === ipv4.UDP
        ? { udp: udp.parse(ip.payload, 0, ip.payload.length, ip) }
        : { tcp: tcp.parse(ip.payload, 0, ip.payload.length, ip) }
  for (const part of Object.values(body)) if (typeof part === 'string') throw new Error(part)
  return { at, to, ip, ...body } as Said
}

// Frames as others send them

export type Header = Partial<ipv4.Header> & { readonly toMac?: Mac; readonly fromMac?: Mac }

function packet(protocol: number, header: Header, length: number, emit: (out: Uint8Array, at: number, ip: udp.Between) => void) {
  const bytes = new Uint8Array(ethernet.HEADER_LEN + ipv4.HEADER_LEN + length)
  const ip = { src: PEER, dst: OWN, protocol, ttl: 64, id: 7, dontFragment: false, ...header }
  ethernet.emit(bytes, header.toMac ?? OWN_MAC, header.fromMac ?? PEER_MAC, ethernet.TYPE_IPV4)
  ipv4.emit(ip, length, bytes, ethernet.HEADER_LEN)
  emit(bytes, ethernet.HEADER_LEN + ipv4.HEADER_LEN, ip)
  return bytes
}

export const anIcmp = (message: icmp.Icmp, header: Header = {}): Uint8Array =>
  packet(ipv4.ICMP, header, icmp.len(message), (out, at) => icmp.emit(message, out, at))

export const anEcho = (header: Header = {}, payload = Uint8Array.of(1, 2, 3)): Uint8Array =>
  anIcmp({ kind: 'echo-request', ident: 77, sequence: 5, payload }, header)

export const aDatagram = (message: Partial<udp.Udp> = {}, header: Header = {}): Uint8Array => {
  const datagram = { srcPort: 5000, dstPort: 6000, payload: Uint8Array.of(9, 8, 7), ...message }
  return packet(ipv4.UDP, header, udp.len(datagram), (out, at, ip) => udp.emit(datagram, out, at, ip))
}

export const aSegment = (message: Partial<tcp.Tcp> = {}, header: Header = {}): Uint8Array => {
  const none = { seq: 1000, ack: 0, flags: tcp.SYN, window: 64240, urgent: 0, options: {}, payload: new Uint8Array(0) }
  const segment = { srcPort: 5000, dstPort: 80, ...none, ...message }
  return packet(ipv4.TCP, header, tcp.len(segment), (out, at, ip) => tcp.emit(segment, out, at, ip))
}

export function anArp(message: Partial<arp.Arp> = {}, toMac: Mac = MAC_BROADCAST): Uint8Array {
  const whole: arp.Arp = { op: 1, senderMac: PEER_MAC, senderIp: PEER, targetMac: 0, targetIp: OWN, ...message }
  const bytes = new Uint8Array(ethernet.HEADER_LEN + arp.len())
  ethernet.emit(bytes, toMac, whole.senderMac, ethernet.TYPE_ARP)
  arp.emit(whole, bytes, ethernet.HEADER_LEN)
  return bytes
}

/** The neighbour's answer to an ARP request of the stack. */
export const anAnswer = (ip: Ip4 = PEER, mac: Mac = PEER_MAC): Uint8Array =>
  anArp({ op: 2, senderIp: ip, senderMac: mac, targetMac: OWN_MAC, targetIp: OWN }, OWN_MAC)
