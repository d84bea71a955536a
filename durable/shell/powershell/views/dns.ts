import { col, type View } from '../format/view.ts'

const dnsRecord = (type: string, ...more: readonly string[]): View => ({
  type,
  usual: 'table',
  table: {
    columns: [
      col('Name', 46),
      col('Type', 6),
      col('TTL', 5, { right: false }),
      col('Section', 10),
      ...more.map((name) => col(name)),
    ],
  },
})

export const dnsViews: readonly View[] = [
  dnsRecord('DnsRecord_A', 'IPAddress'),
  dnsRecord('DnsRecord_PTR', 'NameHost'),
  dnsRecord('DnsRecord_MX', 'NameExchange', 'Preference'),
  dnsRecord('DnsRecord_TXT', 'Strings'),
  dnsRecord('DnsRecord_SOA', 'PrimaryServer', 'NameAdministrator', 'SerialNumber'),
  {
    type: 'MSFT_DNSClient',
    usual: 'table',
    table: {
      columns: [
        col('InterfaceAlias', 20),
        col('Interface\nIndex', 9, { value: 'InterfaceIndex', right: false }),
        col('ConnectionSpecificSuffix', 24),
        col('ConnectionSpecificSuffix\nSearchList', 24, { value: 'ConnectionSpecificSuffixSearchList' }),
        col('RegisterThisConn\nectionsAddress', 16, { value: 'RegisterThisConnectionsAddress' }),
        col('UseSuffixWhen\nRegistering', 13, { value: 'UseSuffixWhenRegistering' }),
      ],
    },
  },
  {
    type: 'MSFT_DNSClientServerAddress',
    usual: 'table',
    table: {
      columns: [
        col('InterfaceAlias', 28),
        col('Interface\nIndex', 9, { value: 'InterfaceIndex', right: true }),
        col('Address\nFamily', 7, { value: 'Family' }),
        col('ServerAddresses'),
      ],
    },
  },
  {
    type: 'MSFT_DNSClientCache',
    usual: 'table',
    table: {
      columns: [
        col('Entry', 25),
        col('RecordName', 25, { value: 'Name' }),
        col('Record\nType', 6, { value: 'Type' }),
        col('Status', 9),
        col('Section', 7),
        col('TimeTo\nLive', 6, { value: 'TimeToLive', right: true }),
        col('Data\nLength', 6, { value: 'DataLength', right: true }),
        col('Data'),
      ],
    },
  },
]
