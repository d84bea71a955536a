// System calls about Windows Firewall.

import { bitOf, type Change, PROFILES, type ProfileName } from '../../service/firewall/profiles.ts'
import { type FirewallRule, ruleFault } from '../../service/firewall/rule.ts'
import type { Firewall } from '../../service/firewall.ts'
import { guidOf } from '../guid.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { FirewallProfileView, FirewallRuleView, NetworkCategory } from './net-views.ts'

export type RuleStore = FirewallRule['store']

export interface FirewallCalls {
  /** Those with one of these names; all without them. */
  firewallRules(names?: readonly string[]): FirewallRuleView[]
  /** Answers the name, drawn when it is empty. `exists`: a rule of the store has the name. `invalid`: `detail` says `ports`, `icmp` or `value`; `exhausted`: there are too many. */
  addFirewallRule(rule: FirewallRule): Outcome
  changeFirewallRule(name: string, store: RuleStore, change: Partial<FirewallRule>): Outcome
  removeFirewallRule(name: string, store: RuleStore): Outcome
  firewallProfiles(): FirewallProfileView[]
  setFirewallProfile(name: ProfileName, change: Change, store: 'local' | 'policy'): Outcome
  firewallSettings(): { readonly [name: string]: string | number }
  setFirewallSettings(change: { readonly [name: string]: string | number }): Outcome
  /** As it was: rules, profiles and settings of this computer. */
  resetFirewall(): Outcome
  networkCategories(): NetworkCategory[]
  setNetworkCategory(index: number, category: ProfileName): Outcome
}

/** Rules beyond those of a fresh computer. */
export const MOST_RULES = 1000

export function firewallCalls(machine: Machine, firewall: Firewall): FirewallCalls {
  const find = (name: string, store: RuleStore) =>
    firewall.rules.find((rule) => rule.store === store && rule.name.toLowerCase() === name.toLowerCase())
  const active = (): Set<ProfileName> =>
    new Set([...machine.stack.interfaces.values()].filter((i) => i.up && i.kind !== 'loopback').map((i) => firewall.category(i)))
  return {
    firewallRules: (names) => {
      const wanted = names && new Set(names.map((name) => name.toLowerCase()))
      const now = [...active()]
      return firewall.rules
        .filter((rule) => wanted === undefined || wanted.has(rule.name.toLowerCase()))
        .map((rule) => ({ ...rule, counts: countsOf(firewall, rule, now) }))
    },
    addFirewallRule: (rule) => {
      const { sim } = machine
      let name = rule.name
      for (let n = firewall.rules.length; name === '' || (rule.name === '' && find(name, rule.store) !== undefined); n++)
        name = `{${guidOf(sim.seed, `${machine.name}/rule/${sim.now}/${n}`)}}`
      if (find(name, rule.store) !== undefined) return failed('exists')
      const fault = ruleFault(rule)
      if (fault !== undefined) return failed('invalid', fault)
      if (firewall.rules.length >= MOST_RULES) return failed('exhausted')
      firewall.add({ ...rule, name })
      return { ok: true, value: name }
    },
    changeFirewallRule: (name, store, change) => {
      const old = find(name, store)
      if (old === undefined) return failed('not-found')
      const rule = { ...old, ...change }
      const fault = ruleFault(rule)
      if (fault !== undefined) return failed('invalid', fault)
      if (change.name !== undefined && change.name !== name && find(change.name, store) !== undefined) return failed('exists')
      firewall.replace(old, rule)
      return OK
    },
    removeFirewallRule: (name, store) => {
      const old = find(name, store)
      if (old === undefined) return failed('not-found')
      firewall.remove(old)
      return OK
    },
    firewallProfiles: () => {
      const now = active()
      return PROFILES.map((name) => ({
        name,
        active: now.has(name),
        local: firewall.profile(name),
        policy: firewall.profile(name, 'policy'),
      }))
    },
    setFirewallProfile: (name, change, store) => {
      firewall.setProfile(name, change, store)
      return OK
    },
    firewallSettings: () => ({ ...firewall.settings }),
    setFirewallSettings: (change) => {
      firewall.settings = { ...firewall.settings, ...change }
      firewall.changed()
      return OK
    },
    resetFirewall: () => {
      firewall.reset()
      return OK
    },
    networkCategories: () =>
      [...machine.stack.interfaces.values()].map((via) => ({
        interface: via.index,
        category: firewall.category(via),
        identified: firewall.isIdentified(via),
      })),
    setNetworkCategory: (index, category) => {
      const via = machine.stack.interfaces.get(index)
      if (via === undefined || via.hidden || via.kind === 'loopback' || !via.up) return failed('not-found')
      firewall.setCategory(via, category)
      return OK
    },
  }
}

function countsOf(firewall: Firewall, rule: FirewallRule, active: readonly ProfileName[]): FirewallRuleView['counts'] {
  if (!rule.enabled) return 'disabled'
  const meant = active.filter((name) => (rule.profiles & bitOf(name)) !== 0)
  if (meant.length === 0) return 'other-profile'
  const settings = meant.map((name) => firewall.effective(name))
  if (settings.every(({ enabled }) => !enabled)) return 'off'
  if (rule.store !== 'GroupPolicy' && settings.every(({ localRules }) => !localRules)) return 'no-local-rules'
  return 'yes'
}
