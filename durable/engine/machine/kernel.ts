import type { PortSettings } from '../link/virtual-port/settings.ts'
import type { Json } from '../sim/json.ts'
import type { LinuxCalls } from './linux/linux-views.ts'
import type {
  BindingView,
  Clock,
  DhcpServerLeaseView,
  DiskView,
  DnsCacheView,
  FileStat,
  HnsNetworkView,
  Identity,
  InterfaceView,
  JobView,
  JournalView,
  NatExternalAddressView,
  NatMappingView,
  NatSessionView,
  NatSettings,
  NeighborView,
  NetNatView,
  ProtocolCounters,
  RouteView,
  RouteView6,
  SocketView,
  SwitchView,
  UnitView,
  VmAdapterView,
  VmCheckpointView,
  VmView,
  VpnView,
  WifiView,
} from './views.ts'
import type { WindowsNetCalls } from './windows/net-calls.ts'
import type { WindowsCalls } from './windows/windows-views.ts'

/** The answer of a system call that changes something. `error` is a code that shells turn into the real thing's text. */
export type Outcome =
  | { readonly ok: true; readonly value?: Json }
  | { readonly ok: false; readonly error: KernelError; readonly detail?: string }

export type KernelError =
  | 'not-found'
  | 'exists'
  | 'access-denied'
  | 'invalid'
  | 'media-disconnected'
  | 'not-dhcp'
  | 'no-route'
  | 'wrong-state'
  | 'ics-switch'
  | 'in-use'
  | 'exhausted'
  | 'no-service'
  | 'is-directory'
  | 'not-directory'
  | 'not-empty'
  | 'no-space'
  | 'not-simulated'

/**
 * The system calls of a simulated machine: all that a shell may use. Answers are plain data, so that a suspended command
 * can be run again against what its calls answered the first time. Calls never wait; a program is started with `spawn` and
 * its events are awaited by yielding (see `console.ts`).
 */
export interface Kernel {
  identity(): Identity
  clock(): Clock

  /** Those that speak IP. */
  interfaces(): InterfaceView[]
  /** All of them; an adapter that a virtual switch has taken speaks no IP. */
  adapters(): InterfaceView[]
  /** What is bound to adapters; empty where the system has no such thing. */
  bindings(): BindingView[]
  setBinding(index: number, component: string, on: boolean): Outcome
  neighbors(): NeighborView[]
  routes(): RouteView[]
  neighbors6(): NeighborView[]
  routes6(): RouteView6[]
  sockets(): SocketView[]
  /** What the protocols have counted since the machine was switched on, by the names of their RFCs. */
  protocolCounters(): ProtocolCounters
  dnsCache(): DnsCacheView[]
  flushDnsCache(): Outcome
  /** Suffixes that single-label names get. */
  dnsSuffixes(): string[]

  setInterfaceEnabled(index: number, enabled: boolean): Outcome
  addAddress(index: number, address: string, prefixLength: number): Outcome
  removeAddress(index: number, address: string): Outcome
  addRoute(route: {
    destination: string
    prefixLength: number
    gateway: string
    interface: number
    metric: number
    persistent: boolean
  }): Outcome
  removeRoute(destination: string, prefixLength: number, gateway?: string): Outcome
  addNeighbor(index: number, address: string, mac: string): Outcome
  removeNeighbor(index: number, address: string): Outcome
  flushNeighbors(index: number): Outcome
  setForwarding(index: number, on: boolean): Outcome
  /** Index 0 = all. */
  setForwarding6(index: number, on: boolean): Outcome
  /** Whether a host believes routers. Index 0 = all. */
  setAcceptRa6(index: number, on: boolean): Outcome
  setIp6Enabled(index: number, on: boolean): Outcome
  flushNeighbors6(index: number): Outcome
  /** Gives an address of DHCPv6 back, or asks again; `not-dhcp` where there is nothing to be had. */
  dhcp6(index: number, action: 'release' | 'renew'): Outcome
  /** Null: those that were learned. Without a family both are set, to the servers that are of it. */
  setDnsServers(index: number, servers: string[] | null, family?: 4 | 6): Outcome
  /** Whether the interface asks for its IPv4 address; off gives the leased one up without a word to the server. */
  setDhcp(index: number, on: boolean): Outcome
  setMetric(index: number, metric: number): Outcome

  /** Text of a file, or undefined. Paths in the machine's own style; Windows ones without regard to case. */
  readFile(path: string): string | undefined
  writeFile(path: string, text: string): Outcome
  listFiles(path: string): { name: string; directory: boolean; size: number }[] | undefined
  /** What stands at a path; a link itself when `follow` is false. */
  stat(path: string, follow?: boolean): FileStat | undefined
  appendFile(path: string, text: string): Outcome
  makeDirectory(path: string, mode?: number): Outcome
  /** Removes a file, a link or an empty directory. */
  removeFile(path: string): Outcome
  renameFile(from: string, to: string): Outcome
  linkFile(target: string, path: string): Outcome
  changeFile(path: string, change: { readonly mode?: number; readonly owner?: string; readonly touch?: boolean }): Outcome
  /** Characters that people's files take, and may take. */
  diskUse(): { readonly used: number; readonly limit: number }

  /** Starts a program of `machine/programs/`; answers its process id. Its events are awaited by `yield { wait: pid }`. */
  spawn(program: string, args: Json): number
  /** Ends a process as Ctrl-C does. */
  kill(pid: number): void
  /**
   * Gives a running program input: text of one character an octet (`octetsOf` of `wire/bytes.ts`). Refused with `in-use` while 64 KiB
   * wait to be taken: the program then reports `{ kind: 'drained' }` when it wants more. Refused with `wrong-state` after
   * `closeInput`, after its end, and by a program that takes no input.
   */
  write(pid: number, octets: string): Outcome
  /** The end of a program's input, as Ctrl-D or the end of a pipe. */
  closeInput(pid: number): Outcome
  processes(): { pid: number; program: string; startedAt: number; stopped: boolean }[]
  /** Runs a line of this console's shell in the background, with a memory of its own; answers a process id, 0 when there are too many. */
  startJob(line: string, memory: Json): number
  /**
   * Parts the line that runs in two, as fork does: what it has in front goes on as a job of its own, stopped, and this line without
   * it. Answers the job's process id here, 0 in the job; -1 when there are too many. The job sees whatever this line has seen so far.
   */
  fork(text: string): number
  jobs(): JobView[]
  /** Forgets a job that has ended. */
  reapJob(pid: number): void
  /** Sends a signal by its number to a process or a job; 0 only looks whether it is there. A job that is stopped gets most of them when it goes on. */
  signal(pid: number, number: number): Outcome

  /** Powers the machine off and on again as the operating system does it. Ends every console of the machine. */
  reboot(): Outcome

  /** Services of a Linux machine, and what they have written; empty elsewhere. */
  units(): UnitView[]
  /** `args`: what a daemon is started with instead of its configuration file. */
  unit(name: string, action: 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable', args?: Json): Outcome
  journal(): JournalView[]

  wifiNetworks(): WifiView[]
  connectWifi(ssid: string | null): Outcome
  vpns(): VpnView[]
  natSessions(): NatSessionView[]
  dhcpServerLeases(): DhcpServerLeaseView[]

  /** The system calls of a guest, by the id of its machine: PowerShell Direct. Whether it runs is for the caller to ask. */
  guest(vmId: string): Kernel | undefined

  /** Only on a computer with Hyper-V; undefined elsewhere. */
  readonly hyperV: HyperVCalls | undefined
  /** Only on Linux. */
  readonly linux: LinuxCalls | undefined
  /** Only on Windows. */
  readonly windowsNet: WindowsNetCalls | undefined
  readonly windows: WindowsCalls | undefined
}

export type VmChange = {
  readonly name?: string
  readonly notes?: string
  readonly automaticStart?: VmView['automaticStart']
  readonly automaticStop?: VmView['automaticStop']
  readonly checkpointType?: VmView['checkpointType']
  /** Those that are enabled. */
  readonly services?: readonly string[]
  readonly automaticCheckpoints?: boolean
  readonly startDelay?: number
  readonly tpm?: boolean
  readonly path?: string
  /** Those from here on only while the machine is off. */
  readonly memoryBytes?: number
  readonly dynamicMemory?: boolean
  readonly minimumBytes?: number
  readonly maximumBytes?: number
  readonly processors?: number
  readonly exposeExtensions?: boolean
  readonly secureBoot?: boolean
  readonly bootOrder?: readonly string[]
  readonly drives?: VmView['drives']
  readonly version?: string
}

export type AdapterChange = {
  readonly name?: string
  readonly settings?: Partial<PortSettings>
  readonly mac?: number | null
  readonly deviceNaming?: boolean
}

export type NewVmWish = {
  readonly name: string
  readonly generation: number
  readonly memoryBytes: number
  /** Null: its adapter is connected to none. */
  readonly switchId: string | null
  readonly version: string
}

/** What a switch is to be: `nic`, the index of a physical adapter, makes it external; `shared`: the computer is on it, too. */
export type SwitchWish = {
  readonly type?: 'Internal' | 'Private'
  readonly nic?: number
  /** Further ones: a team, which only a server has. */
  readonly others?: readonly number[]
  readonly shared?: boolean
  /** Ids of those that are enabled. */
  readonly extensions?: readonly string[]
}

/** What the boot loader is told: data execution prevention, and whether it starts the hypervisor. */
export type BootSettings = { readonly nx: 'OptIn' | 'OptOut' | 'AlwaysOff' | 'AlwaysOn'; readonly launch: 'Auto' | 'Off' }

/** A machine that was written to files. Of adapters: the name of the switch, empty = none, and whether it is there. */
export type ExportedVmView = {
  readonly id: string
  readonly name: string
  readonly generation: number
  readonly adapters: readonly { readonly id: string; readonly name: string; readonly switch: string; readonly found: boolean }[]
  readonly disks: readonly { readonly path: string; readonly found: boolean }[]
}

/** `copy` false: its files are used where they are. Folders empty = the usual ones. `plugs`: switches by adapter, instead of the written ones. */
export type VmImport = {
  readonly path: string
  readonly copy: boolean
  readonly newId: boolean
  readonly diskFolder: string
  readonly folder: string
  readonly plugs: { readonly [adapterId: string]: string }
}

/** The Windows Subsystem for Linux. Version 1 has no machine: Windows itself runs the programs. */
export type WslView = { readonly id: string; readonly version: 1 | 2; readonly running: boolean }

export interface HyperVCalls {
  wsl(): WslView
  /** Nothing when it runs. `no-service`: the computer has no hypervisor running; `exhausted`: no network is left for it. */
  runWsl(): Outcome
  endWsl(): Outcome
  boot(): BootSettings
  /** From the next start on. */
  setBoot(change: Partial<BootSettings>): Outcome
  switches(): SwitchView[]
  vms(): VmView[]
  adapters(): VmAdapterView[]
  hnsNetworks(): HnsNetworkView[]
  /** Its switch goes with it; that of the Default Switch is made anew when the computer starts. `not-found`. */
  removeHnsNetwork(id: string): Outcome
  /**
   * Answers the id as `value`. `exhausted`: no MAC address is left, or there are too many switches; `in-use`: another switch
   * has the adapter (its description is the detail); `wrong-state`: it is disabled; `not-found`: it is no physical one.
   */
  makeSwitch(what: SwitchWish & { name: string; notes: string }): Outcome
  setSwitch(id: string, change: SwitchWish & { name?: string; notes?: string }): Outcome
  removeSwitch(id: string): Outcome
  /** Of a switch that has a team; else `invalid`. `nics`: who is to be in it; `in-use`, `wrong-state` as in making one. */
  setTeam(id: string, change: { readonly nics?: readonly number[]; readonly algorithm?: 'HyperVPort' | 'Dynamic' }): Outcome
  /** The adapter of a team that a virtual one is to go by, by its index; null: whichever. `invalid`: its switch has no such member. */
  mapAdapter(adapterId: string, nic: number | null): Outcome
  startVm(id: string): Outcome
  /** `shutdown` asks the guest, `turn-off` pulls the plug. */
  stopVm(id: string, how: 'shutdown' | 'turn-off' | 'save'): Outcome
  resetVm(id: string): Outcome
  pauseVm(id: string): Outcome
  resumeVm(id: string): Outcome
  /** `wrong-state`: something of it only while the machine is off. */
  setVm(id: string, change: VmChange): Outcome
  /** Answers the id as `value`. */
  newVm(what: NewVmWish): Outcome
  /** `wrong-state`: it is neither off nor saved. */
  removeVm(id: string): Outcome
  /** Writes it, or it as a checkpoint (its id) has it, into a folder of its name there; answers the path of its configuration as `value`. `exists`, `exhausted`. */
  exportVm(id: string, folder: string, checkpoint?: string): Outcome
  /** What a configuration asks for, and whether it is there; undefined: the file is none. */
  exportedVm(path: string, newId: boolean): ExportedVmView | undefined
  /** Answers the id as `value`. `not-found`, `exists`, `invalid`: a switch is not there; `in-use`: a file is where a copy would go. */
  importVm(what: VmImport): Outcome
  disks(): DiskView[]
  /** `exists`; `not-found`: there is no such parent. */
  makeDisk(disk: { path: string; sizeBytes: number; kind: DiskView['kind']; parent: string }): Outcome
  /** `in-use`. */
  removeDisk(path: string): Outcome
  /** A file of the computer's into the guest (Guest Service Interface); `no-service`, `exists`, `not-found`. */
  copyToVm(id: string, source: string, destination: string, force: boolean): Outcome
  /** On: counts begin anew. */
  meterVm(id: string, on: boolean): Outcome
  /** `vmId` null: of the computer itself. Answers the id as `value`. `exhausted`, `wrong-state`, `invalid`: no legacy adapters in generation 2. */
  addAdapter(vmId: string | null, what: { name: string; switchId: string | null; legacy: boolean; mac: number | null }): Outcome
  removeAdapter(adapterId: string): Outcome
  checkpoints(): VmCheckpointView[]
  /** Answers the id as `value`. `wrong-state`: they are switched off; `exhausted`: there are too many. */
  makeCheckpoint(vmId: string, name: string): Outcome
  /** The machine is off afterwards. */
  applyCheckpoint(id: string): Outcome
  renameCheckpoint(id: string, name: string): Outcome
  removeCheckpoint(id: string, children: boolean): Outcome
  netNats(): NetNatView[]
  /** `exists`: the name is taken; `invalid`: no prefix, or one that overlaps another. */
  newNetNat(name: string, prefix: string, external?: string): Outcome
  setNetNat(name: string, change: Partial<NatSettings>): Outcome
  natExternalAddresses(): NatExternalAddressView[]
  /** Answers its id as `value`. */
  addNatExternalAddress(nat: string, address: string): Outcome
  removeNatExternalAddress(id: number): Outcome
  removeNetNat(name: string): Outcome
  natMappings(): NatMappingView[]
  /** Answers its id as `value`. `in-use`: the external port is forwarded already. */
  addNatMapping(nat: string, mapping: Omit<NatMappingView, 'id' | 'nat'>): Outcome
  removeNatMapping(id: number): Outcome
  /** Where dynamic MAC addresses come from. */
  macPool(): { readonly first: number; readonly last: number }
  setMacPool(range: { readonly first: number; readonly last: number }): Outcome
  connectAdapter(adapterId: string, switchId: string | null): Outcome
  /** Of a guest's adapter or of the computer's own. Settings that are not given stay. */
  /** `mac` null: a dynamic one again; only while the machine is off. */
  setAdapter(adapterId: string, change: AdapterChange): Outcome
}
