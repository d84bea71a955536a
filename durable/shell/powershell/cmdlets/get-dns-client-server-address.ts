import { isIp6 } from '../../ipv6.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import type { PsObject } from '../values/value.ts'
import { chosenOf, cim, refusal, select } from './cim.ts'

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

const CLASS = 'MSFT_DNSClientServerAddress'

/** One row of each interface: objects that name one by its index are as good as those of Get-DnsClientServerAddress. */
function interfaces(call: Call, bound: Bound): PsObject[] {
  const all = rows(call).filter((one) => one.props.get('Family') === 'IPv4')
  return chosenOf(call, bound, CLASS, all, filters, 'query', ['InterfaceIndex'])
}

export const setDnsClientServerAddress = cmdlet(
  {
    name: 'Set-DnsClientServerAddress',
    module: 'DnsClient',
    synopsis: 'Sets the DNS servers of an interface.',
    supports: [
      'InterfaceAlias',
      'InterfaceIndex',
      'InputObject',
      'ServerAddresses',
      'ResetServerAddresses',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: CLASS },
    defaultSet: 'ByAlias',
  },
  function* (call: Call, bound: Bound) {
    const servers = bound.texts('ServerAddresses')
    const some = { six: servers.some(isIp6), four: servers.some((server) => !isIp6(server)) }
    // Servers of one family leave those of the other alone.
    const family = some.six === some.four ? undefined : some.six ? 6 : 4
    for (const one of interfaces(call, bound)) {
      const index = Number(one.props.get('InterfaceIndex'))
      const done = bound.flag('ResetServerAddresses')
        ? call.kernel.setDnsServers(index, null)
        : call.kernel.setDnsServers(index, servers, family)
      if (!done.ok) call.error(refusal(done, `${CLASS}:ROOT/StandardCimv2/${CLASS}`))
      else if (bound.flag('PassThru'))
        for (const now of rows(call)) if (now.props.get('InterfaceIndex') === index) yield* call.emit(now)
    }
  },
)
