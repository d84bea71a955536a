// An adapter of the computer's own on a virtual switch: what Windows calls `vEthernet (X)`.
import { Interface } from '../../ip/interface.ts'
import { Cable, type CableState } from '../../link/cable.ts'
import { DEFAULT_SETTINGS, type PortSettings } from '../../link/virtual-port/settings.ts'
import type { VirtualSwitch } from '../../link/virtual-switch.ts'
import type { Mac } from '../../wire/addresses.ts'
import { addDhcpClient } from '../adapters.ts'
import { dropDhcpClient } from '../bindings.ts'
import { joinUsualGroups } from '../groups.ts'
import { guidOf, stableLinkLocal } from '../guid.ts'
import type { Machine } from '../machine.ts'

/** Microseconds over VMBus and through the switch; offloads count as free (fact sheet 4.14). */
export const VMBUS_LATENCY = 20
const SPEED = 10_000_000_000
/** As Windows chooses it for an adapter of this speed (fact sheet 4.3). */
const METRIC = 15

/** Its index and alias are what Windows knows it by. */
export type HostAdapterState = {
  readonly id: string
  readonly name: string
  readonly index: number
  readonly alias: string
  readonly mac: Mac
  readonly settings: PortSettings
  /** Port of the switch; left out: the first one's. */
  readonly port?: number
}

/** The first adapter's port; further ones come after those of guests. */
export const HOST_PORT = 0
const MORE_PORTS = 8_000

export class HostAdapter {
  state: HostAdapterState
  readonly via: Interface
  /** Name of its link, as the picture has it. */
  readonly wire: string
  private readonly machine: Machine
  private readonly fabric: VirtualSwitch
  private readonly cable: Cable

  /** `quiet`: what it has of IPv6 is about to be moved to it. */
  constructor(machine: Machine, fabric: VirtualSwitch, switchId: string, state: HostAdapterState, quiet = false) {
    const { sim, stack, world, name } = machine
    this.machine = machine
    this.fabric = fabric
    this.state = state
    const label = `${name}/${switchId}/${state.id}`
    this.via = new Interface({
      index: state.index,
      name: state.alias,
      description: `Hyper-V Virtual Ethernet Adapter #${state.index}`,
      kind: 'virtual',
      guid: guidOf(sim.seed, label),
      mac: state.mac,
      mtu: 1500,
      metric: METRIC,
      speed: SPEED,
      vantage: world.recorder.vantage(name, state.alias),
      linkLocal6: stableLinkLocal(sim.seed, label),
    })
    stack.addInterface(this.via)
    const i6 = machine.ip6.interfaces.get(state.index)
    if (i6 && quiet) i6.enabled = false
    this.wire = state.port === undefined ? `${name}/vmbus/${switchId}` : `${name}/vmbus/${switchId}/${state.port - MORE_PORTS}`
    this.cable = world.add(new Cable(sim, this.wire, { latency: VMBUS_LATENCY }, world.stored<CableState>(this.wire)))
    fabric.addPort(state.mac, state.alias, state.settings, this.port)
    const [intoSwitch, intoHost] = this.cable.connect(stack, state.index, fabric, this.port)
    stack.attach(state.index, intoSwitch)
    fabric.attach(this.port, intoHost)
    joinUsualGroups(machine, this.via)
    this.via.dhcp = true
    addDhcpClient(machine, this.via)
  }

  get port(): number {
    return this.state.port ?? HOST_PORT
  }

  get connected(): boolean {
    return this.cable.plugged
  }

  /** A new adapter asks for its address, as any does. */
  begin(): void {
    if (this.machine.power === 'on') this.machine.dhcpClients.get(this.via.index)?.start()
  }

  /** On an external switch it has the link that the computer's own adapter has (fact sheet 1.1.49). */
  mirror(uplink: Interface | undefined): void {
    this.via.speed = uplink?.speed ?? SPEED
    this.cable.plug(uplink === undefined || uplink.up)
  }

  set mac(mac: Mac) {
    this.state = { ...this.state, mac }
    this.via.mac = mac
    this.fabric.setMac(this.port, mac)
    this.machine.stack.changed()
  }

  set(change: Partial<HostAdapterState>): void {
    this.state = { ...this.state, ...change }
    this.fabric.setSettings(this.port, this.state.settings)
  }

  /** It goes, with its addresses and routes. */
  remove(): void {
    const { machine, via } = this
    dropDhcpClient(machine, via)
    machine.manualDns.delete(via.index)
    machine.stack.removeInterface(via.index)
    this.fabric.removePort(this.port)
    machine.sim.remove(this.cable)
    machine.sim.touch(machine)
  }
}

/** What a new one is called and known by. `others`: how many the switch has. */
export function newHostAdapter(
  machine: Machine,
  switchId: string,
  name: string,
  mac: Mac,
  taken: readonly number[],
): HostAdapterState {
  const { sim, stack } = machine
  const index = Math.max(...stack.interfaces.keys()) + 1
  const more = taken.length === 0 ? {} : { port: Math.max(MORE_PORTS, ...taken) + 1 }
  const id = guidOf(sim.seed, `${machine.name}/switch/${switchId}/host/${sim.now}/${more.port ?? ''}`)
  const alias = freeAlias(machine, `vEthernet (${name})`)
  return { id, name, index, alias, mac, settings: DEFAULT_SETTINGS, ...more }
}

/** `vEthernet (X)`, `vEthernet (X) 2`, ...: no two adapters have one name. */
export function freeAlias(machine: Machine, alias: string): string {
  const taken = (name: string) => machine.stack.byName(name) !== undefined
  for (let n = 1; ; n++) {
    const name = n === 1 ? alias : `${alias} ${n}`
    if (!taken(name)) return name
  }
}
