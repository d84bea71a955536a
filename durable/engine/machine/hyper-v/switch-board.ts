// The switches that people made on a computer, and what turns one into another (fact sheet 4.10).
import type { Drop, LinkLayer, StackWatcher } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import type { Frame } from '../../link/frame.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { Mac } from '../../wire/addresses.ts'
import { isBound, SWITCH_PROTOCOL } from '../bindings.ts'
import { guidOf } from '../guid.ts'
import type { Machine } from '../machine.ts'
import { forwardingByHand } from '../windows/windows-network.ts'
import type { HostAdapter } from './host-adapter.ts'
import type { MacPool } from './mac-pool.ts'
import { tellSwitch } from './switch-events.ts'
import type { Uplink } from './uplink.ts'
import { VmSwitch, type VmSwitchState } from './vm-switch.ts'

/** Switches that people may make; the real one's limit is far away, the lab's budget is not. */
export const MOST_SWITCHES = 32
/** Adapters that the computer may have on one switch. */
const MOST_HOSTS = 8

/** Why a switch could not be made or changed. `exhausted`: no address or no room is left. */
export type SwitchRefusal = 'exhausted' | 'in-use' | 'wrong-state'

export type SwitchChange = {
  readonly type?: 'Internal' | 'Private'
  readonly nic?: Interface
  readonly shared?: boolean
  /** Further adapters: a team (Switch Embedded Teaming). An empty one has the first alone. */
  readonly others?: readonly Interface[]
}

export class SwitchBoard implements LinkLayer, StackWatcher {
  readonly list: VmSwitch[] = []
  private readonly machine: Machine
  private readonly macPool: MacPool
  /** Addresses that others have. */
  private readonly taken: () => readonly Mac[]
  /** By the index of the physical adapter. */
  private readonly uplinks = new Map<number, Uplink>()

  constructor(machine: Machine, macPool: MacPool, taken: () => readonly Mac[]) {
    this.machine = machine
    this.macPool = macPool
    this.taken = taken
    machine.stack.links = this
    machine.stack.watchers.push(this)
  }

  restore(states: readonly VmSwitchState[]): void {
    for (const state of states) this.list.push(new VmSwitch(this.machine, state))
    this.review()
  }

  of(id: string): VmSwitch | undefined {
    return this.list.find((one) => one.id.toUpperCase() === id.toUpperCase())
  }

  /** The external switch that a physical adapter or one of the computer's own is on. */
  leadsOut(via: Interface): boolean {
    return this.list.some(({ uplink, hosts }) => uplink !== undefined && hosts.some((host) => host.via === via))
  }

  /** Sharing leads outwards only: from one switch to another nothing goes until forwarding is enabled on both (fact sheet 4.14). */
  apart(from: Interface, to: Interface): Drop | undefined {
    if (to.kind !== 'virtual' || this.leadsOut(to)) return undefined
    const opened = forwardingByHand(this.machine)
    if (opened.includes(from.index) && (to.hidden ? opened.includes(to.index) : to.forwarding)) return undefined
    return { code: 'not-forwarding', detail: `forwarding is not enabled on both ${from.name} and ${to.name}` }
  }

  // Frames and links

  receive(via: Interface, frame: Frame): boolean {
    const uplink = this.uplinks.get(via.index)
    if (uplink === undefined) return false
    uplink.receive(frame)
    return true
  }

  linkChanged(via: Interface): void {
    for (const one of this.list) one.linkChanged(via)
  }

  /** When the next switch is ready to pass frames. */
  get dueAt(): Micros {
    let at = NEVER
    for (const { uplinks } of this.list) for (const { readyAt } of uplinks) if (readyAt < at) at = readyAt
    return at
  }

  poll(now: Micros): void {
    for (const one of this.list) one.ready(now)
  }

  // What people do

  make(name: string, notes: string, { type, nic, shared = true, others }: SwitchChange): VmSwitch | SwitchRefusal {
    const { machine } = this
    if (this.list.length >= MOST_SWITCHES) return 'exhausted'
    for (const one of nic ? [nic, ...(others ?? [])] : []) {
      const refused = this.refuses(one)
      if (refused) return refused
    }
    const mac = type === 'Internal' ? this.takeMac() : undefined
    if (type === 'Internal' && mac === undefined) return 'exhausted'
    const id = guidOf(machine.sim.seed, `${machine.name}/switch/${name}/${machine.sim.now}/${this.list.length}`)
    const made = new VmSwitch(machine, { id, name, notes, host: null })
    this.list.push(made)
    tellSwitch(machine, id, name, true)
    if (nic) made.takeUplink(nic, shared)
    if (nic && others) made.addMembers(others)
    else if (mac !== undefined) made.addHost(mac)
    this.review()
    return made
  }

  change(it: VmSwitch, { type, nic, shared }: SwitchChange): SwitchRefusal | undefined {
    const done = nic ? this.toExternal(it, nic, shared ?? true) : type ? this.toInside(it, type) : undefined
    if (done) return done
    if (nic === undefined && shared !== undefined && it.type !== 'Private') {
      if (!shared) it.removeHosts()
      else if (it.uplink) it.share()
    }
    this.review()
    return undefined
  }

  private toExternal(it: VmSwitch, nic: Interface, shared: boolean): SwitchRefusal | undefined {
    if (it.uplink?.nic !== nic) {
      const refused = this.refuses(nic)
      if (refused) return refused
      if (it.uplink) it.swapUplink(nic)
      else it.takeUplink(nic, shared)
    }
    if (shared) it.share()
    else it.removeHosts()
    return undefined
  }

  private toInside(it: VmSwitch, type: 'Internal' | 'Private'): SwitchRefusal | undefined {
    const mac = type === 'Internal' ? this.takeMac() : undefined
    const { uplink, hosts } = it
    if (type === 'Internal' && mac === undefined && (hosts.length === 0 || uplink?.inherited)) return 'exhausted'
    it.releaseUplink(mac, type === 'Internal')
    if (type === 'Private') it.removeHosts()
    else if (it.hosts.length === 0 && mac !== undefined) it.addHost(mac)
    return undefined
  }

  /** Which adapters are to be the team; those that go are the computer's again. The first one stays. */
  reteam(it: VmSwitch, nics: readonly Interface[]): SwitchRefusal | undefined {
    const now = it.uplinks.map(({ nic }) => nic)
    const fresh = nics.filter((nic) => !now.includes(nic))
    for (const one of fresh) {
      const refused = this.refuses(one)
      if (refused) return refused
    }
    for (const nic of now) if (!nics.includes(nic)) it.removeMember(nic)
    it.addMembers(fresh)
    this.review()
    return undefined
  }

  /** A further adapter of the computer. */
  addHost(it: VmSwitch, name: string, given: Mac | undefined): HostAdapter | undefined {
    const mac = given ?? this.takeMac()
    if (mac === undefined || it.hosts.length >= MOST_HOSTS) return undefined
    return it.addHost(mac, name)
  }

  remove(it: VmSwitch): void {
    it.remove()
    tellSwitch(this.machine, it.id, it.name, false)
    this.list.splice(this.list.indexOf(it), 1)
    this.review()
  }

  private refuses(nic: Interface): SwitchRefusal | undefined {
    if (isBound(this.machine, nic, SWITCH_PROTOCOL)) return 'in-use'
    return nic.enabled ? undefined : 'wrong-state'
  }

  takeMac(): Mac | undefined {
    const own = this.list.flatMap(({ hosts }) => hosts.map(({ via }) => via.mac))
    return this.macPool.take(new Set([...this.taken(), ...own]))
  }

  private review(): void {
    this.uplinks.clear()
    for (const { uplinks } of this.list) for (const one of uplinks) this.uplinks.set(one.nic.index, one)
  }
}
