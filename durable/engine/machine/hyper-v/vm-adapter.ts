// A guest's network adapter: which switch it stands on, and what is set at its port there. The settings are the adapter's and
// go with it from switch to switch.
import type { Interface } from '../../ip/interface.ts'
import { Cable, type CableState } from '../../link/cable.ts'
import { DEFAULT_SETTINGS, type PortSettings } from '../../link/virtual-port/settings.ts'
import { NO_MAC, type VirtualSwitch } from '../../link/virtual-switch.ts'
import { guidOf } from '../guid.ts'
import type { Machine } from '../machine.ts'
import { VMBUS_LATENCY } from './host-adapter.ts'

export type VmAdapterState = {
  readonly name: string
  /** Id of the switch, or null when it is connected to none. */
  readonly switch: string | null
  readonly settings: PortSettings
}

export type Spot = {
  /** The computer. */
  readonly machine: Machine
  readonly vm: string
  readonly guest: Machine
  /** Of the guest. */
  readonly via: Interface
  /** Which of the guest's adapters it is, from 0. */
  readonly at: number
  /** The number of its port on whatever switch. */
  readonly port: number
}

export class VmAdapter {
  readonly id: string
  readonly cable: Cable
  readonly via: Interface
  readonly port: number
  name: string
  private readonly guest: Machine
  private readonly label: string
  private given: PortSettings
  private connected: string | null
  private fabric: VirtualSwitch | undefined
  private running = false

  constructor({ machine, vm, guest, via, at, port }: Spot, { name, switch: on, settings }: VmAdapterState) {
    const more = at === 0 ? '' : `/${at + 1}`
    this.id = guidOf(machine.sim.seed, `vm/${vm}/adapter${more}`)
    this.label = at === 0 ? vm : `${vm} ${at + 1}`
    this.via = via
    this.guest = guest
    this.port = port
    this.name = name
    this.connected = on
    this.given = settings
    const wire = `${machine.name}/vmbus/${vm}${more}`
    const { world } = machine
    const stored = world.stored<CableState>(wire)
    this.cable = world.add(new Cable(machine.sim, wire, { latency: VMBUS_LATENCY }, stored))
    if (!stored && on === null) this.cable.plugged = false
  }

  /** Id of the switch that it is connected to. */
  get switch(): string | null {
    return this.connected
  }

  /** The part that passes its frames on. */
  get standsOn(): VirtualSwitch | undefined {
    return this.fabric
  }

  /** Octets that the metering entries of its access list counted. */
  get metered(): readonly number[] {
    return this.fabric?.port(this.port)?.acl.metered ?? []
  }

  get settings(): PortSettings {
    return this.given
  }

  set settings(settings: PortSettings) {
    this.given = settings
    this.fabric?.setSettings(this.port, settings)
  }

  /** Puts the plug where it belongs: on a switch, or nowhere. Restoring calls this before anything moves. */
  standOn(fabric: VirtualSwitch | undefined, id: string | null): void {
    this.connected = id
    if (fabric === this.fabric) return
    this.fabric?.removePort(this.port)
    this.fabric = fabric
    if (!fabric) return
    fabric.addPort(this.running ? this.via.mac : NO_MAC, this.label, this.given, this.port)
    const [intoGuest, intoSwitch] = this.cable.connect(fabric, this.port, this.guest.stack, this.via.index)
    fabric.attach(this.port, intoGuest)
    this.guest.stack.attach(this.via.index, intoSwitch)
  }

  /** Somebody pulls the plug and puts it in elsewhere, while the guest looks on: it sees its link go and come. */
  connect(fabric: VirtualSwitch | undefined, id: string | null): void {
    this.cable.plug(false)
    this.standOn(fabric, id)
    if (fabric) this.cable.plug(true)
  }

  /** A machine that is off has no port on the switch. */
  setRunning(running: boolean): void {
    this.running = running
    this.fabric?.setMac(this.port, running ? this.via.mac : NO_MAC)
  }

  save(): VmAdapterState {
    return { name: this.name, switch: this.connected, settings: this.given }
  }
}

export const newAdapter = (name: string, on: string | null): VmAdapterState => ({ name, switch: on, settings: DEFAULT_SETTINGS })
