// A guest's network adapter: which switch it stands on, and what is set at its port there. The settings are the adapter's and
// go with it from switch to switch.
import type { Interface } from '../../ip/interface.ts'
import { Cable, type CableState } from '../../link/cable.ts'
import { DEFAULT_SETTINGS, type PortSettings } from '../../link/virtual-port/settings.ts'
import { NO_MAC, type VirtualSwitch } from '../../link/virtual-switch.ts'
import type { Mac } from '../../wire/addresses.ts'
import { guidOf } from '../guid.ts'
import { readdress } from '../hot-plug.ts'
import type { Machine } from '../machine.ts'
import { VMBUS_LATENCY } from './host-adapter.ts'

export type VmAdapterState = {
  readonly name: string
  /** Id of the switch, or null when it is connected to none. */
  readonly switch: string | null
  readonly settings: PortSettings
  /** Those from here on are younger than the format: what is left out is as the definition has it. */
  readonly at?: number
  readonly port?: number
  /** Of the guest's interface, where it did not come with the machine. */
  readonly index?: number
  readonly alias?: string
  readonly mac?: Mac
  readonly staticMac?: boolean
  readonly legacy?: boolean
  readonly deviceNaming?: boolean
}

export type Spot = {
  /** The computer. */
  readonly machine: Machine
  readonly vm: string
  readonly guest: Machine
  /** Of the guest. */
  readonly via: Interface
  /** Which of the machine's adapters it is, from 0. */
  readonly at: number
  /** The number of its port on whatever switch. */
  readonly port: number
}

export class VmAdapter {
  readonly id: string
  readonly cable: Cable
  readonly at: number
  readonly port: number
  readonly label: string
  name: string
  via: Interface
  guest: Machine
  /** The rest of what is stored: see `VmAdapterState`. */
  more: Pick<VmAdapterState, 'index' | 'alias' | 'staticMac' | 'legacy' | 'deviceNaming'>
  /** As Hyper-V gave it; 0 = at the first start. The guest may use another, which its port refuses. */
  mac: Mac
  private given: PortSettings
  private connected: string | null
  private fabric: VirtualSwitch | undefined
  private running = false
  /** Its address is not the one that the machine was made with. */
  private drawn: boolean

  constructor({ machine, vm, guest, via, at, port }: Spot, state: VmAdapterState) {
    const more = at === 0 ? '' : `/${at + 1}`
    this.id = guidOf(machine.sim.seed, `vm/${vm}/adapter${more}`)
    this.label = at === 0 ? vm : `${vm} ${at + 1}`
    this.at = at
    this.via = via
    this.guest = guest
    this.port = port
    this.name = state.name
    this.connected = state.switch
    this.given = state.settings
    const { index, alias, staticMac, legacy, deviceNaming } = state
    this.more = { index, alias, staticMac, legacy, deviceNaming }
    if (state.mac !== undefined && via.mac !== state.mac) readdress(guest, via, state.mac)
    this.mac = state.mac ?? via.mac
    this.drawn = state.mac !== undefined
    const wire = `${machine.name}/vmbus/${vm}${more}`
    const { world } = machine
    const stored = world.stored<CableState>(wire)
    this.cable = world.add(new Cable(machine.sim, wire, { latency: VMBUS_LATENCY }, stored))
    if (!stored && state.switch === null) this.cable.plugged = false
  }

  /** Id of the switch that it is connected to. */
  get switch(): string | null {
    return this.connected
  }

  /** The part that passes its frames on. */
  get standsOn(): VirtualSwitch | undefined {
    return this.fabric
  }

  get legacy(): boolean {
    return this.more.legacy ?? false
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

  /** Only while the machine is off. */
  setMac(mac: Mac, fixed: boolean): void {
    readdress(this.guest, this.via, mac)
    this.mac = mac
    this.drawn = true
    this.more = { ...this.more, staticMac: fixed || undefined }
    this.setRunning(this.running)
  }

  /** Puts the plug where it belongs: on a switch, or nowhere. Restoring calls this before anything moves. */
  standOn(fabric: VirtualSwitch | undefined, id: string | null): void {
    this.connected = id
    if (fabric === this.fabric) return
    this.fabric?.removePort(this.port)
    this.fabric = fabric
    if (!fabric) return
    fabric.addPort(this.portMac, this.label, this.given, this.port)
    this.wire(fabric)
  }

  private wire(fabric: VirtualSwitch): void {
    const [intoGuest, intoSwitch] = this.cable.connect(fabric, this.port, this.guest.stack, this.via.index)
    fabric.attach(this.port, intoGuest)
    this.guest.stack.attach(this.via.index, intoSwitch)
  }

  /** Another machine runs behind it: the disk was changed, or it went back to what it was. */
  rehome(guest: Machine, via: Interface): void {
    this.guest = guest
    this.via = via
    if (this.fabric) this.wire(this.fabric)
    this.setRunning(this.running)
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
    this.fabric?.setMac(this.port, this.portMac)
  }

  private get portMac(): number {
    return this.running && this.mac !== 0 ? this.mac : NO_MAC
  }

  /** It is taken out of the machine. */
  remove(): void {
    this.standOn(undefined, null)
    this.guest.sim.remove(this.cable)
  }

  save(): VmAdapterState {
    const { index, alias, staticMac, legacy, deviceNaming } = this.more
    return {
      name: this.name,
      switch: this.connected,
      settings: this.given,
      ...(index === undefined ? {} : { at: this.at, port: this.port, index, alias }),
      ...(index === undefined && this.at === 0 ? {} : { at: this.at }),
      ...(index === undefined && !this.drawn ? {} : { mac: this.mac }),
      ...(staticMac === undefined ? {} : { staticMac }),
      ...(legacy ? { legacy } : {}),
      ...(deviceNaming ? { deviceNaming } : {}),
    }
  }
}

export const newAdapter = (name: string, on: string | null): VmAdapterState => ({ name, switch: on, settings: DEFAULT_SETTINGS })
