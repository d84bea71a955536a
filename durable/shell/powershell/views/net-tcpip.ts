import { col, rows, type View } from '../format/view.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'

const right = { right: true } as const

export const netTcpipViews: readonly View[] = [
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
