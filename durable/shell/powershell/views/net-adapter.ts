import { col, rows, type View } from '../format/view.ts'

export const netAdapterViews: readonly View[] = [
  {
    type: 'MSFT_NetAdapterBindingSettingData',
    usual: 'table',
    table: {
      columns: [col('Name', 30), col('DisplayName', 50), col('ComponentID', 20), col('Enabled', 7)],
    },
    list: rows('Name', 'DisplayName', 'ComponentID', 'Enabled'),
  },
  {
    type: 'MSFT_NetAdapter',
    usual: 'table',
    table: {
      columns: [
        col('Name', 25),
        col('InterfaceDescription', 39),
        col('ifIndex', 7, { right: true }),
        col('Status', 12),
        col('MacAddress', 22),
        col('LinkSpeed', 9, { right: true }),
      ],
    },
    list: rows(
      'Name',
      'InterfaceDescription',
      'InterfaceIndex',
      'MacAddress',
      'MediaType',
      'PhysicalMediaType',
      'InterfaceOperationalStatus',
      'AdminStatus',
      'LinkSpeed',
      'MediaConnectionState',
      'ConnectorPresent',
      'DriverInformation',
    ),
  },
]
