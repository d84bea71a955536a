// Windows Firewall for a machine's own addresses (fact sheet 2.7, "Evaluation"): block beats allow, no match means the
// profile's default, answers to what the machine sent are admitted. Forwarded and translated packets are not its business.
import type { Drop, PacketFilter } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { MINUTE, type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatAddress, type IpAddress, isMulticastIp, isMulticastIp6 } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as icmp from '../wire/icmp.ts'
import * as icmpv6 from '../wire/icmpv6.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as ipv6 from '../wire/ipv6.ts'
import { Flows, flowKey, type StoredFlows } from './firewall/flows.ts'
import { type LoggedPacket, logLine, MOST_LOGGED } from './firewall/log.ts'
import {
  bitOf,
  type Change,
  type Effective,
  effective,
  LOCAL,
  POLICY,
  PROFILES,
  type ProfileName,
  type ProfileSettings,
} from './firewall/profiles.ts'
import { type Compiled, compile, type FirewallRule, type Owner, type Packet } from './firewall/rule.ts'

export type { FirewallRule } from './firewall/rule.ts'
export { aRule } from './firewall/rule.ts'

/** A built-in rule that was changed says only what is different. */
type StoredRule = Partial<FirewallRule> & Pick<FirewallRule, 'name'>

export type FirewallState = {
  readonly rules: readonly StoredRule[]
  /** Names of built-in rules that are gone. */
  readonly removed: readonly string[]
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
/** Who asked a group is answered by somebody nobody could name before (AllowUnicastResponseToMulticast). */
const REPLY_LIFETIME = 4 * SECOND
const ANYBODY: IpAddress = 0
const ANYBODY6: IpAddress = 0n
const MOST_NETWORKS = 64
/** Left standing where a policy wants no rules of this computer: without them no address is had at all. */
const HARDENED = /^CoreNet-/

export class Firewall implements Part, PacketFilter {
  readonly kind = 'firewall'
  readonly version = 2
  readonly name: string
  private all: FirewallRule[]
  private readonly builtIn: ReadonlyMap<string, FirewallRule>
  /** Begun by this machine, and by others: only the first let in what no rule does. */
  private readonly ours: Flows
  private readonly theirs: Flows
  private readonly local: Map<ProfileName, ProfileSettings>
  private readonly policy: Map<ProfileName, ProfileSettings>
  settings: { readonly [name: string]: string | number }
  private readonly networks: Map<string, ProfileName>
  private logged: LoggedPacket[]
  private readonly stack: Stack
  private compiled: { readonly in: readonly Compiled[]; readonly out: readonly Compiled[] } | undefined
  private readonly said = new Map<ProfileName, Effective>()

  constructor(stack: Stack, builtIn: readonly FirewallRule[], state?: FirewallState) {
    this.stack = stack
    this.name = `${stack.machine}/firewall`
    this.builtIn = new Map(builtIn.map((rule) => [rule.name, rule]))
    const gone = new Set(state?.removed)
    this.all = builtIn.filter(({ name }) => !gone.has(name))
    for (const stored of state?.rules ?? []) this.putStored(stored)
    this.ours = new Flows(FLOW_LIFETIME, state?.ours)
    this.theirs = new Flows(FLOW_LIFETIME, state?.theirs)
    this.local = new Map(PROFILES.map((name) => [name, { ...LOCAL, ...state?.local[name] }]))
    this.policy = new Map(PROFILES.map((name) => [name, { ...POLICY, ...state?.policy[name] }]))
    this.settings = { ...state?.settings }
    this.networks = new Map(state?.networks)
    this.logged = [...(state?.log ?? [])]
  }

  private putStored(stored: StoredRule): void {
    const at = this.all.findIndex((rule) => rule.name === stored.name && rule.store === (stored.store ?? rule.store))
    const base = this.builtIn.get(stored.name)
    if (at >= 0) this.all[at] = { ...(this.all[at] as FirewallRule), ...stored }
    else this.all.push({ ...(base as FirewallRule), ...stored })
  }

  // Rules

  get rules(): readonly FirewallRule[] {
    return this.all
  }

  set rules(rules: readonly FirewallRule[]) {
    this.all = [...rules]
    this.changed()
  }

  add(rule: FirewallRule): void {
    this.all.push(rule)
    this.changed()
  }

  /** Puts a rule in the place of one. */
  replace(old: FirewallRule, rule: FirewallRule): void {
    const at = this.all.indexOf(old)
    if (at >= 0) this.all[at] = rule
    this.changed()
  }

  remove(old: FirewallRule): void {
    this.all = this.all.filter((rule) => rule !== old)
    this.changed()
  }

  changed(): void {
    this.compiled = undefined
    this.said.clear()
    this.stack.sim.touch(this)
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
    this.all = [...this.builtIn.values(), ...this.all.filter(({ store }) => store === 'GroupPolicy')]
    for (const name of PROFILES) this.local.set(name, LOCAL)
    this.settings = {}
    this.changed()
  }

  /** A network that has no name is a new one whenever the link comes back. */
  linkChanged(via: Interface, up: boolean): void {
    if (!up && this.networks.delete(`${via.index}//`)) this.changed()
  }

  // Packets

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
    const head = at + ipv4.headerLen(bytes, at)
    return this.leave(via, bytes, head, ipv4.protocol(bytes, at), ipv4.src(bytes, at), ipv4.dst(bytes, at), bytes.length - at)
  }

  leaves6(via: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    const protocol = ipv6.nextHeader(bytes, at)
    const head = at + ipv6.HEADER_LEN
    return this.leave(via, bytes, head, protocol, ipv6.src(bytes, at), ipv6.dst(bytes, at), bytes.length - at)
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
    const category = this.category(via)
    const profile = this.effective(category)
    if (!profile.enabled || profile.exempt.includes(via.name.toLowerCase())) return undefined
    const packet = this.packet(via, bytes, head, protocol, local, remote, true)
    const { localPort } = packet
    const { now } = this.stack.sim
    const key = flowKey(protocol, localPort, remote)
    if (this.isAnswer(packet, key, now, profile)) return undefined
    const found = this.judge(this.rulesFor.in, packet, category, profile)
    const wanted = needsNoRule(protocol, packet.icmpType)
    const allowed = wanted || (profile.inboundRules && (found.allow !== undefined || profile.inboundAllowed))
    if (allowed && found.block === undefined) {
      if (protocol === ipv4.TCP || protocol === ipv4.UDP) {
        const known = this.theirs.isFresh(key, now)
        this.theirs.note(key, now)
        if (!known && profile.logAllowed) this.log('ALLOW', packet, size, 'RECEIVE', bytes, head)
        this.stack.sim.touch(this)
      }
      return undefined
    }
    if (profile.logBlocked) this.log('DROP', packet, size, 'RECEIVE', bytes, head)
    return { code: 'firewall', detail: this.reason(found, packet, category, profile) }
  }

  /** Something that this machine asked for: an answer to it, or a connection that it opened. */
  private isAnswer(packet: Packet, key: number | string, now: Micros, profile: Effective): boolean {
    const { protocol, via, local, remote, localPort, remotePort } = packet
    if (this.ours.isFresh(key, now)) return true
    const six = typeof local === 'bigint'
    const mine = six ? this.stack.ip6?.ownerOf(local) !== undefined : via.has(local)
    if (protocol === ipv4.UDP && mine && profile.unicastResponse) {
      const asked = this.ours.lastUse(flowKey(protocol, localPort, six ? ANYBODY6 : ANYBODY))
      if (asked !== undefined && now - asked <= REPLY_LIFETIME) return true
    }
    // A connection of ours goes on however long it was silent; one of theirs is asked about again, as rules may be others.
    return !this.serves(protocol, localPort) && this.stack.tcp.knows(local, localPort, remote, remotePort)
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
    const category = this.category(via)
    const profile = this.effective(category)
    const open = profile.outboundAllowed && !this.rulesFor.out.some(({ rule }) => rule.action === 'Block')
    if (!profile.enabled || (open && !profile.logAllowed) || profile.exempt.includes(via.name.toLowerCase())) return undefined
    const packet = this.packet(via, bytes, head, protocol, local, remote, false)
    const { now } = this.stack.sim
    const key = flowKey(protocol, packet.localPort, remote)
    if (this.theirs.isFresh(key, now) || needsNoRule(protocol, packet.icmpType)) return undefined
    if (this.serves(protocol, packet.localPort)) return undefined
    const found = this.judge(this.rulesFor.out, packet, category, profile)
    if (found.block === undefined && (found.allow !== undefined || profile.outboundAllowed)) {
      const opens = protocol === ipv4.TCP ? (bytes[head + 13] & 0x12) === 0x02 : !this.ours.isFresh(key, now)
      if (profile.logAllowed && opens) this.log('ALLOW', packet, size, 'SEND', bytes, head)
      return undefined
    }
    if (profile.logBlocked) this.log('DROP', packet, size, 'SEND', bytes, head)
    const detail =
      found.block === undefined
        ? `the ${category} profile of ${this.stack.machine} blocks what no outbound rule allows, and none allows ${subject(packet)} to ${formatAddress(remote)}`
        : `rule "${found.block.displayName}" blocks it`
    return { code: 'firewall', detail }
  }

  private judge(rules: readonly Compiled[], packet: Packet, category: ProfileName, profile: Effective) {
    const bit = bitOf(category)
    let allow: FirewallRule | undefined
    let unheard: FirewallRule | undefined
    for (const { rule, matches } of rules) {
      if ((rule.profiles & bit) === 0 || !matches(packet)) continue
      if (!profile.localRules && rule.store !== 'GroupPolicy' && !HARDENED.test(rule.name)) {
        unheard ??= rule
        continue
      }
      if (rule.action === 'Block') return { block: rule, allow: undefined, unheard }
      allow ??= rule
    }
    return { block: undefined, allow, unheard }
  }

  private reason(found: ReturnType<Firewall['judge']>, packet: Packet, category: ProfileName, profile: Effective): string {
    if (found.block !== undefined) return `rule "${found.block.displayName}" blocks it`
    if (found.allow !== undefined && !profile.inboundRules)
      return `the ${category} profile blocks all that comes in, also what rule "${found.allow.displayName}" allows`
    if (found.unheard !== undefined)
      return `a policy keeps the ${category} profile from using rules of ${this.stack.machine} itself (AllowLocalPolicyMerge), such as "${found.unheard.displayName}"`
    return `no enabled inbound rule of ${this.stack.machine} allows ${subject(packet)} to ${formatAddress(packet.local)} on ${packet.via.name}`
  }

  private packet(
    via: Interface,
    bytes: Uint8Array,
    head: number,
    protocol: number,
    local: IpAddress,
    remote: IpAddress,
    inbound: boolean,
  ): Packet {
    const ports = (protocol === ipv4.UDP || protocol === ipv4.TCP) && head + 4 <= bytes.length
    const types = (protocol === ipv4.ICMP || protocol === ipv6.ICMP6) && head + 2 <= bytes.length
    const [source, destination] = ports ? [u16(bytes, head), u16(bytes, head + 2)] : [0, 0]
    const localPort = inbound ? destination : source
    const remotePort = inbound ? source : destination
    return {
      stack: this.stack,
      via,
      protocol,
      local,
      remote,
      localPort,
      remotePort,
      icmpType: types ? (bytes[head] ?? -1) : -1,
      icmpCode: types ? (bytes[head + 1] ?? -1) : -1,
      owners: () => this.ownersOf(protocol, local, localPort, remote, remotePort),
    }
  }

  /** Who has the socket; everything without ports is the system's. */
  private ownersOf(protocol: number, local: IpAddress, port: number, remote: IpAddress, remotePort: number): Owner[] {
    const { udp, tcp } = this.stack
    if (protocol === ipv4.UDP) return (udp.get(port) ?? []).map(shown)
    if (protocol !== ipv4.TCP) return [{ component: '', image: 'System' }]
    const listeners = tcp.context.table.listenersAt(port)
    if (listeners.length > 0) return listeners.map(shown)
    for (const c of tcp.connections)
      if (c.localPort === port && c.remotePort === remotePort && c.remote === remote && c.local === local) return [shown(c)]
    return []
  }

  private get rulesFor() {
    if (this.compiled === undefined) {
      const made = this.all.filter(({ enabled }) => enabled).map(compile)
      this.compiled = {
        in: made.filter(({ rule }) => rule.direction === 'Inbound'),
        out: made.filter(({ rule }) => rule.direction === 'Outbound'),
      }
    }
    return this.compiled
  }

  sent(_via: Interface, bytes: Uint8Array, at: number): void {
    const head = at + ipv4.headerLen(bytes, at)
    const protocol = ipv4.protocol(bytes, at)
    const dst = ipv4.dst(bytes, at)
    const toGroup = protocol === ipv4.UDP && isMulticastIp(dst)
    this.noteSent(protocol, bytes, head, toGroup ? ANYBODY : dst)
  }

  sent6(_via: Interface, bytes: Uint8Array, at: number): void {
    const [protocol, dst] = [ipv6.nextHeader(bytes, at), ipv6.dst(bytes, at)]
    const toGroup = protocol === ipv4.UDP && isMulticastIp6(dst)
    this.noteSent(protocol, bytes, at + ipv6.HEADER_LEN, toGroup ? ANYBODY6 : dst)
  }

  private noteSent(protocol: number, bytes: Uint8Array, head: number, dst: IpAddress): void {
    if (protocol !== ipv4.UDP && protocol !== ipv4.TCP) return
    const key = flowKey(protocol, u16(bytes, head), dst)
    const { now } = this.stack.sim
    if (this.theirs.isFresh(key, now) || this.serves(protocol, u16(bytes, head))) return
    this.ours.note(key, now)
    this.stack.sim.touch(this)
  }

  private log(
    action: 'ALLOW' | 'DROP',
    packet: Packet,
    size: number,
    path: 'SEND' | 'RECEIVE',
    bytes: Uint8Array,
    head: number,
  ): void {
    this.logged.push([this.stack.sim.now, logLine(action, packet, size, path, bytes, head)])
    if (this.logged.length > MOST_LOGGED) this.logged = this.logged.slice(-MOST_LOGGED)
    this.stack.sim.touch(this)
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
    this.all = this.all.filter(({ store }) => store !== 'ActiveStore')
    for (const network of [...this.networks.keys()]) if (network.endsWith('//')) this.networks.delete(network)
    this.changed()
  }

  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}

  save(): FirewallState & Json {
    const { now } = this.stack.sim
    const present = new Set(this.all.map(({ name }) => name))
    const profiles = (of: Map<ProfileName, ProfileSettings>, base: ProfileSettings) =>
      Object.fromEntries([...of].map(([name, settings]) => [name, differences(settings, base)]))
    return {
      rules: this.all.flatMap((rule) => {
        const base = this.builtIn.get(rule.name)
        if (rule === base) return []
        return [base === undefined || base.store !== rule.store ? rule : { ...differences(rule, base), name: rule.name }]
      }),
      removed: [...this.builtIn.keys()].filter((name) => !present.has(name)),
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

/** What a person runs at a prompt has no name of its own. */
const shown = ({ component, image }: Owner): Owner => ({ component, image: image === '' ? 'powershell.exe' : image })

/** Errors about one's own packets, and what neighbours on a link tell each other: wanted whatever the rules say. */
const needsNoRule = (protocol: number, type: number): boolean =>
  (protocol === ipv4.ICMP && type >= 0 && type !== icmp.ECHO_REQUEST) || (protocol === ipv6.ICMP6 && type !== icmpv6.ECHO_REQUEST)

function subject({ protocol, localPort }: Packet): string {
  if (protocol === ipv4.ICMP) return 'ICMP echo requests'
  if (protocol === ipv6.ICMP6) return 'ICMPv6 echo requests'
  const name = protocol === ipv4.TCP ? 'TCP' : protocol === ipv4.UDP ? 'UDP' : `protocol ${protocol}`
  return `${name} port ${localPort}`
}

/** What of `one` is not as in `base`. */
function differences<T extends object>(one: T, base: T): Partial<T> {
  const entries = Object.entries(one).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify((base as { [key: string]: unknown })[key]),
  )
  return Object.fromEntries(entries) as Partial<T>
}
