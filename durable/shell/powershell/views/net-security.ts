import { rows, type View } from '../format/view.ts'

export const netSecurityViews: readonly View[] = [
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
]
