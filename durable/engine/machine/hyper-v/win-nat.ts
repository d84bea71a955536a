// WinNAT (New-NetNat; fact sheet 4.7): networks that the computer translates because somebody said so, and the ports that it
// forwards into them. The translating itself is the computer's one table (`service/nat.ts`).
import type { Interface } from '../../ip/interface.ts'
import type { Nat } from '../../service/nat.ts'
import type { Forward, NewForward } from '../../service/nat-forward.ts'
import { type NatBehavior, WINNAT } from '../../service/nat-session.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import { type Ip4, inPrefix } from '../../wire/addresses.ts'
import { TCP } from '../../wire/ipv4.ts'
import type { Machine } from '../machine.ts'
import type { NatSettings } from '../views.ts'
import type { Network } from './prefix.ts'

export type NetNat = Network & {
  readonly name: string
  readonly mappings: readonly number[]
  /** What was set of it; the rest is as WinNAT has it. */
  readonly settings?: Partial<NatSettings>
  /** Addresses of the computer that it may use, the network that they must be in, and their ids. */
  readonly external?: Network | null
  readonly addresses?: readonly { readonly id: number; readonly ip: Ip4 }[]
}

const USUAL: NatSettings = {
  IcmpQueryTimeout: WINNAT.icmp,
  TcpEstablishedConnectionTimeout: WINNAT.tcpEstablished,
  TcpTransientConnectionTimeout: WINNAT.tcpTransient,
  TcpFilteringBehavior: 'AddressDependentFiltering',
  UdpFilteringBehavior: 'AddressDependentFiltering',
  UdpIdleSessionTimeout: WINNAT.udp,
  UdpInboundRefresh: WINNAT.udpInboundRefresh,
}

export const settingsOf = (nat: NetNat): NatSettings => ({ ...USUAL, ...nat.settings })

function behaviorBy(said: NatSettings): NatBehavior {
  const filtering = (word: NatSettings['TcpFilteringBehavior']) =>
    word === 'EndpointIndependentFiltering' ? ('endpoint-independent' as const) : ('address-dependent' as const)
  return {
    filtering: filtering(said.UdpFilteringBehavior),
    tcpFiltering: filtering(said.TcpFilteringBehavior),
    hairpin: true,
    icmp: said.IcmpQueryTimeout,
    tcpEstablished: said.TcpEstablishedConnectionTimeout,
    tcpTransient: said.TcpTransientConnectionTimeout,
    udp: said.UdpIdleSessionTimeout,
    udpInboundRefresh: said.UdpInboundRefresh,
  }
}

export type WinNatState = { readonly nats: readonly NetNat[] }

const MOST_NATS = 16
const MOST_MAPPINGS = 256

export class WinNat extends StillPart implements Part {
  readonly kind = 'win-nat'
  readonly version = 1
  readonly name: string
  private readonly machine: Machine
  private nats: NetNat[]
  /** What their settings mean, found out once: every packet asks. */
  private readonly behaviors = new WeakMap<NetNat, NatBehavior>()

  constructor(machine: Machine, state?: WinNatState) {
    super()
    this.machine = machine
    this.name = `${machine.name}/win-nat`
    this.nats = [...(state?.nats ?? [])]
  }

  get all(): readonly NetNat[] {
    return this.nats
  }

  private get table(): Nat {
    return this.machine.nat as Nat
  }

  /** `exists`: the name is taken. `invalid`: the network overlaps another one, or there are too many. */
  add(name: string, network: Ip4, prefixLength: number, external: Network | null = null): 'ok' | 'exists' | 'invalid' {
    if (this.nats.some((nat) => nat.name.toLowerCase() === name.toLowerCase())) return 'exists'
    const overlaps = this.nats.some((nat) => {
      const shorter = Math.min(nat.prefixLength, prefixLength)
      return inPrefix(network, nat.network, shorter)
    })
    if (overlaps || this.nats.length >= MOST_NATS) return 'invalid'
    this.nats.push({ name, network, prefixLength, mappings: [], ...(external === null ? {} : { external }) })
    this.serve()
    return 'ok'
  }

  set(name: string, change: Partial<NatSettings>): boolean {
    const nat = this.named(name)
    if (!nat) return false
    this.nats = this.nats.map((one) => (one === nat ? { ...one, settings: { ...one.settings, ...change } } : one))
    return true
  }

  /** How the network of an inside address is translated; undefined: it is none of these. */
  behaviorOf(inside: Ip4): NatBehavior | undefined {
    const nat = this.around(inside)
    if (nat?.settings === undefined) return undefined
    const known = this.behaviors.get(nat)
    if (known !== undefined) return known
    const made = behaviorBy(settingsOf(nat))
    this.behaviors.set(nat, made)
    return made
  }

  private around(inside: Ip4): NetNat | undefined {
    for (const one of this.nats) if (inPrefix(inside, one.network, one.prefixLength)) return one
    return undefined
  }

  /** The address of the way out that such a network was given, when it is one of the computer's there. */
  externalOf(inside: Ip4, to: Interface): Ip4 | undefined {
    const nat = this.around(inside)
    if (nat === undefined) return undefined
    const given = nat.addresses?.find(({ ip }) => to.has(ip))
    if (given !== undefined) return given.ip
    const { external } = nat
    if (!external) return undefined
    return to.addresses.find(({ ip, state }) => state === 'preferred' && inPrefix(ip, external.network, external.prefixLength))
      ?.ip
  }

  addAddress(name: string, ip: Ip4): number | 'not-found' | 'exists' {
    const nat = this.named(name)
    if (!nat) return 'not-found'
    const all = this.nats.flatMap(({ addresses = [] }) => addresses)
    if (all.some((one) => one.ip === ip)) return 'exists'
    const id = all.reduce((most, one) => Math.max(most, one.id + 1), 0)
    this.nats = this.nats.map((one) => (one === nat ? { ...one, addresses: [...(one.addresses ?? []), { id, ip }] } : one))
    return id
  }

  removeAddress(id: number): boolean {
    const before = this.nats
    this.nats = this.nats.map((one) =>
      one.addresses?.some((address) => address.id === id)
        ? { ...one, addresses: one.addresses.filter((address) => address.id !== id) }
        : one,
    )
    return this.nats.some((one, at) => one !== before[at])
  }

  /** Its flows die with it; the addresses of the computer stay. */
  remove(name: string): boolean {
    const gone = this.named(name)
    if (!gone) return false
    for (const id of gone.mappings) this.table.removeForward(id)
    this.nats = this.nats.filter((nat) => nat !== gone)
    this.table.forget(gone.network, gone.prefixLength)
    return true
  }

  /** The computer passes on what comes from these networks, also where an address was given later. */
  serve(): void {
    for (const via of this.machine.stack.interfaces.values()) {
      const serves = via.addresses.some(({ ip }) => this.nats.some((nat) => inPrefix(ip, nat.network, nat.prefixLength)))
      if (serves) via.forwarding = true
    }
  }

  forward(name: string, wanted: NewForward): Forward | 'not-found' | 'in-use' | 'invalid' {
    const nat = this.named(name)
    if (!nat) return 'not-found'
    if (!inPrefix(wanted.internalIp, nat.network, nat.prefixLength) || nat.mappings.length >= MOST_MAPPINGS) return 'invalid'
    if (this.isTaken(wanted)) return 'in-use'
    const made = this.table.addForward(wanted)
    if (made === undefined) return 'in-use'
    this.nats = this.nats.map((one) => (one === nat ? { ...one, mappings: [...one.mappings, made.id] } : one))
    return made
  }

  /** A program of the computer has the port, or it is set aside (fact sheet 2.6). */
  private isTaken({ protocol, externalPort }: NewForward): boolean {
    const { stack, network } = this.machine
    if (protocol === TCP)
      return stack.tcp.context.table.listenersAt(externalPort).length > 0 || (network?.isExcluded('tcp', externalPort) ?? false)
    return stack.udp.has(externalPort) || (network?.isExcluded('udp', externalPort) ?? false)
  }

  removeForward(id: number): boolean {
    if (!this.nats.some(({ mappings }) => mappings.includes(id))) return false
    this.table.removeForward(id)
    this.nats = this.nats.map((one) => ({ ...one, mappings: one.mappings.filter((mapping) => mapping !== id) }))
    return true
  }

  /** Every mapping with the name of its NAT. */
  get forwards(): readonly { readonly nat: string; readonly forward: Forward }[] {
    return this.nats.flatMap(({ name, mappings }) =>
      this.table.forwarded.filter(({ id }) => mappings.includes(id)).map((forward) => ({ nat: name, forward })),
    )
  }

  private named(name: string): NetNat | undefined {
    return this.nats.find((nat) => nat.name.toLowerCase() === name.toLowerCase())
  }

  save(): Json {
    return { nats: this.nats } as WinNatState & Json
  }
}
