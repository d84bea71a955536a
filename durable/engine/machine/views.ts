import type { MibView } from '../ip/mib.ts'
import type { Counters as TcpCounters } from '../ip/tcp/context.ts'
import type { PortSettings } from '../link/virtual-port/settings.ts'
// What system calls answer: plain data, addresses as text (the edge of the engine), times in lab microseconds.

export type Os = 'windows-11' | 'ubuntu-24.04' | 'router' | 'server'

export type Identity = {
  readonly machine: string
  readonly hostname: string
  readonly os: Os
  /** Windows build, e.g. 26100; 0 elsewhere. */
  readonly build: number
  /** Windows Server; absent: a client. */
  readonly server?: true
  readonly user: string
  readonly elevated: boolean
  readonly bootedAt: number
}

/** What stands at a path. `changed` is lab time; 0: as it came with the system. `mode` has the permission bits. */
export type FileStat = {
  readonly kind: 'file' | 'directory' | 'link'
  readonly size: number
  readonly mode: number
  readonly owner: string
  readonly changed: number
  /** Of a link. */
  readonly target?: string
}

/** A job in the background; `status` null while it runs. */
export type JobView = {
  readonly pid: number
  readonly console: string
  readonly text: string
  readonly startedAt: number
  readonly status: number | null
  readonly stopped: boolean
}

/** Lab time and how to write it as a date: `epochMicros` is UTC at lab time zero, `zoneMinutes` the offset east of UTC. */
export type Clock = { readonly now: number; readonly epochMicros: number; readonly zoneMinutes: number }

export type AddressView = {
  readonly address: string
  readonly prefixLength: number
  readonly origin: 'manual' | 'dhcp' | 'link-local' | 'well-known' | 'ics' | 'ppp'
  readonly state: 'tentative' | 'preferred' | 'duplicate'
  /** Lab time of expiry, null = never. */
  readonly validUntil: number | null
}

export type AddressView6 = {
  readonly address: string
  readonly prefixLength: number
  readonly origin: 'well-known' | 'link-local' | 'manual' | 'ra' | 'temporary' | 'dhcp'
  readonly state: 'tentative' | 'preferred' | 'deprecated' | 'duplicate'
  /** Lab times, null = for ever. */
  readonly preferredUntil: number | null
  readonly validUntil: number | null
}

/** What an interface has of IPv6. Addresses are without zone. */
export type Ip6View = {
  readonly enabled: boolean
  readonly forwarding: boolean
  readonly acceptsRa: boolean
  readonly asksDhcp: boolean
  readonly mtu: number
  readonly hopLimit: number
  /** As routers say: addresses, or other settings, are to be had by DHCPv6. */
  readonly managed: boolean
  readonly other: boolean
  readonly addresses: readonly AddressView6[]
  readonly gateways: readonly string[]
  readonly dnsServers: readonly string[]
  /** The servers were set by people. */
  readonly dnsByHand?: boolean
  readonly domains: readonly string[]
  readonly groups: readonly string[]
}

export type RouteView6 = {
  readonly destination: string
  readonly prefixLength: number
  /** Empty: on-link. */
  readonly gateway: string
  readonly interface: number
  readonly metric: number
  readonly interfaceMetric: number
  readonly origin: 'kernel' | 'ra' | 'redirect' | 'static' | 'dhcp'
  readonly persistent: boolean
  /** 1 high, 0 medium, -1 low. */
  readonly preference: number
  readonly expiresAt: number | null
  /** Of Linux, where it is not the main table (254), an ordinary route, or a source that was not chosen for it. */
  readonly table?: number
  readonly type?: 'blackhole' | 'unreachable' | 'prohibit' | 'throw'
  readonly source?: string
}

export type InterfaceView = {
  readonly index: number
  readonly name: string
  readonly description: string
  readonly kind: 'ethernet' | 'wifi' | 'virtual' | 'loopback' | 'ppp'
  readonly guid: string
  /** 12 upper-case hex digits, empty for loopback and PPP. */
  readonly mac: string
  readonly enabled: boolean
  /** Media connected. */
  readonly up: boolean
  readonly mtu: number
  readonly metric: number
  readonly forwarding: boolean
  readonly dhcp: boolean
  /** Bits per second, 0 when the link is down. */
  readonly speed: number
  readonly addresses: readonly AddressView[]
  /** The link-local IPv6 address, empty when none; `ip6` has the whole. */
  readonly linkLocal6: string
  /** Absent where IPv6 is not bound. */
  readonly ip6?: Ip6View
  readonly gateways: readonly string[]
  readonly dnsServers: readonly string[]
  readonly dnsSuffix: string
  readonly ssid: string
  /** Hidden from the network list (the Default Switch). */
  readonly hidden: boolean
  readonly counters: {
    readonly receivedBytes: number
    readonly receivedPackets: number
    readonly sentBytes: number
    readonly sentPackets: number
  }
  readonly lease: LeaseView | null
}

/** What the DHCP client of an interface holds. */
export type LeaseView = {
  readonly state: 'init' | 'selecting' | 'requesting' | 'init-reboot' | 'bound' | 'renewing' | 'rebinding' | 'autoconfigured'
  readonly server: string
  readonly obtainedAt: number | null
  readonly renewAt: number | null
  readonly rebindAt: number | null
  readonly expiresAt: number | null
}

/** Whether a protocol or service is bound to an adapter (Windows). */
export type BindingView = {
  readonly index: number
  readonly adapter: string
  readonly component: string
  readonly name: string
  readonly bound: boolean
}

/** What is counted, by RFC 4293, 4113 and 4022; TCP is counted for both families together. */
export type ProtocolCounters = { readonly ip: MibView; readonly ip6: MibView; readonly tcp: TcpCounters }

export type NeighborView = {
  readonly interface: number
  readonly address: string
  readonly mac: string
  readonly state: 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'unreachable' | 'permanent'
  /** IPv6: it has said that it forwards. */
  readonly isRouter?: boolean
  /** Lab microseconds: when something was sent to it, when it proved to be there, when its link address or state was learned. */
  readonly used?: number
  readonly confirmed?: number
  readonly updated?: number
  /** As `ip -s neigh` counts: questions since it was asked about last, three more when it was not known before. */
  readonly probes?: number
}

export type RouteView = {
  readonly destination: string
  readonly prefixLength: number
  /** Empty: on-link. */
  readonly gateway: string
  readonly interface: number
  readonly metric: number
  readonly interfaceMetric: number
  readonly origin: 'kernel' | 'dhcp' | 'static' | 'ppp'
  readonly persistent: boolean
  /** A row of Windows as version 1 of the Windows Subsystem for Linux shows it. */
  readonly mirrored?: true
}

export type SocketView = {
  readonly protocol: 'tcp' | 'udp'
  /** `0.0.0.0` = all addresses; IPv6 in brackets-free text. */
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly state: string
  /** TCP: octets not read yet and octets not acknowledged yet; of a listener, connections that wait and how many may. */
  readonly receiveQueue?: number
  readonly sendQueue?: number
  readonly pid: number
  /** Windows: the service that owns it (`SharedAccess`), empty when none. */
  readonly component: string
  /** The image or program (`svchost.exe`). */
  readonly image: string
}

export type DnsCacheView = {
  readonly entry: string
  readonly name: string
  readonly type: string
  readonly data: string
  readonly expiresAt: number
  /** False: a cached "does not exist". */
  readonly found: boolean
}

// Hyper-V, on the computer that has it.

/** The physical adapters of a switch that are one, and how flows are spread over them. */
export type TeamView = {
  readonly algorithm: 'HyperVPort' | 'Dynamic'
  readonly members: readonly {
    readonly index: number
    readonly name: string
    readonly description: string
    readonly guid: string
  }[]
  readonly mappings: readonly { readonly adapter: string; readonly nic: number }[]
}

export type SwitchView = {
  readonly id: string
  readonly name: string
  readonly type: 'Internal' | 'Private' | 'External'
  /** Description and GUID of the physical adapter; empty where there is none. */
  readonly netAdapter: string
  readonly netAdapterGuid: string
  /** The computer has an adapter there. */
  readonly shared: boolean
  /** Ids of the extensions that people enabled; null: as they are on a new switch. */
  readonly extensions: readonly string[] | null
  readonly ics: boolean
  /** Switch Embedded Teaming; absent: it has none. */
  readonly team?: TeamView
  readonly notes: string
}

export type VmView = {
  readonly id: string
  readonly name: string
  readonly state: 'Off' | 'Running' | 'Saved' | 'Paused'
  readonly memoryBytes: number
  readonly startedAt: number | null
  readonly generation: number
  readonly version: string
  readonly notes: string
  readonly automaticStop: 'Save' | 'ShutDown' | 'TurnOff'
  readonly automaticStart: 'StartIfRunning' | 'Start' | 'Nothing'
  readonly checkpointType: 'Disabled' | 'Production' | 'ProductionOnly' | 'Standard'
  /** `answers`: the guest's part of it runs. */
  readonly services: readonly { readonly name: string; readonly enabled: boolean; readonly answers: boolean }[]
  readonly automaticCheckpoints: boolean
  readonly startDelay: number
  /** As configured; `memoryBytes` is what is assigned. */
  readonly startupBytes: number
  readonly dynamicMemory: boolean
  readonly minimumBytes: number
  readonly maximumBytes: number
  readonly processors: number
  readonly exposeExtensions: boolean
  readonly secureBoot: boolean
  readonly tpm: boolean
  readonly path: string
  readonly bootOrder: readonly string[]
  readonly drives: readonly {
    readonly kind: 'disk' | 'dvd'
    readonly controller: 'IDE' | 'SCSI'
    readonly number: number
    readonly location: number
    readonly path: string
  }[]
  /** Of the checkpoint that the present state comes after. */
  readonly parentCheckpoint: string
  /** Lab time since when it is metered, and how long it has run since; null: it is not metered. */
  readonly metering: { readonly since: number; readonly ran: number } | null
  /** Name of the lab's machine whose terminal it has; empty when there is no system in it. */
  readonly machine: string
}

/** A virtual hard disk among the computer's files. */
export type DiskView = {
  readonly path: string
  readonly sizeBytes: number
  readonly kind: 'Dynamic' | 'Fixed' | 'Differencing'
  readonly parent: string
  /** What is installed on it, empty = nothing. */
  readonly os: string
  /** Name of the machine that uses it, or empty. */
  readonly usedBy: string
}

export type VmCheckpointView = {
  readonly id: string
  readonly name: string
  readonly vm: string
  readonly vmId: string
  readonly createdAt: number
  /** Id of the checkpoint that it comes after. */
  readonly parent: string | null
  readonly parentName: string
  readonly standard: boolean
  readonly automatic: boolean
  /** What the machine does after going back to it. */
  readonly state: 'Off' | 'Saved'
}

export type VmAdapterView = {
  readonly id: string
  readonly name: string
  readonly managementOs: boolean
  readonly vm: string
  readonly vmId: string
  readonly switch: string
  readonly switchId: string
  readonly mac: string
  readonly dynamicMac: boolean
  /** An emulated adapter; the adapter's name is told to the guest. */
  readonly legacy?: boolean
  readonly deviceNaming?: boolean
  readonly connected: boolean
  /** False while the VM is off. */
  readonly running: boolean
  /** From the guest's key-value pair service; empty when it does not run. */
  readonly addresses: readonly string[]
  /** What is set at its port of the switch. */
  readonly settings: PortSettings
  /** Octets that the metering entries of its access list counted, in their order. */
  readonly metered: readonly number[]
}

export type HnsNetworkView = {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly flags: number
  readonly gatewayMac: string
  readonly gatewayAddress: string
  readonly addressPrefix: string
  readonly subnetId: string
  readonly ipSubnetId: string
  readonly activityId: string
  readonly natName: string
  readonly macPool: readonly [start: string, end: string]
  readonly interfaceGuid: string
  readonly layeredOn: string
  readonly updatedAt: number
}

export type VpnView = {
  readonly name: string
  readonly server: string
  readonly protocol: string
  readonly status: 'Connected' | 'Connecting' | 'Disconnected'
  readonly splitTunneling: boolean
}

/** A service of a Linux machine, as systemd shows it. */
export type UnitView = {
  readonly name: string
  readonly description: string
  readonly docs: readonly string[]
  readonly exec: string
  readonly ident: string
  readonly state: 'active' | 'inactive' | 'failed'
  readonly enabled: boolean
  /** Of the process that runs or ran last; 0 = never. */
  readonly pid: number
  /** Lab time of the last change of state, null = never. */
  readonly since: number | null
  readonly startedAt: number | null
  /** Its work is done and it stays: `active (exited)`. */
  readonly oneShot?: true
}

export type JournalView = {
  readonly at: number
  readonly unit: string
  readonly ident: string
  readonly pid: number
  readonly text: string
}

export type WifiView = { readonly ssid: string; readonly signal: number; readonly associated: boolean }

export type NetNatView = { readonly name: string; readonly prefix: string; readonly external: string } & NatSettings

/** What `Set-NetNat` sets, in its words; times in seconds. */
export type NatSettings = {
  readonly IcmpQueryTimeout: number
  readonly TcpEstablishedConnectionTimeout: number
  readonly TcpTransientConnectionTimeout: number
  readonly TcpFilteringBehavior: 'AddressDependentFiltering' | 'EndpointIndependentFiltering'
  readonly UdpFilteringBehavior: 'AddressDependentFiltering' | 'EndpointIndependentFiltering'
  readonly UdpIdleSessionTimeout: number
  readonly UdpInboundRefresh: boolean
}

export type NatExternalAddressView = { readonly id: number; readonly nat: string; readonly address: string }

export type NatMappingView = {
  readonly id: number
  readonly nat: string
  readonly protocol: 'TCP' | 'UDP'
  readonly externalAddress: string
  readonly externalPort: number
  readonly internalAddress: string
  readonly internalPort: number
  /** Who may use it, with prefix length. */
  readonly remotePrefix: string
}

export type NatSessionView = {
  /** Lab time of its beginning, null = not known. */
  readonly since?: number | null
  readonly protocol: 'TCP' | 'UDP' | 'ICMP'
  readonly inside: string
  readonly insidePort: number
  readonly outside: string
  readonly outsidePort: number
  readonly remote: string
  readonly remotePort: number
  readonly expiresAt: number
  /** How far a TCP connection is; for the others `established` says that an answer came. */
  readonly phase: 'opening' | 'established' | 'closing'
}

export type DhcpServerLeaseView = {
  readonly server: string
  readonly address: string
  readonly mac: string
  readonly hostname: string
  readonly expiresAt: number
  readonly state: 'offered' | 'bound' | 'declined'
}
