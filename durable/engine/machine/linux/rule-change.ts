// A change to a list of rules, of either family (net/core/fib_rules.c).
import { type Rule, sameBut } from '../../ip/linux/rules.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'

/** Types of routes that refuse: they have no interface. */
export const REFUSING: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw'])

type RuleBook<Ip extends IpAddress> = {
  readonly rules: readonly Rule<Ip>[]
  addRule(rule: Rule<Ip>): boolean
  removeRule(rule: Rule<Ip>): void
}

export function changeRuleOf<Ip extends IpAddress>(book: RuleBook<Ip>, verb: 'add' | 'delete', rule: Rule<Ip>): Outcome {
  if (verb === 'add') {
    // -1: none was named. The kernel takes the one before the first that is not the local table's (fib_default_rule_pref).
    const first = book.rules.find((one) => one.priority > 0)?.priority ?? 1
    const priority = rule.priority >= 0 ? rule.priority : Math.max(0, first - 1)
    if (book.rules.some((one) => one.priority === priority && sameBut(one, rule))) return failed('exists', 'File exists')
    return book.addRule({ ...rule, priority }) ? OK : failed('in-use', 'Cannot allocate memory')
  }
  const victim = book.rules.find((one) => matchesWanted(one, rule))
  if (victim === undefined) return failed('not-found', 'No such file or directory')
  if (victim.priority === 0) return failed('not-simulated', 'Error: the rule of the local table cannot be taken away here.')
  book.removeRule(victim)
  return OK
}

/** What was not said matches anything. A table of 0 was not said. */
const matchesWanted = <Ip extends IpAddress>(rule: Rule<Ip>, wanted: Rule<Ip>): boolean =>
  (wanted.priority < 0 || rule.priority === wanted.priority) &&
  (wanted.sourceLength === 0 || (rule.source === wanted.source && rule.sourceLength === wanted.sourceLength)) &&
  (wanted.destinationLength === 0 ||
    (rule.destination === wanted.destination && rule.destinationLength === wanted.destinationLength)) &&
  (wanted.markMask === 0 || (rule.mark === wanted.mark && rule.markMask === wanted.markMask)) &&
  (wanted.from === '' || rule.from === wanted.from) &&
  (wanted.out === '' || rule.out === wanted.out) &&
  (wanted.table === 0 || rule.table === wanted.table) &&
  (wanted.action === 'lookup' || rule.action === wanted.action)
