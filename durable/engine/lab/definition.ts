import type { Os } from '../machine/views.ts'

/**
 * What a lab consists of: the value of a `lab.yaml` after validation, plain data. Names are lower-case words with dashes;
 * ends of cables are written `machine/adapter` or `switch` (a free port). Times in microseconds, rates in bits per second.
 */
export type LabDefinition = {
  readonly title: string
  readonly summary: string
  /** UTC at lab time zero, in microseconds, and the zone that consoles show, in minutes east of UTC. */
  readonly epochMicros: number
  readonly zoneMinutes: number
  readonly machines: readonly MachineDefinition[]
  readonly switches: readonly SwitchDefinition[]
  readonly cables: readonly CableDefinition[]
  readonly radios: readonly RadioDefinition[]
  readonly checks: readonly CheckDefinition[]
}

export type MachineDefinition = {
  readonly name: string
  readonly hostname: string
  readonly os: Os
  readonly build: number
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
  readonly dhcpServers: readonly DhcpServerDefinition[]
  readonly nat: { readonly inside: readonly string[]; readonly outside: string } | null
  /** Forwarder: passes questions on; resolver: walks the tree from the root; zones: answers with authority. */
  readonly dns: DnsServerDefinition | null
  readonly vpnServer: VpnServerDefinition | null
  readonly vpns: readonly VpnDefinition[]
  readonly hyperV: HyperVDefinition | null
}

export type AdapterDefinition = {
  readonly name: string
  readonly description: string
  readonly kind: 'ethernet' | 'wifi'
  /** Six octets as text; empty = drawn from the seed. */
  readonly mac: string
  /** `dhcp`, or an address with prefix length. */
  readonly address: string
  readonly gateway: string
  /** Metric, 0 = automatic. */
  readonly metric: number
  /** SSIDs that the adapter joins by itself, best first. */
  readonly joins: readonly string[]
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
}

export type SwitchDefinition = { readonly name: string; readonly label: string; readonly ssid: string }
export type CableDefinition = {
  readonly name: string
  readonly a: string
  readonly b: string
  readonly latency: number
  readonly rate: number
  readonly plugged: boolean
}
/** Radio reach: the Wi-Fi adapter can join the access point (a switch with an SSID). */
export type RadioDefinition = {
  readonly adapter: string
  readonly accessPoint: string
  readonly latency: number
  readonly rate: number
}

export type CheckDefinition = {
  readonly id: string
  readonly title: string
  readonly points: number
  /** Sentence for a student when it fails; the engine adds what it saw. */
  readonly hint: string
  readonly verb: CheckVerb
}

/** What a check asks, at the level of intent. Machines by name; `subnet: default-switch` stands for the current prefix. */
export type CheckVerb =
  | { readonly kind: 'has-lease'; readonly machine: string; readonly subnet: string; readonly from: string }
  | { readonly kind: 'reaches'; readonly machine: string; readonly target: string; readonly expect: boolean }
  | {
      readonly kind: 'resolves'
      readonly machine: string
      readonly name: string
      readonly server: string
      readonly tcp: boolean
      readonly to: string
      readonly expect: boolean
    }
  | { readonly kind: 'neighbor'; readonly machine: string; readonly of: string; readonly state: string }
  | {
      readonly kind: 'socket'
      readonly machine: string
      readonly protocol: 'tcp' | 'udp'
      readonly port: number
      readonly owner: string
      readonly expect: boolean
    }
  | { readonly kind: 'command-used'; readonly machine: string; readonly pattern: string }
  | { readonly kind: 'packet-seen'; readonly machine: string; readonly protocol: string; readonly text: string }
  | { readonly kind: 'moved'; readonly machine: string }
