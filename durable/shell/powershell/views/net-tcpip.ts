import { SETTING_TABLES, type SettingTable } from '../cmdlets/tcpip/setting-tables.ts'
import { col, rows, type View } from '../format/view.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'

const right = { right: true } as const

const UNITS: Readonly<Record<string, string>> = {
  NeighborCacheLimitEntries: 'NeighborCacheLimit(Entries)',
  RouteCacheLimitEntries: 'RouteCacheLimit(Entries)',
  ReassemblyLimitBytes: 'ReassemblyLimit(Bytes)',
  MinimumMtu: 'MinimumMtu(Bytes)',
  MinRtoMs: 'MinRto(ms)',
  InitialCongestionWindowMss: 'InitialCongestionWindow(MSS)',
  DelayedAckTimeoutMs: 'DelayedAckTimeout(ms)',
  InitialRtoMs: 'InitialRto(ms)',
}

const settingView = ({ className, named, fields }: SettingTable): View => ({
  type: className,
  usual: 'list',
  list: [...(named === undefined ? [] : [named.property]), ...fields.map(({ name }) => name)].map((name) => ({
    label: UNITS[name] ?? name,
    value: name,
  })),
})

export const netTcpipViews: readonly View[] = [
  ...SETTING_TABLES.map(settingView),
  {
    type: 'MSFT_NetIPAddress',
    usual: 'list',
    table: {
      columns: [
        col('ifIndex', 7, { right: false }),
        col('IPAddress', 47),
        col('PrefixLength', 12, right),
        col('PrefixOrigin', 12),
        col('SuffixOrigin', 12),
        col('AddressState', 12),
        col('PolicyStore'),
      ],
    },
    list: rows(
      'IPAddress',
      'InterfaceIndex',
      'InterfaceAlias',
      'AddressFamily',
      'Type',
      'PrefixLength',
      'PrefixOrigin',
      'SuffixOrigin',
      'AddressState',
      'ValidLifetime',
      'PreferredLifetime',
      'SkipAsSource',
      'PolicyStore',
    ),
  },
  {
    type: 'MSFT_NetIPInterface',
    usual: 'table',
    table: {
      columns: [
        col('ifIndex', 7, { right: false }),
        col('InterfaceAlias', 31),
        col('AddressFamily', 13),
        col('NlMtu(Bytes)', 12, { value: 'NlMtu', right: true }),
        col('InterfaceMetric', 15, right),
        col('Dhcp', 8),
        col('ConnectionState', 15),
        col('PolicyStore'),
      ],
    },
    list: rows(
      'InterfaceIndex',
      'InterfaceAlias',
      'CompartmentId',
      'AddressFamily',
      'Forwarding',
      'ConnectionState',
      'NlMtu',
      'InterfaceMetric',
      'AutomaticMetric',
      'Dhcp',
      'WeakHostSend',
      'WeakHostReceive',
      'PolicyStore',
    ),
  },
  {
    type: 'MSFT_NetRoute',
    usual: 'table',
    table: {
      columns: [
        col('ifIndex', 7, { right: false }),
        col('DestinationPrefix', 46),
        col('NextHop', 40),
        col('RouteMetric', 11, right),
        col('ifMetric', 8, { right: false }),
        col('PolicyStore', 11),
      ],
    },
    list: rows(
      'Caption',
      'Description',
      'InterfaceIndex',
      'InterfaceAlias',
      'DestinationPrefix',
      'NextHop',
      'RouteMetric',
      'InterfaceMetric',
      'Protocol',
      'Publish',
      'AddressFamily',
      'State',
      'PolicyStore',
    ),
  },
  {
    type: 'MSFT_NetNeighbor',
    usual: 'table',
    table: {
      columns: [
        col('ifIndex', 7, { right: false }),
        col('IPAddress', 50),
        col('LinkLayerAddress', 21),
        col('State', 11),
        col('PolicyStore'),
      ],
    },
  },
  {
    type: 'MSFT_NetTCPConnection',
    usual: 'table',
    table: {
      columns: [
        col('LocalAddress', 35),
        col('LocalPort', 9, { right: false }),
        col('RemoteAddress', 35),
        col('RemotePort', 10, { right: false }),
        col('State', 11),
        col('AppliedSetting', 14),
        col('OwningProcess', 13, { right: false }),
      ],
    },
  },
  {
    type: 'MSFT_NetPrefixPolicy',
    usual: 'table',
    table: { columns: [col('Precedence', 10, { right: false }), col('Label', 10, { right: false }), col('Prefix')] },
  },
  {
    type: 'MSFT_NetUDPEndpoint',
    usual: 'table',
    table: { columns: [col('LocalAddress', 40), col('LocalPort', 9, { right: false })] },
  },
]

/** With `-Detailed`: what the objects behind it say, each row by its path. */
function detailedLines(item: PsObject, texts: (name: string, part: string) => string[]): readonly string[] {
  const up = texts('NetAdapter', 'Status')[0] === 'Up'
  const rows: (readonly [label: string, values: readonly string[]])[] = [
    ...['ComputerName', 'InterfaceAlias', 'InterfaceIndex', 'InterfaceDescription'].map(
      (name) => [name, [text(item.props.get(name) ?? null)]] as const,
    ),
    ...[
      'NetCompartment.CompartmentId',
      'NetCompartment.CompartmentDescription',
      'NetAdapter.LinkLayerAddress',
      'NetAdapter.Status',
    ].map((path) => [path, texts(path.split('.')[0] ?? '', path.split('.')[1] ?? '')] as const),
  ]
  const profile = ['Name', 'NetworkCategory', 'IPv6Connectivity', 'IPv4Connectivity']
  if (up && item.props.get('NetProfile') != null)
    for (const part of profile) rows.push([`NetProfile.${part}`, texts('NetProfile', part)])
  if (up)
    rows.push(
      ['IPv6LinkLocalAddress', texts('IPv6LinkLocalAddress', 'IPAddress')],
      ['IPv4Address', texts('IPv4Address', 'IPAddress')],
      ['IPv6DefaultGateway', texts('IPv6DefaultGateway', 'NextHop')],
      ['IPv4DefaultGateway', texts('IPv4DefaultGateway', 'NextHop')],
      ['NetIPv6Interface.NlMTU', texts('NetIPv6Interface', 'NlMtu')],
      ['NetIPv4Interface.NlMTU', texts('NetIPv4Interface', 'NlMtu')],
      ['NetIPv6Interface.DHCP', texts('NetIPv6Interface', 'Dhcp')],
      ['NetIPv4Interface.DHCP', texts('NetIPv4Interface', 'Dhcp')],
      ['DNSServer', texts('DNSServer', 'ServerAddresses')],
    )
  const width = Math.max(...rows.map(([label]) => label.length))
  return [
    '',
    ...rows.flatMap(([label, values]) => [
      `${label.padEnd(width)} : ${values[0] ?? ''}`,
      ...values.slice(1).map((value) => `${' '.repeat(width + 3)}${value}`),
    ]),
  ]
}

/** `Get-NetIPConfiguration` has a view of its own: some rows only when they say something. */
function configurationLines(item: PsObject): readonly string[] {
  const texts = (name: string, part: string): string[] => {
    const value = item.props.get(name) ?? null
    const list = Array.isArray(value) ? value : value === null ? [] : [value]
    return list.flatMap((one) => {
      const found = property(one, part) ?? null
      return Array.isArray(found) ? found.map((address) => text(address)) : [text(found)]
    })
  }
  const row = (label: string, values: readonly string[]) => [
    `${label.padEnd(20)} : ${values[0] ?? ''}`,
    ...values.slice(1).map((value) => `${' '.repeat(23)}${value}`),
  ]
  const plain = (name: string) => row(name, [text(item.props.get(name) ?? null)])
  if (item.props.get('Detailed') === true) return detailedLines(item, texts)
  const lines = ['', ...plain('InterfaceAlias'), ...plain('InterfaceIndex'), ...plain('InterfaceDescription')]
  const status = texts('NetAdapter', 'Status')
  if (status[0] !== 'Up') return [...lines, ...row('NetAdapter.Status', status)]
  const profile = texts('NetProfile', 'Name')
  if (profile.length > 0) lines.push(...row('NetProfile.Name', profile))
  return [
    ...lines,
    ...row('IPv4Address', texts('IPv4Address', 'IPAddress')),
    ...row('IPv6DefaultGateway', []),
    ...row('IPv4DefaultGateway', texts('IPv4DefaultGateway', 'NextHop')),
    ...row('DNSServer', texts('DNSServer', 'ServerAddresses')),
  ]
}

export const netIpConfigurationView: View = { type: 'NetIPConfiguration', usual: 'list', lines: configurationLines }
