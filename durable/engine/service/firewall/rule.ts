// A rule of Windows Firewall as people write it, and what it makes of a packet. Ports and addresses are kept as text, the way
// cmdlets show them, and read once into numbers.
import type { Interface } from '../../ip/interface.ts'
import type { Stack } from '../../ip/stack.ts'
import { type IpAddress, maskOf, parseAddress, parseIp } from '../../wire/addresses.ts'
import { ICMP, TCP, UDP } from '../../wire/ipv4.ts'
import { ICMP6 } from '../../wire/ipv6.ts'

/** Bits of a rule's profiles. */
export const DOMAIN = 1
export const PRIVATE = 2
export const PUBLIC = 4
export const EVERY = 7

export type InterfaceType = 'Any' | 'Wired' | 'Wireless' | 'RemoteAccess'

export type RuleSecurity = {
  readonly authentication: 'NotRequired' | 'Required' | 'NoEncap'
  readonly encryption: 'NotRequired' | 'Required' | 'Dynamic'
  /** It passes what another rule blocks. */
  readonly override: boolean
  /** Security descriptors of who may; `Any`. */
  readonly remoteUser: string
  readonly remoteMachine: string
}

export type FirewallRule = {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly group: string
  readonly enabled: boolean
  readonly direction: 'Inbound' | 'Outbound'
  readonly action: 'Allow' | 'Block'
  /** Sum of the profiles' bits. */
  readonly profiles: number
  /** IP protocol number, 0 = any. */
  readonly protocol: number
  /** Numbers, ranges `a-b` and words as `RPC`; empty = any. */
  readonly localPorts: readonly string[]
  readonly remotePorts: readonly string[]
  /** `8` or `3:4`; empty = any. */
  readonly icmpTypes: readonly string[]
  /** Addresses, networks, ranges and words as `LocalSubnet`; empty = any. */
  readonly localAddresses: readonly string[]
  readonly remoteAddresses: readonly string[]
  /** Empty = any. */
  readonly interfaceAliases: readonly string[]
  readonly interfaceType: InterfaceType
  readonly program: string
  readonly service: string
  readonly edge: 'Block' | 'Allow' | 'DeferToUser' | 'DeferToApp'
  /** What it asks of IPsec; absent: nothing. */
  readonly security?: RuleSecurity
  /** Of an app package; absent: whichever. */
  readonly package?: string
  /** Versions of Windows that it is for, `10.0` or `6.1+`; absent: all. */
  readonly platforms?: readonly string[]
  /** Dynamic keywords whose addresses are remote ones of it, too. */
  readonly keywords?: readonly string[]
  /** Where it stands: kept on this computer, only until it is switched off, or given by a company's policy. */
  readonly store: 'PersistentStore' | 'ActiveStore' | 'GroupPolicy'
}

export const aRule = (change: Partial<FirewallRule> & Pick<FirewallRule, 'name' | 'displayName'>): FirewallRule => ({
  description: '',
  group: '',
  enabled: true,
  direction: 'Inbound',
  action: 'Allow',
  profiles: EVERY,
  protocol: 0,
  localPorts: [],
  remotePorts: [],
  icmpTypes: [],
  localAddresses: [],
  remoteAddresses: [],
  interfaceAliases: [],
  interfaceType: 'Any',
  program: 'Any',
  service: 'Any',
  edge: 'Block',
  store: 'PersistentStore',
  ...change,
})

export type Owner = { readonly component: string; readonly image: string }

/** What a rule is asked about. Ports are 0 and types -1 where the protocol has none. */
export type Packet = {
  readonly stack: Stack
  readonly via: Interface
  readonly protocol: number
  readonly local: IpAddress
  readonly remote: IpAddress
  readonly localPort: number
  readonly remotePort: number
  readonly icmpType: number
  readonly icmpCode: number
  /** Who listens or sends. */
  readonly owners: () => readonly Owner[]
}

type Span = readonly [first: number, last: number]
type AddressTest = (packet: Packet, address: IpAddress) => boolean

/** Ports that Windows gives these words, as far as they are fixed. */
const PORT_WORDS: { readonly [word: string]: Span } = {
  rpc: [49152, 65535],
  rpcepmap: [135, 135],
  iphttpsin: [443, 443],
  iphttpsout: [443, 443],
  mdns: [5353, 5353],
  ply2disc: [5355, 5355],
  teredo: [3544, 3544],
  playtodiscovery: [23554, 23556],
}

export function portSpan(text: string): Span | undefined {
  const word = PORT_WORDS[text.toLowerCase()]
  if (word !== undefined) return word
  const read = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  if (read === null) return undefined
  const first = Number(read[1])
  const last = read[2] === undefined ? first : Number(read[2])
  return first <= last && last <= 65_535 ? [first, last] : undefined
}

export function icmpSpan(text: string): readonly [type: number, code: number] | undefined {
  const read = /^(\d{1,3})(?::(\d{1,3}|\*))?$/.exec(text)
  if (read === null || Number(read[1]) > 255) return undefined
  return [Number(read[1]), read[2] === undefined || read[2] === '*' ? -1 : Number(read[2])]
}

const v6Bits = (ip: IpAddress): bigint => (typeof ip === 'bigint' ? ip : BigInt(ip))

const ADDRESS_WORDS: { readonly [word: string]: AddressTest } = {
  localsubnet: ({ stack, via }, ip) => onLink(stack, via, ip),
  localsubnet4: ({ stack, via }, ip) => typeof ip === 'number' && onLink(stack, via, ip),
  localsubnet6: ({ stack, via }, ip) => typeof ip === 'bigint' && onLink(stack, via, ip),
  dns: ({ via }, ip) => typeof ip === 'number' && via.dnsServers.includes(ip),
  defaultgateway: ({ stack, via }, ip) =>
    stack.routes.all.some((route) => route.prefixLength === 0 && route.interface === via.index && route.gateway === ip),
  // A DHCP server is one's own lease's; here whoever is on the link may be.
  dhcp: ({ stack, via }, ip) => onLink(stack, via, ip),
  wins: () => false,
  intranet: ({ stack, via }, ip) => onLink(stack, via, ip),
  rmtintranet: () => false,
  internet: ({ stack, via }, ip) => !onLink(stack, via, ip),
  playtodevice: () => false,
}

function onLink(stack: Stack, via: Interface, ip: IpAddress): boolean {
  if (typeof ip === 'number') return via.addressFor(ip) !== undefined || via.isBroadcast(ip)
  return ip >> 118n === 0x3fan || (stack.ip6?.interfaces.get(via.index)?.addressFor(ip) ?? undefined) !== undefined
}

/** What an address entry tests; undefined: it is none. */
export function addressTest(text: string): AddressTest | undefined {
  const word = ADDRESS_WORDS[text.toLowerCase()]
  if (word !== undefined) return word
  const span = addressSpan(text)
  if (span === undefined) return undefined
  const [first, last, six] = span
  return (_packet, ip) => {
    if ((typeof ip === 'bigint') !== six) return false
    const bits = v6Bits(ip)
    return bits >= first && bits <= last
  }
}

function addressSpan(text: string): readonly [first: bigint, last: bigint, six: boolean] | undefined {
  const dash = text.indexOf('-')
  if (dash > 0) {
    const [first, last] = [parseAddress(text.slice(0, dash)), parseAddress(text.slice(dash + 1))]
    if (first === undefined || last === undefined || typeof first !== typeof last) return undefined
    return first <= last ? [v6Bits(first), v6Bits(last), typeof first === 'bigint'] : undefined
  }
  const slash = text.indexOf('/')
  const ip = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (ip === undefined) return undefined
  const six = typeof ip === 'bigint'
  const bits = six ? 128 : 32
  const length = slash < 0 ? bits : lengthOf(text.slice(slash + 1), bits)
  if (length === undefined) return undefined
  const host = (1n << BigInt(bits - length)) - 1n
  const first = v6Bits(ip) & ~host
  return [first, first | host, six]
}

/** Of `24` or `255.255.255.0`. */
function lengthOf(text: string, bits: number): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits ? Number(text) : undefined
  const mask = bits === 32 ? parseIp(text) : undefined
  for (let length = 0; mask !== undefined && length <= 32; length++) if (maskOf(length) === mask) return length
  return undefined
}

/** How Windows shows an address entry: a network of IPv4 with its mask. */
export function shownAddress(text: string): string {
  const slash = text.indexOf('/')
  if (slash < 0 || text.includes(':')) return text
  const length = lengthOf(text.slice(slash + 1), 32)
  return length === undefined || length === 32 ? text.slice(0, slash) : `${text.slice(0, slash)}/${maskText(length)}`
}

const maskText = (length: number): string => {
  const mask = maskOf(length)
  return [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.')
}

const NAMES: { readonly [number: number]: string } = { 0: 'Any', [ICMP]: 'ICMPv4', [TCP]: 'TCP', [UDP]: 'UDP', [ICMP6]: 'ICMPv6' }
export const protocolText = (protocol: number): string => NAMES[protocol] ?? String(protocol)

/** Only who has proved itself by IPsec can be told apart, and only its packets can have been encrypted. */
function securityFault({ security, action }: FirewallRule): boolean {
  if (security === undefined) return false
  const { authentication, encryption, override, remoteUser, remoteMachine } = security
  if (authentication !== 'NotRequired') return action !== 'Allow'
  return encryption !== 'NotRequired' || override || remoteUser !== 'Any' || remoteMachine !== 'Any'
}

/** Why a rule cannot be: `ports` without TCP or UDP, types without ICMP, or an entry that does not read. */
export function ruleFault(rule: FirewallRule): 'ports' | 'icmp' | 'value' | undefined {
  const ports = rule.localPorts.length + rule.remotePorts.length > 0
  if (ports && rule.protocol !== TCP && rule.protocol !== UDP) return 'ports'
  if (rule.icmpTypes.length > 0 && rule.protocol !== ICMP && rule.protocol !== ICMP6) return 'icmp'
  const sound =
    [...rule.localPorts, ...rule.remotePorts].every((text) => portSpan(text) !== undefined) &&
    rule.icmpTypes.every((text) => icmpSpan(text) !== undefined) &&
    [...rule.localAddresses, ...rule.remoteAddresses].every((text) => addressTest(text) !== undefined) &&
    (rule.platforms ?? []).every((text) => /^\d{1,3}\.\d{1,3}\+?$/.test(text)) &&
    !securityFault(rule)
  return sound ? undefined : 'value'
}

export type Compiled = {
  readonly rule: FirewallRule
  /** Whether it can match anything of a protocol at a local port; so whoever keeps the answer need not ask again. */
  readonly concerns: (protocol: number, localPort: number) => boolean
  /** The rest of it, for a packet that it concerns. */
  readonly matches: (packet: Packet) => boolean
}

const WIRELESS = 'wifi'

export type AddressesOf = (keyword: string) => readonly string[]

const never = (): boolean => false
/** Every Windows of a lab is one of these. */
const VERSION = 10_000

/** Nobody here proves who it is by IPsec, and no app comes in a package: a rule that asks for that has no packets. */
function concernsNobody({ security, package: app, platforms }: FirewallRule): boolean {
  if ((security?.authentication ?? 'NotRequired') !== 'NotRequired' || (app ?? 'Any') !== 'Any') return true
  if (platforms === undefined || platforms.length === 0) return false
  return !platforms.some((text) => {
    const [major = 0, minor = 0] = text.replace('+', '').split('.').map(Number)
    const wanted = major * 1000 + minor
    return text.endsWith('+') ? VERSION >= wanted : VERSION === wanted
  })
}

export function compile(rule: FirewallRule, named: AddressesOf = () => []): Compiled {
  if (concernsNobody(rule)) return { rule, concerns: never, matches: never }
  const localPorts = rule.localPorts.flatMap((text) => portSpan(text) ?? []) as readonly number[]
  const remotePorts = rule.remotePorts.flatMap((text) => portSpan(text) ?? []) as readonly number[]
  const types = rule.icmpTypes.flatMap((text) => icmpSpan(text) ?? []) as readonly number[]
  const locals = tests(rule.localAddresses)
  const anywhere = rule.remoteAddresses.length === 0 && (rule.keywords ?? []).length === 0
  const remotes = tests([...rule.remoteAddresses, ...(rule.keywords ?? []).flatMap(named)])
  const aliases = rule.interfaceAliases.map((alias) => alias.toLowerCase())
  const image = rule.program === 'Any' ? '' : (rule.program.split('\\').pop() ?? '').toLowerCase()
  const service = rule.service === 'Any' ? '' : rule.service.toLowerCase()
  const concerns = (protocol: number, localPort: number): boolean =>
    (rule.protocol === 0 || rule.protocol === protocol) && (rule.localPorts.length === 0 || within(localPorts, localPort))
  const matches = (packet: Packet): boolean => {
    if (rule.remotePorts.length > 0 && !within(remotePorts, packet.remotePort)) return false
    if (rule.icmpTypes.length > 0 && !ofType(types, packet.icmpType, packet.icmpCode)) return false
    if (aliases.length > 0 && !aliases.includes(packet.via.name.toLowerCase())) return false
    if (rule.interfaceType !== 'Any' && rule.interfaceType !== typeOf(packet.via)) return false
    if (rule.localAddresses.length > 0 && !isLocal(locals, packet)) return false
    if (!anywhere && !remotes.some((test) => test(packet, packet.remote))) return false
    return (image === '' && service === '') || owns(packet, image, service)
  }
  return { rule, concerns, matches }
}

const tests = (entries: readonly string[]): AddressTest[] =>
  entries.map(addressTest).filter((test): test is AddressTest => test !== undefined)

function within(spans: readonly number[], port: number): boolean {
  for (let at = 0; at < spans.length; at += 2) if (port >= (spans[at] as number) && port <= (spans[at + 1] as number)) return true
  return false
}

function ofType(types: readonly number[], type: number, code: number): boolean {
  for (let at = 0; at < types.length; at += 2)
    if (types[at] === type && (types[at + 1] === -1 || types[at + 1] === code)) return true
  return false
}

/** A broadcast reaches a service that is bound to the address of the interface it came by. */
function isLocal(locals: readonly AddressTest[], packet: Packet): boolean {
  const { via, local } = packet
  if (locals.some((test) => test(packet, local))) return true
  if (typeof local !== 'number' || !via.isBroadcast(local)) return false
  return via.addresses.some(({ ip, state }) => state === 'preferred' && locals.some((test) => test(packet, ip)))
}

const typeOf = (via: Interface): InterfaceType =>
  via.kind === WIRELESS ? 'Wireless' : via.kind === 'ppp' ? 'RemoteAccess' : 'Wired'

/** The program or service of a rule has the socket. A port that nobody has is a matter of ports and addresses alone. */
function owns(packet: Packet, image: string, service: string): boolean {
  const owners = packet.owners()
  if (owners.length === 0) return true
  return owners.some(
    (owner) =>
      (service === '' || service === owner.component.toLowerCase()) && (image === '' || image === owner.image.toLowerCase()),
  )
}
