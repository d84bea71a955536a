// Hyper-V on a Windows computer: its virtual machines, the switch they stand on, and what starting and stopping the
// computer does to them (fact sheet 4.6).
import { Cable, type CableState } from '../../link/cable.ts'
import { NO_MAC, VirtualSwitch, type VirtualSwitchState } from '../../link/virtual-switch.ts'
import { Nat } from '../../service/nat.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import type { VmDefinition } from '../definition.ts'
import type { Machine } from '../machine.ts'
import { DefaultSwitch, type DefaultSwitchState, HOST_ADAPTER, NETWORK_ID, SWITCH_NAME } from './default-switch.ts'
import { VMBUS_LATENCY } from './host-adapter.ts'
import type { HostsEntry } from './hosts-ics.ts'
import { MacPool, type MacPoolState } from './mac-pool.ts'
import { SwitchBoard } from './switch-board.ts'
import { newVm, Vm, type VmState } from './vm.ts'
import { newAdapter, VmAdapter, type VmAdapterState } from './vm-adapter.ts'
import type { VmSwitch, VmSwitchState } from './vm-switch.ts'
import { WinNat } from './win-nat.ts'

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
}

const ADAPTER_NAME = 'Network Adapter'
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
  private readonly machine: Machine
  /** Port 0 is the computer's own. */
  private nextPort = 1
  firstNetwork: number
  private startAt: Micros
  /** The command whose doing the start is. */
  private startOrigin: number

  constructor(machine: Machine, guests: ReadonlyMap<string, Machine>) {
    this.machine = machine
    this.name = `${machine.name}/hyper-v`
    const { world } = machine
    const stored = world.stored<HyperVState>(this.name)
    this.startAt = loadTime(stored?.startAt ?? null)
    this.startOrigin = stored?.startOrigin ?? 0
    this.firstNetwork = stored?.firstNetwork ?? 0
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
    for (const definition of machine.definition.hyperV?.vms ?? []) this.addVm(definition, guests, stored)
    this.winNat = world.add(new WinNat(machine, world.stored(`${machine.name}/win-nat`)))
    machine.nat = world.add(
      new Nat(
        machine.stack,
        {
          inside: () => [...(this.defaultSwitch?.inside ?? []), ...(machine.runs('WinNat') ? this.winNat.all : [])],
          // Towards another switch's adapter nothing is translated (fact sheet 4.14).
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

  private cable(to: string): Cable {
    const name = `${this.machine.name}/vmbus/${to}`
    const { world } = this.machine
    return world.add(new Cable(world.sim, name, { latency: VMBUS_LATENCY }, world.stored<CableState>(name), world.recorder))
  }

  /** Switches that people made, and every adapter to its place: after all that the definition names, whose numbers are fixed. */
  layOut(): void {
    const stored = this.machine.world.stored<HyperVState>(this.name)
    this.board.restore(stored?.switches ?? [])
    for (const { adapters } of this.vms)
      for (const adapter of adapters) {
        const id = adapter.switch
        adapter.standOn(id === null ? undefined : this.fabricOf(id), id)
      }
  }

  private addVm(definition: VmDefinition, guests: ReadonlyMap<string, Machine>, stored: HyperVState | undefined): void {
    const { machine } = this
    const guest = guests.get(definition.machine)
    const links = guest && [...guest.stack.interfaces.values()].filter((i) => i.kind === 'ethernet')
    if (!guest || !links || links.length === 0) return
    const kept = stored?.vms.find(([name]) => name === definition.name)?.[1] ?? newVm(definition)
    const vm = definition.name
    const adapters = links.map((via, at) => {
      const port = this.nextPort++
      // The first one stands on the Default Switch, as the dialog of a new machine proposes.
      const given = stored?.adapters[vm]?.[at] ?? newAdapter(ADAPTER_NAME, at === 0 ? NETWORK_ID : null)
      return new VmAdapter({ machine, vm, guest, via, at, port }, given)
    })
    this.vms.push(new Vm(machine, definition, guest, adapters, kept))
  }

  // Switches

  /** The part of a switch, by its id; ids are compared without regard to case. */
  fabricOf(id: string): VirtualSwitch | undefined {
    return id.toUpperCase() === NETWORK_ID ? this.fabric : this.switchOf(id)?.fabric
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

  hostsIcs(): string {
    this.defaultSwitch.hosts.purge(this.machine.sim.now)
    return this.defaultSwitch.hosts.text(this.machine.world.epochMicros)
  }

  // The computer starts and stops

  hostStarted(): void {
    this.startAt = this.machine.sim.now + HNS_START
    this.startOrigin = this.machine.sim.origin
    this.machine.sim.touch(this)
  }

  /** HNS makes it when it can: it needs its own service and the DNS client (fact sheet 1.2.19), and its entry in the registry. */
  private createDefaultSwitch(): void {
    const { machine, defaultSwitch } = this
    if (machine.runs('hns') && machine.runs('Dnscache') && machine.system?.keepsDefaultSwitch !== false) defaultSwitch.create()
  }

  /** HNS begins anew, and so does its network. */
  rebuildDefaultSwitch(): void {
    if (this.startAt !== NEVER) return
    this.defaultSwitch.destroy()
    this.createDefaultSwitch()
    this.machine.sim.touch(this)
  }

  hostStopping(): void {
    for (const vm of this.vms) {
      vm.wasRunning = vm.state === 'Running'
      if (vm.state === 'Running') vm.stop(vm.settings.automaticStop === 'Save' ? 'save' : 'turn-off')
      else if (vm.state === 'Paused') vm.stop('turn-off')
    }
    this.defaultSwitch.destroy()
    this.startAt = NEVER
    this.machine.sim.touch(this)
  }

  pollAt(): Micros {
    const { dueAt } = this.board
    return dueAt < this.startAt ? dueAt : this.startAt
  }
  transientAt(): Micros {
    return this.pollAt()
  }

  poll(now: Micros): void {
    this.board.poll(now)
    if (this.startAt <= now) this.hnsStarts()
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
      if (automaticStart === 'Start' || (automaticStart === 'StartIfRunning' && vm.wasRunning)) vm.start()
    }
  }

  save(): HyperVState & Json {
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
    }
  }
}
