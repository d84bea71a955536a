import { profileSettings, settingNames } from '../cmdlets/firewall/setting-names.ts'
import {
  ipsecRule,
  mainModeCryptoSet,
  mainModeRule,
  phase1AuthSet,
  phase2AuthSet,
  quickModeCryptoSet,
} from '../cmdlets/ipsec/kinds.ts'
import type { Kind } from '../cmdlets/kept/kind.ts'
import { rows, type View } from '../format/view.ts'

/** Objects of a policy store: what they are called, what they say, where they are from. */
const policyView = ({ className, id, fields }: Kind): View => ({
  type: className,
  usual: 'list',
  list: rows(
    id,
    'DisplayName',
    'Description',
    'DisplayGroup',
    'Group',
    ...fields.filter(({ hidden }) => hidden !== true).map(({ name }) => name),
    'PrimaryStatus',
    'Status',
    'EnforcementStatus',
    'PolicyStoreSource',
    'PolicyStoreSourceType',
  ),
})

export const netSecurityViews: readonly View[] = [
  ...[ipsecRule, mainModeRule, phase1AuthSet, phase2AuthSet, mainModeCryptoSet, quickModeCryptoSet].map(policyView),
  {
    type: 'MSFT_NetFirewallRule',
    usual: 'list',
    list: rows(
      'Name',
      'DisplayName',
      'Description',
      'DisplayGroup',
      'Group',
      'Enabled',
      'Profile',
      'Platform',
      'Direction',
      'Action',
      'EdgeTraversalPolicy',
      'LooseSourceMapping',
      'LocalOnlyMapping',
      'Owner',
      'PrimaryStatus',
      'Status',
      'EnforcementStatus',
      'PolicyStoreSource',
      'PolicyStoreSourceType',
      'RemoteDynamicKeywordAddresses',
      'PolicyAppId',
      'PackageFamilyName',
    ),
  },
  {
    type: 'MSFT_NetProtocolPortFilter',
    usual: 'list',
    list: rows('Protocol', 'LocalPort', 'RemotePort', 'IcmpType', 'DynamicTarget'),
  },
  { type: 'MSFT_NetAddressFilter', usual: 'list', list: rows('LocalAddress', 'RemoteAddress') },
  { type: 'MSFT_NetInterfaceFilter', usual: 'list', list: rows('InterfaceAlias') },
  { type: 'MSFT_NetInterfaceTypeFilter', usual: 'list', list: rows('InterfaceType') },
  { type: 'MSFT_NetApplicationFilter', usual: 'list', list: rows('Program', 'Package') },
  { type: 'MSFT_NetServiceFilter', usual: 'list', list: rows('Service') },
  {
    type: 'MSFT_NetNetworkLayerSecurityFilter',
    usual: 'list',
    list: rows('Authentication', 'Encryption', 'OverrideBlockRules', 'LocalUser', 'RemoteUser', 'RemoteMachine'),
  },
  { type: 'MSFT_NetFirewallProfile', usual: 'list', list: rows('Name', ...profileSettings) },
  { type: 'MSFT_NetSecuritySettingData', usual: 'list', list: rows('Name', ...settingNames.map(([name]) => name)) },
]
