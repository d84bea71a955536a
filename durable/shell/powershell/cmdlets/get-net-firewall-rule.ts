import type { FirewallRuleView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chooseFrom, cim, select, systemError } from './cim.ts'

export const ruleObject = (one: FirewallRuleView): PsObject =>
  cim(
    'MSFT_NetFirewallRule',
    {
      Name: one.name,
      ID: one.name,
      DisplayName: one.displayName,
      Description: '',
      DisplayGroup: one.group,
      Group: one.group,
      Enabled: one.enabled ? 'True' : 'False',
      Profile: 'Any',
      Platform: [],
      Direction: one.direction,
      Action: one.action,
      EdgeTraversalPolicy: 'Block',
      LooseSourceMapping: false,
      LocalOnlyMapping: false,
      Owner: '',
      PrimaryStatus: 'OK',
      Status: 'The rule was parsed successfully from the store. (65536)',
      EnforcementStatus: 'NotApplicable',
      PolicyStoreSource: 'PersistentStore',
      PolicyStoreSourceType: 'Local',
      RemoteDynamicKeywordAddresses: [],
      PolicyAppId: '',
      PackageFamilyName: '',
      InstanceID: one.name,
      CreationClassName: 'MSFT|FW|FirewallRule',
      Caption: null,
      ElementName: one.displayName,
    },
    one.displayName,
  )

const filters = {
  Name: 'Name',
  DisplayName: 'DisplayName',
  DisplayGroup: 'DisplayGroup',
  Group: 'Group',
  Enabled: 'Enabled',
  Direction: 'Direction',
  Action: 'Action',
} as const

export const getNetFirewallRule = cmdlet(
  {
    name: 'Get-NetFirewallRule',
    module: 'NetSecurity',
    synopsis: 'Gets firewall rules from this computer.',
    supports: [...Object.keys(filters), 'All'],
    defaultSet: 'ByName',
  },
  (call, bound) => select(call, bound, 'MSFT_NetFirewallRule', call.kernel.firewallRules().map(ruleObject), filters, 'key'),
)

function chosen(call: Call, bound: Bound): PsObject[] {
  const all = call.kernel.firewallRules().map(ruleObject)
  if (!bound.has('InputObject')) return chooseFrom(call, bound, 'MSFT_NetFirewallRule', all, filters, 'key')
  const names = bound.list('InputObject').map((one) => text(property(one, 'Name') ?? ''))
  return all.filter((one) => names.includes(text(property(one, 'Name') ?? '')))
}

function* change(call: Call, bound: Bound, what: { enabled?: boolean; remove?: boolean }) {
  for (const one of chosen(call, bound)) {
    const name = text(property(one, 'Name') ?? '')
    const done = call.kernel.setFirewallRule(name, what)
    if (!done.ok) {
      const denied = done.error === 'access-denied'
      call.error(
        systemError(
          denied ? 'Access is denied. ' : 'The system cannot find the file specified. ',
          denied ? 5 : 2,
          `${name}:String`,
        ),
      )
    } else if (bound.flag('PassThru')) {
      const now = call.kernel.firewallRules().find((rule) => rule.name === name)
      if (now !== undefined) yield* call.emit(ruleObject(now))
    }
  }
}

const common = {
  module: 'NetSecurity',
  supports: [...Object.keys(filters), 'All', 'InputObject', 'PassThru', 'Confirm'],
  classes: { InputObject: 'MSFT_NetFirewallRule' },
  defaultSet: 'ByName',
} as const

export const enableNetFirewallRule = cmdlet(
  { ...common, name: 'Enable-NetFirewallRule', synopsis: 'Enables a firewall rule.' },
  (call, bound) => change(call, bound, { enabled: true }),
)
export const disableNetFirewallRule = cmdlet(
  { ...common, name: 'Disable-NetFirewallRule', synopsis: 'Disables a firewall rule.' },
  (call, bound) => change(call, bound, { enabled: false }),
)
export const removeNetFirewallRule = cmdlet(
  { ...common, name: 'Remove-NetFirewallRule', synopsis: 'Deletes firewall rules.' },
  (call, bound) => change(call, bound, { remove: true }),
)
