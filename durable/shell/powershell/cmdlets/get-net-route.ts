import type { Kernel } from '../../../engine/machine/kernel.ts'
import { formatIp, formatIp6, parseCidr, parseCidr6 } from '../../../engine/wire/addresses.ts'
import { type RouteRow, routeTable } from '../../windows/network.ts'
import { routeRows6 } from '../../windows/six.ts'
import { cmdlet } from '../cmdlet.ts'
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
  const known = kernel.interfaces()
  const six = routeRows6(kernel)
    .reverse()
    .flatMap((row) => {
      const on = known.find((one) => one.index === row.index)
      if (on === undefined || on.kind === 'loopback') return []
      const learned = kernel
        .routes6()
        .find((r) => r.interface === row.index && `${r.destination}/${r.prefixLength}` === row.prefix)
      return [
        cim('MSFT_NetRoute', {
          ifIndex: on.index,
          DestinationPrefix: row.prefix,
          NextHop: row.gateway === '' ? '::' : row.gateway,
          RouteMetric: row.metric - on.metric,
          ifMetric: on.metric,
          InterfaceIndex: on.index,
          InterfaceAlias: on.name,
          InterfaceMetric: on.metric,
          Protocol: learned?.origin === 'ra' || learned?.origin === 'static' ? 'NetMgmt' : 'Local',
          Publish: 'No',
          AddressFamily: 'IPv6',
          State: 'Alive',
          PolicyStore: 'ActiveStore',
          ifAlias: on.name,
          Caption: null,
          Description: null,
        }),
      ]
    })
  return [...four, ...six]
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
    const six = parseCidr6(bound.text('DestinationPrefix') ?? '')
    const prefix = parseCidr(bound.text('DestinationPrefix') ?? '')
    const alias = bound.text('InterfaceAlias')?.toLowerCase()
    const on = call.kernel
      .interfaces()
      .find((one) => (alias === undefined ? one.index === bound.number('InterfaceIndex') : one.name.toLowerCase() === alias))
    if ((prefix === undefined && six === undefined) || on === undefined) {
      call.error(
        systemError(
          prefix === undefined && six === undefined ? 'The parameter is incorrect. ' : 'Element not found. ',
          87,
          'MSFT_NetRoute:root/standardcimv2/MSFT_NetRoute',
        ),
      )
      return
    }
    const gateway = bound.text('NextHop') ?? '0.0.0.0'
    const store = bound.text('PolicyStore') ?? ''
    const made = {
      destination: six === undefined ? formatIp(prefix?.address ?? 0) : formatIp6(six.address),
      prefixLength: (six ?? prefix)?.prefixLength ?? 0,
      gateway: gateway === '0.0.0.0' || gateway === '::' ? '' : gateway,
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
        network: prefix?.address ?? 0,
        prefixLength: made.prefixLength,
        gateway: made.gateway,
        interface: on,
        source: '',
        routeMetric: made.metric,
        origin: 'static',
        persistent: made.persistent,
      })
      if (six !== undefined) {
        object.props.set('DestinationPrefix', `${made.destination}/${made.prefixLength}`)
        object.props.set('NextHop', made.gateway === '' ? '::' : made.gateway)
        object.props.set('AddressFamily', 'IPv6')
      }
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
    for (const one of chosen) {
      const [destination = '', length = ''] = text(property(one, 'DestinationPrefix') ?? '').split('/')
      const hop = text(property(one, 'NextHop') ?? '')
      if (length === '') continue
      const onLink = hop === '0.0.0.0' || hop === '::'
      const done = call.kernel.removeRoute(destination, Number(length), onLink ? undefined : hop)
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
