import { FEATURES, featureClass } from '../cmdlets/adapter/features.ts'
import { col, rows, type View } from '../format/view.ts'

const right = { right: true } as const

export const netAdapterViews: readonly View[] = [
  ...FEATURES.filter(({ columns }) => columns.length > 0).map(
    ({ noun, columns }): View => ({
      type: featureClass(noun),
      usual: 'table',
      table: { columns: [col('Name', 30), ...columns] },
    }),
  ),
  {
    type: 'MSFT_NetAdapterStatisticsSettingData',
    usual: 'table',
    table: {
      columns: [
        col('Name', 32),
        col('ReceivedBytes', 13, right),
        col('ReceivedUnicastPackets', 22, right),
        col('SentBytes', 9, right),
        col('SentUnicastPackets', 18, right),
      ],
    },
    list: rows('ifAlias', 'InterfaceAlias', 'ReceivedBytes', 'ReceivedUnicastPackets', 'SentBytes', 'SentUnicastPackets'),
  },
  {
    type: 'MSFT_NetAdapterAdvancedPropertySettingData',
    usual: 'table',
    table: {
      columns: [
        col('Name', 25),
        col('DisplayName', 30),
        col('DisplayValue', 30),
        col('RegistryKeyword', 15),
        col('RegistryValue', 15),
      ],
    },
    list: rows('Name', 'DisplayName', 'DisplayValue', 'RegistryKeyword', 'RegistryValue'),
  },
  {
    type: 'MSFT_NetAdapterHardwareInfoSettingData',
    usual: 'table',
    table: {
      columns: [
        col('Name', 30),
        col('Segment', 7, right),
        col('Bus', 3, right),
        col('Device', 6, right),
        col('Function', 8, right),
        col('Slot', 4, right),
        col('NumaNode', 8, right),
        col('PcieLinkSpeed', 13, right),
        col('PcieLinkWidth', 13, right),
        col('Version', 7),
      ],
    },
  },
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
