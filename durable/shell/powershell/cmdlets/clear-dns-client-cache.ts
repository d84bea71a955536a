import { cmdlet } from '../cmdlet.ts'

export const clearDnsClientCache = cmdlet(
  {
    name: 'Clear-DnsClientCache',
    module: 'DnsClient',
    synopsis: 'Clears the contents of the DNS client cache.',
    supports: ['Confirm'],
  },
  (call) => {
    call.kernel.flushDnsCache()
  },
)
