// What a Linux machine's system calls take and answer: netlink as plain data, addresses as text. Times in lab microseconds.
import type { Table } from '../../ip/netfilter/rule.ts'
import type { Outcome } from '../kernel.ts'
import type { RouteView6 } from '../views.ts'

export type LinkKind = 'loopback' | 'ether' | 'ppp' | 'bridge' | 'vlan' | 'veth' | 'dummy' | 'macvlan'

export type LinkView = {
  /** In version 1 of the Windows Subsystem for Linux: an adapter of Windows, of this kind, without queue and state. */
  readonly mirror?: 'ether' | 'ieee802.11' | 'loopback' | 'ppp'
  readonly index: number
  readonly name: string
  readonly kind: LinkKind
  /** With colons; empty for PPP. */
  readonly mac: string
  readonly permanentMac: string
  readonly enabled: boolean
  /** It has a carrier and is on. */
  readonly running: boolean
  readonly mtu: number
  readonly txqueuelen: number
  readonly promisc: boolean
  readonly allmulticast: boolean
  readonly multicast: boolean
  readonly arp: boolean
  readonly alias: string
  readonly group: number
  readonly speed: number
  /** Index of the bridge that it is a port of, 0 = none. */
  readonly master: number
  /** What it stands on (VLAN, macvlan), or the other end of a veth; 0 = nothing. */
  readonly lower: number
  readonly vlanId: number
  readonly mode: string
  readonly bridge: {
    readonly vlanFiltering: boolean
    readonly ageing: number
    readonly defaultPvid: number
    readonly querier: boolean
  } | null
  readonly port: {
    readonly number: number
    readonly learning: boolean
    readonly flood: boolean
    readonly hairpin: boolean
    readonly isolated: boolean
  } | null
  /** IPv4 groups that were joined, oldest first, and by how many. */
  readonly groups: readonly (readonly [group: string, owners: number])[]
  readonly counters: {
    readonly receivedBytes: number
    readonly receivedPackets: number
    readonly receivedErrors: number
    readonly receivedDropped: number
    readonly multicast: number
    readonly sentBytes: number
    readonly sentPackets: number
    readonly sentErrors: number
    readonly sentDropped: number
  }
}

export type NewLink = {
  readonly name: string
  readonly kind: string
  readonly mac?: string
  readonly mtu?: number
  readonly up?: boolean
  /** Of VLAN and macvlan. */
  readonly lower?: string
  readonly id?: number
  readonly mode?: string
  /** Of veth: the other end. */
  readonly peer?: string
  readonly vlanFiltering?: boolean
}

export type LinkChange = {
  readonly up?: boolean
  readonly name?: string
  readonly mac?: string
  readonly mtu?: number
  readonly txqueuelen?: number
  readonly promisc?: boolean
  readonly allmulticast?: boolean
  readonly multicast?: boolean
  readonly arp?: boolean
  readonly alias?: string
  readonly group?: number
  /** Name of a bridge; empty = none. */
  readonly master?: string
  readonly vlanFiltering?: boolean
  readonly ageing?: number
  /** Of a bridge (mcast_querier): it asks who listens to which groups, as with mcast_igmp_version 3 and mcast_mld_version 2. */
  readonly querier?: boolean
  readonly learning?: boolean
  readonly flood?: boolean
  readonly hairpin?: boolean
  readonly isolated?: boolean
}

export type LinuxAddress = {
  readonly interface: number
  readonly address: string
  readonly prefixLength: number
  /** Empty = none. */
  readonly broadcast: string
  readonly peer: string
  readonly label: string
  readonly scope: number
  readonly origin: string
  readonly tentative: boolean
  readonly secondary: boolean
  readonly noRoute: boolean
  /** Lab time, null = for ever. */
  readonly validUntil: number | null
  /** It is shown as dynamic although it lasts for ever. */
  readonly dynamic?: true
}

export type NewAddress = {
  readonly address: string
  readonly prefixLength: number
  readonly broadcast?: string
  readonly peer?: string
  readonly label?: string
  readonly scope?: number
  readonly noRoute?: boolean
}

export type LinuxRoute = {
  readonly type: string
  readonly destination: string
  readonly prefixLength: number
  readonly gateway: string
  /** 0 for routes that refuse. */
  readonly interface: number
  readonly table: number
  readonly protocol: number
  readonly scope: number
  readonly source: string
  readonly metric: number
  readonly onlink: boolean
  readonly linkDown: boolean
  readonly mtu: number
}

export type RouteRequest = {
  readonly type: string
  readonly destination: string
  readonly prefixLength: number
  readonly gateway: string
  readonly device: string
  readonly table: number
  readonly protocol?: number
  readonly scope?: number
  readonly source?: string
  readonly metric?: number
  readonly onlink?: boolean
  readonly mtu?: number
}

export type RouteFound =
  | { readonly route: LinuxRoute; readonly source: string; readonly local: boolean; readonly broadcast: boolean }
  | { readonly error: string }

export type RouteAsked6 = {
  readonly to: string
  /** Empty = none. */
  readonly from: string
  readonly mark: number
  readonly iif: string
  readonly oif: string
}

export type RouteFound6 =
  | { readonly route: RouteView6; readonly source: string; readonly local: boolean }
  | { readonly error: string }

export type RuleView = {
  readonly priority: number
  readonly source: string
  readonly sourceLength: number
  readonly destination: string
  readonly destinationLength: number
  readonly mark: number
  readonly markMask: number
  readonly from: string
  readonly out: string
  readonly not: boolean
  readonly action: string
  readonly table: number
  readonly suppressLength: number
  readonly protocol: number
}

export type FdbView = {
  readonly mac: string
  readonly vid: number
  readonly device: string
  readonly master: string
  readonly permanent: boolean
  readonly fixed: boolean
  /** Seconds since it was heard last. */
  readonly age: number
}

export type PortVlans = {
  readonly device: string
  readonly vlans: readonly { readonly vid: number; readonly pvid: boolean; readonly untagged: boolean }[]
}

export type ConnectionView = {
  readonly protocol: number
  readonly seconds: number
  readonly state: string
  readonly original: readonly [src: string, dst: string, sport: number, dport: number]
  readonly reply: readonly [src: string, dst: string, sport: number, dport: number]
  readonly replied: boolean
  readonly assured: boolean
  readonly mark: number
}

/** Errors carry the kernel's words in `detail`: `File exists`, or a whole `Error: …` where netlink says more. */
export interface LinuxCalls {
  links(): LinkView[]
  addLink(link: NewLink): Outcome
  deleteLink(name: string): Outcome
  setLink(name: string, change: LinkChange): Outcome
  addresses(): LinuxAddress[]
  changeAddress(verb: 'add' | 'replace' | 'change' | 'delete', device: string, address: NewAddress): Outcome
  /** Every table, the local one too. */
  linuxRoutes(): LinuxRoute[]
  changeRoute(verb: 'add' | 'append' | 'prepend' | 'replace' | 'change' | 'delete', route: RouteRequest): Outcome
  findRoute(question: {
    readonly to: string
    readonly from: string
    readonly mark: number
    readonly iif: string
    readonly oif: string
  }): RouteFound
  rules(): RuleView[]
  changeRule(verb: 'add' | 'delete', rule: RuleView): Outcome
  /**
   * IPv6: every table that people wrote, the main one too; `local` (255) is made of the addresses and not told. `table`, `type` and
   * `source` of a row are absent for 254, an ordinary route, and none.
   */
  linuxRoutes6(): RouteView6[]
  /** As `changeRoute`. `append` adds beside one that is there by another gateway; scope, protocol, onlink and mtu are not kept. */
  changeRoute6(verb: 'add' | 'append' | 'replace' | 'change' | 'delete', route: RouteRequest): Outcome
  /** By the rules. `local`: an address of the machine's own; its route is in table 255 of the loopback interface. */
  findRoute6(question: RouteAsked6): RouteFound6
  /** As `rules`, with addresses of IPv6, `::` for none: the kernel's own are 0 (table 255) and 32766 (254). */
  rules6(): RuleView[]
  changeRule6(verb: 'add' | 'delete', rule: RuleView): Outcome
  setNeighbor(verb: 'add' | 'replace' | 'change' | 'delete', device: string, address: string, mac: string): Outcome
  fdb(): FdbView[]
  changeFdb(verb: 'add' | 'append' | 'replace' | 'delete', device: string, mac: string, vid: number): Outcome
  portVlans(): PortVlans[]
  changeVlan(verb: 'add' | 'delete', device: string, vid: number, last: number, pvid: boolean, untagged: boolean): Outcome
  parameters(): [key: string, value: string][]
  parameter(key: string): string | null
  setParameter(key: string, value: string): 'ok' | 'unknown' | 'invalid' | 'shown-only'
  /** Netfilter's tables that were written to. */
  tables(): Table[]
  replaceTable(table: Table): Outcome
  connections(): ConnectionView[]
  /** Answers how many went. */
  deleteConnections(matching: readonly ConnectionView[]): number
  kernelLog(): { readonly at: number; readonly text: string }[]
  /** Null when all went well, else what netplan says. */
  applyNetplan(): string | null
}
