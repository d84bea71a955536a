// `ip -6 rule`: which table of IPv6 routes is asked for a packet (net/ipv6/fib6_rules.c). The walk is that of IPv4.
import type { Json } from '../../sim/json.ts'
import { NEVER } from '../../sim/time.ts'
import { formatIp6, type Ip6, parseIp6 } from '../../wire/addresses.ts'
import type { RoutePolicy6, RouteQuestion } from '../hooks.ts'
import { LOCAL_TABLE } from '../routes.ts'
import type { Stack } from '../stack.ts'
import type { Route6 } from '../v6/routes6.ts'
import { areFirst, choose, firstRules6, insertRule, LIMIT_RULES, type Rule } from './rules.ts'

export type StoredRule6 = Omit<Rule<Ip6>, 'source' | 'destination'> & { readonly source: string; readonly destination: string }

/** Rules of IPv6. Their state is part of the policy's row, `rules6`; it is absent as long as they are the kernel's own. */
export class Policy6 implements RoutePolicy6 {
  rules: readonly Rule<Ip6>[] = firstRules6()
  selective = false
  private readonly stack: Stack

  constructor(stack: Stack, stored: readonly StoredRule6[] | undefined) {
    this.stack = stack
    if (stack.ip6 !== undefined) stack.ip6.policy = this
    this.put(stored?.map((rule) => ({ ...rule, source: ip6Of(rule.source), destination: ip6Of(rule.destination) })))
  }

  private put(rules: readonly Rule<Ip6>[] = firstRules6()): void {
    this.rules = rules
    this.selective = !areFirst(rules, firstRules6())
  }

  route(dst: Ip6, question: RouteQuestion<Ip6>): Route6 | undefined {
    const { ip6, interfaces } = this.stack
    if (ip6 === undefined) return undefined
    const only = question.out === 0 ? undefined : question.out
    const nameOf = (index: number): string => interfaces.get(index)?.name ?? ''
    const chosen = choose(this.rules, dst, question, nameOf, (table) =>
      ip6.routes.lookup(dst, ip6.interfaces, only, (route) => ip6.isSilent(route), table),
    )
    return chosen.kind === 'route' ? chosen.route : chosen.kind === 'refused' ? refusing(chosen.type) : undefined
  }

  /** False: there are too many. */
  addRule(rule: Rule<Ip6>): boolean {
    if (this.rules.length >= LIMIT_RULES) return false
    this.put(insertRule(this.rules, rule))
    this.stack.ip6?.changed()
    return true
  }

  removeRule(rule: Rule<Ip6>): void {
    this.put(this.rules.filter((one) => one !== rule))
    this.stack.ip6?.changed()
  }

  clear(): void {
    this.put()
  }

  save(): { readonly rules6?: Json } {
    if (!this.selective) return {}
    return {
      rules6: this.rules.map((rule) => ({
        ...rule,
        source: formatIp6(rule.source),
        destination: formatIp6(rule.destination),
      })),
    }
  }
}

const ip6Of = (text: string): Ip6 => parseIp6(text) ?? 0n

const refusing = (type: 'blackhole' | 'unreachable' | 'prohibit'): Route6 => ({
  destination: 0n,
  prefixLength: 0,
  gateway: 0n,
  interface: 0,
  metric: 0,
  origin: 'static',
  persistent: false,
  preference: 0,
  expiresAt: NEVER,
  table: LOCAL_TABLE,
  type,
})
