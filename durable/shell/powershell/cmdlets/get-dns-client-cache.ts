import { recordLength, secondsLeft } from '../../windows/ipconfig-cache.ts'
import { cmdlet } from '../cmdlet.ts'
import { cim, select } from './cim.ts'

const filters = {
  Entry: 'Entry',
  Name: 'Name',
  Type: 'Type',
  Status: 'Status',
  Data: 'Data',
  Section: 'Section',
  TimeToLive: 'TimeToLive',
  DataLength: 'DataLength',
} as const

export const getDnsClientCache = cmdlet(
  {
    name: 'Get-DnsClientCache',
    module: 'DnsClient',
    synopsis: 'Gets the contents of the DNS client cache.',
    supports: Object.keys(filters),
  },
  (call, bound) => {
    const items = call.kernel.dnsCache().map((one) =>
      cim('MSFT_DNSClientCache', {
        Entry: one.entry,
        Name: one.found ? one.name : '',
        RecordName: one.found ? one.name : '',
        Type: one.type,
        Status: one.found ? 'Success' : 'NotExist',
        Section: one.found ? 'Answer' : '',
        TimeToLive: one.found ? secondsLeft(call.kernel, one) : null,
        DataLength: one.found ? recordLength(one.type) : null,
        Data: one.found ? one.data : '',
      }),
    )
    return select(call, bound, 'MSFT_DNSClientCache', items, filters, 'query')
  },
)
