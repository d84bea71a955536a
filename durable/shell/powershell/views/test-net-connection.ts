import type { View } from '../format/view.ts'
import { display, text } from '../values/text.ts'
import type { PsObject, PsValue } from '../values/value.ts'
import { property } from '../values/value.ts'

const yes = (value: PsValue | undefined): boolean => value === true

/** Which rows stand there depends on what was tested and how it went. */
function lines(item: PsObject): readonly string[] {
  const get = (name: string): PsValue => item.props.get(name) ?? null
  const rows: [string, string][] = [
    ['ComputerName', text(get('ComputerName'))],
    ['RemoteAddress', text(get('RemoteAddress'))],
  ]
  const port = get('RemotePort')
  const tcp = typeof port === 'number' && port > 0
  const detailed = yes(get('Detailed'))
  if (tcp) rows.push(['RemotePort', String(port)])
  if (detailed) rows.push(['NameResolutionResults', display(get('ResolvedAddresses')).replace(/^\{|\}$/g, '')])
  rows.push(['InterfaceAlias', text(get('InterfaceAlias'))], ['SourceAddress', text(get('SourceAddress'))])
  if (detailed) rows.push(['NetRoute (NextHop)', text(get('NetRoute'))])
  const pinged = get('PingSucceeded')
  if (!tcp || (pinged !== null && !yes(get('TcpTestSucceeded')))) {
    rows.push(['PingSucceeded', yes(pinged) ? 'True' : 'False'])
    const details = get('PingReplyDetails')
    if (details !== null) rows.push(['PingReplyDetails (RTT)', `${text(property(details, 'RoundtripTime') ?? 0)} ms`])
  }
  if (tcp) rows.push(['TcpTestSucceeded', yes(get('TcpTestSucceeded')) ? 'True' : 'False'])
  const hops = get('TraceRoute')
  if (Array.isArray(hops)) for (const [i, hop] of hops.entries()) rows.push([i === 0 ? 'TraceRoute' : '', text(hop)])
  const width = Math.max(...rows.map(([label]) => label.length))
  return [
    '',
    ...rows.map(([label, value]) => (label === '' ? `${' '.repeat(width + 3)}${value}` : `${label.padEnd(width)} : ${value}`)),
  ]
}

/** Rows that say nothing are left out. */
function routeLines(item: PsObject): readonly string[] {
  const names = [
    'ComputerName',
    'RemoteAddress',
    'ConstrainSourceAddress',
    'ConstrainInterfaceIndex',
    'SelectedSourceAddress',
    'OutgoingInterfaceIndex',
    'SelectedNetRoute',
    'RouteDiagnosticsSucceeded',
  ]
  const rows = names.filter((name) => item.props.get(name) != null)
  const width = Math.max(...names.map(({ length }) => length))
  return [
    '',
    ...rows.flatMap((name) => {
      const parts = text(item.props.get(name) ?? null).split('\n')
      return parts.map((part, at) => (at === 0 ? `${name.padEnd(width)} : ${part}` : `${' '.repeat(width + 3)}${part}`))
    }),
  ]
}

export const testNetConnectionViews: readonly View[] = [
  { type: 'TestNetConnectionResult', usual: 'list', lines },
  { type: 'NetRouteDiagnostics', usual: 'list', lines: routeLines },
]
