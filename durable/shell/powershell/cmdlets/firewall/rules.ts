// Get-, New-, Set-, Enable-, Disable-, Remove-, Rename-, Copy- and Show-NetFirewallRule.
import type { Outcome } from '../../../../engine/machine/kernel.ts'
import type { FirewallRuleView } from '../../../../engine/machine/windows/net-views.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { classTarget, refusal, systemError } from '../cim.ts'
import { newStore, storeOf } from '../policy-store.ts'
import { chosenRules, firewallOf, selectorClasses, selectors } from './choose-rules.ts'
import { ADDRESSES, fieldsOf, newRule, ruleParameters } from './rule-fields.ts'
import { ruleObject } from './rule-object.ts'

const TARGET = classTarget('MSFT_NetFirewallRule')
const nameOf = (one: PsObject): string => text(property(one, 'Name') ?? '')

const common = { module: 'NetSecurity', classes: selectorClasses, defaultSet: 'ByName' } as const

export const getNetFirewallRule = cmdlet(
  { ...common, name: 'Get-NetFirewallRule', synopsis: 'Gets firewall rules from this computer.', supports: selectors },
  function* (call, bound) {
    for (const one of chosenRules(call, bound)) yield* call.emit(one)
  },
)

const view = (call: Call, name: string, store: FirewallRuleView['store']): FirewallRuleView | undefined =>
  firewallOf(call)
    .firewallRules([name])
    .find((rule) => rule.store === store)

function* change(call: Call, bound: Bound, act: (name: string, store: FirewallRuleView['store']) => Outcome, passes = true) {
  for (const one of chosenRules(call, bound)) {
    const [name, store] = [nameOf(one), storeOf(one)]
    const done = act(name, store)
    if (!done.ok) call.error(refusal(done, `${name}:String`))
    else if (passes && bound.flag('PassThru')) {
      const now = view(call, typeof done.value === 'string' ? done.value : name, store)
      yield* call.emit(now === undefined ? one : ruleObject(now))
    }
  }
}

const changing = [...selectors, 'InputObject', 'PassThru', 'Confirm']

export const enableNetFirewallRule = cmdlet(
  { ...common, name: 'Enable-NetFirewallRule', synopsis: 'Enables a firewall rule.', supports: changing },
  (call, bound) => change(call, bound, (name, store) => firewallOf(call).changeFirewallRule(name, store, { enabled: true })),
)
export const disableNetFirewallRule = cmdlet(
  { ...common, name: 'Disable-NetFirewallRule', synopsis: 'Disables a firewall rule.', supports: changing },
  (call, bound) => change(call, bound, (name, store) => firewallOf(call).changeFirewallRule(name, store, { enabled: false })),
)
export const removeNetFirewallRule = cmdlet(
  { ...common, name: 'Remove-NetFirewallRule', synopsis: 'Deletes firewall rules.', supports: changing },
  (call, bound) => change(call, bound, (name, store) => firewallOf(call).removeFirewallRule(name, store)),
)

export const renameNetFirewallRule = cmdlet(
  { ...common, name: 'Rename-NetFirewallRule', synopsis: 'Renames a firewall rule.', supports: [...changing, 'NewName'] },
  (call, bound) => {
    const to = bound.text('NewName') ?? ''
    return change(call, bound, (name, store) => {
      const done = firewallOf(call).changeFirewallRule(name, store, { name: to })
      return done.ok ? { ok: true, value: to } : done
    })
  },
)

export const copyNetFirewallRule = cmdlet(
  {
    ...common,
    name: 'Copy-NetFirewallRule',
    synopsis: 'Copies a firewall rule.',
    supports: [...changing, 'NewName', 'NewPolicyStore'],
  },
  (call, bound) => {
    const to = bound.text('NewPolicyStore')
    return change(call, bound, (name, store) => {
      const old = view(call, name, store)
      if (old === undefined) return { ok: false, error: 'not-found' }
      const { counts: _, ...rule } = old
      const target = to === undefined ? store : newStore(call, 'NewPolicyStore', to)
      return firewallOf(call).addFirewallRule({ ...rule, name: bound.text('NewName') ?? name, store: target })
    })
  },
)

export const setNetFirewallRule = cmdlet(
  {
    ...common,
    name: 'Set-NetFirewallRule',
    synopsis: 'Modifies existing firewall rules.',
    supports: [
      ...ruleParameters,
      'Name',
      'DisplayName',
      'DisplayGroup',
      'PolicyStore',
      'InputObject',
      'NewDisplayName',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetFirewallRule' },
  },
  function* (call, bound) {
    const fields = fieldsOf(call, bound, TARGET)
    if (fields === undefined) return
    const title = bound.text('NewDisplayName')
    const what = (old?: FirewallRuleView) => ({ ...fields(old), ...(title === undefined ? {} : { displayName: title }) })
    const net = firewallOf(call)
    // What the line says of the rule itself chooses nothing.
    const choosing = {
      ...bound,
      has: (name: string) =>
        ['Name', 'DisplayName', 'DisplayGroup', 'Group', 'PolicyStore', 'InputObject'].includes(name) && bound.has(name),
    }
    yield* change(call, { ...choosing, flag: (name) => bound.flag(name) }, (name, store) =>
      net.changeFirewallRule(name, store, what(view(call, name, store))),
    )
  },
)

export const newNetFirewallRule = cmdlet(
  {
    name: 'New-NetFirewallRule',
    module: 'NetSecurity',
    synopsis: 'Creates a new inbound or outbound firewall rule.',
    supports: ['DisplayName', 'Name', 'PolicyStore', ...ruleParameters, 'Confirm'],
  },
  function* (call, bound) {
    const fields = fieldsOf(call, bound, TARGET)
    if (fields === undefined) return
    const store = newStore(call, 'PolicyStore', bound.text('PolicyStore'))
    const rule = {
      ...newRule(fields(), bound.text('DisplayName') ?? ''),
      name: bound.text('Name') ?? '',
      group: bound.text('Group') ?? '',
      store,
    }
    const done = firewallOf(call).addFirewallRule(rule)
    if (!done.ok) return call.error(done.error === 'invalid' ? invalid(done.detail) : refusal(done, TARGET))
    const made = view(call, String(done.value), store)
    if (made !== undefined) yield* call.emit(ruleObject(made))
  },
)

const invalid = (what: string | undefined) =>
  systemError(what === 'address' ? ADDRESSES : 'The parameter is incorrect. ', 87, TARGET)

export const showNetFirewallRule = cmdlet(
  {
    name: 'Show-NetFirewallRule',
    module: 'NetSecurity',
    synopsis: 'Displays all of the existing firewall rules in the policy store, along with the associated objects.',
    supports: ['PolicyStore'],
  },
  function* (call, bound) {
    for (const one of chosenRules(call, bound)) yield* call.emit(one)
  },
)
