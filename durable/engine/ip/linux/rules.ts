// `ip rule`: which route table is asked for a packet (net/core/fib_rules.c, net/ipv4/fib_rules.c).
import { type Ip4, type Ip6, type IpAddress, inPrefix, inPrefix6 } from '../../wire/addresses.ts'
import type { RouteQuestion } from '../hooks.ts'
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE } from '../routes.ts'

export type RuleAction = 'lookup' | 'blackhole' | 'unreachable' | 'prohibit' | 'goto' | 'nop'

/** Of IPv4, or of IPv6: each family has rules of its own. */
export type Rule<Ip extends IpAddress = Ip4> = {
  readonly priority: number
  readonly source: Ip
  readonly sourceLength: number
  readonly destination: Ip
  readonly destinationLength: number
  readonly mark: number
  readonly markMask: number
  /** Names, as people wrote them: the interface may come later. Empty = any. */
  readonly from: string
  readonly out: string
  readonly not: boolean
  readonly action: RuleAction
  /** Of `lookup`; of `goto` the priority. */
  readonly table: number
  /** Routes with so short a prefix do not count; -1 = all do. */
  readonly suppressLength: number
  readonly protocol: number
}

const plain = <Ip extends IpAddress>(nowhere: Ip, priority: number, table: number): Rule<Ip> => ({
  priority,
  source: nowhere,
  sourceLength: 0,
  destination: nowhere,
  destinationLength: 0,
  mark: 0,
  markMask: 0,
  from: '',
  out: '',
  not: false,
  action: 'lookup',
  table,
  suppressLength: -1,
  protocol: 2,
})

/** A kernel has room for more, a lab has no use for them. */
export const LIMIT_RULES = 1000

/** The three that the kernel begins with. */
export const firstRules = (): Rule[] => [plain(0, 0, LOCAL_TABLE), plain(0, 32766, MAIN_TABLE), plain(0, 32767, DEFAULT_TABLE)]
/** For IPv6 there are two (net/ipv6/fib6_rules.c). */
export const firstRules6 = (): Rule<Ip6>[] => [plain(0n, 0, LOCAL_TABLE), plain(0n, 32766, MAIN_TABLE)]

/** Nothing was changed: only the destination decides. */
export const areFirst = <Ip extends IpAddress>(rules: readonly Rule<Ip>[], first: readonly Rule<Ip>[]): boolean =>
  rules.length === first.length && rules.every((rule) => first.some((one) => sameRule(one, rule)))

export const sameRule = <Ip extends IpAddress>(a: Rule<Ip>, b: Rule<Ip>): boolean => a.priority === b.priority && sameBut(a, b)

export const sameBut = <Ip extends IpAddress>(a: Rule<Ip>, b: Rule<Ip>): boolean =>
  a.source === b.source &&
  a.sourceLength === b.sourceLength &&
  a.destination === b.destination &&
  a.destinationLength === b.destinationLength &&
  a.mark === b.mark &&
  a.markMask === b.markMask &&
  a.from === b.from &&
  a.out === b.out &&
  a.not === b.not &&
  a.action === b.action &&
  a.table === b.table

/** Within a prefix of its own family. */
const within = (ip: IpAddress, prefix: IpAddress, length: number): boolean =>
  typeof ip === 'number' ? inPrefix(ip, prefix as Ip4, length) : inPrefix6(ip, prefix as Ip6, length)

/** `nameOf` answers an interface's name; 0 as `question.from` is a packet of our own, which `iif lo` matches. */
export function ruleMatches<Ip extends IpAddress>(
  rule: Rule<Ip>,
  dst: Ip,
  question: RouteQuestion<Ip>,
  nameOf: (index: number) => string,
): boolean {
  const fits =
    within(question.source, rule.source, rule.sourceLength) &&
    within(dst, rule.destination, rule.destinationLength) &&
    ((question.mark ^ rule.mark) & rule.markMask) === 0 &&
    (rule.from === '' || rule.from === (question.from === 0 ? 'lo' : nameOf(question.from))) &&
    (rule.out === '' || rule.out === nameOf(question.out))
  return fits !== rule.not
}

type Answer = { readonly prefixLength: number; readonly type?: string }

/** How a list of rules ends: with a route of a table, with a rule that refuses by itself, or with nothing. */
export type Chosen<Ip extends IpAddress, R> =
  | { readonly kind: 'route'; readonly route: R; readonly rule: Rule<Ip> }
  | { readonly kind: 'refused'; readonly rule: Rule<Ip>; readonly type: 'blackhole' | 'unreachable' | 'prohibit' }
  | { readonly kind: 'none' }

/** Asks the rules in order; `lookup` answers the best route of a table (fib_rules_lookup). */
export function choose<Ip extends IpAddress, R extends Answer>(
  rules: readonly Rule<Ip>[],
  dst: Ip,
  question: RouteQuestion<Ip>,
  nameOf: (index: number) => string,
  lookup: (table: number) => R | undefined,
): Chosen<Ip, R> {
  let after = 0
  for (const rule of rules) {
    if (rule.priority < after || !ruleMatches(rule, dst, question, nameOf)) continue
    if (rule.action === 'nop') continue
    if (rule.action === 'goto') {
      after = rule.table
      continue
    }
    if (rule.action !== 'lookup') return { kind: 'refused', rule, type: rule.action }
    const route = lookup(rule.table)
    if (route === undefined || route.type === 'throw' || route.prefixLength <= rule.suppressLength) continue
    return { kind: 'route', route, rule }
  }
  return { kind: 'none' }
}

/** Puts a rule where its priority wants it: behind its equals. */
export function insertRule<Ip extends IpAddress>(rules: readonly Rule<Ip>[], rule: Rule<Ip>): Rule<Ip>[] {
  const at = rules.findIndex((other) => other.priority > rule.priority)
  return rules.toSpliced(at < 0 ? rules.length : at, 0, rule)
}
