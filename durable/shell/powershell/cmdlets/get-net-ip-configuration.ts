import type { InterfaceView } from '../../../engine/machine/views.ts'
import { dashed, isV6 } from '../../windows/network.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Call, cmdlet } from '../cmdlet.ts'
import { custom, object, type PsObject, type PsValue, property } from '../values/value.ts'
import { adapterStatus, adapters } from './get-net-adapter.ts'
import { profiles } from './get-net-connection-profile.ts'
import { interfaceObjects } from './get-net-ip-interface.ts'

function configuration(call: Call, one: InterfaceView, detailed: boolean): PsObject {
  const named = (property: string, values: readonly string[]): PsValue => values.map((value) => custom({ [property]: value }))
  const globals = (one.ip6?.addresses ?? [])
    .filter((own) => own.origin === 'ra' || own.origin === 'manual' || own.origin === 'dhcp')
    .map((own) => own.address)
  const interfaces = interfaceObjects(call.kernel).filter((row) => property(row, 'InterfaceIndex') === one.index)
  const gateways = one.gateways.filter((gateway) => !isV6(gateway))
  return object('NetIPConfiguration', {
    InterfaceAlias: one.name,
    InterfaceIndex: one.index,
    InterfaceDescription: one.description,
    ...(detailed ? { ComputerName: call.kernel.identity().hostname, Detailed: true } : {}),
    NetCompartment: custom({ CompartmentId: 1, CompartmentDescription: 'Default Compartment' }),
    NetAdapter: custom({ Status: adapterStatus(one), InterfaceIndex: one.index, LinkLayerAddress: dashed(one.mac) }),
    NetProfile: profiles(call).find((profile) => property(profile, 'InterfaceIndex') === one.index) ?? null,
    NetIPv6Interface: interfaces.find((row) => property(row, 'AddressFamily') === 'IPv6') ?? null,
    NetIPv4Interface: interfaces.find((row) => property(row, 'AddressFamily') === 'IPv4') ?? null,
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
    supports: ['InterfaceAlias', 'InterfaceIndex', 'All', 'Detailed', 'AllCompartments', 'CompartmentId'],
    defaultSet: 'Alias',
  },
  function* (call, bound) {
    // There is one compartment.
    if ((bound.number('CompartmentId') ?? 1) !== 1) return
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
    for (const one of found) yield* call.emit(configuration(call, one, bound.flag('Detailed')))
  },
)
