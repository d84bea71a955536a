import type { SocketView } from '../../../engine/machine/views.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { parseOptions } from '../options.ts'
import { isListening, stateText } from './netstat.ts'

export const ss: Command = {
  name: 'ss',
  summary: 'sockets',
  completions: ['-tulpn', '-tan', '-uln'],
  run: instant(runSs),
}

const LONG = { tcp: 't', udp: 'u', listening: 'l', processes: 'p', numeric: 'n', all: 'a', ipv4: '4', 'no-header': 'H' }
const REAL = [
  'summary',
  'extended',
  'memory',
  'info',
  'options',
  'resolve',
  'raw',
  'unix',
  'kill',
  'query',
  'family',
  'help',
  'version',
]

function runSs(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'ss',
    args,
    { flags: 'tulpna4H', real: 'srmeioxwWZzNbEfDFKOTVhQ06d', long: LONG, realLong: REAL, status: 255 },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  if (operands.length > 0) {
    io.err(notSimulated('ss: a filter'))
    return 255
  }
  const both = !flags.has('t') && !flags.has('u')
  const protocols = [...(both || flags.has('u') ? ['udp'] : []), ...(both || flags.has('t') ? ['tcp'] : [])]
  const sockets = io.kernel.sockets().filter((socket) => {
    if (!protocols.includes(socket.protocol) || socket.localAddress.includes(':')) return false
    return flags.has('a') || isListening(socket) === flags.has('l')
  })
  const ordered = protocols.flatMap((protocol) => sockets.filter((socket) => socket.protocol === protocol))
  io.out(table(ordered, protocols.length > 1, flags, io))
  return 0
}

/** Columns as wide as their widest cell; address and port are one column, joined at the colon. */
function table(sockets: readonly SocketView[], netid: boolean, flags: ReadonlySet<string>, io: Io): string {
  const rows = sockets.map((socket) => ({
    netid: socket.protocol,
    state: stateName(socket),
    send: socket.protocol === 'tcp' && isListening(socket) ? '128' : '0',
    local: [addressText(socket.localAddress), portText(socket.localPort)] as const,
    peer: [addressText(socket.remoteAddress), portText(socket.remotePort)] as const,
    users: flags.has('p') && io.root && socket.pid > 0 ? `users:(("${socket.image}",pid=${socket.pid},fd=3))` : '',
  }))
  const width = (heading: string, cells: readonly string[]) => Math.max(heading.length, ...cells.map((cell) => cell.length))
  const [wState, wSend] = [
    width(
      'State',
      rows.map((row) => row.state),
    ),
    width(
      'Send-Q',
      rows.map((row) => row.send),
    ),
  ]
  const wLocal = [
    width(
      'Local Address',
      rows.map((row) => row.local[0]),
    ),
    width(
      'Port',
      rows.map((row) => row.local[1]),
    ),
  ] as const
  const wPeer = [
    width(
      'Peer Address',
      rows.map((row) => row.peer[0]),
    ),
    width(
      'Port',
      rows.map((row) => row.peer[1]),
    ),
  ] as const
  const line = (
    id: string,
    state: string,
    received: string,
    send: string,
    local: readonly [string, string],
    peer: readonly [string, string],
    users: string,
  ) =>
    `${netid ? `${id.padEnd(5)} ` : ''}${state.padEnd(wState)} ${received.padEnd(6)} ${send.padEnd(wSend)} ${pair(local, wLocal)} ${pair(peer, wPeer)} ${users}\n`
  const head = flags.has('H')
    ? ''
    : line('Netid', 'State', 'Recv-Q', 'Send-Q', ['Local Address', 'Port'], ['Peer Address', 'Port'], 'Process')
  return head + rows.map((row) => line(row.netid, row.state, '0', row.send, row.local, row.peer, row.users)).join('')
}

const pair = ([address, port]: readonly [string, string], [wAddress, wPort]: readonly [number, number]): string =>
  `${address.padStart(wAddress)}:${port.padEnd(wPort)}`

const addressText = (address: string): string => (address === '' || address === '*' ? '0.0.0.0' : address)
const portText = (port: number): string => (port === 0 ? '*' : String(port))

function stateName(socket: SocketView): string {
  if (socket.protocol === 'udp') return isListening(socket) ? 'UNCONN' : 'ESTAB'
  const state = stateText(socket)
  return state === 'ESTABLISHED' ? 'ESTAB' : state.replace(/_/g, '-')
}
