import { col, type View } from '../format/view.ts'

/** Get-Alias shows `name -> command`. */
export const commonViews: readonly View[] = [
  {
    type: 'RuntimeType',
    usual: 'table',
    table: { columns: [col('IsPublic', 8), col('IsSerial', 8), col('Name', 40), col('BaseType')] },
  },
  { type: 'DictionaryEntry', usual: 'table', table: { columns: [col('Name', 30), col('Value')] } },
  {
    type: 'AliasInfo',
    usual: 'table',
    table: { columns: [col('CommandType', 15), col('Name', 50, { value: 'DisplayName' }), col('Version', 10), col('Source')] },
  },
  {
    type: 'CmdletInfo',
    usual: 'table',
    table: { columns: [col('CommandType', 15), col('Name', 50), col('Version', 10), col('Source')] },
  },
  { type: 'PathInfo', usual: 'table', table: { columns: [col('Path')] } },
  { type: 'HistoryInfo', usual: 'table', table: { columns: [col('Id', 4, { right: true }), col('CommandLine')] } },
  { type: 'PSVariable', usual: 'table', table: { columns: [col('Name', 30), col('Value')] } },
  { type: 'GroupInfo', usual: 'table', table: { columns: [col('Count', 5, { right: true }), col('Name', 25), col('Group')] } },
  {
    type: 'MemberDefinition',
    usual: 'table',
    table: { auto: true, columns: [col('Name'), col('MemberType'), col('Definition')] },
  },
  {
    type: 'FileSystemInfo',
    heading: (item) => ['', '', `    Directory: ${item.props.get('Directory')}`, ''],
    usual: 'table',
    table: {
      columns: [
        col('Mode', 7),
        col('LastWriteTime', 25, { right: true, value: 'Written' }),
        col('Length', 14, { right: true }),
        col('Name'),
      ],
    },
  },
  { type: 'MatchInfo', usual: 'list', lines: (item) => (item.text ?? '').split('\n') },
  {
    type: 'PingStatus',
    usual: 'table',
    table: {
      columns: [
        col('Source', 13),
        col('Destination', 15),
        col('IPV4Address', 16),
        col('IPV6Address', 40),
        col('Bytes', 8, { value: 'BufferSize' }),
        col('Time(ms)', 8, { value: 'ResponseTime' }),
      ],
    },
  },
]
