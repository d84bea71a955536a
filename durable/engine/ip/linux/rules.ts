// `ip rule`: which route table is asked for a packet (net/core/fib_rules.c, net/ipv4/fib_rules.c).
import { type Ip4, inPrefix } from '../../wire/addresses.ts'
import type { RouteQuestion } from '../hooks.ts'
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE } from '../routes.ts'

export type RuleAction = 'lookup' | 'blackhole' | 'unreachable' | 'prohibit' | 'goto' | 'nop'

export type Rule = {
  readonly priority: number
  readonly source: Ip4
  readonly sourceLength: number
  readonly destination: Ip4
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

const plain = (priority: number, table: number): Rule => ({
  priority,
  source: 0,
  sourceLength: 0,
  destination: 0,
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

/** The three that the kernel begins with. */
export const firstRules = (): Rule[] => [plain(0, LOCAL_TABLE), plain(32766, MAIN_TABLE), plain(32767, DEFAULT_TABLE)]

export const isFirst = (rule: Rule): boolean =>
  firstRules().some((one) => one.priority === rule.priority && one.table === rule.table && sameRule(one, rule))

export const sameRule = (a: Rule, b: Rule): boolean => a.priority === b.priority && sameBut(a, b)

export const sameBut = (a: Rule, b: Rule): boolean =>
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

/** `nameOf` answers an interface's name; 0 as `question.from` is a packet of our own, which `iif lo` matches. */
export function ruleMatches(rule: Rule, dst: Ip4, question: RouteQuestion, nameOf: (index: number) => string): boolean {
  const fits =
    inPrefix(question.source, rule.source, rule.sourceLength) &&
    inPrefix(dst, rule.destination, rule.destinationLength) &&
    ((question.mark ^ rule.mark) & rule.markMask) === 0 &&
    (rule.from === '' || rule.from === (question.from === 0 ? 'lo' : nameOf(question.from))) &&
    (rule.out === '' || rule.out === nameOf(question.out))
  return fits !== rule.not
}
