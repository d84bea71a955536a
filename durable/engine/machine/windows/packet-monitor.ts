// Packet Monitor (pktmon): sees what the adapters of the computer carry and what its stack throws away, while somebody has it on.
import type { FrameTap } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import { toBase64 } from '../../link/base64.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Micros } from '../../sim/time.ts'
import { type IpAddress, parseAddress } from '../../wire/addresses.ts'
import { u16 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'

/** All that is given must fit; either end of a packet may be what is meant. 0 and empty: whatever. */
export type MonitorFilter = {
  readonly name: string
  readonly etherType: number
  readonly protocol: number
  readonly addresses: readonly string[]
  readonly ports: readonly number[]
}

/** `drop`: why the stack went no further with it, empty when it did. */
export type MonitoredPacket = {
  readonly at: Micros
  readonly interface: number
  readonly out: boolean
  readonly length: number
  /** Its beginning, in base64. */
  readonly octets: string
  readonly drop: string
}

type Counted = { -readonly [count in keyof MonitorCounter]: number }

export type MonitorCounter = {
  readonly interface: number
  readonly received: number
  readonly receivedBytes: number
  readonly sent: number
  readonly sentBytes: number
  readonly drops: number
}

export type MonitorView = {
  readonly running: boolean
  readonly filters: readonly MonitorFilter[]
  readonly counters: readonly MonitorCounter[]
  readonly packets: readonly MonitoredPacket[]
  readonly lost: number
  readonly packetSize: number
}

/** A filter as the frame path asks it: addresses as numbers. */
type Asked = Omit<MonitorFilter, 'addresses'> & { readonly ends: readonly IpAddress[] }
const asked = ({ addresses, ...rest }: MonitorFilter): Asked => ({
  ...rest,
  // What is no address is that of no packet.
  ends: addresses.map((text) => parseAddress(text) ?? -1),
})

const MOST_FILTERS = 32
const MOST_PACKETS = 256
const FRESH: MonitorView = { running: false, filters: [], counters: [], packets: [], lost: 0, packetSize: 128 }

export class PacketMonitor extends StillPart implements Part, FrameTap {
  readonly kind = 'packet-monitor'
  readonly version = 1
  readonly name: string
  private readonly machine: Machine
  private state: Omit<MonitorView, 'packets' | 'counters'>
  private packets: MonitoredPacket[]
  private readonly counters: Map<number, Counted>
  /** Derived from the filters. */
  private asked: readonly Asked[]
  /** The frame shown last is the last of the packets: only then is its end told of it. */
  private noted = false

  constructor(machine: Machine, state?: MonitorView) {
    super()
    this.machine = machine
    this.name = `${machine.name}/packet-monitor`
    const { packets, counters, ...rest } = state ?? FRESH
    this.state = rest
    this.packets = [...packets]
    this.counters = new Map(counters.map((one) => [one.interface, { ...one }]))
    this.asked = rest.filters.map(asked)
    if (rest.running) machine.stack.taps.push(this)
  }

  get view(): MonitorView {
    return { ...this.state, packets: [...this.packets], counters: [...this.counters.values()].map((one) => ({ ...one })) }
  }

  private change(change: Partial<typeof this.state>): void {
    this.state = { ...this.state, ...change }
    this.asked = this.state.filters.map(asked)
  }

  start(packetSize: number): boolean {
    if (this.state.running) return false
    this.change({ running: true, lost: 0, packetSize })
    this.packets = []
    this.counters.clear()
    this.machine.stack.taps.push(this)
    return true
  }

  stop(): boolean {
    const { taps } = this.machine.stack
    const at = taps.indexOf(this)
    if (at >= 0) taps.splice(at, 1)
    if (!this.state.running) return false
    this.change({ running: false })
    return true
  }

  addFilter(filter: MonitorFilter): boolean {
    if (this.state.filters.length >= MOST_FILTERS) return false
    this.change({ filters: [...this.state.filters, filter] })
    return true
  }

  removeFilters(): void {
    this.change({ filters: [] })
  }

  frame(via: Interface, out: boolean, bytes: Uint8Array): void {
    this.noted = via.kind !== 'loopback' && (this.asked.length === 0 || this.asked.some((filter) => fits(filter, bytes)))
    if (!this.noted) return
    const { packetSize, lost } = this.state
    const octets = toBase64(packetSize === 0 ? bytes : bytes.subarray(0, packetSize))
    this.packets.push({ at: this.machine.sim.now, interface: via.index, out, length: bytes.length, octets, drop: '' })
    if (this.packets.length > MOST_PACKETS) {
      this.packets.shift()
      this.state = { ...this.state, lost: lost + 1 }
    }
    const counter = this.counterOf(via.index)
    if (out) {
      counter.sent++
      counter.sentBytes += bytes.length
    } else {
      counter.received++
      counter.receivedBytes += bytes.length
    }
  }

  /** The frame shown last came to nothing. */
  dropped(detail: string): void {
    const last = this.packets[this.packets.length - 1]
    if (!this.noted || last === undefined || last.out || last.at !== this.machine.sim.now || last.drop !== '') return
    this.packets[this.packets.length - 1] = { ...last, drop: detail }
    this.counterOf(last.interface).drops++
  }

  private counterOf(index: number): Counted {
    const known = this.counters.get(index)
    if (known !== undefined) return known
    const made = { interface: index, received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, drops: 0 }
    this.counters.set(index, made)
    return made
  }

  save(): MonitorView & Json {
    return this.view as unknown as MonitorView & Json
  }
}

function fits({ etherType, protocol, ends, ports }: Asked, bytes: Uint8Array): boolean {
  if (bytes.length < ethernet.HEADER_LEN) return false
  const type = ethernet.type(bytes)
  if (etherType !== 0 && type !== etherType) return false
  if (protocol === 0 && ends.length === 0 && ports.length === 0) return true
  const at = ethernet.HEADER_LEN
  const four = type === ethernet.TYPE_IPV4 && bytes.length >= at + ipv4.HEADER_LEN
  const six = type === ethernet.TYPE_IPV6 && bytes.length >= at + ipv6.HEADER_LEN
  if (!four && !six) return false
  if (protocol !== 0 && (four ? ipv4.protocol(bytes, at) : ipv6.nextHeader(bytes, at)) !== protocol) return false
  const src = four ? ipv4.src(bytes, at) : ipv6.src(bytes, at)
  const dst = four ? ipv4.dst(bytes, at) : ipv6.dst(bytes, at)
  for (const ip of ends) if (ip !== src && ip !== dst) return false
  const head = four ? at + ipv4.headerLen(bytes, at) : at + ipv6.HEADER_LEN
  if (ports.length === 0) return true
  if (head + 4 > bytes.length) return false
  const [from, to] = [u16(bytes, head), u16(bytes, head + 2)]
  return ports.every((port) => port === from || port === to)
}

export interface MonitorCalls {
  packetMonitor(): MonitorView
  /** 0: whole packets. `wrong-state`: it runs already. */
  startMonitor(packetSize: number): Outcome
  stopMonitor(): Outcome
  addMonitorFilter(filter: MonitorFilter): Outcome
  removeMonitorFilters(): Outcome
}

export function monitorCalls(monitor: PacketMonitor): MonitorCalls {
  return {
    packetMonitor: () => monitor.view,
    startMonitor: (packetSize) => (monitor.start(packetSize) ? OK : failed('wrong-state')),
    stopMonitor: () => (monitor.stop() ? OK : failed('wrong-state')),
    addMonitorFilter: (filter) => (monitor.addFilter(filter) ? OK : failed('exhausted')),
    removeMonitorFilters: () => {
      monitor.removeFilters()
      return OK
    },
  }
}
