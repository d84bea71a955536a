// Hyper-V on a Windows computer: its virtual machines, the switch they stand on, and what starting and stopping the
// computer does to them (fact sheet 4.6).
import { Cable, type CableState } from '../../link/cable.ts'
import { NO_MAC, VirtualSwitch } from '../../link/virtual-switch.ts'
import { Nat } from '../../service/nat.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import type { VmDefinition } from '../definition.ts'
import { guidOf } from '../guid.ts'
import type { Machine } from '../machine.ts'
import { DefaultSwitch, type DefaultSwitchState, HOST_ADAPTER, SWITCH_NAME } from './default-switch.ts'
import type { HostsEntry } from './hosts-ics.ts'

/** HNS starts a while after the system; by then the other adapters have asked for their addresses. */
const HNS_START = 6 * SECOND
/** Microseconds over VMBus and through the switch; offloads count as free (fact sheet 4.14). */
const VMBUS_LATENCY = 20

export type VmState = 'Off' | 'Running' | 'Saved'

export type Vm = {
  readonly id: string
  readonly adapterId: string
  readonly definition: VmDefinition
  readonly guest: Machine
  readonly cable: Cable
  readonly port: number
  state: VmState
  startedAt: Micros
  /** It ran when the computer went down. */
  wasRunning: boolean
}

export type HyperVState = {
  readonly network: DefaultSwitchState
  readonly hosts: readonly HostsEntry[]
  readonly startAt: number | null
  readonly startOrigin: number
  /** The first subnet that the Default Switch ever had here. */
  readonly firstNetwork: number
  readonly vms: readonly (readonly [name: string, state: VmState, startedAt: number, wasRunning: boolean])[]
}

export class HyperV implements Part {
  readonly kind = 'hyper-v'
  readonly version = 1
  readonly name: string
  readonly fabric: VirtualSwitch
  readonly defaultSwitch: DefaultSwitch
  readonly vms: Vm[] = []
  private readonly machine: Machine
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
    this.fabric = world.add(
      new VirtualSwitch(world.sim, world.recorder, `${machine.name}/switch/${SWITCH_NAME}`, machine.name, SWITCH_NAME),
    )
    world.add(this)
    const hostPort = this.fabric.addPort(NO_MAC, HOST_ADAPTER)
    const hostCable = this.cable('host')
    for (const definition of machine.definition.hyperV?.vms ?? []) this.addVm(definition, guests, stored)
    machine.nat = world.add(
      new Nat(
        machine.stack,
        {
          inside: () => this.defaultSwitch?.inside ?? [],
          isOutside: (via) => via.kind !== 'loopback' && via !== this.defaultSwitch.via,
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
    return world.add(new Cable(world.sim, name, { latency: VMBUS_LATENCY }, world.stored<CableState>(name)))
  }

  private addVm(definition: VmDefinition, guests: ReadonlyMap<string, Machine>, stored: HyperVState | undefined): void {
    const guest = guests.get(definition.machine)
    const via = guest && [...guest.stack.interfaces.values()].find((i) => i.kind === 'ethernet')
    if (!guest || !via) return
    const cable = this.cable(definition.name)
    const kept = stored?.vms.find(([name]) => name === definition.name)
    const port = this.fabric.addPort(NO_MAC, definition.name)
    const [intoGuest, intoSwitch] = cable.connect(this.fabric, port, guest.stack, via.index)
    this.fabric.attach(port, intoGuest)
    guest.stack.attach(via.index, intoSwitch)
    const { seed } = this.machine.sim
    const vm: Vm = {
      id: guidOf(seed, `vm/${definition.name}`),
      adapterId: guidOf(seed, `vm/${definition.name}/adapter`),
      definition,
      guest,
      cable,
      port,
      state: kept?.[1] ?? 'Off',
      startedAt: kept?.[2] ?? 0,
      wasRunning: kept?.[3] ?? definition.running,
    }
    this.vms.push(vm)
    this.fabric.setMac(port, vm.state === 'Running' ? via.mac : NO_MAC)
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

  hostStopping(): void {
    for (const vm of this.vms) {
      vm.wasRunning = vm.state === 'Running'
      if (vm.state === 'Running') this.stop(vm, vm.definition.automaticStop === 'Save' ? 'save' : 'turn-off')
    }
    this.defaultSwitch.destroy()
    this.startAt = NEVER
    this.machine.sim.touch(this)
  }

  pollAt(): Micros {
    return this.startAt
  }
  transientAt(): Micros {
    return this.startAt
  }

  poll(): void {
    this.machine.sim.origin = this.startOrigin
    this.startAt = NEVER
    this.defaultSwitch.create()
    if (this.firstNetwork === 0) this.firstNetwork = this.defaultSwitch.state?.network ?? 0
    for (const vm of this.vms) {
      const start = vm.definition.automaticStart
      if (start === 'Start' || (start === 'StartIfRunning' && vm.wasRunning)) this.start(vm)
    }
  }

  // Virtual machines

  start(vm: Vm): boolean {
    if (vm.state === 'Running') return false
    const via = [...vm.guest.stack.interfaces.values()].find((i) => i.kind === 'ethernet')
    this.fabric.setMac(vm.port, via?.mac ?? NO_MAC)
    const saved = vm.state === 'Saved'
    vm.state = 'Running'
    vm.startedAt = this.machine.sim.now
    if (saved) vm.guest.resumeFromSave()
    else vm.guest.powerOn()
    this.machine.sim.touch(this)
    return true
  }

  stop(vm: Vm, how: 'shutdown' | 'turn-off' | 'save'): boolean {
    if (vm.state === 'Off' || (how === 'save' && vm.state === 'Saved')) return false
    if (how === 'save') vm.guest.saveState()
    else vm.guest.powerOff()
    vm.state = how === 'save' ? 'Saved' : 'Off'
    this.fabric.setMac(vm.port, NO_MAC)
    this.machine.sim.touch(this)
    return true
  }

  reset(vm: Vm): boolean {
    if (vm.state !== 'Running') return false
    vm.guest.powerOff()
    vm.guest.powerOn()
    vm.startedAt = this.machine.sim.now
    this.machine.sim.touch(this)
    return true
  }

  save(): HyperVState & Json {
    return {
      network: this.defaultSwitch.state,
      hosts: this.defaultSwitch.hosts.entries.map((entry) => ({ ...entry })),
      startAt: storeTime(this.startAt),
      startOrigin: this.startOrigin,
      firstNetwork: this.firstNetwork,
      vms: this.vms.map((vm) => [vm.definition.name, vm.state, vm.startedAt, vm.wasRunning] as const),
    }
  }
}
