// Which rules a line means: by name, by what they say, by a filter or profile that is theirs, by the objects themselves.

import type { WindowsNetCalls } from '../../../../engine/machine/windows/net-calls.ts'
import type { Bound, Call } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom } from '../cim.ts'
import { inStore, storeOf } from '../policy-store.ts'
import { filterClasses, ruleObject } from './rule-object.ts'

export const RULE = 'MSFT_NetFirewallRule'

export function firewallOf(call: Call): WindowsNetCalls {
  const { windowsNet } = call.kernel
  if (windowsNet === undefined)
    throw new NotSimulated('Windows Firewall on this machine is real, but it is not simulated here yet.')
  return windowsNet
}

/** One by one what is not found is told of; the others only filter. */
const named = { Name: 'Name', DisplayName: 'DisplayName', DisplayGroup: 'DisplayGroup', Group: 'Group' } as const
const filtering = {
  Description: 'Description',
  Enabled: 'Enabled',
  Direction: 'Direction',
  Action: 'Action',
  EdgeTraversalPolicy: 'EdgeTraversalPolicy',
  LooseSourceMapping: 'LooseSourceMapping',
  LocalOnlyMapping: 'LocalOnlyMapping',
  Owner: 'Owner',
  PolicyStoreSource: 'PolicyStoreSource',
  PolicyStoreSourceType: 'PolicyStoreSourceType',
  PrimaryStatus: 'PrimaryStatus',
  Status: 'Status',
} as const

const associated = {
  AssociatedNetFirewallAddressFilter: filterClasses.address,
  AssociatedNetFirewallApplicationFilter: filterClasses.application,
  AssociatedNetFirewallInterfaceFilter: filterClasses.interface,
  AssociatedNetFirewallInterfaceTypeFilter: filterClasses.interfaceType,
  AssociatedNetFirewallPortFilter: filterClasses.port,
  AssociatedNetFirewallProfile: 'MSFT_NetFirewallProfile',
  AssociatedNetFirewallSecurityFilter: filterClasses.security,
  AssociatedNetFirewallServiceFilter: filterClasses.service,
} as const

export const selectors = [
  ...Object.keys(named),
  ...Object.keys(filtering),
  ...Object.keys(associated),
  'All',
  'PolicyStore',
  'TracePolicyStore',
]

export const selectorClasses: Readonly<Record<string, string>> = { ...associated, InputObject: RULE }

/** A line that says nothing means all rules. */
export function chosenRules(call: Call, bound: Bound): PsObject[] {
  const net = firewallOf(call)
  if (bound.has('InputObject')) {
    const given = bound.list('InputObject')
    const views = net.firewallRules(given.map((one) => text(property(one, 'Name') ?? '')))
    return given.flatMap((one) => {
      const name = text(property(one, 'Name') ?? '')
      const view = views.find((rule) => rule.name === name && rule.store === storeOf(one))
      return view === undefined ? [] : [ruleObject(view)]
    })
  }
  const active = bound.text('PolicyStore')?.toLowerCase() === 'activestore'
  for (const [parameter, className] of Object.entries(associated)) {
    const given = bound.get(parameter)
    if (given === undefined) continue
    if (className === 'MSFT_NetFirewallProfile') {
      const bit = { Domain: 1, Private: 2, Public: 4 }[text(property(given, 'Name') ?? '')] ?? 0
      const of = inStore(call, bound, net.firewallRules())
      return of.filter((one) => (one.profiles & bit) !== 0).map((one) => ruleObject(one, active))
    }
    const own = net.firewallRules([text(property(given, 'InstanceID') ?? '')])
    return own.filter((one) => one.store === storeOf(given)).map((one) => ruleObject(one))
  }
  const all = inStore(call, bound, net.firewallRules()).map((one) => ruleObject(one, active))
  const found = chooseFrom(call, bound, RULE, all, named, 'key')
  return chooseFrom(call, bound, RULE, found, filtering, 'silent')
}
