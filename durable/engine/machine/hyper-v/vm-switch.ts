// A virtual switch that somebody made: private, internal with an adapter of the computer on it, or external with a physical
// adapter besides (fact sheet 4.10). It is there for good: a restart of the computer changes nothing about it.
import type { Interface } from '../../ip/interface.ts'
import { DEFAULT_SETTINGS } from '../../link/virtual-port/settings.ts'
import { UPLINK, VirtualSwitch, type VirtualSwitchState } from '../../link/virtual-switch.ts'
import { NEVER } from '../../sim/time.ts'
import type { Mac } from '../../wire/addresses.ts'
import { bindIp4, configure, freeFromSwitch, giveToSwitch, keepConfiguration, unbindIp4 } from '../bindings.ts'
import type { Machine } from '../machine.ts'
import { moveConfiguration } from '../move-configuration.ts'
import { HostAdapter, type HostAdapterState, newHostAdapter } from './host-adapter.ts'
import { tellHost } from './switch-events.ts'
import { Team, type TeamState } from './team.ts'
import { UPLINK_PORT, Uplink, type UplinkState } from './uplink.ts'

export type SwitchType = 'Internal' | 'Private' | 'External'

export type VmSwitchState = {
  readonly id: string
  readonly name: string
  readonly notes: string
  /** Null on a private switch. */
  readonly host: HostAdapterState | null
  /** These are younger than the format. */
  readonly more?: readonly HostAdapterState[]
  readonly uplink?: UplinkState
  readonly team?: TeamState
  /** Ids of the extensions that are enabled; left out: as they are on a new switch. */
  readonly extensions?: readonly string[]
}

export class VmSwitch {
  readonly id: string
  name: string
  notes: string
  readonly fabric: VirtualSwitch
  uplink: Uplink | undefined
  /** Several adapters are the uplink (Switch Embedded Teaming); `uplink` is the first of them. */
  team: Team | undefined
  extensions: readonly string[] | undefined
  private readonly machine: Machine
  private adapters: HostAdapter[] = []

  constructor(machine: Machine, { id, name, notes, host, more = [], uplink, extensions, team }: VmSwitchState) {
    this.extensions = extensions
    this.machine = machine
    this.id = id
    this.name = name
    this.notes = notes
    const { world } = machine
    const part = `${machine.name}/switch/${id}`
    const stored = world.stored<VirtualSwitchState>(part)
    this.fabric = world.add(new VirtualSwitch(machine.sim, world.recorder, part, machine.name, name, stored))
    for (const one of host === null ? [] : [host, ...more]) this.adapters.push(new HostAdapter(machine, this.fabric, id, one))
    const nic = uplink && machine.stack.interfaces.get(uplink.nic)
    if (uplink && nic) this.connectUplink(nic, uplink)
    if (team) this.form(team.others, team)
  }

  // What there is

  get hosts(): readonly HostAdapter[] {
    return this.adapters
  }

  /** The first of the computer's adapters here. */
  get host(): HostAdapterState | null {
    return this.adapters[0]?.state ?? null
  }

  get type(): SwitchType {
    return this.uplink ? 'External' : this.adapters.length === 0 ? 'Private' : 'Internal'
  }

  /** The interface of the computer on this switch. */
  get via(): Interface | undefined {
    return this.adapters[0]?.via
  }

  // The computer's adapters

  /** The computer gets an adapter here: it asks for an address by DHCP like any new adapter. */
  addHost(mac: Mac, name = this.name): HostAdapter {
    const made = this.openHost(mac, false, name)
    made.mirror(this.uplink?.nic)
    made.begin()
    return made
  }

  private openHost(mac: Mac, quiet: boolean, name = this.name): HostAdapter {
    const taken = this.adapters.map(({ port }) => port)
    const made = new HostAdapter(
      this.machine,
      this.fabric,
      this.id,
      newHostAdapter(this.machine, this.id, name, mac, taken),
      quiet,
    )
    this.adapters.push(made)
    tellHost(this.machine, made.state, true)
    return made
  }

  removeHost(one: HostAdapter): void {
    const { uplink } = this
    // What people had set for the computer's own adapter is its own again, when it is free.
    if (uplink?.inherited && one === this.adapters[0]) {
      uplink.nic.kept = keepConfiguration(this.machine, one.via)
      uplink.inherited = false
    }
    one.remove()
    tellHost(this.machine, one.state, false)
    this.adapters = this.adapters.filter((other) => other !== one)
  }

  removeHosts(): void {
    for (const one of [...this.adapters].reverse()) this.removeHost(one)
  }

  // The physical adapter

  /** Further adapters beside the first: one uplink from now on. */
  private form(others: readonly (Interface | UplinkState)[], state?: TeamState): void {
    const { machine, fabric, uplink } = this
    if (uplink === undefined) return
    const members = others.flatMap((one) => {
      const nic = 'nic' in one ? machine.stack.interfaces.get(one.nic) : one
      return nic ? [new Uplink(machine, fabric, this.name, nic, 'nic' in one ? one : undefined)] : []
    })
    const macOf = (adapter: string) =>
      machine.hyperV?.vms.flatMap(({ adapters }) => adapters).find(({ id }) => id === adapter)?.mac ??
      this.adapters.find((host) => host.state.id === adapter)?.state.mac
    const changed = () => machine.hyperV && machine.sim.touch(machine.hyperV)
    this.team = new Team(fabric, [uplink, ...members], macOf, changed, state)
    fabric.attach(UPLINK_PORT, this.team)
  }

  /** Adapters join the first one; what was configured on them waits until they are free. */
  addMembers(nics: readonly Interface[]): void {
    if (this.team === undefined) this.form([])
    for (const nic of nics) {
      const member = new Uplink(this.machine, this.fabric, this.name, nic)
      this.team?.add(member)
      unbindIp4(this.machine, nic)
      giveToSwitch(this.machine, nic)
      member.begin()
    }
    this.mirrorHosts()
    this.machine.stack.changed()
  }

  /** The first one stays: its configuration is the switch's. */
  removeMember(nic: Interface): void {
    const member = this.team?.members.find((one) => one.nic === nic)
    if (member === undefined || member === this.uplink) return
    this.team?.leave(member)
    freeFromSwitch(this.machine, nic)
    bindIp4(this.machine, nic)
    this.mirrorHosts()
    this.machine.stack.changed()
  }

  private mirrorHosts(): void {
    const { uplink } = this
    const lead = this.team?.members.find(({ nic }) => nic.up)?.nic ?? uplink?.nic
    for (const host of this.adapters) host.mirror(lead)
  }

  /**
   * The switch takes an adapter for itself. Where the computer has no adapter here and is to have one, everything that stood
   * on the physical one goes to it; where it has, that one faces the network outside with what it has (fact sheet 4.10).
   */
  takeUplink(nic: Interface, shared: boolean): void {
    const { machine } = this
    const fresh = shared && this.adapters.length === 0
    if (fresh) {
      const host = this.openHost(nic.mac, true)
      this.connectUplink(nic)
      host.mirror(nic)
      moveConfiguration(machine, nic, host.via)
    } else {
      this.connectUplink(nic)
      unbindIp4(machine, nic)
    }
    const uplink = this.uplink as Uplink
    uplink.inherited = fresh
    giveToSwitch(machine, nic)
    if (!shared) this.removeHosts()
    uplink.begin()
    if (!fresh) for (const host of this.adapters) this.replug(host)
    machine.stack.changed()
  }

  /** Another physical adapter instead of the one there is; the computer's adapter here goes with it. */
  swapUplink(nic: Interface): void {
    const host = this.uplink?.inherited ? this.adapters[0] : undefined
    if (host === undefined) {
      this.releaseUplink()
      return this.takeUplink(nic, this.adapters.length > 0)
    }
    this.releaseUplink(undefined, false)
    this.connectUplink(nic)
    host.mac = nic.mac
    host.mirror(nic)
    moveConfiguration(this.machine, nic, host.via)
    const uplink = this.uplink as unknown as Uplink
    uplink.inherited = true
    giveToSwitch(this.machine, nic)
    uplink.begin()
    this.machine.stack.changed()
  }

  /**
   * The adapter becomes the computer's own again, with what had moved. `mac`: of the adapter that stays here without it;
   * it is as new then, and asks for an address that nobody gives.
   */
  releaseUplink(mac?: Mac, staysAlone = true): void {
    const { machine, uplink } = this
    if (uplink === undefined) return
    const { nic, inherited } = uplink
    for (const member of [...(this.team?.members ?? [])]) this.removeMember(member.nic)
    this.team = undefined
    uplink.team = undefined
    this.fabric.removePort(UPLINK_PORT)
    this.uplink = undefined
    const host = this.adapters[0]
    if (inherited && host) {
      const i6 = machine.ip6.interfaces.get(nic.index)
      if (i6) i6.enabled = false
      nic.bindings.clear()
      moveConfiguration(machine, host.via, nic)
      host.via.bindings.clear()
      if (mac !== undefined) host.mac = mac
      if (staysAlone) this.beginAnew(host)
    } else {
      freeFromSwitch(machine, nic)
      bindIp4(machine, nic)
    }
    for (const one of this.adapters) {
      one.mirror(undefined)
      if (!inherited) this.replug(one)
    }
    machine.stack.changed()
  }

  private beginAnew({ via }: HostAdapter): void {
    const { ip6 } = this.machine
    const i6 = ip6.interfaces.get(via.index)
    if (i6) {
      ip6.setEnabled(i6, false)
      ip6.setEnabled(i6, true)
    }
    configure(this.machine, via, null)
  }

  /** The computer is to have an adapter on this external switch: with what had been set for the physical one. */
  share(): void {
    const { uplink, machine } = this
    if (uplink === undefined || this.adapters.length > 0) return
    const host = this.openHost(uplink.mac, false)
    host.mirror(uplink.nic)
    uplink.inherited = true
    configure(machine, host.via, uplink.nic.kept)
    uplink.nic.kept = null
  }

  /** Its link goes and comes: whoever asks for addresses there asks again. */
  private replug(host: HostAdapter): void {
    const { stack } = this.machine
    stack.setEnabled(host.via, false)
    stack.setEnabled(host.via, true)
  }

  private connectUplink(nic: Interface, state?: UplinkState): void {
    this.uplink = new Uplink(this.machine, this.fabric, this.name, nic, state)
    this.fabric.addPort(UPLINK, nic.name, DEFAULT_SETTINGS, UPLINK_PORT)
    this.fabric.attach(UPLINK_PORT, this.uplink)
    if (state) for (const host of this.adapters) host.via.speed = nic.speed
  }

  /** The physical adapters. */
  get uplinks(): readonly Uplink[] {
    return this.team?.members ?? (this.uplink ? [this.uplink] : [])
  }

  /** The computer's own adapter here, or the physical one, has another link. */
  linkChanged(nic: Interface): void {
    if (this.uplink?.nic === nic || this.team?.members.some((one) => one.nic === nic)) this.mirrorHosts()
  }

  /** Windows has bound the adapter: frames pass. */
  ready(now: number): void {
    for (const one of this.uplinks) if (one.readyAt <= now) one.readyAt = NEVER
  }

  /** The switch is gone; nobody is on it any more. */
  remove(): void {
    this.releaseUplink(undefined, false)
    this.removeHosts()
    this.machine.sim.remove(this.fabric)
  }

  save(): VmSwitchState {
    const [host = null, ...more] = this.adapters.map(({ state }) => state)
    return {
      id: this.id,
      name: this.name,
      notes: this.notes,
      host,
      ...(more.length > 0 ? { more } : {}),
      ...(this.uplink ? { uplink: this.uplink.save() } : {}),
      ...(this.team ? { team: this.team.save() } : {}),
      ...(this.extensions ? { extensions: this.extensions } : {}),
    }
  }
}
