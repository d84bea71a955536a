import { isIp6 } from '../../ipv6.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import type { PsObject } from '../values/value.ts'
import { chooseFrom, cim, select, systemError } from './cim.ts'

/** Two rows for each interface. */
function rows(call: Call): PsObject[] {
  return call.kernel
    .interfaces()
    .filter((one) => one.enabled)
    .flatMap((one) =>
      (['IPv4', 'IPv6'] as const).map((family) => {
        const told = one.ip6?.dnsServers ?? []
        const none =
          told.length > 0 || one.kind === 'loopback' || one.dnsServers.length > 0 || one.linkLocal6 === ''
            ? []
            : ['fec0:0:0:ffff::1', 'fec0:0:0:ffff::2', 'fec0:0:0:ffff::3']
        return cim('MSFT_DNSClientServerAddress', {
          InterfaceAlias: one.name,
          InterfaceIndex: one.index,
          Family: family,
          AddressFamily: family,
          ServerAddresses: family === 'IPv4' ? [...one.dnsServers] : [...told, ...none],
          Address: family === 'IPv4' ? [...one.dnsServers] : [...told, ...none],
        })
      }),
    )
}

const filters = { InterfaceAlias: 'InterfaceAlias', InterfaceIndex: 'InterfaceIndex', AddressFamily: 'AddressFamily' } as const

export const getDnsClientServerAddress = cmdlet(
  {
    name: 'Get-DnsClientServerAddress',
    module: 'DnsClient',
    synopsis: 'Gets the DNS servers of the interfaces.',
    supports: Object.keys(filters),
  },
  (call, bound) => select(call, bound, 'MSFT_DNSClientServerAddress', rows(call), filters, 'query'),
)

export const setDnsClientServerAddress = cmdlet(
  {
    name: 'Set-DnsClientServerAddress',
    module: 'DnsClient',
    synopsis: 'Sets the DNS servers of an interface.',
    supports: ['InterfaceAlias', 'InterfaceIndex', 'ServerAddresses', 'ResetServerAddresses', 'Confirm'],
    defaultSet: 'ByAlias',
  },
  function* (call: Call, bound: Bound) {
    const chosen = chooseFrom(
      call,
      bound,
      'MSFT_DNSClientServerAddress',
      rows(call).filter((one) => one.props.get('Family') === 'IPv4'),
      filters,
      'query',
    )
    const servers = bound.texts('ServerAddresses')
    const some = { six: servers.some(isIp6), four: servers.some((server) => !isIp6(server)) }
    // Servers of one family leave those of the other alone.
    const family = some.six === some.four ? undefined : some.six ? 6 : 4
    for (const one of chosen) {
      const index = Number(one.props.get('InterfaceIndex'))
      const done = bound.flag('ResetServerAddresses')
        ? call.kernel.setDnsServers(index, null)
        : call.kernel.setDnsServers(index, servers, family)
      if (!done.ok)
        call.error(
          systemError(
            done.error === 'access-denied' ? 'Access is denied. ' : 'The parameter is incorrect. ',
            done.error === 'access-denied' ? 5 : 87,
            'MSFT_DNSClientServerAddress:ROOT/StandardCimv2/MSFT_DNSClientServerAddress',
          ),
        )
    }
  },
)
