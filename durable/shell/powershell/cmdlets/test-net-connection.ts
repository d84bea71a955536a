import { formatIp, parseAddress, parseIp } from '../../../engine/wire/addresses.ts'
import { isIp6 } from '../../ipv6.ts'
import { fittingRoutes, routeTo, totalMetric } from '../../windows/network.ts'
import { allEvents, type Gen, numberOf, type ProgramEvent, textOf } from '../../windows/program.ts'
import { routeTo6, sourceOf6 } from '../../windows/six.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { custom, object, type PsObject, type PsValue } from '../values/value.ts'
import { netOf } from './windows-net.ts'

const common: Record<string, number> = { HTTP: 80, RDP: 3389, SMB: 445, WINRM: 5985 }

type Tested = { address: string; reached: boolean; events: readonly ProgramEvent[]; unresolved: boolean }

function* pingOnce(call: Call, host: string): Gen<Tested> {
  const events = yield* allEvents(call.kernel, 'ping', {
    host,
    count: 1,
    size: 32,
    timeoutMs: 4000,
    intervalMs: 1000,
    resolveReverse: false,
    dialect: 'windows',
  })
  const started = events.find((event) => event.kind === 'started')
  return {
    address: textOf(started?.address),
    reached: events.some((event) => event.kind === 'reply'),
    events,
    unresolved: events.some((event) => event.kind === 'unresolved'),
  }
}

/** The words of .NET's IPStatus. */
function pingStatus(events: readonly ProgramEvent[]): string {
  const bad = events.find((event) => event.kind === 'unreachable' || event.kind === 'failed')
  if (bad === undefined) return 'TimedOut'
  const words: Record<string, string> = {
    net: 'DestinationNetworkUnreachable',
    host: 'DestinationHostUnreachable',
    port: 'DestinationPortUnreachable',
    protocol: 'DestinationProtocolUnreachable',
    ttl: 'TtlExpired',
    fragmentation: 'PacketTooBig',
  }
  return bad.kind === 'failed' ? 'GeneralFailure' : (words[textOf(bad.code)] ?? 'DestinationHostUnreachable')
}

function details(tested: Tested): PsValue {
  const reply = tested.events.find((event) => event.kind === 'reply')
  return custom({
    Address: tested.address,
    Status: reply === undefined ? pingStatus(tested.events) : 'Success',
    RoundtripTime: reply === undefined ? 0 : Math.floor(numberOf(reply.micros) / 1000),
  })
}

const nextHop = (route: { readonly gateway: string } | undefined, none: string): string =>
  route === undefined ? '' : route.gateway === '' ? none : route.gateway

function result(call: Call, name: string, address: string, more: Record<string, PsValue>): PsObject {
  const six = isIp6(address)
  const route = six ? undefined : routeTo(call.kernel, address)
  const route6 = six ? routeTo6(call.kernel, address) : undefined
  const on = call.kernel.interfaces().find((one) => one.index === (route6?.interface ?? -1))
  return object('TestNetConnectionResult', {
    ComputerName: name,
    RemoteAddress: address,
    ResolvedAddresses: address === '' ? null : [address],
    PingSucceeded: null,
    PingReplyDetails: null,
    TcpTestSucceeded: false,
    RemotePort: 0,
    TraceRoute: null,
    InterfaceAlias: route?.interface.name ?? on?.name ?? '',
    InterfaceIndex: route?.interface.index ?? on?.index ?? 0,
    SourceAddress: route?.source ?? sourceOf6(on, address),
    NetRoute: route6 === undefined ? nextHop(route, '0.0.0.0') : nextHop(route6, '::'),
    Detailed: false,
    ...more,
  })
}

function* traceRoute(call: Call, host: string, hops: number): Gen<PsValue> {
  const events = yield* allEvents(call.kernel, 'trace', {
    host,
    maxHops: hops,
    probes: 1,
    timeoutMs: 4000,
    method: 'icmp',
    resolveReverse: false,
  })
  return events.filter((event) => event.kind === 'probe').map((event) => textOf(event.from) || '0.0.0.0')
}

function* test(call: Call, bound: Bound, name: string, port: number | undefined): Gen<PsObject> {
  const missing = () => {
    call.warn(`Name resolution of ${name} failed`)
    return result(call, name, '', { PingSucceeded: false, ...(port === undefined ? {} : { RemotePort: port }) })
  }
  if (port === undefined) {
    const tested = yield* pingOnce(call, name)
    if (tested.unresolved) return missing()
    if (!tested.reached) call.warn(`Ping to ${tested.address} failed with status: ${pingStatus(tested.events)}`)
    const hops = bound.flag('TraceRoute') ? yield* traceRoute(call, name, bound.number('Hops') ?? 30) : null
    return result(call, name, tested.address, {
      PingSucceeded: tested.reached,
      PingReplyDetails: details(tested),
      TraceRoute: hops,
    })
  }
  const events = yield* allEvents(call.kernel, 'tcp-connect', { host: name, port })
  if (events.some((event) => event.kind === 'unresolved')) return missing()
  const started = events.find((event) => event.kind === 'started')
  const address = textOf(started?.address) || (parseIp(name) === undefined ? '' : name)
  const good = events.some((event) => event.kind === 'connected')
  if (good) return result(call, name, address, { RemotePort: port, TcpTestSucceeded: true })
  call.warn(`TCP connect to (${address} : ${port}) failed`)
  const tested = yield* pingOnce(call, address)
  if (!tested.reached) call.warn(`Ping to ${address} failed with status: ${pingStatus(tested.events)}`)
  return result(call, name, address, { RemotePort: port, PingSucceeded: tested.reached, PingReplyDetails: details(tested) })
}

/** The first address of IPv4; empty when there is none. */
function* resolved(call: Call, name: string): Gen<string> {
  type Found = readonly { readonly type: string; readonly data: string }[]
  const events = yield* allEvents(call.kernel, 'resolve', { name, type: 'A' })
  const records = events.filter(({ kind }) => kind === 'resolved').flatMap((event) => (event.records ?? []) as Found)
  return records.find(({ type }) => type === 'A')?.data ?? ''
}

/** Which way a packet would go, and what its source would be: looked at, nothing is sent but the question for the name. */
function* diagnosed(call: Call, bound: Bound, name: string): Gen<PsObject> {
  const index = bound.number('ConstrainInterface') ?? 0
  const source = bound.text('ConstrainSourceAddress') ?? ''
  const address = parseAddress(name) === undefined ? yield* resolved(call, name) : name
  if (address === '') call.warn(`Name resolution of ${name} failed`)
  const found = address === '' ? null : netOf(call).findRoute(address, source, index)
  const route = found === null || found === 'no-route' ? undefined : found
  const hop = route === undefined ? '' : route.gateway === '' ? (isIp6(address) ? '::' : '0.0.0.0') : route.gateway
  return object('NetRouteDiagnostics', {
    ComputerName: name,
    RemoteAddress: address === '' ? null : address,
    ResolvedAddresses: address === '' ? null : [address],
    ConstrainSourceAddress: source === '' ? null : source,
    ConstrainInterfaceIndex: index === 0 ? null : index,
    SelectedSourceAddress: route?.source ?? null,
    OutgoingInterfaceIndex: route?.interface ?? null,
    OutgoingInterfaceAlias: call.kernel.interfaces().find((one) => one.index === route?.interface)?.name ?? null,
    SelectedNetRoute: route === undefined ? null : `DestinationPrefix: ${route.prefix}\nNextHop: ${hop}`,
    RouteSelectionEvents: (address === '' || isIp6(address) ? [] : fittingRoutes(call.kernel, address)).map(
      (row) => `${formatIp(row.network)}/${row.prefixLength} on ${row.interface.name}: metric ${totalMetric(row)}`,
    ),
    RouteDiagnosticsSucceeded: route !== undefined,
  })
}

export const testNetConnection = cmdlet(
  {
    name: 'Test-NetConnection',
    module: 'NetTCPIP',
    synopsis: 'Displays diagnostic information for a connection.',
    supports: [
      'ComputerName',
      'CommonTCPPort',
      'Port',
      'InformationLevel',
      'TraceRoute',
      'Hops',
      'DiagnoseRouting',
      'ConstrainInterface',
      'ConstrainSourceAddress',
    ],
    defaultSet: 'ICMP',
  },
  function* (call, bound) {
    const service = bound.text('CommonTCPPort')
    const port = service === undefined ? bound.number('Port') : common[service]
    const host = bound.text('ComputerName') ?? 'internetbeacon.msedge.net'
    const level = bound.text('InformationLevel')
    if (bound.flag('DiagnoseRouting')) {
      const said = yield* diagnosed(call, bound, host)
      return yield* call.emit(level === 'Quiet' ? (said.props.get('RouteDiagnosticsSucceeded') ?? false) : said)
    }
    const made = yield* test(call, bound, host, port)
    if (level === 'Quiet') yield* call.emit(made.props.get(port === undefined ? 'PingSucceeded' : 'TcpTestSucceeded') ?? false)
    else {
      if (level === 'Detailed') made.props.set('Detailed', true)
      yield* call.emit(made)
    }
  },
)
