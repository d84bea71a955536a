import type { Kernel } from '../../../engine/machine/kernel.ts'
import { formatIp, formatIp6, parseCidr, parseCidr6 } from '../../../engine/wire/addresses.ts'
import { type RouteRow, routeTable } from '../../windows/network.ts'
import { routeRows6 } from '../../windows/six.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chosenOf, cim, classTarget, INFINITE, IP_WORDS, ofInterface, refusal, select, systemError } from './cim.ts'
import { addressObjects } from './get-net-ip-address.ts'
import { netOf } from './windows-net.ts'

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
    CompartmentId: 1,
    ValidLifetime: INFINITE,
    PreferredLifetime: INFINITE,
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
          CompartmentId: 1,
          ValidLifetime: INFINITE,
          PreferredLifetime: INFINITE,
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
  Protocol: 'Protocol',
  Publish: 'Publish',
  State: 'State',
  CompartmentId: 'CompartmentId',
  ValidLifetime: 'ValidLifetime',
  PreferredLifetime: 'PreferredLifetime',
} as const
const selecting = [...Object.keys(filters), 'AssociatedIPInterface', 'IncludeAllCompartments']

export const getNetRoute = cmdlet(
  {
    name: 'Get-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Gets the IP routes from the IP routing table.',
    supports: selecting,
    classes: { AssociatedIPInterface: 'MSFT_NetIPInterface' },
  },
  (call, bound) => select(call, bound, 'MSFT_NetRoute', ofInterface(bound, inStore(call, bound)), filters, 'query'),
)

/** The table as it is; with `-PolicyStore PersistentStore` what is put back at every start. */
function inStore(call: Call, bound: Bound): PsObject[] {
  const all = routes(call.kernel)
  if (bound.text('PolicyStore')?.toLowerCase() !== 'persistentstore') return all
  const kept = [...call.kernel.routes(), ...call.kernel.routes6()].filter(({ persistent }) => persistent)
  const keys = new Set(kept.map((one) => `${one.interface} ${one.destination}/${one.prefixLength} ${one.gateway}`))
  const key = (one: PsObject): string => {
    const hop = text(property(one, 'NextHop') ?? '')
    const gateway = hop === '0.0.0.0' || hop === '::' ? '' : hop
    return `${text(property(one, 'ifIndex') ?? '')} ${text(property(one, 'DestinationPrefix') ?? '')} ${gateway}`
  }
  const found = all.filter((one) => keys.has(key(one)))
  for (const one of found) {
    one.props.set('PolicyStore', 'PersistentStore')
    one.props.set('ifMetric', null)
  }
  return found
}

/** The route object of a line or of the pipeline, changed in place: gone and there again with another metric. */
export const setNetRoute = cmdlet(
  {
    name: 'Set-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Modifies one or more IP routes in the IP routing table.',
    supports: [
      'DestinationPrefix',
      'InterfaceAlias',
      'InterfaceIndex',
      'NextHop',
      'AddressFamily',
      'Protocol',
      'IncludeAllCompartments',
      'InputObject',
      'RouteMetric',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetRoute' },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const { DestinationPrefix, InterfaceAlias, InterfaceIndex, NextHop, AddressFamily, Protocol } = filters
    const choosing = { DestinationPrefix, InterfaceAlias, InterfaceIndex, NextHop, AddressFamily, Protocol }
    const chosen = chosenOf(call, bound, 'MSFT_NetRoute', routes(call.kernel), choosing, 'query')
    const metric = bound.number('RouteMetric')
    for (const one of chosen) {
      const [destination = '', length = ''] = text(property(one, 'DestinationPrefix') ?? '').split('/')
      const hop = text(property(one, 'NextHop') ?? '')
      const gateway = hop === '0.0.0.0' || hop === '::' ? '' : hop
      const index = Number(property(one, 'ifIndex') ?? 0)
      const old = [...call.kernel.routes(), ...call.kernel.routes6()].find(
        (r) =>
          r.interface === index && r.destination === destination && String(r.prefixLength) === length && r.gateway === gateway,
      )
      if (old === undefined || old.origin === 'kernel') {
        call.error(systemError('Element not found. ', 1168, 'MSFT_NetRoute:String'))
        continue
      }
      if (metric !== undefined) {
        const gone = call.kernel.removeRoute(destination, Number(length), gateway === '' ? undefined : gateway)
        const to = { destination, prefixLength: Number(length), gateway, interface: index, metric, persistent: old.persistent }
        const done = gone.ok ? call.kernel.addRoute(to) : gone
        if (!done.ok) {
          call.error(refusal(done, 'MSFT_NetRoute:String', IP_WORDS))
          continue
        }
      }
      if (!bound.flag('PassThru')) continue
      for (const now of routes(call.kernel))
        if (
          Number(property(now, 'ifIndex')) === index &&
          text(property(now, 'DestinationPrefix') ?? '') === `${destination}/${length}` &&
          text(property(now, 'NextHop') ?? '') === hop
        )
          yield* call.emit(now)
    }
  },
)

/** Which way a packet would go: the source address it would carry, and the route (fact sheet 2.5). */
export const findNetRoute = cmdlet(
  {
    name: 'Find-NetRoute',
    module: 'NetTCPIP',
    synopsis: 'Finds the best local IP address and the best route to reach a remote address.',
    supports: ['RemoteIPAddress', 'LocalIPAddress', 'InterfaceIndex'],
  },
  function* (call, bound) {
    const remote = bound.text('RemoteIPAddress') ?? ''
    const target = classTarget('MSFT_NetRoute')
    const found = netOf(call).findRoute(remote, bound.text('LocalIPAddress') ?? '', bound.number('InterfaceIndex') ?? 0)
    if (found === null) return call.error(systemError('The parameter is incorrect. ', 87, target))
    if (found === 'no-route')
      return call.error(
        systemError(
          'The network location cannot be reached. For information about network troubleshooting, see Windows Help. ',
          1231,
          target,
        ),
      )
    for (const one of addressObjects(call.kernel))
      if (
        text(property(one, 'IPAddress') ?? '').replace(/%.*$/, '') === found.source &&
        Number(property(one, 'InterfaceIndex')) === found.sourceInterface
      )
        yield* call.emit(one)
    const hop = found.gateway === '' ? (remote.includes(':') ? '::' : '0.0.0.0') : found.gateway
    for (const one of routes(call.kernel))
      if (
        Number(property(one, 'ifIndex')) === found.interface &&
        text(property(one, 'DestinationPrefix') ?? '') === found.prefix &&
        text(property(one, 'NextHop') ?? '') === hop
      )
        yield* call.emit(one)
  },
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
          classTarget('MSFT_NetRoute'),
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
    if (!done.ok)
      return call.error(refusal(done, classTarget('MSFT_NetRoute'), { exists: ['Instance MSFT_NetRoute already exists ', 87] }))
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
    supports: [...selecting, 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: 'MSFT_NetRoute', AssociatedIPInterface: 'MSFT_NetIPInterface' },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const chosen = chosenOf(call, bound, 'MSFT_NetRoute', ofInterface(bound, routes(call.kernel)), filters, 'query')
    for (const one of chosen) {
      const [destination = '', length = ''] = text(property(one, 'DestinationPrefix') ?? '').split('/')
      const hop = text(property(one, 'NextHop') ?? '')
      if (length === '') continue
      const onLink = hop === '0.0.0.0' || hop === '::'
      const done = call.kernel.removeRoute(destination, Number(length), onLink ? undefined : hop)
      if (!done.ok) call.error(refusal(done, 'MSFT_NetRoute:String', IP_WORDS))
      else if (bound.flag('PassThru')) yield* call.emit(one)
    }
  },
)
