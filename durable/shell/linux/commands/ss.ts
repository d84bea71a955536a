import type { SocketView } from '../../../engine/machine/views.ts'
import { type Command, type Io, instant } from '../io.ts'
import { parseOptions } from '../options.ts'
import { readFilter } from '../ss-filter.ts'
import { isListening, stateText } from './netstat.ts'

export const ss: Command = {
  name: 'ss',
  summary: 'sockets',
  completions: ['-tulpn', '-tan', '-uln'],
  run: instant(runSs),
}

const LONG = {
  tcp: 't',
  udp: 'u',
  listening: 'l',
  processes: 'p',
  numeric: 'n',
  all: 'a',
  ipv4: '4',
  ipv6: '6',
  'no-header': 'H',
  summary: 's',
}
const REAL = ['extended', 'memory', 'info', 'options', 'resolve', 'raw', 'unix', 'kill', 'query', 'family', 'help', 'version']

function runSs(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'ss',
    args,
    { flags: 'tulpna46Hs', real: 'rmeioxwWZzNbEfDFKOTVhQ0d', long: LONG, realLong: REAL, status: 255 },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  if (flags.has('s')) {
    io.out(summary(io))
    return 0
  }
  const filter = readFilter(operands)
  if (typeof filter === 'string') {
    io.err(`ss: ${filter}\n`)
    return 255
  }
  const { states } = filter
  const both = !flags.has('t') && !flags.has('u')
  const protocols = [...(both || flags.has('u') ? ['udp'] : []), ...(both || flags.has('t') ? ['tcp'] : [])]
  const sockets = io.kernel.sockets().filter((socket) => {
    const six = socket.localAddress.includes(':')
    if (!protocols.includes(socket.protocol) || (flags.has('4') && !flags.has('6') && six)) return false
    if ((flags.has('6') && !flags.has('4') && !six) || !filter.matches(socket)) return false
    if (states.size > 0) return states.has(STATES[stateName(socket)] ?? '')
    // Without -a, what has just begun and what is already over is left out.
    const passing = !flags.has('a') && /^(TIME_WAIT|SYN_RECEIVED)$/.test(socket.state)
    return flags.has('a') || (isListening(socket) === flags.has('l') && !passing)
  })
  const ordered = protocols.flatMap((protocol) => sockets.filter((socket) => socket.protocol === protocol))
  io.out(table(ordered, protocols.length > 1, states.size === 1, flags, io))
  return 0
}

/** `-s`: how many there are. IPv6 has its own column. */
function summary(io: Io): string {
  const sockets = io.kernel.sockets()
  const of = (protocol: string, six: boolean) =>
    sockets.filter((one) => one.protocol === protocol && one.localAddress.includes(':') === six).length
  const tcp = sockets.filter((one) => one.protocol === 'tcp')
  const state = (name: string) => tcp.filter((one) => stateText(one) === name).length
  const row = (name: string, ip: number, ip6: number) =>
    `${name}\t  ${String(ip + ip6).padEnd(9)} ${String(ip).padEnd(9)} ${String(ip6).padEnd(9)}\n`
  const [u4, u6, t4, t6] = [of('udp', false), of('udp', true), of('tcp', false), of('tcp', true)]
  return `Total: ${sockets.length}\nTCP:   ${tcp.length} (estab ${state('ESTABLISHED')}, closed ${state('TIME_WAIT')}, orphaned 0, timewait ${state('TIME_WAIT')})\n\nTransport Total     IP        IPv6\n${row('RAW', 0, 0)}${row('UDP', u4, u6)}${row('TCP', t4, t6)}${row('INET', u4 + t4, u6 + t6)}${row('FRAG', 0, 0)}\n`
}

const HEADINGS = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:', 'Port', 'Peer Address:', 'Port', 'Process'] as const
/** The columns whose cells end where the next begins; all others begin there. */
const RIGHT: ReadonlySet<number> = new Set([4, 6])
/** A port follows its address at once. */
const JOINED: ReadonlySet<number> = new Set([5, 7])
/** What a terminal shows in a line; towards a pipe the columns stay narrow. */
const TERMINAL = 120

/** Columns as wide as their widest cell; on a terminal what is left of the line is shared out among them, as iproute2 does. */
function table(sockets: readonly SocketView[], netid: boolean, oneState: boolean, flags: ReadonlySet<string>, io: Io): string {
  const rows = sockets.map((socket) => [
    socket.protocol,
    stateName(socket),
    String(socket.receiveQueue ?? 0),
    String(socket.sendQueue ?? (socket.protocol === 'tcp' && isListening(socket) ? 128 : 0)),
    `${addressText(socket.localAddress)}:`,
    portText(socket.localPort),
    `${addressText(peerOf(socket))}:`,
    portText(socket.remotePort),
    flags.has('p') && io.root && socket.pid > 0 ? `users:(("${socket.image}",pid=${socket.pid},fd=3))` : '',
  ])
  const lines = flags.has('H') ? rows : [HEADINGS, ...rows]
  const first = netid ? 0 : oneState ? 2 : 1
  const widths = HEADINGS.map((_, i) => Math.max(0, ...lines.map((line) => (line[i] as string).length)))
  const gap = (i: number) => (i === first || JOINED.has(i) ? 0 : 1)
  const shown = HEADINGS.map((_, i) => i).filter((i) => i >= first && !(oneState && i === 1) && (widths[i] as number) > 0)
  const spare = TERMINAL - shown.reduce((sum, i) => sum + (widths[i] as number) + gap(i), 0)
  if (io.terminal && spare > 0)
    for (const [n, i] of shown.entries())
      widths[i] = (widths[i] as number) + Math.floor(spare / shown.length) + (n < spare % shown.length ? 1 : 0)
  const cell = (line: readonly string[], i: number) => {
    const [text, width] = [line[i] as string, widths[i] as number]
    return `${' '.repeat(gap(i))}${RIGHT.has(i) ? text.padStart(width) : text.padEnd(width)}`
  }
  return lines.map((line) => `${shown.map((i) => cell(line, i)).join('')}\n`).join('')
}

/** Names of states in filters, by those in the list. */
const STATES: { readonly [shown: string]: string } = {
  ESTAB: 'established',
  'SYN-SENT': 'syn-sent',
  'SYN-RECV': 'syn-recv',
  'FIN-WAIT-1': 'fin-wait-1',
  'FIN-WAIT-2': 'fin-wait-2',
  'TIME-WAIT': 'time-wait',
  UNCONN: 'unconnected',
  'CLOSE-WAIT': 'close-wait',
  'LAST-ACK': 'last-ack',
  LISTEN: 'listening',
  CLOSING: 'closing',
}

/** Nobody in particular, of the family of the socket. */
const peerOf = ({ localAddress, remoteAddress, remotePort }: SocketView): string =>
  remotePort === 0 && localAddress.includes(':') ? '::' : remoteAddress

const addressText = (address: string): string => {
  if (address.includes(':')) return `[${address.replace(/%.*$/, '')}]${/%.*$/.exec(address)?.[0] ?? ''}`
  return address === '' || address === '*' ? '0.0.0.0' : address
}
const portText = (port: number): string => (port === 0 ? '*' : String(port))

function stateName(socket: SocketView): string {
  if (socket.protocol === 'udp') return isListening(socket) ? 'UNCONN' : 'ESTAB'
  const state = stateText(socket)
  return state === 'ESTABLISHED' ? 'ESTAB' : state.replace(/_/g, '-').replace(/^FIN-WAIT(\d)/, 'FIN-WAIT-$1')
}
