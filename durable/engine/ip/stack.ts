// A machine's IPv4 stack (RFC 791, 792, 768, 826, 1122, 1812). This file holds its state and configuration; what it does
// with packets is split by role: input, output, arp, probe (duplicate addresses), icmp, udp, tcp/.
import { fromBase64, toBase64 } from '../link/base64.ts'
import type { Frame } from '../link/frame.ts'
import type { Attachment, Device } from '../link/port.ts'
import type { Recorder } from '../link/recorder.ts'
import { type VerdictCode, verdictNumber } from '../link/verdict.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { pollNeighbors } from './arp.ts'
import { pollReassembly } from './collect.ts'
import type {
  AddressTranslator,
  EchoOwner,
  FrameTap,
  LinkLayer,
  PacketFilter,
  PacketHooks,
  RoutePolicy,
  StackWatcher,
  UdpSocket,
} from './hooks.ts'
import { receiveFrame, receiveIp } from './input.ts'
import type { Address, AddressOrigin, Interface, InterfaceState } from './interface.ts'
import { pollMembership, pollQuerying, tellGroups } from './membership.ts'
import { Mib, type StoredMib } from './mib.ts'
import type { Path } from './output.ts'
import { announce, pollProbes, startProbing } from './probe.ts'
import type { StackProfile } from './profile.ts'
import { Listening } from './querier.ts'
import { Reassembly, type StoredWaiting } from './reassembly.ts'
import { type Route, Routes } from './routes.ts'
import { Tcp, type TcpState } from './tcp/tcp.ts'
import type { Ip6Stack } from './v6/ip6-stack.ts'

type StoredFrame = readonly [id: number, cause: number, origin: number, bytes: string]
export type StackState = {
  readonly powered: boolean
  readonly answersEcho: boolean
  readonly ipId: number
  readonly nextPort: number
  readonly random: number
  /** In the order in which they came: what is done for all of them is done in this order. */
  readonly interfaces: readonly (readonly [index: number, state: InterfaceState])[]
  readonly routes: readonly Route[]
  readonly loop: readonly StoredFrame[]
  readonly fragments: readonly StoredWaiting[]
  /** Younger than the format. */
  readonly mib?: StoredMib
  readonly tcp: TcpState
}

export class Stack implements Part, Device {
  readonly kind = 'stack'
  readonly version = 3
  readonly name: string
  readonly machine: string
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly profile: StackProfile
  readonly random: RandomStream
  /** By interface index; the link layer's port number is the index. */
  readonly interfaces = new Map<number, Interface>()
  readonly routes = new Routes()
  readonly reassembly = new Reassembly()
  /** What is counted of IPv4; IPv6 counts for itself. */
  readonly mib = new Mib()
  /** Sockets by port. Derived: whoever owns one binds it again when it is restored. */
  readonly udp = new Map<number, UdpSocket[]>()
  readonly echoes = new Map<number, EchoOwner>()
  readonly tcp: Tcp
  readonly watchers: StackWatcher[] = []
  /** Derived, as sockets are. */
  readonly taps: FrameTap[] = []
  /** UDP sockets and TCP listeners that are only shown, such as those of services that are not simulated. */
  translator: AddressTranslator | undefined
  filter: PacketFilter | undefined
  /** On Linux: software devices, rules and kernel parameters, netfilter. */
  links: LinkLayer | undefined
  policy: RoutePolicy | undefined
  /** Time to live and hop limit of new packets, as the system is set; kept by who sets them. */
  readonly hopLimits: { four: number; six: number }
  hooks: PacketHooks | undefined
  /** The other family, where the machine speaks it. */
  ip6: Ip6Stack | undefined
  powered = true
  answersEcho = true
  ipId = 1
  nextPort = 0
  /** Packets to ourselves, delivered in the next event. */
  loop: Frame[] = []
  /** The sighting of the frame being received, so that a later drop can say so in it. */
  sighting = -1
  /** Both keyed by the address as a signed number, which a Map hashes without boxing. Own addresses, and where packets go, looked up once a destination; both thrown away when configuration changes. */
  private readonly own = new Map<Ip4, Interface>()
  readonly paths = new Map<Ip4, Path>()
  private pathsVersion = 0
  private changes = 0

  constructor(sim: Simulation, recorder: Recorder, machine: string, profile: StackProfile, state?: { random: number }) {
    this.sim = sim
    this.recorder = recorder
    this.machine = machine
    this.name = `${machine}/stack`
    this.profile = profile
    this.hopLimits = { four: profile.ttl, six: profile.ttl }
    this.random = sim.random(this.name, state?.random ?? 0)
    this.tcp = new Tcp(this)
    this.nextPort = profile.ephemeralFirst + this.random.below(profile.ephemeralLast - profile.ephemeralFirst)
  }

  // Configuration

  addInterface(via: Interface): Interface {
    this.interfaces.set(via.index, via)
    this.changed()
    this.ip6?.added(via)
    return via
  }

  removeInterface(index: number): void {
    this.ip6?.removed(index)
    this.interfaces.delete(index)
    this.routes.remove((route) => route.interface === index)
    this.changed()
  }

  attach(index: number, attachment: Attachment): void {
    const via = this.interfaces.get(index)
    if (via) via.attachment = attachment
    this.changed()
    if (via) this.ip6?.linkChanged(via)
  }

  /** Gives an interface an address: probed for first where the system does that, and its network is on-link from then on. */
  addAddress(via: Interface, ip: Ip4, prefixLength: number, origin: AddressOrigin, validUntil: Micros = NEVER): Address {
    const address: Address = { ip, prefixLength, origin, state: 'preferred', validUntil, probes: 0, probeAt: NEVER }
    via.addresses.push(address)
    const probes = via.kind === 'loopback' || via.kind === 'ppp' || origin === 'ics' ? 0 : this.profile.addressProbes
    if (probes > 0 && via.up) startProbing(this, address)
    else this.useAddress(via, address)
    this.changed()
    return address
  }

  /** The address is ours: its network becomes reachable. */
  useAddress(via: Interface, address: Address): void {
    address.state = 'preferred'
    address.probeAt = NEVER
    if (address.prefixLength < 32) {
      const metric = this.profile.onLinkMetric
      const metricOf = this.profile.name === 'linux' && address.origin === 'dhcp' ? this.profile.dhcpMetric : metric
      this.routes.add({
        destination: address.ip,
        prefixLength: address.prefixLength,
        gateway: 0,
        interface: via.index,
        metric: metricOf,
        origin: 'kernel',
        persistent: false,
        ...(this.profile.name === 'linux' && address.origin !== 'dhcp' ? { source: address.ip } : {}),
      })
    }
    this.changed()
    if (via.kind !== 'loopback' && via.kind !== 'ppp') announce(this, via, address.ip)
    tellGroups(this, via)
    for (const watcher of this.watchers) watcher.addressUsed?.(via, address)
  }

  removeAddress(via: Interface, ip: Ip4): boolean {
    const address = via.addresses.find((a) => a.ip === ip)
    if (!address) return false
    via.addresses = via.addresses.filter((a) => a !== address)
    const covered = (route: Route) =>
      via.addresses.some(
        (a) => a.prefixLength === route.prefixLength && (a.ip ^ route.destination) >>> (32 - route.prefixLength) === 0,
      )
    this.routes.remove(
      (r) => r.interface === via.index && r.origin === 'kernel' && r.prefixLength === address.prefixLength && !covered(r),
    )
    // Linux: routes that name it as their source go with it; those of a lease do (fib_sync_down_addr).
    if (this.profile.name === 'linux')
      this.routes.remove(
        (r) => r.source === ip || (address.origin === 'dhcp' && r.interface === via.index && r.origin === 'dhcp'),
      )
    this.changed()
    return true
  }

  setEnabled(via: Interface, enabled: boolean): void {
    if (via.enabled === enabled) return
    via.enabled = enabled
    this.linkStateChanged(via)
  }

  /** Something about interfaces, addresses or routes changed. */
  changed(): void {
    this.changes++
    this.own.clear()
    for (const via of this.interfaces.values()) {
      for (const address of via.addresses) if (address.state === 'preferred') this.own.set(address.ip | 0, via)
    }
    this.paths.clear()
    this.pathsVersion = this.routes.version
    this.sim.touch(this)
  }

  /** The interface that has this address, or undefined when it is not ours. */
  ownerOf(ip: Ip4): Interface | undefined {
    return ip >>> 24 === 127 ? this.loopback : this.own.get(ip | 0)
  }

  get loopback(): Interface | undefined {
    for (const via of this.interfaces.values()) if (via.kind === 'loopback') return via
    return undefined
  }

  byName(name: string): Interface | undefined {
    for (const via of this.interfaces.values()) if (via.name === name) return via
    return undefined
  }

  /** The cache of paths, emptied when a route changed behind its back. */
  cachedPaths(): Map<Ip4, Path> {
    if (this.pathsVersion !== this.routes.version || this.paths.size > 512) {
      this.paths.clear()
      this.pathsVersion = this.routes.version
    }
    return this.paths
  }

  /** Another number whenever a way that was looked up may have become another. */
  get epoch(): number {
    return this.changes + this.routes.version + (this.ip6?.epoch ?? 0)
  }

  takePort(): number {
    const { ephemeralFirst, ephemeralLast } = this.profile
    for (let tries = ephemeralLast - ephemeralFirst; tries >= 0; tries--) {
      this.nextPort = this.nextPort >= ephemeralLast ? ephemeralFirst : this.nextPort + 1
      if (!this.udp.has(this.nextPort) && !this.tcp.usesPort(this.nextPort) && !this.translator?.holds(this.nextPort))
        return this.nextPort
    }
    return 0
  }

  // Power

  /** Off: everything that is not configuration is forgotten, and frames find nobody. */
  powerOff(): void {
    this.ip6?.powerOff()
    this.powered = false
    this.mib.clear()
    this.loop = []
    this.reassembly.clear()
    this.echoes.clear()
    this.tcp.clear()
    for (const via of this.interfaces.values()) {
      via.neighbors.clear()
      via.membership.quiet()
      if (via.kind === 'loopback') continue
      via.addresses = via.addresses.filter((a) => a.origin === 'manual')
      via.acceptsOffers = false
    }
    this.routes.remove((route) => route.origin !== 'static' || !route.persistent)
    this.changed()
  }

  /** On again: configured addresses and their networks come back. */
  powerOn(): void {
    this.powered = true
    for (const via of this.interfaces.values()) {
      if (via.querying !== undefined) via.querying = new Listening<Ip4>(this.sim.now)
      const configured = via.addresses
      via.addresses = []
      for (const { ip, prefixLength, origin, broadcast } of configured) {
        const address = this.addAddress(via, ip, prefixLength, origin)
        if (broadcast !== undefined) address.broadcast = broadcast
      }
    }
    this.changed()
    this.ip6?.powerOn()
  }

  // Device

  receive(port: number, frame: Frame): void {
    receiveFrame(this, port, frame)
  }

  /** A packet without Ethernet header, from a tunnel. */
  receiveIp(port: number, frame: Frame): void {
    const via = this.interfaces.get(port)
    if (via) receiveIp(this, via, frame, 0, 0)
  }

  linkChanged(port: number): void {
    const via = this.interfaces.get(port)
    if (via) this.linkStateChanged(via)
  }

  private linkStateChanged(via: Interface): void {
    if (!via.up) {
      via.membership.quiet()
      for (const entry of [...via.neighbors.all]) if (entry.state !== 'permanent') via.neighbors.delete(entry.ip)
    }
    this.changed()
    if (!this.powered) return
    this.ip6?.linkChanged(via)
    if (via.up)
      for (const address of via.addresses)
        if (address.state === 'preferred' && address.origin !== 'dhcp') announce(this, via, address.ip)
    if (via.up && via.ip4) tellGroups(this, via)
    for (const watcher of this.watchers) watcher.linkChanged?.(via, via.up)
  }

  /** Shows a frame to whoever captures. */
  tapped(via: Interface, out: boolean, bytes: Uint8Array): void {
    for (const tap of [...this.taps]) tap.frame(via, out, bytes)
  }

  /** Says why the frame being received went no further. */
  drop(code: VerdictCode, detail: string): void {
    if (this.sighting >= 0) this.recorder.amend(this.sighting, verdictNumber(code), detail)
    if (this.taps.length > 0) for (const tap of this.taps) tap.dropped?.(detail)
  }

  // Part

  pollAt(): Micros {
    if (!this.powered) return NEVER
    if (this.loop.length > 0) return this.sim.now
    let at = this.reassembly.dueAt
    for (const via of this.interfaces.values()) {
      if (via.neighbors.dueAt < at) at = via.neighbors.dueAt
      if (via.membership.dueAt < at) at = via.membership.dueAt
      if (via.querying !== undefined && via.querying.dueAt < at) at = via.querying.dueAt
      const probing = via.probesAt
      if (probing < at) at = probing
    }
    if (this.tcp.dueAt < at) at = this.tcp.dueAt
    return at
  }

  transientAt(): Micros {
    if (!this.powered) return NEVER
    if (this.loop.length > 0) return this.sim.now
    let at = NEVER
    for (const via of this.interfaces.values()) {
      const unresolved = via.neighbors.unresolvedAt(this.sim.parked)
      if (unresolved < at) at = unresolved
      const probing = via.probesAt
      if (probing < at) at = probing
    }
    const streams = this.tcp.transientAt
    return streams < at ? streams : at
  }

  poll(now: Micros): void {
    // What follows is not about the frame received last.
    this.sighting = -1
    const looped = this.loop
    this.loop = []
    const loopback = this.loopback
    for (const frame of looped) {
      this.sim.cause = frame.id
      this.sim.origin = frame.origin
      if (loopback === undefined) continue
      loopback.receivedPackets++
      loopback.receivedBytes += frame.bytes.length
      if (this.taps.length > 0) this.tapped(loopback, false, frame.bytes)
      receiveIp(this, loopback, frame, 14, 0)
    }
    for (const via of this.interfaces.values()) {
      if (via.neighbors.dueAt <= now) pollNeighbors(this, via, now)
      if (via.probesAt <= now) pollProbes(this, via, now)
      if (via.membership.dueAt <= now) pollMembership(this, via, now)
      if (via.querying !== undefined && via.querying.dueAt <= now) pollQuerying(this, via, now)
    }
    if (this.reassembly.dueAt <= now) pollReassembly(this, now)
    if (this.tcp.dueAt <= now) this.tcp.poll(now)
  }

  save(): Json {
    return {
      powered: this.powered,
      answersEcho: this.answersEcho,
      ipId: this.ipId,
      nextPort: this.nextPort,
      random: this.random.counter,
      interfaces: [...this.interfaces.values()].map((via) => [via.index, via.save()]),
      routes: this.routes.all.map((route) => ({ ...route })),
      loop: this.loop.map((f) => [f.id, f.cause, f.origin, toBase64(f.bytes)]),
      fragments: this.reassembly.save(),
      mib: this.mib.save(),
      tcp: this.tcp.save(),
    }
  }

  load(state: StackState): void {
    this.powered = state.powered
    this.answersEcho = state.answersEcho
    this.ipId = state.ipId
    this.nextPort = state.nextPort
    this.random.counter = state.random
    for (const [index, stored] of state.interfaces) {
      const via = this.interfaces.get(index)
      if (via === undefined) continue
      via.load(stored)
      this.interfaces.delete(index)
      this.interfaces.set(index, via)
    }
    this.routes.load(state.routes)
    this.loop = state.loop.map(([id, cause, origin, bytes]) => ({
      id,
      cause,
      origin,
      bytes: fromBase64(bytes) ?? new Uint8Array(0),
      stored: -1,
    }))
    this.reassembly.load(state.fragments)
    this.mib.load(state.mib)
    this.tcp.load(state.tcp)
    this.changed()
  }
}
