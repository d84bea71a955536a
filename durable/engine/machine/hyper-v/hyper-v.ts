// Hyper-V on a Windows computer: its virtual machines, the switch they stand on, and what starting and stopping the
// computer does to them (fact sheet 4.6).
import { Cable, type CableState } from '../../link/cable.ts'
import { NO_MAC, VirtualSwitch, type VirtualSwitchState } from '../../link/virtual-switch.ts'
import { Nat } from '../../service/nat.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { loadTime, MINUTE, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import { civilTime } from '../calendar.ts'
import type { MachineDefinition, VmDefinition } from '../definition.ts'
import type { BootSettings, Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { Checkpoints } from './checkpoints.ts'
import { DefaultSwitch, type DefaultSwitchState, HOST_ADAPTER, NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import type { Disk } from './disks.ts'
import { VMBUS_LATENCY } from './host-adapter.ts'
import type { HostsEntry } from './hosts-ics.ts'
import { MacPool, type MacPoolState } from './mac-pool.ts'
import type { Network } from './prefix.ts'
import { SwitchBoard } from './switch-board.ts'
import { TwoWaysOut } from './two-ways-out.ts'
import type { Vm, VmState } from './vm.ts'
import type { VmAdapterState } from './vm-adapter.ts'
import { VmFarm } from './vm-farm.ts'
import type { VmSwitch, VmSwitchState } from './vm-switch.ts'
import { WinNat } from './win-nat.ts'
import { WSL_ID, WSL_NAME, Wsl, type WslState } from './wsl.ts'
import type { Yard } from './yard.ts'

/** HNS starts a while after the system; by then the other adapters have asked for their addresses. */
const HNS_START = 6 * SECOND

export type HyperVState = {
  readonly network: DefaultSwitchState
  readonly hosts: readonly HostsEntry[]
  readonly startAt: number | null
  readonly startOrigin: number
  /** The first subnet that the Default Switch ever had here. */
  readonly firstNetwork: number
  /** By the name in the definition. */
  readonly vms: readonly (readonly [name: string, state: VmState])[]
  readonly switches: readonly VmSwitchState[]
  /** By virtual machine, in the order of its adapters. */
  readonly adapters: { readonly [vm: string]: readonly VmAdapterState[] }
  readonly macPool: MacPoolState
  /** These are younger than the format: machines that people made, those of the definition that they removed, disks. */
  readonly made?: readonly MadeVm[]
  readonly removed?: readonly string[]
  readonly disks?: readonly Disk[]
  /** What the boot loader is told, and whether it started the hypervisor; left out: as usual. */
  readonly boot?: BootSettings
  readonly launched?: boolean
  readonly wsl?: WslState
  /** Adapters without a link since somebody removed the Default Switch under them. */
  readonly stranded?: readonly string[]
}

const USUAL_BOOT: BootSettings = { nx: 'OptIn', launch: 'Auto' }

/** A machine that somebody made. `guest`: what runs in it, or the name of the definition's machine on its disk. */
export type MadeVm = { readonly definition: VmDefinition; readonly guest: MachineDefinition | string; readonly bootable: boolean }

/** What connects the computer and a switch, as the picture has it. */
export type Plug = { readonly cable: string; readonly alias: string; readonly up: boolean }

export class HyperV implements Part {
  readonly kind = 'hyper-v'
  readonly version = 2
  readonly name: string
  /** The Default Switch's part. */
  readonly fabric: VirtualSwitch
  readonly board: SwitchBoard
  readonly macPool: MacPool
  readonly winNat: WinNat
  readonly defaultSwitch: DefaultSwitch
  readonly vms: Vm[] = []
  readonly farm: VmFarm
  readonly wsl: Wsl
  readonly checkpoints: Checkpoints
  boot: BootSettings
  /** The hypervisor runs since the computer started: it needs data execution prevention (fact sheet 1.5.9). */
  private launched: boolean
  private stranded: readonly string[]
  private readonly machine: Machine
  firstNetwork: number
  private startAt: Micros
  /** The command whose doing the start is. */
  private startOrigin: number

  constructor(machine: Machine, yard: Yard) {
    this.machine = machine
    this.name = `${machine.name}/hyper-v`
    const { world } = machine
    const stored = world.stored<HyperVState>(this.name)
    this.startAt = loadTime(stored?.startAt ?? null)
    this.startOrigin = stored?.startOrigin ?? 0
    this.firstNetwork = stored?.firstNetwork ?? 0
    this.boot = stored?.boot ?? USUAL_BOOT
    this.launched = stored?.launched ?? true
    this.stranded = stored?.stranded ?? []
    // Named here and not when the switch is built: numbers of places must not depend on what happened when.
    world.recorder.vantage(machine.name, HOST_ADAPTER)
    const part = `${machine.name}/switch/${SWITCH_NAME}`
    const kept = world.stored<VirtualSwitchState>(part)
    this.fabric = world.add(new VirtualSwitch(world.sim, world.recorder, part, machine.name, SWITCH_NAME, kept))
    this.macPool = new MacPool(machine, stored?.macPool ?? null)
    this.board = new SwitchBoard(machine, this.macPool, () =>
      this.vms.flatMap(({ adapters }) => adapters.map(({ via }) => via.mac)),
    )
    world.add(this)
    const hostPort = this.fabric.addPort(NO_MAC, HOST_ADAPTER)
    const hostCable = this.cable('host')
    this.farm = new VmFarm(machine, this, yard, stored)
    this.wsl = new Wsl(machine, yard, stored?.wsl)
    this.checkpoints = new Checkpoints(machine, this, yard)
    this.winNat = world.add(new WinNat(machine, world.stored(`${machine.name}/win-nat`)))
    const twoWaysOut = new TwoWaysOut(machine.stack)
    machine.nat = world.add(
      new Nat(
        machine.stack,
        {
          inside: () => [...this.sharing, ...(machine.runs('WinNat') ? this.winNat.all : [])],
          // Towards another switch's adapter nothing is translated (fact sheet 4.14).
          refuses: (inside) => twoWaysOut.refuses(() => this.sharing, inside),
          apart: (from, to) => this.board.apart(from, to),
          behaviorOf: (inside) => this.winNat.behaviorOf(inside),
          externalOf: (inside, to) => this.winNat.externalOf(inside, to),
          isOutside: (via) => via.kind !== 'loopback' && (via.kind !== 'virtual' || this.board.leadsOut(via)),
        },
        world.stored(`${machine.name}/nat`),
      ),
    )
    machine.stack.translator = machine.nat
    this.defaultSwitch = new DefaultSwitch(
      machine,
      this.fabric,
      hostCable,
      hostPort,
      stored?.network ?? null,
      stored?.hosts ?? [],
    )
  }

  /** Networks that Internet Connection Sharing leads out. */
  private get sharing(): Network[] {
    return [...(this.defaultSwitch?.inside ?? []), ...this.wsl.inside]
  }

  private cable(to: string): Cable {
    const name = `${this.machine.name}/vmbus/${to}`
    const { world } = this.machine
    return world.add(new Cable(world.sim, name, { latency: VMBUS_LATENCY }, world.stored<CableState>(name), world.recorder))
  }

  /** Switches that people made, and every adapter to its place: after all that the definition names, whose numbers are fixed. */
  layOut(): void {
    const stored = this.machine.world.stored<HyperVState>(this.name)
    this.board.restore(stored?.switches ?? [])
    this.farm.layOut(stored)
    this.wsl.restore()
    for (const { adapters } of this.vms)
      for (const adapter of adapters) {
        const id = adapter.switch
        adapter.standOn(id === null ? undefined : this.fabricOf(id), id)
      }
  }

  // Switches

  /** The part of a switch, by its id; ids are compared without regard to case. */
  fabricOf(id: string): VirtualSwitch | undefined {
    if (id.toUpperCase() === NETWORK_ID) return this.fabric
    return id.toUpperCase() === WSL_ID ? this.wsl.fabric : this.switchOf(id)?.fabric
  }

  /** Every switch as the picture shows it, with the computer's adapter on it. */
  views(): {
    readonly label: string
    readonly fabric: VirtualSwitch
    readonly host: null | Plug
    readonly uplink?: Plug
  }[] {
    const { name } = this.machine
    const up = this.defaultSwitch.state !== null
    return [
      { label: SWITCH_NAME, fabric: this.fabric, host: { cable: `${name}/vmbus/host`, alias: HOST_ADAPTER, up } },
      ...(this.wsl.fabric ? [{ label: WSL_NAME, fabric: this.wsl.fabric, host: this.wsl.plug }] : []),
      ...this.switches.map(({ name: label, fabric, hosts, uplink }) => ({
        label,
        fabric,
        host: hosts[0] ? { cable: hosts[0].wire, alias: hosts[0].state.alias, up: hosts[0].connected } : null,
        ...(uplink ? { uplink: { cable: `${fabric.name}/uplink`, alias: uplink.nic.name, up: uplink.up } } : {}),
      })),
    ]
  }

  /** Those that people made, in the order in which they made them. */
  get switches(): readonly VmSwitch[] {
    return this.board.list
  }

  switchOf(id: string): VmSwitch | undefined {
    return this.board.of(id)
  }

  /** Whether a running machine stands on it. */
  isUsed({ id }: VmSwitch): boolean {
    return this.vms.some(
      ({ state, adapters }) => (state === 'Running' || state === 'Paused') && adapters.some((adapter) => adapter.switch === id),
    )
  }

  removeSwitch(it: VmSwitch): void {
    for (const { adapters } of this.vms)
      for (const adapter of adapters) if (adapter.switch === it.id) adapter.connect(undefined, null)
    this.board.remove(it)
    this.machine.sim.touch(this)
  }

  // Machines

  /** Everything that runs in a machine of this computer, with the id that it is known by. */
  get guests(): { readonly id: string; readonly guest: Machine }[] {
    const { guest } = this.wsl
    return [...this.vms, ...(guest ? [{ id: WSL_ID, guest }] : [])]
  }

  /** A hypervisor runs here: a machine in a virtual machine must have been given the processor's extensions for one. */
  get hypervisor(): boolean {
    const { machine } = this
    if (!this.launched) return false
    if (machine.definition.role !== 'guest') return true
    return this.farm.vmAround(machine)?.settings.exposeExtensions ?? false
  }

  /** The computer itself is saved, or goes on: so do the machines in it. */
  standStill(still: boolean): void {
    const running = this.vms.filter(({ state }) => state === 'Running').map(({ guest }) => guest)
    for (const guest of this.wsl.guest ? [...running, this.wsl.guest] : running) {
      if (guest.power !== 'on' || guest.stack.powered === !still) continue
      guest.stack.powered = !still
      guest.freeze(still)
    }
  }

  /** Not for one that runs already. */
  startVm(vm: Vm): Outcome {
    const fresh = vm.state === 'Off'
    if (!this.hypervisor)
      return failed('no-service', 'The virtual machine could not be started because the hypervisor is not running.')
    if (fresh && !this.farm.drawMacs(vm)) {
      const port = vm.adapters.find(({ mac }) => mac === 0)?.id ?? ''
      const what = `Synthetic Ethernet Port (Instance ID ${port})`
      this.machine.eventLog?.write('vm.no-mac', vm.settings.name, port.toUpperCase(), vm.id.toUpperCase())
      return failed('exhausted', `${what}: Failed to power on with Error 'Attempt to access invalid address'.`)
    }
    if (fresh && vm.settings.automaticCheckpoints && vm.settings.checkpointType !== 'Disabled')
      this.checkpoints.make(vm, `Automatic Checkpoint - ${vm.settings.name} - (${this.timeText()})`, false, true)
    vm.start()
    this.relink(vm)
    return OK
  }

  stopVm(vm: Vm, how: 'shutdown' | 'turn-off' | 'save'): boolean {
    const { metering } = vm.settings
    const now = this.machine.sim.now
    if (metering && vm.state === 'Running') {
      const ran = metering.ran + now - Math.max(vm.startedAt, metering.since)
      vm.settings = { ...vm.settings, metering: { since: metering.since, ran } }
    }
    if (!vm.stop(how)) return false
    // An automatic checkpoint is merged when the machine is shut down.
    if (vm.state === 'Off')
      for (const one of vm.checkpoints.filter(({ automatic }) => automatic)) this.checkpoints.forget(vm, one, false)
    return true
  }

  private timeText(): string {
    const { epochMicros, zoneMinutes } = this.machine.world
    const t = civilTime(epochMicros + this.machine.sim.now + zoneMinutes * MINUTE)
    const two = (n: number) => String(n).padStart(2, '0')
    const hour = t.hour % 12 === 0 ? 12 : t.hour % 12
    return `${t.month}/${t.day}/${t.year} - ${hour}:${two(t.minute)}:${two(t.second)} ${t.hour < 12 ? 'AM' : 'PM'}`
  }

  hostsIcs(): string {
    this.defaultSwitch.hosts.purge(this.machine.sim.now)
    return this.defaultSwitch.hosts.text(this.machine.world.epochMicros)
  }

  // The computer starts and stops

  hostStarted(): void {
    this.launched = this.boot.launch === 'Auto' && this.boot.nx !== 'AlwaysOff'
    this.startAt = this.machine.sim.now + HNS_START
    this.startOrigin = this.machine.sim.origin
    this.machine.sim.touch(this)
  }

  /** It is there, or will be when HNS has started. */
  get hasDefaultSwitch(): boolean {
    return this.defaultSwitch.state !== null || this.startAt !== NEVER
  }

  /** HNS makes it when it can: it needs its own service and the DNS client (fact sheet 1.2.19), and its entry in the registry. */
  private createDefaultSwitch(): void {
    const { machine, defaultSwitch } = this
    if (!machine.runs('hns') || !machine.runs('Dnscache') || machine.system?.keepsDefaultSwitch === false) return
    if (defaultSwitch.create()) for (const vm of this.vms) this.relink(vm)
  }

  /** `Remove-HnsNetwork`: whoever was at the Default Switch has no link until it is there again, at the computer's next start. */
  removeDefaultSwitch(): boolean {
    if (this.defaultSwitch.state === null) return false
    this.defaultSwitch.destroy()
    for (const { adapters } of this.vms)
      for (const adapter of adapters)
        if (adapter.switch?.toUpperCase() === NETWORK_ID && adapter.cable.plugged) {
          adapter.cable.plug(false)
          this.stranded = [...this.stranded, adapter.id]
        }
    this.machine.sim.touch(this)
    return true
  }

  /** A saved machine sees its link come when it goes on: before, it sees nothing. */
  private relink(vm: Vm): void {
    if (vm.state === 'Saved' || this.defaultSwitch.state === null) return
    for (const adapter of vm.adapters) {
      if (!this.stranded.includes(adapter.id)) continue
      this.stranded = this.stranded.filter((id) => id !== adapter.id)
      adapter.cable.plug(true)
    }
  }

  /** HNS begins anew, and so does its network. */
  rebuildDefaultSwitch(): void {
    if (this.startAt !== NEVER) return
    this.wsl.destroy()
    this.defaultSwitch.destroy()
    this.createDefaultSwitch()
    this.machine.sim.touch(this)
  }

  hostStopping(): void {
    for (const vm of this.vms) {
      vm.wasRunning = vm.state === 'Running'
      const { automaticStop } = vm.settings
      if (vm.state === 'Running') this.stopVm(vm, automaticStop === 'Save' ? 'save' : 'turn-off')
      else if (vm.state === 'Paused') this.stopVm(vm, 'turn-off')
      vm.startAt = NEVER
    }
    this.wsl.destroy()
    this.defaultSwitch.destroy()
    this.startAt = NEVER
    this.machine.sim.touch(this)
  }

  pollAt(): Micros {
    let at = Math.min(this.board.dueAt, this.startAt)
    for (const vm of this.vms) if (vm.startAt < at) at = vm.startAt
    return at
  }
  transientAt(): Micros {
    return Math.min(this.board.dueAt, this.startAt)
  }

  poll(now: Micros): void {
    this.board.poll(now)
    if (this.startAt <= now) this.hnsStarts()
    this.startDelayed(now)
  }

  private hnsStarts(): void {
    this.machine.sim.origin = this.startOrigin
    this.startAt = NEVER
    // Dynamic addresses of adapters are made of the one that the computer has now (fact sheet 4.9).
    void this.macPool.range
    this.createDefaultSwitch()
    if (this.firstNetwork === 0) this.firstNetwork = this.defaultSwitch.state?.network ?? 0
    // Nobody starts them when their manager does not run.
    if (!this.machine.runs('vmms')) return
    for (const vm of this.vms) {
      const { automaticStart } = vm.settings
      if (automaticStart !== 'Start' && (automaticStart !== 'StartIfRunning' || !vm.wasRunning)) continue
      const { startDelay } = vm.settings
      if (startDelay > 0) vm.startAt = this.machine.sim.now + startDelay * SECOND
      else if (!vm.powered) this.startVm(vm)
    }
    this.machine.sim.touch(this)
  }

  /** Machines whose start was put off (`-AutomaticStartDelay`). */
  private startDelayed(now: Micros): void {
    for (const vm of this.vms) {
      if (vm.startAt > now) continue
      vm.startAt = NEVER
      if (!vm.powered) this.startVm(vm)
    }
  }

  save(): HyperVState & Json {
    const wsl = this.wsl.save()
    return {
      network: this.defaultSwitch.state,
      hosts: this.defaultSwitch.hosts.entries.map((entry) => ({ ...entry })),
      startAt: storeTime(this.startAt),
      startOrigin: this.startOrigin,
      firstNetwork: this.firstNetwork,
      vms: this.vms.map((vm) => [vm.definition.name, vm.save()] as const),
      switches: this.switches.map((made) => made.save()),
      adapters: Object.fromEntries(
        this.vms.map(({ definition, adapters }) => [definition.name, adapters.map((adapter) => adapter.save())]),
      ),
      macPool: this.macPool.save(),
      ...(this.boot.nx === USUAL_BOOT.nx && this.boot.launch === USUAL_BOOT.launch ? {} : { boot: this.boot }),
      ...(this.launched ? {} : { launched: false }),
      ...(wsl ? { wsl } : {}),
      ...(this.stranded.length === 0 ? {} : { stranded: this.stranded }),
      ...this.farm.save(),
    }
  }
}
