import type { InterfaceView } from '../../../engine/machine/views.ts'
import { isV6 } from '../../windows/network.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { custom, object, type PsObject, type PsValue } from '../values/value.ts'
import { adapterStatus, adapters } from './get-net-adapter.ts'
import { profileName } from './get-net-connection-profile.ts'

function configuration(one: InterfaceView): PsObject {
  const named = (property: string, values: readonly string[]): PsValue => values.map((value) => custom({ [property]: value }))
  const globals = (one.ip6?.addresses ?? [])
    .filter((own) => own.origin === 'ra' || own.origin === 'manual' || own.origin === 'dhcp')
    .map((own) => own.address)
  const gateways = one.gateways.filter((gateway) => !isV6(gateway))
  return object('NetIPConfiguration', {
    InterfaceAlias: one.name,
    InterfaceIndex: one.index,
    InterfaceDescription: one.description,
    NetAdapter: custom({ Status: adapterStatus(one), InterfaceIndex: one.index }),
    NetProfile: profileName(one) === undefined ? null : custom({ Name: profileName(one) ?? '' }),
    IPv4Address: named(
      'IPAddress',
      one.addresses.filter((own) => !isV6(own.address)).map((own) => own.address),
    ),
    IPv6Address: globals.length === 0 ? null : named('IPAddress', globals),
    IPv6LinkLocalAddress: one.linkLocal6 === '' ? null : named('IPAddress', [`${one.linkLocal6}%${one.index}`]),
    IPv6DefaultGateway: one.ip6 === undefined || one.ip6.gateways.length === 0 ? null : named('NextHop', one.ip6.gateways),
    IPv4DefaultGateway: gateways.length === 0 ? null : named('NextHop', gateways),
    DNSServer: custom({ ServerAddresses: [...(one.ip6?.dnsServers ?? []), ...one.dnsServers] }),
  })
}

export const getNetIpConfiguration = cmdlet(
  {
    name: 'Get-NetIPConfiguration',
    module: 'NetTCPIP',
    synopsis: 'Gets IP network configuration.',
    supports: ['InterfaceAlias', 'InterfaceIndex', 'All'],
    defaultSet: 'Alias',
  },
  function* (call, bound) {
    const alias = bound.text('InterfaceAlias')
    const matches = alias === undefined ? undefined : wildcard(alias)
    const index = bound.number('InterfaceIndex')
    const found = [...adapters(call.kernel), ...call.kernel.interfaces().filter((one) => one.kind === 'ppp' && one.up)].filter(
      (one) => one.enabled && (matches === undefined || matches(one.name)) && (index === undefined || one.index === index),
    )
    if (found.length === 0 && (alias !== undefined || index !== undefined)) {
      call.error({
        message: `No matching MSFT_NetIPInterface objects found by CIM query for instances of the ROOT/StandardCimv2/MSFT_NetIPInterface class on the  CIM server: SELECT * FROM MSFT_NetIPInterface  WHERE ${alias === undefined ? `((InterfaceIndex = ${index}))` : `((InterfaceAlias LIKE '${alias}'))`}. Verify query parameters and retry.`,
        category: 'ObjectNotFound',
        target: 'MSFT_NetIPInterface:String',
        exception: 'CimJobException',
        id: 'CmdletizationQuery_NotFound',
      })
    }
    for (const one of found) yield* call.emit(configuration(one))
  },
)
