// Packet Monitor (pktmon): sees what the adapters of the computer carry and what its stack throws away, while somebody has it on.
import type { FrameTap } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import { toBase64 } from '../../link/base64.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { formatIp, formatIp6 } from '../../wire/addresses.ts'
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

const MOST_FILTERS = 32
const MOST_PACKETS = 256

export class PacketMonitor implements Part, FrameTap {
  readonly kind = 'packet-monitor'
  readonly version = 1
  readonly name: string
  private readonly machine: Machine
  private state: MonitorView

  constructor(machine: Machine, state?: MonitorView) {
    this.machine = machine
    this.name = `${machine.name}/packet-monitor`
    this.state = state ?? { running: false, filters: [], counters: [], packets: [], lost: 0, packetSize: 128 }
    if (this.state.running) machine.stack.taps.push(this)
  }

  get view(): MonitorView {
    return this.state
  }

  private change(change: Partial<MonitorView>): void {
    this.state = { ...this.state, ...change }
    this.machine.sim.touch(this)
  }

  start(packetSize: number): boolean {
    if (this.state.running) return false
    this.change({ running: true, counters: [], packets: [], lost: 0, packetSize })
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
    const { filters, packets, lost, packetSize } = this.state
    if (via.kind === 'loopback' || (filters.length > 0 && !filters.some((filter) => fits(filter, bytes)))) return
    const octets = toBase64(packetSize === 0 ? bytes : bytes.subarray(0, packetSize))
    const packet = { at: this.machine.sim.now, interface: via.index, out, length: bytes.length, octets, drop: '' }
    const full = packets.length >= MOST_PACKETS
    const size = bytes.length
    this.change({
      packets: [...(full ? packets.slice(1) : packets), packet],
      lost: lost + Number(full),
      counters: this.counted(via.index, (one) =>
        out
          ? { ...one, sent: one.sent + 1, sentBytes: one.sentBytes + size }
          : { ...one, received: one.received + 1, receivedBytes: one.receivedBytes + size },
      ),
    })
  }

  /** The packet seen last came to nothing. */
  dropped(detail: string): void {
    const last = this.state.packets[this.state.packets.length - 1]
    if (last === undefined || last.out || last.at !== this.machine.sim.now || last.drop !== '') return
    this.change({
      packets: [...this.state.packets.slice(0, -1), { ...last, drop: detail }],
      counters: this.counted(last.interface, (one) => ({ ...one, drops: one.drops + 1 })),
    })
  }

  private counted(index: number, count: (one: MonitorCounter) => MonitorCounter): MonitorCounter[] {
    const { counters } = this.state
    const none = { interface: index, received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, drops: 0 }
    if (!counters.some((one) => one.interface === index)) return [...counters, count(none)]
    return counters.map((one) => (one.interface === index ? count(one) : one))
  }

  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}
  save(): MonitorView & Json {
    return this.state as unknown as MonitorView & Json
  }
}

function fits({ etherType, protocol, addresses, ports }: MonitorFilter, bytes: Uint8Array): boolean {
  if (bytes.length < ethernet.HEADER_LEN) return false
  const type = ethernet.type(bytes)
  if (etherType !== 0 && type !== etherType) return false
  if (protocol === 0 && addresses.length === 0 && ports.length === 0) return true
  const at = ethernet.HEADER_LEN
  const four = type === ethernet.TYPE_IPV4 && bytes.length >= at + ipv4.HEADER_LEN
  const six = type === ethernet.TYPE_IPV6 && bytes.length >= at + ipv6.HEADER_LEN
  if (!four && !six) return false
  if (protocol !== 0 && (four ? ipv4.protocol(bytes, at) : ipv6.nextHeader(bytes, at)) !== protocol) return false
  const ends = four
    ? [formatIp(ipv4.src(bytes, at)), formatIp(ipv4.dst(bytes, at))]
    : [formatIp6(ipv6.src(bytes, at)), formatIp6(ipv6.dst(bytes, at))]
  if (!addresses.every((address) => ends.includes(address))) return false
  const head = four ? at + ipv4.headerLen(bytes, at) : at + ipv6.HEADER_LEN
  if (ports.length === 0) return true
  if (head + 4 > bytes.length) return false
  const found = [u16(bytes, head), u16(bytes, head + 2)]
  return ports.every((port) => found.includes(port))
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
