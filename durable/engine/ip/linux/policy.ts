// What a Linux kernel is told about routing and about what it accepts: rules, tables, kernel parameters (ip-sysctl.rst).
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import { formatIp, type Ip4, inPrefix } from '../../wire/addresses.ts'
import type { Drop, RoutePolicy, RouteQuestion } from '../hooks.ts'
import type { Interface } from '../interface.ts'
import { pathTo } from '../output.ts'
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE, type Route } from '../routes.ts'
import type { Stack } from '../stack.ts'
import { INTERFACE_PARAMETERS, MACHINE_PARAMETERS } from './parameters.ts'
import { Policy6, type StoredRule6 } from './policy6.ts'
import { areFirst, choose, firstRules, insertRule, LIMIT_RULES, type Rule } from './rules.ts'

export type PolicyState = {
  readonly rules: readonly Rule[]
  readonly parameters: readonly (readonly [key: string, value: string])[]
  readonly counters: PolicyCounters
  /** Those of IPv6, where they are not the kernel's own. Younger than the format. */
  readonly rules6?: readonly StoredRule6[]
}
export type PolicyCounters = { reversePath: number; martians: number }

type Limits = { readonly acceptLocal: boolean; readonly mode: number }
const PLAIN: RouteQuestion = { source: 0, mark: 0, from: 0, out: 0 }

/** What `set` answers: written, no such key, not a value for it, or shown only because nothing here depends on it. */
export type Written = 'ok' | 'unknown' | 'invalid' | 'shown-only'

export class Policy extends StillPart implements Part, RoutePolicy {
  readonly kind = 'linux-policy'
  readonly version = 1
  readonly name: string
  rules: Rule[]
  readonly six: Policy6
  counters: PolicyCounters
  selective = false
  ttl = 64
  /** Values that were written: machine-wide by whole key, of an interface as `conf/NAME/parameter`. */
  private readonly parameters: Map<string, string>
  private readonly stack: Stack
  /** Parameters that every packet asks for, by interface. */
  private readonly limits = new Map<number, Limits>()
  /** What this distribution sets at boot, over the kernel's own values. */
  private readonly distribution: { readonly [key: string]: string }

  constructor(stack: Stack, distribution: { readonly [key: string]: string }, state?: PolicyState) {
    super()
    this.stack = stack
    this.name = `${stack.machine}/linux-policy`
    this.distribution = distribution
    this.rules = state ? state.rules.map((rule) => ({ ...rule })) : firstRules()
    this.six = new Policy6(stack, state?.rules6)
    this.parameters = new Map(state?.parameters)
    this.counters = { ...(state?.counters ?? { reversePath: 0, martians: 0 }) }
    this.settle()
  }

  // Routes

  route(dst: Ip4, question: RouteQuestion = PLAIN): Route | undefined {
    const { routes, interfaces } = this.stack
    const only = question.out === 0 ? undefined : question.out
    if (!this.selective)
      return routes.lookup(dst, interfaces, only, MAIN_TABLE) ?? routes.lookup(dst, interfaces, only, DEFAULT_TABLE)
    const nameOf = (index: number): string => interfaces.get(index)?.name ?? ''
    const chosen = choose(this.rules, dst, question, nameOf, (table) => routes.lookup(dst, interfaces, only, table))
    return chosen.kind === 'route' ? chosen.route : chosen.kind === 'refused' ? refusing(chosen.type) : undefined
  }

  /** False: there are too many. */
  addRule(rule: Rule): boolean {
    if (this.rules.length >= LIMIT_RULES) return false
    this.rules = insertRule(this.rules, rule)
    this.changed()
    return true
  }

  removeRule(rule: Rule): void {
    this.rules = this.rules.filter((one) => one !== rule)
    this.changed()
  }

  changed(): void {
    this.settle()
    this.stack.changed()
  }

  private settle(): void {
    this.limits.clear()
    this.selective = !areFirst(this.rules, firstRules())
    this.ttl = Number(this.get('net.ipv4.ip_default_ttl') ?? 64)
  }

  // What is accepted

  admits(via: Interface, src: Ip4, dst: Ip4): Drop | undefined {
    if (via.kind === 'loopback' || src === 0) return undefined
    const { acceptLocal, mode } = this.limitsOf(via)
    if (!acceptLocal && this.stack.ownerOf(src) !== undefined) {
      this.counters.martians++
      return { code: 'reverse-path', detail: `${formatIp(src)} is an address of this machine (accept_local is 0)` }
    }
    if (mode === 0) return undefined
    const back = this.wayBack(via, src, dst)
    if (back === via.index || (mode === 2 && back > 0)) return undefined
    this.counters.reversePath++
    const where = back === 0 ? 'no route leads back' : `the way back is by ${this.stack.interfaces.get(back)?.name ?? '?'}`
    return { code: 'reverse-path', detail: `rp_filter of ${via.name} is ${mode}: to ${formatIp(src)} ${where}` }
  }

  /** The interface by which an answer to `src` would leave, 0 = none. */
  private wayBack(via: Interface, src: Ip4, dst: Ip4): number {
    if (!this.selective) {
      const path = pathTo(this.stack, src)
      if (typeof path !== 'string') return path.via.index
    }
    const route = this.route(src, { source: dst, mark: 0, from: via.index, out: 0 })
    return route === undefined || route.type !== undefined ? 0 : route.interface
  }

  private limitsOf(via: Interface): Limits {
    const known = this.limits.get(via.index)
    if (known !== undefined) return known
    const read = { acceptLocal: this.most('accept_local', via) !== 0, mode: this.most('rp_filter', via) }
    this.limits.set(via.index, read)
    return read
  }

  answersArp(via: Interface, senderIp: Ip4, targetIp: Ip4): boolean {
    const { stack } = this
    const ours = targetIp >>> 24 !== 127 && stack.ownerOf(targetIp) !== undefined
    if (!ours) {
      if (this.most('proxy_arp', via) === 0 || !via.forwarding) return false
      const way = this.route(targetIp)
      return way !== undefined && way.type === undefined && way.interface !== via.index
    }
    if (this.most('arp_filter', via) !== 0 && senderIp !== 0 && this.route(senderIp)?.interface !== via.index) return false
    const own = via.addresses.find((address) => address.ip === targetIp && address.state === 'preferred')
    switch (this.most('arp_ignore', via)) {
      case 0:
        return true
      case 1:
      case 3:
        return own !== undefined
      case 2:
        return own !== undefined && inPrefix(senderIp, own.ip, own.prefixLength)
      default:
        return false
    }
  }

  arpSource(via: Interface, target: Ip4, source: Ip4): Ip4 {
    const near = via.addressFor(target)
    const level = this.most('arp_announce', via)
    if (level < 2 && source !== 0 && this.stack.ownerOf(source) !== undefined && source >>> 24 !== 127) {
      const own = via.addressFor(target)
      if (level === 0 || (own !== undefined && inPrefix(source, own.ip, own.prefixLength))) return source
    }
    const chosen = near ?? via.primary
    if (chosen !== undefined) return chosen.ip
    for (const other of this.stack.interfaces.values()) if (other.kind !== 'loopback' && other.primary) return other.primary.ip
    return 0
  }

  // Kernel parameters

  /** The value of `conf/all` or of the interface, whichever is larger: how these are read (ip-sysctl.rst). */
  most(parameter: string, via: Interface): number {
    return Math.max(this.conf('all', parameter), this.conf(via.name, parameter))
  }

  conf(name: string, parameter: string): number {
    if (parameter === 'forwarding') return this.forwarding(name)
    const key = `conf/${name}/${parameter}`
    const own = this.parameters.get(key) ?? this.distribution[key]
    if (own !== undefined) return Number(own)
    if (name !== 'all' && name !== 'default' && name !== 'lo') {
      const inherited = this.parameters.get(`conf/default/${parameter}`) ?? this.distribution[`conf/default/${parameter}`]
      if (inherited !== undefined) return Number(inherited)
    }
    return INTERFACE_PARAMETERS[parameter]?.start ?? 0
  }

  private forwarding(name: string): number {
    const written = this.parameters.get(`conf/${name}/forwarding`)
    if (name === 'all' || name === 'default')
      return Number(written ?? ([...this.stack.interfaces.values()].some((via) => via.forwarding) ? 1 : 0))
    return this.stack.byName(name)?.forwarding ? 1 : 0
  }

  /** Keys are written with slashes: `net/ipv4/conf/eth0.10/rp_filter`. */
  keys(): string[] {
    const names = ['all', 'default', ...[...this.stack.interfaces.values()].map((via) => via.name)]
    return [
      ...Object.keys(MACHINE_PARAMETERS).map((key) => key.split('.').join('/')),
      ...names.flatMap((name) => Object.keys(INTERFACE_PARAMETERS).map((one) => `net/ipv4/conf/${name}/${one}`)),
    ].sort()
  }

  get(key: string): string | undefined {
    const path = key.includes('/') ? key : key.split('.').join('/')
    const [, name, parameter] = /^net\/ipv4\/conf\/([^/]+)\/(\w+)$/.exec(path) ?? []
    if (name !== undefined && parameter !== undefined) {
      if (INTERFACE_PARAMETERS[parameter] === undefined || !this.isThere(name)) return undefined
      return String(this.conf(name, parameter))
    }
    const whole = path.split('/').join('.')
    if (whole === 'net.ipv4.ip_forward') return String(this.forwarding('all'))
    if (whole === 'net.ipv4.icmp_echo_ignore_all') return this.stack.answersEcho ? '0' : '1'
    return this.parameters.get(whole) ?? this.distribution[whole] ?? MACHINE_PARAMETERS[whole]?.start
  }

  set(key: string, value: string): Written {
    const path = key.includes('/') ? key : key.split('.').join('/')
    const before = this.get(path)
    if (before === undefined) return 'unknown'
    const [, name, parameter] = /^net\/ipv4\/conf\/([^/]+)\/(\w+)$/.exec(path) ?? []
    const whole = path.split('/').join('.')
    const effective = parameter === undefined ? MACHINE_PARAMETERS[whole]?.effective : INTERFACE_PARAMETERS[parameter]?.effective
    const text = value.trim().split(/\s+/).join('\t')
    if (!effective) return text === before ? 'ok' : 'shown-only'
    if (!/^-?\d{1,10}$/.test(text)) return 'invalid'
    if (name !== undefined && parameter !== undefined) this.setOf(name, parameter, Number(text))
    else if (whole === 'net.ipv4.ip_forward') this.setOf('all', 'forwarding', Number(text))
    else if (whole === 'net.ipv4.icmp_echo_ignore_all') {
      this.stack.answersEcho = Number(text) === 0
      this.stack.sim.touch(this.stack)
    } else {
      if (whole === 'net.ipv4.ip_default_ttl' && (Number(text) < 1 || Number(text) > 255)) return 'invalid'
      this.parameters.set(whole, text)
    }
    this.changed()
    return 'ok'
  }

  private setOf(name: string, parameter: string, value: number): void {
    const { interfaces } = this.stack
    this.parameters.set(`conf/${name}/${parameter}`, String(value))
    if (parameter !== 'forwarding') return
    const on = value !== 0
    if (name === 'all') this.parameters.set('conf/default/forwarding', String(value))
    for (const via of interfaces.values()) if (name === 'all' || via.name === name) via.forwarding = on
    this.stack.sim.touch(this.stack)
  }

  /** A new interface begins with what `default` says. */
  introduce(via: Interface): void {
    via.forwarding = this.forwarding('default') !== 0
  }

  /** An interface has another name, or is gone (empty). */
  renamed(before: string, after: string): void {
    for (const [key, value] of [...this.parameters]) {
      const [, name, parameter] = key.split('/')
      if (!key.startsWith('conf/') || name !== before) continue
      this.parameters.delete(key)
      if (after !== '') this.parameters.set(`conf/${after}/${parameter}`, value)
    }
    this.changed()
  }

  private isThere(name: string): boolean {
    return name === 'all' || name === 'default' || this.stack.byName(name) !== undefined
  }

  /** Everything that was told goes with the power. */
  clear(): void {
    this.rules = firstRules()
    this.six.clear()
    this.parameters.clear()
    this.counters = { reversePath: 0, martians: 0 }
    this.changed()
  }

  save(): PolicyState & Json {
    return {
      rules: this.rules.map((rule) => ({ ...rule })),
      parameters: [...this.parameters],
      counters: { ...this.counters },
      ...this.six.save(),
    } as PolicyState & Json
  }
}

/** Rules may refuse themselves, as routes do. */
const refusing = (type: 'blackhole' | 'unreachable' | 'prohibit'): Route => ({
  destination: 0,
  prefixLength: 0,
  gateway: 0,
  interface: 0,
  metric: 0,
  origin: 'static',
  persistent: false,
  table: LOCAL_TABLE,
  type,
})
