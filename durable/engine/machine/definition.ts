// What a definition says of one machine; the lab's own part is in lab/definition.ts, which passes these on.
import type { Os } from './views.ts'

export type MachineDefinition = {
  readonly name: string
  readonly hostname: string
  readonly os: Os
  readonly build: number
  /** Of Windows; younger than the format. */
  readonly edition?: 'client' | 'server'
  /** `computer`, `guest` (of Hyper-V), `router`, `server`: how the picture draws it. */
  readonly role: 'computer' | 'guest' | 'router' | 'server'
  /** Whether people get a terminal on it. */
  readonly console: boolean
  readonly adapters: readonly AdapterDefinition[]
  readonly routes: readonly { readonly to: string; readonly via: string }[]
  readonly dnsServers: readonly string[]
  readonly searchDomains: readonly string[]
  /** Answers ICMP echo requests (Windows: the echo rule of the firewall is enabled). */
  readonly answersPing: boolean
  readonly forwarding: boolean
  /** Names without a server, answered and asked; left out: as the operating system does by itself. */
  readonly mdns?: boolean
  readonly llmnr?: boolean
  readonly dhcpServers: readonly DhcpServerDefinition[]
  /** These three are younger than the format. */
  readonly routerAdvertisements?: readonly RouterAdvertisementDefinition[]
  readonly dhcpv6Servers?: readonly Dhcpv6ServerDefinition[]
  /** What begins outside does not come in. */
  readonly ipv6Firewall?: { readonly inside: readonly string[]; readonly outside: string } | null
  /** Adapters on which it asks who listens to which groups. */
  readonly multicastQuerier?: readonly string[]
  readonly nat: NatDefinition | null
  /** Forwarder: passes questions on; resolver: walks the tree from the root; zones: answers with authority. */
  readonly dns: DnsServerDefinition | null
  readonly vpnServer: VpnServerDefinition | null
  readonly http?: HttpServerDefinition | null
  readonly ssh?: SshDefinition | null
  readonly vpns: readonly VpnDefinition[]
  readonly hyperV: HyperVDefinition | null
}

export type AdapterDefinition = {
  readonly name: string
  readonly description: string
  readonly kind: 'ethernet' | 'wifi' | 'virtual'
  /** Six octets as text; empty = drawn from the seed. */
  readonly mac: string
  /** `dhcp`, or an address with prefix length. */
  readonly address: string
  readonly gateway: string
  /** `auto` (also when absent), `none`, or an IPv6 address with prefix length, and the router that goes with it. */
  readonly address6?: string
  readonly gateway6?: string
  /** Metric, 0 = automatic. */
  readonly metric: number
  /** SSIDs that the adapter joins by itself, best first. */
  readonly joins: readonly string[]
}

export type NatDefinition = {
  readonly inside: readonly string[]
  readonly outside: string
  /** RFC 4787 section 5. */
  readonly filtering: 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'
  readonly hairpin: boolean
  readonly forwards: readonly {
    readonly protocol: 'tcp' | 'udp'
    readonly port: number
    readonly to: string
    readonly toPort: number
  }[]
}

export type DhcpServerDefinition = {
  readonly adapter: string
  readonly first: string
  readonly last: string
  readonly leaseSeconds: number
  readonly router: string
  readonly dnsServers: readonly string[]
  readonly domain: string
  readonly reservations: readonly { readonly mac: string; readonly address: string }[]
}

/** What a router says about IPv6 on a network (RFC 4861). */
export type RouterAdvertisementDefinition = {
  readonly adapter: string
  /** Empty = the networks of the adapter. */
  readonly prefixes: readonly string[]
  readonly validSeconds: number
  readonly preferredSeconds: number
  readonly lifetimeSeconds: number
  /** Addresses, or other settings only, are to be asked for by DHCPv6. */
  readonly managed: boolean
  readonly other: boolean
  readonly dnsServers: readonly string[]
  readonly domain: string
}

export type Dhcpv6ServerDefinition = {
  readonly adapter: string
  /** Empty: it gives no addresses, only settings. */
  readonly first: string
  readonly last: string
  readonly leaseSeconds: number
  readonly dnsServers: readonly string[]
  readonly domain: string
}

export type DnsServerDefinition = {
  readonly mode: 'authority' | 'resolver' | 'forwarder'
  /** Forwarder: where to ask; empty = the machine's own DNS servers. Resolver: the root servers. */
  readonly upstream: readonly string[]
  readonly zones: readonly ZoneDefinition[]
  /** A forwarder adds the names of its DHCP clients under this domain. */
  readonly localDomain: string
}

export type ZoneDefinition = {
  readonly name: string
  readonly records: readonly { readonly name: string; readonly type: string; readonly value: string; readonly ttl: number }[]
}

export type HttpServerDefinition = {
  readonly port: number
  /** What it calls itself; empty = as the system's usual server does. */
  readonly server: string
  /** `type` empty = by the end of the path; `redirect` empty = the page is here. */
  readonly pages: readonly { readonly path: string; readonly type: string; readonly body: string; readonly redirect: string }[]
}

/** `software`: what follows `SSH-2.0-` when it says who it is. */
export type SshDefinition = { readonly port: number; readonly software: string }

export type VpnServerDefinition = {
  readonly pool: { readonly first: string; readonly last: string }
  /** The server's own address on every tunnel. */
  readonly address: string
  readonly dnsServers: readonly string[]
  readonly users: readonly { readonly name: string; readonly password: string }[]
}

export type VpnDefinition = {
  readonly name: string
  readonly server: string
  readonly user: string
  readonly password: string
  readonly suffix: string
}

export type HyperVDefinition = {
  readonly vms: readonly VmDefinition[]
  /** Default Switch mechanisms; switching one off takes away what depends on it. */
  readonly defaultSwitch: { readonly dhcp: boolean; readonly dns: boolean; readonly nat: boolean; readonly prefixLength: number }
}

export type VmDefinition = {
  readonly name: string
  /** The machine (role `guest`) that runs in it. */
  readonly machine: string
  readonly memoryBytes: number
  readonly generation: number
  readonly automaticStop: 'Save' | 'ShutDown' | 'TurnOff'
  readonly automaticStart: 'StartIfRunning' | 'Start' | 'Nothing'
  readonly running: boolean
  /** The key-value pair service tells the host the guest's addresses. */
  readonly reportsAddresses: boolean
  /** These are younger than the format. False: the guest has no drivers for synthetic devices. */
  readonly enlightened?: boolean
  readonly processors?: number
  readonly exposeVirtualizationExtensions?: boolean
}
