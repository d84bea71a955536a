// Switch Embedded Teaming (Windows Server): several physical adapters are one uplink, and the network outside knows nothing of it
// (fact sheet 2.1: switch independent). Every address stands behind one of them; with `Dynamic`, flows go out by all of them,
// those that do not go by their own with the address of the adapter that they leave by.
import { type Frame, rewritten } from '../../link/frame.ts'
import type { Attachment } from '../../link/port.ts'
import type { VirtualSwitch } from '../../link/virtual-switch.ts'
import { isGroupMac, type Mac } from '../../wire/addresses.ts'
import { put48, u32 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import type { Uplink, UplinkState } from './uplink.ts'

export type LoadBalancing = 'HyperVPort' | 'Dynamic'

export type TeamState = {
  /** Those besides the switch's first adapter. */
  readonly others: readonly UplinkState[]
  readonly algorithm: LoadBalancing
  /** Which adapter an address stands behind. */
  readonly homes: readonly (readonly [mac: Mac, nic: number])[]
  /** By the id of a virtual adapter: the one that people chose. */
  readonly mappings: readonly (readonly [adapter: string, nic: number])[]
}

/** The real limit, and how many addresses have a home at a time. */
export const MOST_MEMBERS = 8
const MOST_HOMES = 1024

export class Team implements Attachment {
  readonly members: Uplink[]
  algorithm: LoadBalancing
  readonly mappings: Map<string, number>
  private readonly homes: Map<Mac, number>
  private readonly fabric: VirtualSwitch
  /** The address that a virtual adapter has now. */
  private readonly macOf: (adapter: string) => Mac | undefined
  private readonly changed: () => void

  constructor(
    fabric: VirtualSwitch,
    members: readonly Uplink[],
    macOf: (adapter: string) => Mac | undefined,
    changed: () => void,
    state?: Omit<TeamState, 'others'>,
  ) {
    this.fabric = fabric
    this.members = [...members]
    this.macOf = macOf
    this.changed = changed
    this.algorithm = state?.algorithm ?? 'Dynamic'
    this.homes = new Map(state?.homes)
    this.mappings = new Map(state?.mappings)
    for (const one of this.members) one.team = this
  }

  add(one: Uplink): void {
    one.team = this
    this.members.push(one)
  }

  leave(one: Uplink): void {
    one.team = undefined
    this.members.splice(this.members.indexOf(one), 1)
  }

  private get alive(): Uplink[] {
    return this.members.filter(({ nic, passes }) => nic.up && passes)
  }

  get up(): boolean {
    return this.members.some(({ up }) => up)
  }

  /** The adapter that an address stands behind: it stays there until that one goes down. */
  private home(mac: Mac, alive: readonly Uplink[]): Uplink | undefined {
    const chosen = this.chosen(mac)
    const wanted = alive.find(({ nic }) => nic.index === (chosen ?? this.homes.get(mac)))
    if (wanted) return wanted
    const own = alive.find(({ nic }) => nic.mac === mac)
    const found = own ?? alive[mac % Math.max(1, alive.length)]
    if (found === undefined) return undefined
    if (this.homes.size >= MOST_HOMES && !this.homes.has(mac)) this.homes.delete(this.homes.keys().next().value as Mac)
    this.homes.set(mac, found.nic.index)
    this.changed()
    return found
  }

  private chosen(mac: Mac): number | undefined {
    for (const [adapter, nic] of this.mappings) if (this.macOf(adapter) === mac) return nic
    return undefined
  }

  // From the switch to the wires

  transmit(frame: Frame): void {
    const { bytes } = frame
    const alive = this.alive
    const mac = ethernet.src(bytes)
    const home = this.home(mac, alive)
    if (home === undefined) return this.members[0]?.transmit(frame)
    const by = this.algorithm === 'Dynamic' && this.chosen(mac) === undefined ? this.byFlow(bytes, alive) : undefined
    if (by !== undefined && by !== home) {
      put48(bytes, 6, by.nic.mac)
      rewritten(frame)
    }
    return (by ?? home).transmit(frame)
  }

  /** Flows of TCP and UDP over IPv4 are spread; everything else goes by its address's home. */
  private byFlow(b: Uint8Array, alive: readonly Uplink[]): Uplink | undefined {
    const at = ethernet.HEADER_LEN
    if (ethernet.type(b) !== ethernet.TYPE_IPV4 || isGroupMac(ethernet.dst(b)) || ipv4.check(b, at, b.length) !== true)
      return undefined
    const protocol = ipv4.protocol(b, at)
    if ((protocol !== ipv4.TCP && protocol !== ipv4.UDP) || ipv4.isFragment(b, at)) return undefined
    const head = at + ipv4.headerLen(b, at)
    if (head + 4 > b.length) return undefined
    const mixed = Math.imul(ipv4.src(b, at) ^ Math.imul(ipv4.dst(b, at), 31) ^ u32(b, head), 0x9e3779b1) >>> 0
    return alive[(mixed >>> 16) % alive.length]
  }

  // From the wires to the switch

  /** Why a frame that came in by one of them goes no further; the network outside floods to all of them. */
  refuses(by: Uplink, { bytes }: Frame): string | undefined {
    const from = ethernet.src(bytes)
    const to = ethernet.dst(bytes)
    const { name } = by.nic
    if (this.fabric.portList.some(({ mac }) => mac === from) || this.members.some(({ nic }) => nic.mac === from))
      return `the switch's own frame has come back by ${name}`
    const alive = this.alive
    const taker = isGroupMac(to) ? alive[0] : this.home(to, alive)
    return taker === undefined || taker === by ? undefined : `${taker.nic.name} of the team takes this, not ${name}`
  }

  save(): TeamState {
    return {
      others: this.members.slice(1).map((one) => one.save()),
      algorithm: this.algorithm,
      homes: [...this.homes],
      mappings: [...this.mappings],
    }
  }
}
