// Views of services, processes and events.
import { civil, formatDate } from '../../windows/calendar.ts'
import { col, rows, type View } from '../format/view.ts'
import type { PsObject } from '../values/value.ts'

const kib = (name: string) => (item: PsObject) => Math.floor(Number(item.props.get(name) ?? 0) / 1024)
const cpu = (item: PsObject) => Number(item.props.get('CPU') ?? 0).toFixed(2)

const processColumns = [
  col('Handles', 7, { right: true }),
  col('NPM(K)', 7, { right: true, value: kib('NPM') }),
  col('PM(K)', 8, { right: true, value: kib('PM') }),
  col('WS(K)', 10, { right: true, value: kib('WS') }),
  col('CPU(s)', 10, { right: true, value: cpu }),
  col('Id', 6, { right: true }),
  col('SI', 3, { right: true }),
]

const keyHead = [`${'Name'.padEnd(30)} Property`, `${'----'.padEnd(30)} --------`]

/** A key with its values beside it, one a line. */
const keyLines = (item: PsObject): string[] => {
  const lines = item.props.get('Lines')
  const values = Array.isArray(lines) ? lines.map(String) : []
  const name = String(item.props.get('PSChildName') ?? '').padEnd(30)
  return [`${name} ${values[0] ?? ''}`.trimEnd(), ...values.slice(1).map((value) => `${' '.repeat(31)}${value}`)]
}

export const windowsViews: readonly View[] = [
  {
    type: 'ServiceController',
    usual: 'table',
    table: { columns: [col('Status', 8), col('Name', 18), col('DisplayName', 38)] },
    list: rows(
      'Name',
      'DisplayName',
      'Status',
      'DependentServices',
      'ServicesDependedOn',
      'CanPauseAndContinue',
      'CanShutdown',
      'CanStop',
      'ServiceType',
    ),
  },
  {
    type: 'Process',
    usual: 'table',
    table: { columns: [...processColumns, col('ProcessName')] },
    list: rows('Id', 'Handles', 'CPU', 'SI', 'Name'),
  },
  {
    type: 'IncludeUserName',
    usual: 'table',
    table: {
      columns: [
        col('Handles', 7, { right: true }),
        col('WS(K)', 10, { right: true, value: kib('WS') }),
        col('CPU(s)', 10, { right: true, value: cpu }),
        col('Id', 6, { right: true }),
        col('UserName', 32),
        col('ProcessName'),
      ],
    },
  },
  {
    type: 'EventLogRecord',
    heading: (item) => ['', '', `   ProviderName: ${item.props.get('ProviderName')}`],
    usual: 'table',
    table: {
      columns: [
        col('TimeCreated', 26),
        col('Id', 8, { right: true }),
        col('LevelDisplayName', 16),
        col('Message', undefined, { value: (item) => String(item.props.get('Message') ?? '').replace(/\n\s*/g, ' ') }),
      ],
    },
    list: rows('TimeCreated', 'ProviderName', 'Id', 'Message'),
  },
  {
    type: 'EventLogConfiguration',
    usual: 'table',
    table: {
      columns: [
        col('LogMode', 9),
        col('MaximumSizeInBytes', 18, { right: true }),
        col('RecordCount', 11, { right: true }),
        col('LogName'),
      ],
    },
  },
  {
    type: 'EventLogEntry',
    usual: 'table',
    table: {
      columns: [
        col('Index', 8, { right: true }),
        col('Time', 13, {
          value: ({ props }) => {
            const at = props.get('TimeGenerated')
            return at !== null && typeof at === 'object' && 'micros' in at ? formatDate(civil(at.micros), 'MMM dd HH:mm') : ''
          },
        }),
        col('EntryType', 11),
        col('Source', 20),
        col('InstanceID', 12, { right: true, value: 'InstanceId' }),
        col('Message'),
      ],
    },
  },
  {
    type: 'RegistryKey',
    heading: (item) => ['', '', `    Hive: ${item.props.get('Hive')}`, '', '', ...keyHead],
    usual: 'table',
    lines: keyLines,
  },
  {
    type: 'PSDriveInfo',
    usual: 'table',
    table: {
      columns: [
        col('Name', 10),
        col('Used (GB)', 13, { right: true, value: () => '' }),
        col('Free (GB)', 13, { right: true, value: () => '' }),
        col('Provider', 13),
        col('Root', 46),
        col('CurrentLocation', 20, { right: true }),
      ],
    },
  },
  {
    type: 'PSSession',
    usual: 'table',
    table: {
      columns: [
        col('Id', 3, { right: true }),
        col('Name', 15),
        col('ComputerName', 15),
        col('ComputerType', 15),
        col('State', 13),
        col('ConfigurationName', 20),
        col('Availability', 12, { right: true }),
      ],
    },
  },
  {
    type: 'EventLog',
    usual: 'table',
    table: {
      columns: [
        col('Max(K)', 8, { right: true }),
        col('Retain', 6, { right: true }),
        col('OverflowAction', 18),
        col('Entries', 9, { right: true }),
        col('Log'),
      ],
    },
  },
  {
    type: 'MSFT_SmbShare',
    usual: 'table',
    table: { auto: true, columns: [col('Name'), col('ScopeName'), col('Path'), col('Description')] },
  },
  {
    type: 'MSFT_SmbConnection',
    usual: 'table',
    table: {
      auto: true,
      columns: [col('ServerName'), col('ShareName'), col('UserName'), col('Credential'), col('Dialect'), col('NumOpens')],
    },
  },
]
