import type { SocketView } from '../../engine/machine/views.ts'
import { ip, isV6 } from './network.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { routePrint } from './route-print.ts'

const usage = `
Displays protocol statistics and current TCP/IP network connections.

NETSTAT [-a] [-b] [-e] [-f] [-n] [-o] [-p proto] [-r] [-s] [-t] [-x] [-y] [interval]
`

const flags = new Set('abefinopqrstxy')
const notYet = new Set('fiqtxys')

export const netstat: Program = {
  name: 'netstat',
  options: ['-a', '-b', '-e', '-n', '-o', '-p', '-r'],
  refuses: ['-s', '-f', '-i', '-q', '-t', '-x', '-y', '5'],
  synopsis: 'Shows connections, listening ports and their owners, and the route table.',
  *run(args, io) {
    const on = new Set<string>()
    let protocol: string | undefined
    for (let i = 0; i < args.length; i++) {
      const letters = args[i].toLowerCase()
      if (!/^[-/][a-z]+$/.test(letters) || [...letters.slice(1)].some((letter) => !flags.has(letter))) {
        if (/^\d+$/.test(letters)) {
          yield* io.line('netstat interval: repeating is real, but it is not simulated here yet.')
          return 1
        }
        for (const line of usage.split('\n')) yield* io.line(line)
        return 1
      }
      for (const letter of letters.slice(1)) on.add(letter)
      if (!letters.endsWith('p')) continue
      protocol = args[++i]?.toLowerCase()
      if (/^(ip|icmp)(v?6)?$/.test(protocol ?? '')) on.add('s')
      else if (!/^(tcp|udp)(v6)?$/.test(protocol ?? '')) {
        for (const line of usage.split('\n')) yield* io.line(line)
        return 1
      }
    }
    const missing = [...on].find((letter) => notYet.has(letter))
    if (missing !== undefined) {
      yield* io.line(`netstat -${missing}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    if (on.has('b') && !io.kernel.identity().elevated) {
      yield* io.line('The requested operation requires elevation.')
      return 1
    }
    if (on.has('r')) for (const line of routePrint(io.kernel)) yield* io.line(line)
    if (on.has('e')) yield* interfaceStatistics(io)
    if (!on.has('r') && !on.has('e')) yield* connections(on, protocol, io)
    return 0
  },
}

function* connections(on: ReadonlySet<string>, protocol: string | undefined, io: ProgramIo): Gen {
  yield* io.line('')
  yield* io.line('Active Connections')
  yield* io.line('')
  yield* io.line(`  Proto  Local Address          Foreign Address        State${on.has('o') ? '           PID' : ''}`)
  for (const socket of sorted(io.kernel.sockets())) {
    const quiet = socket.protocol === 'udp' || /^(LISTENING|LISTEN|BOUND)$/i.test(socket.state)
    if (quiet && !on.has('a')) continue
    if (protocol !== undefined && protocol !== socket.protocol + (isV6(socket.localAddress) ? 'v6' : '')) continue
    yield* io.line(socketLine(socket, on, io))
    if (!on.has('b')) continue
    if (socket.component !== '') yield* io.line(`  ${socket.component}`)
    yield* io.line(
      socket.image === '' || socket.image === 'System' ? ' Can not obtain ownership information' : ` [${socket.image}]`,
    )
  }
}

/** TCP before UDP, IPv4 before IPv6, then by address and port. */
function sorted(sockets: readonly SocketView[]): SocketView[] {
  const family = (one: SocketView) => (one.protocol === 'tcp' ? 0 : 2) + (isV6(one.localAddress) ? 1 : 0)
  const address = (one: SocketView) => (isV6(one.localAddress) ? 0 : ip(one.localAddress))
  return [...sockets].sort(
    (a, b) => family(a) - family(b) || address(a) - address(b) || a.localPort - b.localPort || a.remotePort - b.remotePort,
  )
}

export const states: Record<string, string> = {
  LISTEN: 'LISTENING',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECEIVED': 'SYN_RECEIVED',
  'FIN-WAIT-1': 'FIN_WAIT_1',
  'FIN-WAIT-2': 'FIN_WAIT_2',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'TIME-WAIT': 'TIME_WAIT',
  'LAST-ACK': 'LAST_ACK',
}

const services: Record<number, string> = {
  53: 'domain',
  67: 'bootps',
  68: 'bootpc',
  80: 'http',
  135: 'epmap',
  443: 'https',
  445: 'microsoft-ds',
  22: 'ssh',
  21: 'ftp',
  25: 'smtp',
  3389: 'ms-wbt-server',
  5355: 'llmnr',
  137: 'netbios-ns',
  138: 'netbios-dgm',
  139: 'netbios-ssn',
  1900: 'ssdp',
  5353: '5353',
}

function socketLine(socket: SocketView, on: ReadonlySet<string>, io: ProgramIo): string {
  const numeric = on.has('n')
  const host = io.kernel.identity().hostname
  const name = (address: string) => (isV6(address) ? `[${address}]` : address)
  const any = (address: string) => address === '0.0.0.0' || address === '::' || address.startsWith('127.')
  const local = `${name(socket.localAddress)}:${socket.localPort}`
  const remoteAddress = socket.remoteAddress === '' ? (isV6(socket.localAddress) ? '::' : '0.0.0.0') : socket.remoteAddress
  const remotePort = numeric
    ? String(socket.remotePort)
    : socket.remotePort === 0
      ? '0'
      : (services[socket.remotePort] ?? String(socket.remotePort))
  const remote =
    socket.protocol === 'udp' ? '*:*' : `${!numeric && any(remoteAddress) ? host : name(remoteAddress)}:${remotePort}`
  const state = socket.protocol === 'udp' ? '' : (states[socket.state.toUpperCase()] ?? socket.state)
  const line = `  ${socket.protocol.toUpperCase().padEnd(7)}${local.padEnd(23)}${remote.padEnd(23)}`
  if (on.has('o')) return `${line}${state.padEnd(16)}${socket.pid}`
  // Without a process column a UDP row keeps the blanks of its state, a TCP row does not.
  return socket.protocol === 'udp' ? line + ' '.repeat(16) : line + state
}

function* interfaceStatistics(io: ProgramIo): Gen {
  const sum = { receivedBytes: 0, receivedPackets: 0, sentBytes: 0, sentPackets: 0 }
  for (const { kind, counters } of io.kernel.interfaces()) {
    if (kind === 'loopback') continue
    sum.receivedBytes += counters.receivedBytes
    sum.receivedPackets += counters.receivedPackets
    sum.sentBytes += counters.sentBytes
    sum.sentPackets += counters.sentPackets
  }
  const row = (label: string, received: number, sent: number | undefined) =>
    `${label.padEnd(26)}${String(received).padStart(14)}${sent === undefined ? '' : String(sent).padStart(16)}`
  yield* io.line('Interface Statistics')
  yield* io.line('')
  yield* io.line('                           Received            Sent')
  yield* io.line('')
  yield* io.line(row('Bytes', sum.receivedBytes, sum.sentBytes))
  yield* io.line(row('Unicast packets', sum.receivedPackets, sum.sentPackets))
  yield* io.line(row('Non-unicast packets', 0, 0))
  yield* io.line(row('Discards', 0, 0))
  yield* io.line(row('Errors', 0, 0))
  yield* io.line(row('Unknown protocols', 0, undefined))
}
