import type { Kernel } from '../../../engine/machine/kernel.ts'
import { formatIp, parseCidr } from '../../../engine/wire/addresses.ts'
import { isPrefix6, noIpv6 } from '../../ipv6.ts'
import { type RouteRow, routeTable } from '../../windows/network.ts'
import { cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chooseFrom, cim, select, systemError, unconfirmed } from './cim.ts'

const protocols = { kernel: 'Local', dhcp: 'NetMgmt', static: 'NetMgmt', ppp: 'NetMgmt' } as const

const route = (row: RouteRow): PsObject =>
  cim('MSFT_NetRoute', {
    ifIndex: row.interface.index,
    DestinationPrefix: `${formatIp(row.network)}/${row.prefixLength}`,
    NextHop: row.gateway === '' ? '0.0.0.0' : row.gateway,
    RouteMetric: row.routeMetric,
    ifMetric: row.interface.metric,
    InterfaceIndex: row.interface.index,
    InterfaceAlias: row.interface.name,
    InterfaceMetric: row.interface.metric,
    Protocol: protocols[row.origin],
    Publish: 'No',
    AddressFamily: 'IPv4',
    State: 'Alive',
    PolicyStore: 'ActiveStore',
    ifAlias: row.interface.name,
    Caption: null,
    Description: null,
  })

/** Long prefixes and high addresses first; the default route is last of IPv4. */
function routes(kernel: Kernel): PsObject[] {
  const four = routeTable(kernel)
    .filter((row) => row.interface.enabled && row.interface.up)
    .reverse()
    .map(route)
  const six = [...kernel.interfaces()]
    .filter((one) => one.enabled && one.up && one.linkLocal6 !== '')
    .sort((a, b) => b.index - a.index)
  const v6 = (prefix: string) =>
    six.map((one) =>
      cim('MSFT_NetRoute', {
        ifIndex: one.index,
        DestinationPrefix: prefix,
        NextHop: '::',
        RouteMetric: 256,
        ifMetric: one.metric,
        InterfaceIndex: one.index,
        InterfaceAlias: one.name,
        InterfaceMetric: one.metric,
        Protocol: 'Local',
        Publish: 'No',
        AddressFamily: 'IPv6',
        State: 'Alive',
        PolicyStore: 'ActiveStore',
        ifAlias: one.name,
        Caption: null,
        Description: null,
      }),
    )
  return [...four, ...v6('ff00::/8'), ...v6('fe80::/64')]
}

const filters = {
  DestinationPrefix: 'DestinationPrefix',
  InterfaceIndex: 'InterfaceIndex',
  InterfaceAlias: 'InterfaceAlias',
  NextHop: 'NextHop',
  AddressFamily: 'AddressFamily',
  RouteMetric: 'RouteMetric',
  InterfaceMetric: 'InterfaceMetric',
  PolicyStore: 'PolicyStore',
} as const

export const getNetRoute = cmdlet(
  {
    name: 'Get-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Gets the IP routes from the IP routing table.',
    supports: Object.keys(filters),
  },
  (call, bound) => select(call, bound, 'MSFT_NetRoute', routes(call.kernel), filters, 'query'),
)

export const newNetRoute = cmdlet(
  {
    name: 'New-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Creates a route in the IP routing table.',
    supports: ['DestinationPrefix', 'InterfaceAlias', 'InterfaceIndex', 'NextHop', 'RouteMetric', 'PolicyStore', 'Confirm'],
  },
  function* (call, bound) {
    const prefix = parseCidr(bound.text('DestinationPrefix') ?? '')
    if (isPrefix6(bound.text('DestinationPrefix') ?? '')) throw new NotSimulated(noIpv6('New-NetRoute'))
    const alias = bound.text('InterfaceAlias')?.toLowerCase()
    const on = call.kernel
      .interfaces()
      .find((one) => (alias === undefined ? one.index === bound.number('InterfaceIndex') : one.name.toLowerCase() === alias))
    if (prefix === undefined || on === undefined) {
      call.error(
        systemError(
          prefix === undefined ? 'The parameter is incorrect. ' : 'Element not found. ',
          87,
          'MSFT_NetRoute:root/standardcimv2/MSFT_NetRoute',
        ),
      )
      return
    }
    const gateway = bound.text('NextHop') ?? '0.0.0.0'
    const store = bound.text('PolicyStore') ?? ''
    const made = {
      destination: formatIp(prefix.address),
      prefixLength: prefix.prefixLength,
      gateway: gateway === '0.0.0.0' ? '' : gateway,
      interface: on.index,
      metric: bound.number('RouteMetric') ?? 256,
      persistent: store.toLowerCase() !== 'activestore',
    }
    const done = call.kernel.addRoute(made)
    if (!done.ok) {
      call.error(
        done.error === 'exists'
          ? systemError('Instance MSFT_NetRoute already exists ', 87, 'MSFT_NetRoute:root/standardcimv2/MSFT_NetRoute')
          : systemError(
              done.error === 'access-denied' ? 'Access is denied. ' : 'The parameter is incorrect. ',
              done.error === 'access-denied' ? 5 : 87,
              'MSFT_NetRoute:root/standardcimv2/MSFT_NetRoute',
            ),
      )
      return
    }
    for (const policy of made.persistent ? ['ActiveStore', 'PersistentStore'] : ['ActiveStore']) {
      const object = route({
        network: prefix.address,
        prefixLength: prefix.prefixLength,
        gateway: made.gateway,
        interface: on,
        source: '',
        routeMetric: made.metric,
        origin: 'static',
        persistent: made.persistent,
      })
      object.props.set('PolicyStore', policy)
      if (policy === 'PersistentStore') object.props.set('ifMetric', null)
      yield* call.emit(object)
    }
  },
)

export const removeNetRoute = cmdlet(
  {
    name: 'Remove-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Removes IP routes from the IP routing table.',
    supports: [...Object.keys(filters), 'InputObject', 'Confirm'],
    classes: { InputObject: 'MSFT_NetRoute' },
    defaultSet: 'ByName',
  },
  (call, bound) => {
    const chosen = bound.has('InputObject')
      ? bound.list('InputObject')
      : chooseFrom(call, bound, 'MSFT_NetRoute', routes(call.kernel), filters, 'query')
    if (chosen.length > 0) unconfirmed(call, bound, 'Remove-NetRoute')
    if (chosen.some((one) => property(one, 'AddressFamily') === 'IPv6')) throw new NotSimulated(noIpv6('Remove-NetRoute'))
    for (const one of chosen) {
      const prefix = parseCidr(text(property(one, 'DestinationPrefix') ?? ''))
      const hop = text(property(one, 'NextHop') ?? '')
      if (prefix === undefined) continue
      const done = call.kernel.removeRoute(formatIp(prefix.address), prefix.prefixLength, hop === '0.0.0.0' ? undefined : hop)
      if (!done.ok)
        call.error(
          systemError(
            done.error === 'access-denied' ? 'Access is denied. ' : 'Element not found. ',
            done.error === 'access-denied' ? 5 : 1168,
            'MSFT_NetRoute:String',
          ),
        )
    }
  },
)
