// A virtual switch that somebody made: private, or internal with an adapter of the computer on it (fact sheet 4.10). It is
// there for good: a restart of the computer changes nothing about it.
import { Interface } from '../../ip/interface.ts'
import { Cable, type CableState } from '../../link/cable.ts'
import { DEFAULT_SETTINGS, type PortSettings } from '../../link/virtual-port/settings.ts'
import { VirtualSwitch, type VirtualSwitchState } from '../../link/virtual-switch.ts'
import type { Mac } from '../../wire/addresses.ts'
import { addDhcpClient } from '../adapters.ts'
import { joinUsualGroups } from '../groups.ts'
import { guidOf, stableLinkLocal } from '../guid.ts'
import type { Machine } from '../machine.ts'

/** Microseconds over VMBus and through the switch; offloads count as free (fact sheet 4.14). */
export const VMBUS_LATENCY = 20
/** The computer's own adapter. */
export const HOST_PORT = 0
const SPEED = 10_000_000_000
/** As Windows chooses it for an adapter of this speed (fact sheet 4.3). */
const METRIC = 15

/** The computer's own adapter on a switch. Its index and alias are what Windows knows it by. */
export type HostAdapterState = {
  readonly id: string
  readonly name: string
  readonly index: number
  readonly alias: string
  readonly mac: Mac
  readonly settings: PortSettings
}

export type VmSwitchState = {
  readonly id: string
  readonly name: string
  readonly notes: string
  /** Null on a private switch. */
  readonly host: HostAdapterState | null
}

export class VmSwitch {
  readonly id: string
  name: string
  notes: string
  readonly fabric: VirtualSwitch
  private readonly machine: Machine
  private adapter: HostAdapterState | null = null
  private cable: Cable | undefined

  constructor(machine: Machine, { id, name, notes, host }: VmSwitchState) {
    this.machine = machine
    this.id = id
    this.name = name
    this.notes = notes
    const { world } = machine
    const part = `${machine.name}/switch/${id}`
    const stored = world.stored<VirtualSwitchState>(part)
    this.fabric = world.add(new VirtualSwitch(machine.sim, world.recorder, part, machine.name, name, stored))
    if (host !== null) this.connectHost(host)
  }

  get host(): HostAdapterState | null {
    return this.adapter
  }

  get type(): 'Internal' | 'Private' {
    return this.adapter === null ? 'Private' : 'Internal'
  }

  /** The interface of the computer on this switch. */
  get via(): Interface | undefined {
    return this.adapter === null ? undefined : this.machine.stack.interfaces.get(this.adapter.index)
  }

  /** The computer gets an adapter here: Up at 10 Gbps, asking for an address by DHCP like any new adapter. */
  addHost(mac: Mac): void {
    const { sim, name, stack } = this.machine
    const index = Math.max(...stack.interfaces.keys()) + 1
    const id = guidOf(sim.seed, `${name}/switch/${this.id}/host/${sim.now}`)
    const alias = freeAlias(this.machine, `vEthernet (${this.name})`)
    this.connectHost({ id, name: this.name, index, alias, mac, settings: DEFAULT_SETTINGS })
    this.machine.dhcpClients.get(index)?.start()
  }

  /** The adapter goes, with its addresses and routes. */
  removeHost(): void {
    const { adapter, machine } = this
    if (adapter === null) return
    const client = machine.dhcpClients.get(adapter.index)
    if (client) {
      client.close()
      machine.sim.remove(client)
      machine.dhcpClients.delete(adapter.index)
    }
    machine.stack.removeInterface(adapter.index)
    this.fabric.removePort(HOST_PORT)
    if (this.cable) machine.sim.remove(this.cable)
    this.cable = undefined
    this.adapter = null
  }

  setHost(change: Partial<HostAdapterState>): void {
    if (this.adapter === null) return
    this.adapter = { ...this.adapter, ...change }
    this.fabric.setSettings(HOST_PORT, this.adapter.settings)
  }

  /** The switch is gone; nobody is on it any more. */
  remove(): void {
    this.removeHost()
    this.machine.sim.remove(this.fabric)
  }

  private connectHost(host: HostAdapterState): void {
    const { machine } = this
    const { sim, stack, world, name } = machine
    this.adapter = host
    const label = `${name}/${this.id}/${host.id}`
    const via = new Interface({
      index: host.index,
      name: host.alias,
      description: `Hyper-V Virtual Ethernet Adapter #${host.index}`,
      kind: 'virtual',
      guid: guidOf(sim.seed, label),
      mac: host.mac,
      mtu: 1500,
      metric: METRIC,
      speed: SPEED,
      vantage: world.recorder.vantage(name, host.alias),
      linkLocal6: stableLinkLocal(sim.seed, label),
    })
    stack.addInterface(via)
    const wire = `${name}/vmbus/${this.id}`
    this.cable = world.add(new Cable(sim, wire, { latency: VMBUS_LATENCY }, world.stored<CableState>(wire)))
    this.fabric.addPort(host.mac, host.alias, host.settings, HOST_PORT)
    const [intoSwitch, intoHost] = this.cable.connect(stack, host.index, this.fabric, HOST_PORT)
    stack.attach(host.index, intoSwitch)
    this.fabric.attach(HOST_PORT, intoHost)
    joinUsualGroups(machine, via)
    via.dhcp = true
    addDhcpClient(machine, via)
  }

  save(): VmSwitchState {
    return { id: this.id, name: this.name, notes: this.notes, host: this.adapter }
  }
}

/** `vEthernet (X)`, `vEthernet (X) 2`, ...: no two adapters have one name. */
function freeAlias(machine: Machine, alias: string): string {
  const taken = (name: string) => machine.stack.byName(name) !== undefined
  for (let n = 1; ; n++) {
    const name = n === 1 ? alias : `${alias} ${n}`
    if (!taken(name)) return name
  }
}
