// Windows Firewall for a machine's own addresses (fact sheet 2.7, "Evaluation"): block beats allow, no match means the
// profile's default, answers to what the machine sent are admitted. Forwarded and translated packets are not its business.
import type { Drop, PacketFilter } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { StillPart } from '../sim/still-part.ts'
import { MINUTE, SECOND } from '../sim/time.ts'
import { formatAddress, type IpAddress, isMulticastIp, isMulticastIp6 } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as ipv6 from '../wire/ipv6.ts'
import { AskedPacket, hasPorts } from './firewall/asked-packet.ts'
import { Flows, flowKey, type StoredFlows } from './firewall/flows.ts'
import { type LoggedPacket, logLine, MOST_LOGGED } from './firewall/log.ts'
import {
  type Change,
  type Effective,
  effective,
  LOCAL,
  POLICY,
  PROFILES,
  type ProfileName,
  type ProfileSettings,
  type Scope,
} from './firewall/profiles.ts'
import type { AddressesOf, FirewallRule } from './firewall/rule.ts'
import { type Found, RuleIndex } from './firewall/rule-index.ts'
import { differences, RuleList, type StoredRules } from './firewall/rule-list.ts'

export type { FirewallRule } from './firewall/rule.ts'
export { aRule } from './firewall/rule.ts'

export type FirewallState = StoredRules & {
  readonly ours: StoredFlows
  readonly theirs: StoredFlows
  readonly local: { readonly [profile: string]: Change }
  readonly policy: { readonly [profile: string]: Change }
  /** What `Set-NetFirewallSetting` says. */
  readonly settings: { readonly [name: string]: string | number }
  /** Categories of networks, by what tells a network from another. */
  readonly networks: readonly (readonly [network: string, category: ProfileName])[]
  readonly log: readonly LoggedPacket[]
}

const FLOW_LIFETIME = MINUTE
/** Who asked a group, or everybody, is answered by somebody nobody could name before (AllowUnicastResponseToMulticast). */
const REPLY_LIFETIME = 4 * SECOND
const ANYBODY: IpAddress = 0
const ANYBODY6: IpAddress = 0n
const MOST_NETWORKS = 64

export class Firewall extends StillPart implements Part, PacketFilter {
  readonly kind = 'firewall'
  readonly version = 2
  readonly name: string
  private readonly list: RuleList
  /** Begun by this machine, and by others: only the first let in what no rule does. */
  private readonly ours: Flows
  private readonly theirs: Flows
  private readonly local: Map<ProfileName, ProfileSettings>
  private readonly policy: Map<ProfileName, ProfileSettings>
  settings: { readonly [name: string]: string | number }
  private readonly networks: Map<string, ProfileName>
  private logged: LoggedPacket[]
  private readonly stack: Stack
  private readonly named: AddressesOf
  /** These are derived, and made anew after every change. */
  private indexes: { readonly in: RuleIndex; readonly out: RuleIndex } | undefined
  private readonly said = new Map<ProfileName, Effective>()
  private readonly scopes = new Map<number, Scope>()

  /** `named`: the addresses that a dynamic keyword stands for. */
  constructor(stack: Stack, builtIn: readonly FirewallRule[], state?: FirewallState, named: AddressesOf = () => []) {
    super()
    this.stack = stack
    this.named = named
    this.name = `${stack.machine}/firewall`
    this.list = new RuleList(builtIn, state)
    this.ours = new Flows(FLOW_LIFETIME, state?.ours)
    this.theirs = new Flows(FLOW_LIFETIME, state?.theirs)
    this.local = new Map(PROFILES.map((name) => [name, { ...LOCAL, ...state?.local[name] }]))
    this.policy = new Map(PROFILES.map((name) => [name, { ...POLICY, ...state?.policy[name] }]))
    this.settings = { ...state?.settings }
    this.networks = new Map(state?.networks)
    this.logged = [...(state?.log ?? [])]
  }

  // Rules

  get rules(): readonly FirewallRule[] {
    return this.list.all
  }

  set rules(rules: readonly FirewallRule[]) {
    this.list.all = rules
    this.changed()
  }

  add(rule: FirewallRule): void {
    this.list.add(rule)
    this.changed()
  }

  /** Puts a rule in the place of one. */
  replace(old: FirewallRule, rule: FirewallRule): void {
    this.list.replace(old, rule)
    this.changed()
  }

  remove(old: FirewallRule): void {
    this.list.keep((rule) => rule !== old)
    this.changed()
  }

  changed(): void {
    this.indexes = undefined
    this.said.clear()
    this.scopes.clear()
  }

  // Profiles and networks

  profile(name: ProfileName, store: 'local' | 'policy' = 'local'): ProfileSettings {
    return (store === 'local' ? this.local : this.policy).get(name) as ProfileSettings
  }

  setProfile(name: ProfileName, change: Change, store: 'local' | 'policy' = 'local'): void {
    const profiles = store === 'local' ? this.local : this.policy
    profiles.set(name, { ...(profiles.get(name) as ProfileSettings), ...change })
    this.changed()
  }

  effective(name: ProfileName): Effective {
    const known = this.said.get(name)
    if (known !== undefined) return known
    const made = effective(this.profile(name), this.profile(name, 'policy'))
    this.said.set(name, made)
    return made
  }

  /** What tells the network behind an interface from another: its name or its router. One without either is not identified. */
  networkOf(via: Interface): string {
    const gateway = this.stack.routes.all.find((r) => r.interface === via.index && r.prefixLength === 0)?.gateway
    return `${via.index}/${via.ssid}/${gateway === undefined ? '' : formatAddress(gateway)}`
  }

  category(via: Interface): ProfileName {
    return this.networks.get(this.networkOf(via)) ?? 'Public'
  }

  setCategory(via: Interface, category: ProfileName): void {
    if (this.networks.size >= MOST_NETWORKS) this.networks.delete(this.networks.keys().next().value as string)
    this.networks.set(this.networkOf(via), category)
    this.changed()
  }

  isIdentified(via: Interface): boolean {
    return !this.networkOf(via).endsWith('//')
  }

  /** `netsh advfirewall reset`: everything of this computer as it was when it was new. */
  reset(): void {
    this.list.reset()
    for (const name of PROFILES) this.local.set(name, LOCAL)
    this.settings = {}
    this.changed()
  }

  /** A network that has no name is a new one whenever the link comes back. */
  linkChanged(via: Interface, up: boolean): void {
    if (!up && this.networks.delete(`${via.index}//`)) this.changed()
  }

  // Packets

  /** What holds for packets of an interface. Kept until something that it rests on is another. */
  private scopeOf(via: Interface): Scope {
    const known = this.scopes.get(via.index)
    const { version } = this.stack.routes
    if (known !== undefined && known.routes === version && known.name === via.name && known.ssid === via.ssid) return known
    const category = this.category(via)
    const profile = this.effective(category)
    const guarded = profile.enabled && !profile.exempt.includes(via.name.toLowerCase())
    const made = { category, profile, guarded, routes: version, name: via.name, ssid: via.ssid }
    this.scopes.set(via.index, made)
    return made
  }

  admits(via: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    const protocol = ipv4.protocol(bytes, at)
    const head = at + ipv4.headerLen(bytes, at)
    const local = ipv4.dst(bytes, at)
    return this.admit(via, bytes, head, protocol, local, ipv4.src(bytes, at), ipv4.totalLen(bytes, at))
  }

  admits6(via: Interface, bytes: Uint8Array, at: number, protocol: number, from: number): Drop | undefined {
    return this.admit(via, bytes, from, protocol, ipv6.dst(bytes, at), ipv6.src(bytes, at), ipv6.end(bytes, at) - at)
  }

  leaves(via: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    if (this.isOpen(this.scopeOf(via))) return undefined
    const head = at + ipv4.headerLen(bytes, at)
    return this.leave(via, bytes, head, ipv4.protocol(bytes, at), ipv4.src(bytes, at), ipv4.dst(bytes, at), bytes.length - at)
  }

  leaves6(via: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    if (this.isOpen(this.scopeOf(via))) return undefined
    const protocol = ipv6.nextHeader(bytes, at)
    const head = at + ipv6.HEADER_LEN
    return this.leave(via, bytes, head, protocol, ipv6.src(bytes, at), ipv6.dst(bytes, at), bytes.length - at)
  }

  /** Nothing that leaves is held, and nothing about it is noted. */
  private isOpen({ guarded, profile }: Scope): boolean {
    return !guarded || (profile.outboundAllowed && !profile.logAllowed && !this.rulesFor.out.hasBlocks)
  }

  private admit(
    via: Interface,
    bytes: Uint8Array,
    head: number,
    protocol: number,
    local: IpAddress,
    remote: IpAddress,
    size: number,
  ): Drop | undefined {
    const { category, profile, guarded } = this.scopeOf(via)
    if (!guarded) return undefined
    const ports = hasPorts(protocol) && head + 4 <= bytes.length
    const localPort = ports ? u16(bytes, head + 2) : 0
    const remotePort = ports ? u16(bytes, head) : 0
    const { now } = this.stack.sim
    const key = flowKey(protocol, localPort, remote)
    if (this.ours.isFresh(key, now) || this.isAnswer(via, protocol, local, localPort, remote, remotePort, profile))
      return undefined
    const packet = new AskedPacket(this.stack, via, protocol, local, remote, localPort, remotePort, bytes, head)
    const found = this.rulesFor.in.judge(packet, category, profile)
    const allowed = packet.needsNoRule || (profile.inboundRules && (found.allow !== undefined || profile.inboundAllowed))
    if (allowed && found.block === undefined) {
      if (hasPorts(protocol)) {
        if (profile.logAllowed && !this.theirs.isFresh(key, now)) this.log('ALLOW', packet, size, 'RECEIVE', bytes, head)
        this.theirs.note(key, now)
      }
      return undefined
    }
    if (profile.logBlocked) this.log('DROP', packet, size, 'RECEIVE', bytes, head)
    return { code: 'firewall', detail: this.reason(found, packet, category, profile) }
  }

  /** Something that this machine asked a group for, or of a connection that it opened. */
  private isAnswer(
    via: Interface,
    protocol: number,
    local: IpAddress,
    localPort: number,
    remote: IpAddress,
    remotePort: number,
    profile: Effective,
  ): boolean {
    const { stack } = this
    if (protocol === ipv4.UDP && profile.unicastResponse) {
      const six = typeof local === 'bigint'
      const asked = this.ours.lastUse(flowKey(protocol, localPort, six ? ANYBODY6 : ANYBODY))
      if (asked !== undefined && stack.sim.now - asked <= REPLY_LIFETIME)
        if (six ? stack.ip6?.ownerOf(local) !== undefined : via.has(local)) return true
    }
    // A connection of ours goes on however long it was silent; one of theirs is asked about again, as rules may be others.
    return protocol === ipv4.TCP && !this.serves(protocol, localPort) && stack.tcp.knows(local, localPort, remote, remotePort)
  }

  /** Connections at a port that is listened on were opened by others: what we open has a port of its own. */
  private serves(protocol: number, port: number): boolean {
    return protocol === ipv4.TCP && this.stack.tcp.context.table.listenersAt(port).length > 0
  }

  private leave(
    via: Interface,
    bytes: Uint8Array,
    head: number,
    protocol: number,
    local: IpAddress,
    remote: IpAddress,
    size: number,
  ): Drop | undefined {
    const { category, profile } = this.scopeOf(via)
    const ports = hasPorts(protocol) && head + 4 <= bytes.length
    const localPort = ports ? u16(bytes, head) : 0
    const remotePort = ports ? u16(bytes, head + 2) : 0
    const { now } = this.stack.sim
    const key = flowKey(protocol, localPort, remote)
    if (this.theirs.isFresh(key, now) || this.serves(protocol, localPort)) return undefined
    const packet = new AskedPacket(this.stack, via, protocol, local, remote, localPort, remotePort, bytes, head)
    if (packet.needsNoRule) return undefined
    const found = this.rulesFor.out.judge(packet, category, profile)
    if (found.block === undefined && (found.allow !== undefined || profile.outboundAllowed)) {
      const opens = protocol === ipv4.TCP ? (bytes[head + 13] & 0x12) === 0x02 : !this.ours.isFresh(key, now)
      if (profile.logAllowed && opens) this.log('ALLOW', packet, size, 'SEND', bytes, head)
      return undefined
    }
    if (profile.logBlocked) this.log('DROP', packet, size, 'SEND', bytes, head)
    const detail =
      found.block === undefined
        ? `the ${category} profile of ${this.stack.machine} blocks what no outbound rule allows, and none allows ${packet.subject} to ${formatAddress(remote)}`
        : `rule "${found.block.displayName}" blocks it`
    return { code: 'firewall', detail }
  }

  private reason(found: Found, packet: AskedPacket, category: ProfileName, profile: Effective): string {
    if (found.block !== undefined) return `rule "${found.block.displayName}" blocks it`
    if (found.allow !== undefined && !profile.inboundRules)
      return `the ${category} profile blocks all that comes in, also what rule "${found.allow.displayName}" allows`
    if (found.unheard !== undefined)
      return `a policy keeps the ${category} profile from using rules of ${this.stack.machine} itself (AllowLocalPolicyMerge), such as "${found.unheard.displayName}"`
    return `no enabled inbound rule of ${this.stack.machine} allows ${packet.subject} to ${formatAddress(packet.local)} on ${packet.via.name}`
  }

  private get rulesFor(): { readonly in: RuleIndex; readonly out: RuleIndex } {
    this.indexes ??= {
      in: new RuleIndex(this.rules, 'Inbound', this.named),
      out: new RuleIndex(this.rules, 'Outbound', this.named),
    }
    return this.indexes
  }

  sent(via: Interface, bytes: Uint8Array, at: number): void {
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    const dst = ipv4.dst(bytes, at)
    const toGroup = protocol === ipv4.UDP && (isMulticastIp(dst) || via.isBroadcast(dst))
    this.noteSent(protocol, bytes, head, toGroup ? ANYBODY : dst)
  }

  sent6(_via: Interface, bytes: Uint8Array, at: number): void {
    const [protocol, dst] = [ipv6.nextHeader(bytes, at), ipv6.dst(bytes, at)]
    const toGroup = protocol === ipv4.UDP && isMulticastIp6(dst)
    this.noteSent(protocol, bytes, at + ipv6.HEADER_LEN, toGroup ? ANYBODY6 : dst)
  }

  private noteSent(protocol: number, bytes: Uint8Array, head: number, dst: IpAddress): void {
    if (!hasPorts(protocol)) return
    const key = flowKey(protocol, u16(bytes, head), dst)
    const { now } = this.stack.sim
    if (this.theirs.isFresh(key, now) || this.serves(protocol, u16(bytes, head))) return
    this.ours.note(key, now)
  }

  private log(
    action: 'ALLOW' | 'DROP',
    packet: AskedPacket,
    size: number,
    path: 'SEND' | 'RECEIVE',
    bytes: Uint8Array,
    head: number,
  ): void {
    this.logged.push([this.stack.sim.now, logLine(action, packet, size, path, bytes, head)])
    if (this.logged.length > MOST_LOGGED) this.logged = this.logged.slice(-MOST_LOGGED)
  }

  /** What was logged, oldest first: lab time, and the line behind date and time. */
  get loggedPackets(): readonly LoggedPacket[] {
    return this.logged
  }

  // Part

  /** Power off: flows and rules of the moment are forgotten, others stay. */
  clear(): void {
    this.ours.clear()
    this.theirs.clear()
    this.list.keep(({ store }) => store !== 'ActiveStore')
    for (const network of [...this.networks.keys()]) if (network.endsWith('//')) this.networks.delete(network)
    this.changed()
  }

  save(): FirewallState & Json {
    const { now } = this.stack.sim
    const profiles = (of: Map<ProfileName, ProfileSettings>, base: ProfileSettings) =>
      Object.fromEntries([...of].map(([name, settings]) => [name, differences(settings, base)]))
    return {
      ...this.list.save(),
      ours: this.ours.save(now),
      theirs: this.theirs.save(now),
      local: profiles(this.local, LOCAL),
      policy: profiles(this.policy, POLICY),
      settings: this.settings,
      networks: [...this.networks],
      log: this.logged,
    } as unknown as FirewallState & Json
  }
}
