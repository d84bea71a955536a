// A machine's IPv6 (RFC 8200, 4861, 4862, 4443, 3810). This file holds its state and configuration, and begins and ends things
// as links come and go; what it does with packets is split by role, as in the folder above.
import type { Frame } from '../../link/frame.ts'
import type { Recorder } from '../../link/recorder.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import type { RandomStream } from '../../sim/random.ts'
import type { Simulation } from '../../sim/simulation.ts'
import { MILLISECOND, type Micros, NEVER } from '../../sim/time.ts'
import { ALL_NODES, type Ip6, isLinkLocalIp6, LINK_LOCAL_PREFIX, type Mac, solicitedNode } from '../../wire/addresses.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { RouterAdvertisement } from '../../wire/ndp.ts'
import type { Drop, EchoOwner, RoutePolicy6 } from '../hooks.ts'
import type { Interface } from '../interface.ts'
import { Mib, type StoredMib } from '../mib.ts'
import type { SendResult } from '../output.ts'
import { Listening } from '../querier.ts'
import type { Stack } from '../stack.ts'
import type { DatagramOptions } from '../udp.ts'
import { firstAdvertisement, lastAdvertisement, pollAdvertisements, startAdvertising } from './advertise.ts'
import { pollProbes6, startProbing6 } from './dad.ts'
import { pollNeighbors6 } from './discovery.ts'
import { sendIcmpError6 } from './icmp6.ts'
import { identifierFor, type NewAddress, newAddress } from './identifiers.ts'
import { receiveIp6 } from './input6.ts'
import { type Address6, Interface6, type Interface6State } from './interface6.ts'
import { joinGroup, leaveGroup, pollQuerying6, pollReports } from './listener.ts'
import { loadFrame, type StoredFrame, storeFrame } from './neighbors6.ts'
import type { Path6, SendOptions6 } from './output6.ts'
import { PathMtus } from './pmtu.ts'
import { Reassembly, type StoredPartial } from './reassembly.ts'
import { pollLifetimes, pollSolicitations } from './router-discovery.ts'
import { type Route6, Routes6 } from './routes6.ts'
import { sendUdp6 } from './udp6.ts'

export type Ip6Options = {
  /** Windows gives every prefix a second address that changes every day (RFC 8981). */
  readonly temporary: boolean
}

/** Decides about packets in transit, as the firewall of a home router does. */
export interface Gate6 {
  passes(from: Interface, to: Interface, bytes: Uint8Array, at: number): Drop | undefined
}

export interface Watcher6 {
  /** Duplicate address detection has ended: the address is usable, or somebody else (`owner`) has it. */
  settled?(i6: Interface6, address: Address6, owner: Mac): void
  /** A router has spoken: whether addresses and settings are to be asked for by DHCPv6. */
  advertised?(i6: Interface6, told: RouterAdvertisement): void
  /** The interface has stopped. */
  ended?(i6: Interface6): void
  /** All that stood on one interface stands on another now, by index. */
  moved?(from: number, to: number): void
}

export type Ip6State = {
  readonly random: number
  readonly interfaces: readonly (readonly [index: number, state: Interface6State])[]
  readonly routes: Parameters<Routes6['load']>[0]
  readonly pmtu: Parameters<PathMtus['load']>[0]
  readonly fragments: readonly StoredPartial[]
  readonly loop: readonly StoredFrame[]
  readonly complaints: readonly [left: number, since: Micros]
  /** Younger than the format. */
  readonly mib?: StoredMib
}

/** RFC 4443 section 2.4 (f): ten at once, then ten a second. */
const MAX_COMPLAINTS = 10
const COMPLAINT_EVERY = 100 * MILLISECOND

export class Ip6Stack implements Part {
  readonly kind = 'ip6'
  readonly version = 1
  readonly name: string
  readonly stack: Stack
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly random: RandomStream
  readonly options: Ip6Options
  /** By interface index. */
  readonly interfaces = new Map<number, Interface6>()
  readonly routes = new Routes6()
  readonly pmtu = new PathMtus()
  readonly fragments = new Reassembly()
  readonly mib = new Mib()
  readonly echoes = new Map<number, EchoOwner>()
  readonly watchers: Watcher6[] = []
  gate: Gate6 | undefined
  /** On Linux: rules, and tables besides the main one. */
  policy: RoutePolicy6 | undefined
  /** Who sent the frame being received. */
  senderMac: Mac = 0
  private loop: Frame[] = []
  private complaints = MAX_COMPLAINTS
  private complaintsAt: Micros = 0
  private readonly own = new Map<Ip6, Interface6>()
  private readonly paths = new Map<Ip6, Path6>()
  private pathsVersion = 0
  private changes = 0

  constructor(stack: Stack, options: Ip6Options) {
    this.stack = stack
    this.sim = stack.sim
    this.recorder = stack.recorder
    this.name = `${stack.machine}/ip6`
    this.random = stack.sim.random(this.name)
    this.options = options
    stack.ip6 = this
    for (const via of stack.interfaces.values()) this.added(via)
  }

  // Interfaces come and go

  added(via: Interface): void {
    if (via.kind === 'ppp') return
    const i6 = new Interface6(via)
    if (via.kind === 'loopback') {
      i6.running = true
      i6.acceptsRa = false
      i6.addresses = [newAddress({ ip: 1n, prefixLength: 128, origin: 'well-known' })]
    }
    this.interfaces.set(via.index, i6)
    this.sync(i6)
  }

  removed(index: number): void {
    const i6 = this.interfaces.get(index)
    if (i6 === undefined) return
    this.end(i6)
    this.interfaces.delete(index)
    this.routes.remove((route) => route.interface === index)
    this.changed()
  }

  linkChanged(via: Interface): void {
    const i6 = this.interfaces.get(via.index)
    if (i6) this.sync(i6)
  }

  /** Begins or ends an interface, whichever its link and its configuration ask for. */
  sync(i6: Interface6): void {
    if (i6.via.kind === 'loopback') return
    const wanted = this.stack.powered && i6.enabled && i6.via.up
    if (wanted && !i6.running) this.begin(i6)
    else if (!wanted && i6.running) this.end(i6)
  }

  private begin(i6: Interface6): void {
    i6.running = true
    i6.groups.set(ALL_NODES, 1)
    if (i6.querying !== undefined) i6.querying = new Listening<Ip6>(this.sim.now)
    for (const group of i6.usualGroups) joinGroup(this, i6, group)
    const id = identifierFor(this, i6, LINK_LOCAL_PREFIX, 0)
    const configured = i6.addresses
    i6.addresses = []
    this.addAddress(i6, { ip: LINK_LOCAL_PREFIX | id, prefixLength: 64, origin: 'link-local' })
    for (const address of configured) if (address.ip !== (LINK_LOCAL_PREFIX | id)) this.addAddress(i6, address)
    if (i6.forwarding) startAdvertising(this, i6)
    this.changed()
  }

  /** What was learned on the link is forgotten; what people configured stays, to be tried again. */
  private end(i6: Interface6): void {
    i6.running = false
    i6.addresses = i6.addresses.filter((a) => a.origin === 'manual')
    for (const address of i6.addresses) Object.assign(address, { state: 'tentative', probeAt: NEVER, probes: 0 })
    i6.neighbors.clear()
    i6.groups.clear()
    i6.changes.clear()
    Object.assign(i6, { reportAt: NEVER, answerAt: NEVER, solicitAt: NEVER, advertiseAt: NEVER, reportsLeft: 0 })
    Object.assign(i6, { hopLimit: 0, linkMtu: 0, reachableTime: 0, retransTimer: 0, managed: false, other: false })
    i6.dnsServers = []
    i6.domains = []
    this.routes.remove((r) => r.interface === i6.via.index && r.origin !== 'static')
    this.changed()
    for (const watcher of this.watchers) watcher.ended?.(i6)
  }

  powerOn(): void {
    for (const i6 of this.interfaces.values()) this.sync(i6)
    this.changed()
  }

  /** Everything that is not configuration is forgotten. A router says goodbye while it still can. */
  powerOff(): void {
    for (const i6 of this.interfaces.values()) {
      lastAdvertisement(this, i6)
      if (i6.running && i6.via.kind !== 'loopback') this.end(i6)
    }
    this.echoes.clear()
    this.mib.clear()
    this.pmtu.clear()
    this.fragments.clear()
    this.loop = []
    this.routes.remove((route) => !route.persistent)
    this.changed()
  }

  // Configuration

  /** Gives an interface an address: asked about first, and its prefix is on-link once that is over for those set by hand. */
  addAddress(i6: Interface6, wanted: NewAddress): Address6 {
    const address = newAddress(wanted)
    i6.addresses.push(address)
    const { ip, prefixLength, origin } = address
    if (prefixLength < 128 && (origin === 'manual' || origin === 'link-local')) this.onLink(i6, address)
    if (i6.running && i6.via.kind !== 'loopback') startProbing6(this, i6, address, origin === 'manual')
    else if (i6.via.kind !== 'loopback') address.state = 'tentative'
    if (origin !== 'link-local' && isLinkLocalIp6(ip)) joinGroup(this, i6, solicitedNode(ip))
    this.changed()
    return address
  }

  private onLink(i6: Interface6, { ip, prefixLength }: Address6): void {
    this.routes.put({
      destination: ip,
      prefixLength,
      gateway: 0n,
      interface: i6.via.index,
      metric: 256,
      origin: 'kernel',
      persistent: false,
      preference: 0,
      expiresAt: NEVER,
    })
  }

  removeAddress(i6: Interface6, ip: Ip6): boolean {
    const address = i6.address(ip)
    if (address === undefined) return false
    i6.addresses = i6.addresses.filter((a) => a !== address)
    if (address.state !== 'duplicate') leaveGroup(this, i6, solicitedNode(ip))
    const covered = (route: Route6) =>
      i6.addresses.some(
        (a) => a.prefixLength === route.prefixLength && a.prefixLength < 128 && i6.addressFor(route.destination) !== undefined,
      )
    this.routes.remove(
      (r) => r.interface === i6.via.index && r.origin === 'kernel' && r.prefixLength === address.prefixLength && !covered(r),
    )
    this.changed()
    return true
  }

  setForwarding(i6: Interface6, on: boolean): void {
    if (i6.forwarding === on) return
    if (!on) lastAdvertisement(this, i6)
    i6.forwarding = on
    if (on) {
      i6.solicitAt = NEVER
      this.routes.remove((r) => r.origin === 'ra' && r.interface === i6.via.index && r.prefixLength === 0)
      if (i6.running) startAdvertising(this, i6)
      if (i6.linkLocal?.state === 'preferred') firstAdvertisement(this, i6)
    }
    this.changed()
  }

  setEnabled(i6: Interface6, on: boolean): void {
    i6.enabled = on
    this.sync(i6)
    this.changed()
  }

  /** Something about interfaces, addresses or routes changed. */
  changed(): void {
    this.changes++
    this.own.clear()
    for (const i6 of this.interfaces.values())
      for (const address of i6.addresses) if (address.state === 'preferred') this.own.set(address.ip, i6)
    this.paths.clear()
    this.pathsVersion = this.routes.version
    this.sim.touch(this)
  }

  /** Another number whenever a way that was looked up may have become another. */
  get epoch(): number {
    return this.changes + this.routes.version
  }

  // Questions

  /** The interface that has this address, on `only` if that is given: two links may have the same link-local address. */
  ownerOf(ip: Ip6, only?: Interface6): Interface6 | undefined {
    if (only !== undefined && isLinkLocalIp6(ip)) return only.has(ip) ? only : undefined
    return this.own.get(ip)
  }

  get loopback(): Interface6 | undefined {
    for (const i6 of this.interfaces.values()) if (i6.via.kind === 'loopback') return i6
    return undefined
  }

  /** Where link-local and group packets go when nobody says where: Windows' default zone is the best interface. */
  defaultInterface(): Interface6 | undefined {
    let best: Interface6 | undefined
    for (const i6 of this.interfaces.values()) {
      if (i6.via.kind === 'loopback' || !i6.running) continue
      if (best === undefined || i6.via.metric < best.via.metric) best = i6
    }
    return best
  }

  hasRouter(i6: Interface6): boolean {
    return this.routes.all.some((r) => r.origin === 'ra' && r.prefixLength === 0 && r.interface === i6.via.index)
  }

  /** A router that was asked for in vain is passed over while there is another (RFC 4861 section 6.3.6). */
  isSilent(route: Route6): boolean {
    if (route.gateway === 0n) return false
    return this.interfaces.get(route.interface)?.neighbors.get(route.gateway)?.state === 'unreachable'
  }

  /** What routes by router advertisement cost: Windows 256, systemd-networkd 100. */
  get raMetric(): number {
    return this.stack.profile.name === 'linux' ? 100 : 256
  }

  cachedPaths(): Map<Ip6, Path6> {
    if (this.pathsVersion !== this.routes.version || this.paths.size > 512) {
      this.paths.clear()
      this.pathsVersion = this.routes.version
    }
    return this.paths
  }

  /** Our own source address of a frame that waits, or undefined when it is somebody else's. */
  sourceOf(frame: Frame, i6: Interface6): Ip6 | undefined {
    const src = ipv6.src(frame.bytes, ethernet.HEADER_LEN)
    return i6.has(src) ? src : undefined
  }

  /** From where an error about a packet that came in by `i6` is sent: an address of that interface, so that traceroute shows it. */
  errorOptions(i6: Interface6, to: Ip6): SendOptions6 {
    const source = i6.addresses.find((a) => a.state === 'preferred' && isLinkLocalIp6(a.ip) === isLinkLocalIp6(to))?.ip
    if (isLinkLocalIp6(to)) return { via: i6.via }
    return source === undefined ? {} : { source, freely: true }
  }

  /** Errors are rationed. */
  mayComplain(): boolean {
    const { now } = this.sim
    const more = Math.floor((now - this.complaintsAt) / COMPLAINT_EVERY)
    if (more > 0) {
      this.complaints = Math.min(MAX_COMPLAINTS, this.complaints + more)
      this.complaintsAt = this.complaints === MAX_COMPLAINTS ? now : this.complaintsAt + more * COMPLAINT_EVERY
    }
    if (this.complaints === 0) return false
    this.complaints--
    this.sim.touch(this)
    return true
  }

  // Events

  settled(i6: Interface6, address: Address6, owner: Mac): void {
    if (owner === 0 && address.state === 'preferred' && isLinkLocalIp6(address.ip) && i6.forwarding) firstAdvertisement(this, i6)
    for (const watcher of this.watchers) watcher.settled?.(i6, address, owner)
  }

  advertised(i6: Interface6, told: RouterAdvertisement): void {
    for (const watcher of this.watchers) watcher.advertised?.(i6, told)
  }

  /** Somebody who led elsewhere is no router any more. */
  routerLeft(i6: Interface6, router: Ip6): void {
    this.routes.remove(
      (r) => r.interface === i6.via.index && r.gateway === router && (r.origin === 'ra' || r.origin === 'redirect'),
    )
    this.changed()
  }

  // Packets

  receive(via: Interface, frame: Frame, at: number, srcMac: Mac): void {
    receiveIp6(this, via, frame, at, srcMac)
  }

  /** A packet to ourselves, delivered in the next event. */
  deliverLater(frame: Frame): void {
    this.loop.push(frame)
    this.sim.touch(this)
  }

  sendDatagram(port: number, dst: Ip6, dstPort: number, payload: Uint8Array, options?: DatagramOptions): SendResult {
    return sendUdp6(this, port, dst, dstPort, payload, options)
  }

  // Part

  pollAt(): Micros {
    return this.due(false)
  }
  transientAt(): Micros {
    return this.due(true)
  }

  private due(transient: boolean): Micros {
    if (!this.stack.powered) return NEVER
    if (this.loop.length > 0) return this.sim.now
    let at = transient ? NEVER : Math.min(this.routes.expiresAt, this.fragments.dueAt)
    for (const i6 of this.interfaces.values()) {
      const next = i6.due(transient, this.sim.parked)
      if (next < at) at = next
    }
    return at
  }

  poll(now: Micros): void {
    // What follows is not about the frame received last.
    this.stack.sighting = -1
    const looped = this.loop
    this.loop = []
    const loopback = this.loopback
    for (const frame of looped) {
      this.sim.cause = frame.id
      this.sim.origin = frame.origin
      if (loopback === undefined) continue
      loopback.via.receivedPackets++
      loopback.via.receivedBytes += frame.bytes.length
      receiveIp6(this, loopback.via, frame, ethernet.HEADER_LEN, 0)
    }
    for (const late of this.fragments.late(now)) this.fragmentsLate(late)
    if (this.routes.expiresAt <= now) {
      this.routes.remove((route) => route.expiresAt <= now)
      this.changed()
    }
    for (const i6 of this.interfaces.values()) {
      if (!i6.running) continue
      pollReports(this, i6, now)
      pollQuerying6(this, i6, now)
      pollProbes6(this, i6, now)
      pollSolicitations(this, i6, now)
      pollAdvertisements(this, i6, now)
      if (i6.neighbors.dueAt <= now) pollNeighbors6(this, i6, now)
      pollLifetimes(this, i6, now)
    }
  }

  /** RFC 8200 section 4.5: whoever sent the first fragment is told that the rest did not come. */
  private fragmentsLate({ first, interface: index }: ReturnType<Reassembly['late']>[number]): void {
    this.mib.reasmFails++
    const i6 = this.interfaces.get(index)
    if (first === undefined || i6 === undefined) return
    sendIcmpError6(this, i6, first, 0, { kind: 'time-exceeded', code: icmpv6.REASSEMBLY })
  }

  save(): Json {
    return {
      random: this.random.counter,
      interfaces: [...this.interfaces.values()].map((i6) => [i6.via.index, i6.save()]),
      routes: this.routes.save(),
      pmtu: this.pmtu.save(this.sim.now),
      fragments: this.fragments.save(),
      loop: this.loop.map(storeFrame) as unknown as Json,
      complaints: [this.complaints, this.complaintsAt],
      mib: this.mib.save(),
    }
  }

  load(state: Ip6State): void {
    this.random.counter = state.random
    for (const [index, stored] of state.interfaces) {
      const i6 = this.interfaces.get(index)
      if (i6 === undefined) continue
      i6.load(stored)
      this.interfaces.delete(index)
      this.interfaces.set(index, i6)
    }
    this.routes.load(state.routes)
    this.pmtu.load(state.pmtu)
    this.fragments.load(state.fragments)
    this.loop = state.loop.map(loadFrame)
    ;[this.complaints, this.complaintsAt] = state.complaints
    this.mib.load(state.mib)
    this.changed()
  }
}
