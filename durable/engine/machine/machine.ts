// A machine: its stack, its services, its processes and its consoles, and what power does to them.
import { LINUX, WINDOWS } from '../ip/profile.ts'
import { Stack, type StackState } from '../ip/stack.ts'
import type { Ip6Stack } from '../ip/v6/ip6-stack.ts'
import type { DhcpClient } from '../service/dhcp-client.ts'
import type { DhcpServer } from '../service/dhcp-server.ts'
import type { Dhcp6Client } from '../service/dhcp6-client.ts'
import { DnsClient } from '../service/dns-client.ts'
import type { DnsServer } from '../service/dns-server.ts'
import type { Firewall } from '../service/firewall.ts'
import type { HomeGate6 } from '../service/gate6.ts'
import type { L2tpServer } from '../service/l2tp-server.ts'
import { LinkNames } from '../service/link-names.ts'
import type { Nat } from '../service/nat.ts'
import type { Netbios } from '../service/netbios.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import type { IpAddress } from '../wire/addresses.ts'
import { addAdapter, addDhcpClient, addLoopback } from './adapters.ts'
import type { Shell } from './console.ts'
import { type ConsoleMachine, ConsoleSession, type ConsoleState } from './console-session.ts'
import type { JournalEntry } from './daemons/daemon.ts'
import { Units, type UnitsState } from './daemons/units.ts'
import type { MachineDefinition } from './definition.ts'
import type { Files, StoredFile } from './files.ts'
import { linkNamesOf } from './groups.ts'
import { dnsServersOf, hostsOf, suffixesOf } from './hosts.ts'
import { endInGuests, guestProcess, reapInGuest } from './hyper-v/direct.ts'
import type { HyperV } from './hyper-v/hyper-v.ts'
import { addClient6, createIp6, restoreIp6 } from './ip6.ts'
import { isJob, jobCalls, jobEnded, terminalOf, toJournal } from './jobs.ts'
import type { Kernel } from './kernel.ts'
import { createKernel } from './kernel-calls.ts'
import { networkLook } from './linux/network-rows.ts'
import { LinuxSystem } from './linux/system.ts'
import type { LogPage, LogPageState } from './log-page.ts'
import type { MachineListener, MachineState, Power } from './machine-state.ts'
import { Process, type ProcessMachine, type ProcessState } from './process.ts'
import type { NetworkLook, VpnControl } from './program.ts'
import { programs } from './programs/index.ts'
import { systemFiles } from './system-files.ts'
import { rightsOf } from './unelevated.ts'
import type { Clock } from './views.ts'
import type { Wifi } from './wifi.ts'
import { serversByPolicy } from './windows/dns-settings.ts'
import { EventLog } from './windows/event-log.ts'
import { netbiosOf } from './windows/netbios-calls.ts'
import { silentOnLink } from './windows/registry-effects.ts'
import { firewallOf, networkOf, type WindowsNetwork } from './windows/windows-network.ts'
import { WindowsSystem } from './windows/windows-system.ts'
import type { World } from './world.ts'

export type { MachineListener, MachineState, Power } from './machine-state.ts'

/** Time between the order to restart and the system being up again. */
const REBOOT_TIME = 20 * SECOND
const MAX_PROCESSES = 32

export class Machine implements Part, ProcessMachine, ConsoleMachine {
  readonly kind = 'machine'
  readonly version = 1
  readonly name: string
  readonly definition: MachineDefinition
  readonly world: World
  readonly sim: Simulation
  readonly stack: Stack
  readonly ip6: Ip6Stack
  readonly dns: DnsClient
  readonly linkNames: LinkNames | undefined
  /** Only on Windows. */
  readonly netbios: Netbios | undefined
  readonly files: Files
  readonly shell: Shell
  readonly firewall: Firewall | undefined
  /** Only on Windows. */
  readonly network: WindowsNetwork | undefined
  readonly dhcpClients = new Map<number, DhcpClient>()
  /** Asks for what routers say is to be had by DHCPv6; none on a machine that forwards. */
  dhcp6: Dhcp6Client | undefined
  readonly dhcpServers: DhcpServer[] = []
  readonly wifis: Wifi[] = []
  readonly sessions = new Map<string, ConsoleSession>()
  readonly jobs = jobCalls(this)
  readonly vpns = new Map<string, VpnControl>()
  /** Services that listen for connections: they begin with the machine. */
  readonly servers: { start(): void; resume(): void; reset(): void }[] = []
  dnsServer: DnsServer | undefined
  vpnServer: L2tpServer | undefined
  nat: Nat | undefined
  gate6: HomeGate6 | undefined
  hyperV: HyperV | undefined
  /** The computer that this one runs on. */
  host: Machine | undefined
  /** Undefined on Windows. */
  readonly linux: LinuxSystem | undefined
  readonly system: WindowsSystem | undefined
  readonly eventLog: EventLog | undefined
  power: Power
  bootedAt: Micros
  boots: number
  rebootAt: Micros
  private rebootOrigin: number
  /** Interfaces whose DNS servers were set by hand. */
  readonly manualDns: Set<number>
  private nextPid: number
  private knownUnits: Units | undefined
  private readonly processes = new Map<number, Process>()
  private readonly listener: MachineListener
  private readonly storedState: MachineState | undefined

  constructor(world: World, definition: MachineDefinition, shell: Shell, listener: MachineListener) {
    const state = world.stored<MachineState>(definition.name)
    this.world = world
    this.sim = world.sim
    this.definition = definition
    this.name = definition.name
    this.shell = shell
    this.listener = listener
    this.storedState = state
    this.power = state?.power ?? 'off'
    this.bootedAt = state?.bootedAt ?? 0
    this.boots = state?.boots ?? 0
    this.nextPid = state?.nextPid ?? (this.windows ? 4_000 : 1_200)
    this.rebootAt = loadTime(state?.rebootAt ?? null)
    this.rebootOrigin = state?.rebootOrigin ?? 0
    this.manualDns = new Set(state?.manualDns ?? [])
    world.add(this)
    this.stack = new Stack(world.sim, world.recorder, this.name, this.windows ? WINDOWS : LINUX)
    this.stack.powered = false
    this.stack.answersEcho = this.windows || definition.answersPing
    this.firewall = this.windows ? firewallOf(this) : undefined
    this.stack.filter = this.firewall
    this.network = this.windows ? networkOf(this) : undefined
    if (this.firewall) this.stack.watchers.push(this.firewall)
    world.add(this.stack)
    this.ip6 = createIp6(this)
    this.linux = this.windows ? undefined : new LinuxSystem(this)
    this.system = this.windows ? new WindowsSystem(this) : undefined
    this.eventLog = this.windows ? new EventLog(this) : undefined
    addLoopback(this)
    for (const [at, adapter] of definition.adapters.entries()) addAdapter(this, adapter, at)
    this.linux?.delivery()
    addClient6(this)
    this.files = systemFiles(this, state?.files)
    const { mdns, llmnr } = linkNamesOf(definition)
    const dialect = this.windows ? ('windows' as const) : ('linux' as const)
    this.linkNames =
      mdns || llmnr
        ? world.add(
            new LinkNames(
              this.stack,
              { dialect, hostname: () => this.hostname, mdns, llmnr, silent: (one) => silentOnLink(this, one) },
              world.stored(`${this.name}/link-names`),
            ),
          )
        : undefined
    this.netbios = netbiosOf(this)
    this.dns = world.add(
      new DnsClient(
        world.sim,
        this.stack,
        {
          dialect,
          link: this.linkNames,
          ownNames: () => this.ownNames(),
          hosts: () => hostsOf(this),
          suffixes: () => this.suffixes(),
          servers: () => this.dnsServers(),
          caches: () => this.runs('Dnscache'),
          policy: (name) => serversByPolicy(this.network, name),
        },
        world.stored(`${this.name}/dns-client`),
      ),
    )
  }

  /** After every part of the lab stands: stack state, processes and consoles as they were stored. */
  restore(): void {
    const stored = this.world.stored<StackState>(`${this.name}/stack`)
    this.linux?.restore()
    if (stored) this.stack.load(stored)
    this.linux?.restored()
    restoreIp6(this, stored === undefined)
    // Adapters that were told to ask for their address since.
    for (const via of this.stack.interfaces.values()) if (via.dhcp && !this.dhcpClients.has(via.index)) addDhcpClient(this, via)
    for (const wifi of this.wifis) wifi.restore()
    for (const server of this.servers) server.resume()
    const state = this.storedState
    for (const pid of state?.pids ?? []) this.restoreProcess(pid)
    for (const console of state?.consoles ?? []) {
      const row = this.world.stored<ConsoleState>(`${this.name}/console/${terminalOf(console)}`)
      this.session(console)?.resume(row as ConsoleState)
    }
    this.freeze(this.power === 'saved' || (this.power === 'on' && !this.stack.powered))
  }

  get windows(): boolean {
    return this.definition.os === 'windows-11'
  }
  /** Who sits at its consoles. */
  get user(): string {
    return this.windows ? 'Student' : this.definition.os === 'router' ? 'root' : 'student'
  }
  get hostname(): string {
    return this.definition.hostname
  }
  get clock(): Clock {
    return { now: this.sim.now, epochMicros: this.world.epochMicros, zoneMinutes: this.world.zoneMinutes }
  }

  // Names

  ownNames(): string[] {
    return this.windows ? [this.hostname, 'localhost'] : ['localhost']
  }

  suffixes(): string[] {
    return suffixesOf(this)
  }
  /** The servers of the best interface first: lowest metric among those that are up (a VPN's is lowest of all). */
  dnsServers(): IpAddress[] {
    return dnsServersOf(this)
  }

  dhcpClient(index: number): DhcpClient | undefined {
    return this.dhcpClients.get(index)
  }
  vpn(name: string): VpnControl | undefined {
    for (const [known, control] of this.vpns) if (known.toLowerCase() === name.toLowerCase()) return control
    return undefined
  }

  /** A part of its own as soon as anybody asks: most machines never need it. */
  get units(): Units {
    if (this.knownUnits === undefined) this.knownUnits = this.world.add(new Units(this))
    return this.knownUnits
  }

  /** To look at: nothing comes to be by it. */
  get shownUnits(): Units {
    return this.knownUnits ?? new Units(this)
  }

  /** Tells of each new line of the journal until the answer is called. */
  followJournal(follower: (entry: JournalEntry) => void): () => void {
    const { followers } = this.units
    followers.add(follower)
    return () => void followers.delete(follower)
  }

  /** Puts back what ran when the machine was stored. */
  restoreUnits(): void {
    const stored = this.world.stored<UnitsState>(`${this.name}/units`)
    if (stored) this.knownUnits = this.world.add(new Units(this, stored))
  }

  /** Whether a service runs; elsewhere than on Windows whatever it does is always done. */
  runs(service: string): boolean {
    return this.system === undefined || this.system.services.runs(service)
  }

  get netlink(): NetworkLook | undefined {
    return this.linux && networkLook(this, this.linux)
  }

  takePid(): number {
    do this.nextPid += this.windows ? 4 : 1
    while (this.process(this.nextPid) || this.host?.process(this.nextPid))
    return this.nextPid
  }

  // Power

  powerOn(): void {
    if (this.power === 'on') return
    this.power = 'on'
    this.bootedAt = this.sim.now
    this.boots++
    this.rebootAt = NEVER
    this.linux?.prepare()
    this.system?.powerOn()
    this.stack.powerOn()
    for (const wifi of this.wifis) wifi.autoJoin()
    for (const client of this.dhcpClients.values()) if (client.via.dhcp && this.runs('Dhcp')) client.start()
    for (const server of this.servers) server.start()
    ;(this.linux?.hasInterfacesFile ? this.units : this.knownUnits)?.powerOn()
    this.system?.services.poweredOn()
    this.hyperV?.hostStarted()
    this.sim.touch(this)
  }

  /** Everything that is not on disk is gone. */
  powerOff(): void {
    if (this.power === 'off') return
    if (this.power === 'saved') this.freeze(false)
    this.hyperV?.hostStopping()
    this.knownUnits?.powerOff()
    // Nobody is told: what held a connection is gone from one moment to the next.
    this.stack.tcp.clear()
    for (const process of [...this.processes.values()]) this.endProcess(process)
    for (const session of [...this.sessions.values()]) {
      session.reset()
      if (session.job) this.forgetSession(session)
    }
    for (const vpn of this.vpns.values()) vpn.disconnect()
    for (const client of this.dhcpClients.values()) client.stop()
    for (const server of this.dhcpServers) server.freeAll()
    this.nat?.clear()
    this.gate6?.clear()
    this.firewall?.clear()
    this.network?.clear()
    this.dns.reset()
    this.linkNames?.reset()
    this.netbios?.reset()
    this.dnsServer?.reset()
    for (const server of this.servers) if (server !== this.dnsServer) server.reset()
    this.vpnServer?.reset()
    this.stack.powerOff()
    this.linux?.shutdown()
    this.power = 'off'
    this.sim.touch(this)
  }

  /** The state of everything is kept and nothing moves until `resumeFromSave`: for the guest no time passes. */
  saveState(): void {
    if (this.power !== 'on') return
    this.power = 'saved'
    this.stack.powered = false
    this.freeze(true)
    this.sim.touch(this)
  }

  resumeFromSave(): void {
    if (this.power !== 'saved') return
    this.power = 'on'
    this.stack.powered = true
    this.freeze(false)
    this.sim.touch(this)
  }

  freeze(frozen: boolean): void {
    this.sim.freeze((name) => name.startsWith(`${this.name}/`), frozen)
    this.hyperV?.standStill(frozen)
  }

  reboot(): void {
    this.rebootAt = this.sim.now
    this.rebootOrigin = this.sim.origin
    this.sim.touch(this)
  }

  pollAt(): Micros {
    return this.rebootAt
  }
  transientAt(): Micros {
    return this.rebootAt
  }

  poll(now: Micros): void {
    this.sim.origin = this.rebootOrigin
    if (this.power === 'on') {
      this.powerOff()
      this.rebootAt = now + REBOOT_TIME
      this.sim.touch(this)
    } else {
      this.powerOn()
      this.listener.rebooted(this)
    }
  }

  // Processes

  kernelFor(console: string, command: number): Kernel {
    return rightsOf(createKernel(this, console, command))
  }

  spawn(program: string, args: Json, console: string, command: number): number {
    const factory = programs[program]
    if (factory === undefined || this.processes.size >= MAX_PROCESSES) return 0
    const process = new Process(this, factory, {
      pid: this.takePid(),
      program,
      args,
      console,
      origin: command,
      startedAt: this.sim.now,
    })
    this.processes.set(process.pid, process)
    this.world.add(process)
    this.sim.origin = command
    process.start()
    this.sim.touch(this)
    return process.pid
  }

  private restoreProcess(pid: number): void {
    const stored = this.world.stored<ProcessState>(`${this.name}/process/${pid}`)
    const factory = stored && programs[stored.program]
    if (!stored || !factory) return
    const process = new Process(this, factory, stored)
    this.processes.set(pid, process)
    this.world.add(process)
    this.dns.reattach(process)
  }

  process(pid: number): Process | undefined {
    return this.processes.get(pid) ?? (this.hyperV && guestProcess(this, pid))
  }
  get running(): Process[] {
    return [...this.processes.values()]
  }

  storedPage(name: string): LogPageState | undefined {
    return this.world.stored(name)
  }
  addPage(page: LogPage): void {
    this.world.add(page)
  }

  reap(pid: number): void {
    const process = this.processes.get(pid)
    if (process) this.endProcess(process)
    else reapInGuest(this, pid)
  }

  private endProcess(process: Process): void {
    process.kill()
    this.processes.delete(process.pid)
    this.sim.remove(process)
    this.sim.touch(this)
  }

  processSpoke(process: Process): void {
    for (let at: Machine | undefined = this; at !== undefined; at = at.host) {
      const session = at.sessions.get(process.console)
      if (session) this.sim.touch(session)
    }
  }

  // Consoles

  /** The session of a console, begun when it is first used; undefined on a machine without terminals. */
  session(console: string): ConsoleSession | undefined {
    if (!this.definition.console) return undefined
    const known = this.sessions.get(console)
    if (known) return known
    const stored = this.world.stored<ConsoleState>(`${this.name}/console/${terminalOf(console)}`)
    const session = new ConsoleSession(
      this,
      console,
      (s, command, text) => toJournal(this, s, text) || this.listener.printed(s, command, text),
      (s, command, status) => this.sessionEnded(s, command, status),
      stored,
    )
    this.sessions.set(console, session)
    this.world.add(session)
    this.sim.touch(this)
    return session
  }

  forgetSession(session: ConsoleSession): void {
    this.sessions.delete(session.console)
    this.sim.remove(session)
    this.sim.touch(this)
  }

  /** Ends what runs there; the terminal and what it remembered are gone. */
  closeSession(console: string): void {
    const session = this.sessions.get(console)
    if (!session) return
    session.interrupt()
    this.forgetSession(session)
  }

  /** A line has ended: what it left running ends with it. */
  private sessionEnded(session: ConsoleSession, command: number, exitStatus: number): void {
    for (const process of this.running)
      if (process.console === session.console && process.origin === command) this.endProcess(process)
    endInGuests(this, session.console, command)
    if (isJob(session.console)) jobEnded(this, session, exitStatus)
    else this.listener.ended(session, command, exitStatus)
  }

  save(): MachineState & Json {
    return {
      power: this.power,
      bootedAt: this.bootedAt,
      boots: this.boots,
      nextPid: this.nextPid,
      rebootAt: storeTime(this.rebootAt),
      rebootOrigin: this.rebootOrigin,
      files: this.files.save() as (StoredFile & Json)[],
      manualDns: [...this.manualDns],
      pids: [...this.processes.keys()],
      consoles: [...this.sessions.keys()],
    }
  }
}
