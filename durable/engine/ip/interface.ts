import { type Attachment, UNPLUGGED } from '../link/port.ts'
import type { Json } from '../sim/json.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../sim/time.ts'
import { broadcastOf, type Ip4, inPrefix, type Mac } from '../wire/addresses.ts'
import { Membership, type MembershipState } from './membership.ts'
import { Neighbors } from './neighbors.ts'
import { Listening, type StoredListening } from './querier.ts'

export type AddressOrigin = 'manual' | 'dhcp' | 'link-local' | 'well-known' | 'ics' | 'ppp'
export type AddressState = 'tentative' | 'preferred' | 'duplicate'

/** An IPv4 address of an interface. A tentative one is still being probed for and is not used. */
export type Address = {
  readonly ip: Ip4
  readonly prefixLength: number
  readonly origin: AddressOrigin
  state: AddressState
  validUntil: Micros
  /** Probes sent so far and when the next is due (RFC 5227 section 2.1.1). */
  probes: number
  probeAt: Micros
  /** Broadcast address as it was given, 0 = none; absent = whoever set the address says nothing of it. */
  broadcast?: Ip4
  label?: string
  scope?: number
  /** The far end of a point-to-point link. */
  peer?: Ip4
  /** No route to its network was asked for. */
  noRoute?: boolean
}

type AddressExtras = {
  readonly broadcast?: Ip4
  readonly label?: string
  readonly scope?: number
  readonly peer?: Ip4
  readonly noRoute?: boolean
}

export type InterfaceKind = 'ethernet' | 'wifi' | 'virtual' | 'loopback' | 'ppp'

/** What does not change while the machine lives; comes from the definition. */
export type InterfaceOptions = {
  readonly index: number
  readonly name: string
  readonly description: string
  readonly kind: InterfaceKind
  readonly guid: string
  readonly mac: Mac
  readonly mtu: number
  readonly metric: number
  readonly speed: number
  readonly vantage: number
  /** Hidden from the list of networks, as the Default Switch's adapter is. */
  readonly hidden?: boolean
  readonly linkLocal6?: string
}

export class Interface {
  readonly index: number
  /** Linux lets people rename a link. */
  name: string
  readonly description: string
  readonly kind: InterfaceKind
  readonly guid: string
  readonly vantage: number
  readonly hidden: boolean
  /** An adapter on a virtual switch has the speed of the one that leads out. */
  speed: number
  mac: Mac
  mtu: number
  metric: number
  linkLocal6: string
  enabled = true
  attachment: Attachment = UNPLUGGED
  forwarding = false
  /** The weak host model, off unless somebody sets it (RFC 1122 section 3.3.4.2): accepts what is for another interface's address, and sends what carries one. */
  weakReceive = false
  weakSend = false
  /** Addresses are asked for by DHCP. */
  dhcp = false
  addresses: Address[] = []
  /** Addresses that packets carry only when somebody names them (SkipAsSource). */
  skips: readonly Ip4[] = []
  dnsServers: Ip4[] = []
  dnsSuffix = ''
  ssid = ''
  /** Set while a DHCP client waits on this interface: replies to an address that is not ours yet are taken. */
  acceptsOffers = false
  /** Windows: protocols and services that people took off the adapter (false) or put on it (true), by component. */
  readonly bindings = new Map<string, boolean>()
  /** What was configured while IPv4 was bound, for when it is again. */
  kept: KeptConfiguration | null = null
  readonly neighbors = new Neighbors()
  readonly membership = new Membership()
  /** While it asks who listens to which groups. */
  querying: Listening<Ip4> | undefined
  receivedBytes = 0
  receivedPackets = 0
  sentBytes = 0
  sentPackets = 0
  /** Frames that do not parse; frames that this interface or the stack behind it refused; group frames. */
  receivedErrors = 0
  receivedDropped = 0
  receivedGroup = 0
  sentErrors = 0
  sentDropped = 0

  constructor(options: InterfaceOptions) {
    this.index = options.index
    this.name = options.name
    this.description = options.description
    this.kind = options.kind
    this.guid = options.guid
    this.mac = options.mac
    this.mtu = options.mtu
    this.metric = options.metric
    this.speed = options.speed
    this.vantage = options.vantage
    this.hidden = options.hidden ?? false
    this.linkLocal6 = options.linkLocal6 ?? ''
  }

  /** IPv4 is bound to the adapter. */
  get ip4(): boolean {
    return this.bindings.get('ms_tcpip') !== false
  }

  /** Media connected and not disabled. */
  get up(): boolean {
    return this.enabled && this.attachment.up
  }

  /** The first usable address, or undefined. */
  get primary(): Address | undefined {
    for (const address of this.addresses) if (address.state === 'preferred') return address
    return undefined
  }

  has(ip: Ip4): boolean {
    for (const address of this.addresses) if (address.ip === ip && address.state === 'preferred') return true
    return false
  }

  /** The usable address whose network `ip` belongs to. */
  addressFor(ip: Ip4): Address | undefined {
    for (const address of this.addresses) {
      if (address.state === 'preferred' && inPrefix(ip, address.ip, address.prefixLength)) return address
    }
    return undefined
  }

  /** The address that a packet to `ip` carries when nobody chose one: on its network, and one that is not kept out of that. */
  sourceFor(ip: Ip4): Address | undefined {
    const usual = this.addressFor(ip) ?? this.primary
    if (usual === undefined || !this.skips.includes(usual.ip)) return usual
    const usable = this.addresses.filter((a) => a.state === 'preferred' && !this.skips.includes(a.ip))
    return usable.find((a) => inPrefix(ip, a.ip, a.prefixLength)) ?? usable[0] ?? usual
  }

  isBroadcast(ip: Ip4): boolean {
    if (ip === 0xffffffff) return true
    for (const { ip: own, prefixLength } of this.addresses) {
      if (prefixLength < 31 && ip === broadcastOf(own, prefixLength)) return true
    }
    return false
  }

  get probesAt(): Micros {
    let at = NEVER
    for (const address of this.addresses) if (address.probeAt < at) at = address.probeAt
    return at
  }

  save(): Json {
    return {
      name: this.name,
      mac: this.mac,
      mtu: this.mtu,
      enabled: this.enabled,
      forwarding: this.forwarding,
      dhcp: this.dhcp,
      ...(this.weakReceive || this.weakSend ? { weak: [this.weakReceive, this.weakSend] } : {}),
      ...(this.skips.length > 0 ? { skips: this.skips } : {}),
      metric: this.metric,
      linkLocal6: this.linkLocal6,
      addresses: this.addresses.map((a) => [
        a.ip,
        a.prefixLength,
        a.origin,
        a.state,
        storeTime(a.validUntil),
        a.probes,
        storeTime(a.probeAt),
        ...extrasOf(a),
      ]),
      dnsServers: this.dnsServers,
      dnsSuffix: this.dnsSuffix,
      ssid: this.ssid,
      acceptsOffers: this.acceptsOffers,
      neighbors: this.neighbors.save(),
      membership: this.membership.save(),
      counters: [this.receivedBytes, this.receivedPackets, this.sentBytes, this.sentPackets],
      faults: [this.receivedErrors, this.receivedDropped, this.receivedGroup, this.sentErrors, this.sentDropped],
      ...(this.querying === undefined ? {} : { querying: this.querying.save() }),
      ...(this.bindings.size > 0 ? { bindings: [...this.bindings] } : {}),
      ...(this.kept === null ? {} : { kept: this.kept }),
    }
  }

  load(state: InterfaceState): void {
    this.name = state.name ?? this.name
    this.mac = state.mac
    this.mtu = state.mtu ?? this.mtu
    this.enabled = state.enabled
    this.forwarding = state.forwarding
    this.dhcp = state.dhcp
    ;[this.weakReceive, this.weakSend] = state.weak ?? [false, false]
    this.skips = state.skips ?? []
    this.metric = state.metric
    this.linkLocal6 = state.linkLocal6
    this.addresses = state.addresses.map(([ip, prefixLength, origin, addressState, validUntil, probes, probeAt, extras]) => ({
      ip,
      prefixLength,
      origin,
      state: addressState,
      validUntil: loadTime(validUntil),
      probes,
      probeAt: loadTime(probeAt),
      ...extras,
    }))
    this.dnsServers = [...state.dnsServers]
    this.dnsSuffix = state.dnsSuffix
    this.ssid = state.ssid
    this.acceptsOffers = state.acceptsOffers
    this.bindings.clear()
    for (const [component, on] of state.bindings ?? []) this.bindings.set(component, on)
    this.kept = state.kept ?? null
    this.neighbors.load(state.neighbors)
    if (state.membership) this.membership.load(state.membership)
    this.querying = state.querying === undefined ? undefined : new Listening<Ip4>(0, state.querying)
    ;[this.receivedBytes, this.receivedPackets, this.sentBytes, this.sentPackets] = state.counters
    if (state.faults)
      [this.receivedErrors, this.receivedDropped, this.receivedGroup, this.sentErrors, this.sentDropped] = state.faults
  }
}

/** What only some addresses say, as one more cell of their row. */
function extrasOf({ broadcast, label, scope, peer, noRoute }: Address): AddressExtras[] {
  const extras = {
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    ...(scope === undefined ? {} : { scope }),
    ...(peer === undefined ? {} : { peer }),
    ...(noRoute === undefined ? {} : { noRoute }),
  }
  return Object.keys(extras).length === 0 ? [] : [extras]
}

/** What of IPv4 outlives the adapter's being without it: what people set, not what was learned. */
export type KeptConfiguration = {
  readonly dhcp: boolean
  readonly addresses: readonly (readonly [ip: Ip4, prefixLength: number])[]
  readonly routes: readonly (readonly [destination: Ip4, prefixLength: number, gateway: Ip4, metric: number])[]
  /** Null: those of the lease. */
  readonly dnsServers: readonly Ip4[] | null
  readonly dnsSuffix: string
}

export type InterfaceState = {
  /** These are younger than the format: rows without them leave what the definition says, and nothing to be told. */
  readonly bindings?: readonly (readonly [component: string, on: boolean])[]
  readonly kept?: KeptConfiguration
  readonly membership?: MembershipState
  readonly querying?: StoredListening
  readonly name?: string
  readonly mtu?: number
  readonly faults?: readonly [number, number, number, number, number]
  readonly mac: Mac
  readonly enabled: boolean
  readonly forwarding: boolean
  readonly dhcp: boolean
  readonly weak?: readonly [receive: boolean, send: boolean]
  readonly skips?: readonly Ip4[]
  readonly metric: number
  readonly linkLocal6: string
  readonly addresses: readonly (readonly [
    Ip4,
    number,
    AddressOrigin,
    AddressState,
    number | null,
    number,
    number | null,
    AddressExtras?,
  ])[]
  readonly dnsServers: readonly Ip4[]
  readonly dnsSuffix: string
  readonly ssid: string
  readonly acceptsOffers: boolean
  readonly neighbors: Parameters<Neighbors['load']>[0]
  readonly counters: readonly [number, number, number, number]
}
