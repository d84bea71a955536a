// The rules of a computer: those that it came with, as far as they are still there, changed ones, and people's own.
import type { FirewallRule } from './rule.ts'

/** A built-in rule that was changed says only what is different. */
export type StoredRule = Partial<FirewallRule> & Pick<FirewallRule, 'name'>

export type StoredRules = {
  readonly rules: readonly StoredRule[]
  /** Names of built-in rules that are gone. */
  readonly removed: readonly string[]
}

export class RuleList {
  all: readonly FirewallRule[]
  private readonly builtIn: ReadonlyMap<string, FirewallRule>

  constructor(builtIn: readonly FirewallRule[], stored?: StoredRules) {
    this.builtIn = new Map(builtIn.map((rule) => [rule.name, rule]))
    const gone = new Set(stored?.removed)
    const all = builtIn.filter(({ name }) => !gone.has(name))
    for (const one of stored?.rules ?? []) {
      const at = all.findIndex((rule) => rule.name === one.name && rule.store === (one.store ?? rule.store))
      if (at >= 0) all[at] = { ...(all[at] as FirewallRule), ...one }
      else all.push({ ...(this.builtIn.get(one.name) as FirewallRule), ...one })
    }
    this.all = all
  }

  add(rule: FirewallRule): void {
    this.all = [...this.all, rule]
  }

  /** Puts a rule in the place of one. */
  replace(old: FirewallRule, rule: FirewallRule): void {
    this.all = this.all.map((one) => (one === old ? rule : one))
  }

  keep(wanted: (rule: FirewallRule) => boolean): void {
    this.all = this.all.filter(wanted)
  }

  /** Those of this computer as they were when it was new; what a policy gives stays. */
  reset(): void {
    this.all = [...this.builtIn.values(), ...this.all.filter(({ store }) => store === 'GroupPolicy')]
  }

  save(): StoredRules {
    const present = new Set(this.all.map(({ name }) => name))
    return {
      rules: this.all.flatMap((rule) => {
        const base = this.builtIn.get(rule.name)
        if (rule === base) return []
        return [base === undefined || base.store !== rule.store ? rule : { ...differences(rule, base), name: rule.name }]
      }),
      removed: [...this.builtIn.keys()].filter((name) => !present.has(name)),
    }
  }
}

/** What of `one` is not as in `base`: words, numbers and lists of words. */
export function differences<T extends object>(one: T, base: T): Partial<T> {
  const entries = Object.entries(one).filter(([key, value]) => !isSame(value, (base as { [key: string]: unknown })[key]))
  return Object.fromEntries(entries) as Partial<T>
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((entry, at) => entry === b[at]))
