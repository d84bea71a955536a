import type { SocketView } from '../../../engine/machine/views.ts'
import { groupsOf } from '../groups.ts'
import type { Command, Io, Run } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'
import { listedInterfaces } from '../links.ts'
import { parseOptions } from '../options.ts'
import { protocolStatistics, protocolStatistics6 } from '../protocol-statistics.ts'
import { routeTable } from '../route-table.ts'

export const netstat: Command = {
  name: 'netstat',
  summary: 'route table (-r), sockets, interfaces (-i), groups (-g), statistics (-s)',
  completions: ['-r', '-rn', '-n', '-i', '-g', '-s', '-tuln', '-tulpn', '-an'],
  run: runNetstat,
}

function* runNetstat(args: readonly string[], io: Io): Run {
  const long = {
    route: 'r',
    numeric: 'n',
    interfaces: 'i',
    listening: 'l',
    all: 'a',
    tcp: 't',
    udp: 'u',
    programs: 'p',
    groups: 'g',
    statistics: 's',
    raw: 'w',
  }
  const options = parseOptions('netstat', args, { flags: 'rnitulapgs46w', real: 'eMvWcCFNOoSxZ', long, status: 1 }, io)
  if (typeof options === 'number') return options
  const { flags } = options
  if (flags.has('r')) {
    io.out(yield* routeTable(io, { numeric: flags.has('n'), columns: 'window' }))
    return 0
  }
  if (flags.has('s')) return statistics(flags, io)
  if (flags.has('g')) {
    // Who names a family or a protocol asks for its sockets too.
    if (['4', '6', 't', 'u', 'w'].some((flag) => flags.has(flag))) io.out(socketTable(flags, io))
    io.out(groupTable(flags, io))
  } else if (flags.has('i')) io.out(interfaceTable(io))
  else io.out(socketTable(flags, io))
  return 0
}

function statistics(flags: ReadonlySet<string>, io: Io): number {
  if (flags.has('4') && flags.has('6')) {
    io.err('netstat: No statistics support for specified address family: inet,inet6\n')
    return 1
  }
  const asked = { tcp: flags.has('t'), udp: flags.has('u'), raw: flags.has('w') }
  const snmp = io.kernel.readFile('/proc/net/snmp') ?? ''
  io.out(
    flags.has('6')
      ? protocolStatistics6(io.kernel.readFile('/proc/net/snmp6') ?? '', snmp, asked)
      : protocolStatistics(snmp, asked),
  )
  return 0
}

function groupTable(flags: ReadonlySet<string>, io: Io): string {
  const only = (family: '4' | '6') => flags.has(family) || !flags.has(family === '4' ? '6' : '4')
  const links = linuxOf(io)
    .links()
    .filter(({ enabled }) => enabled)
  const rows = (['four', 'six'] as const)
    .filter((family) => only(family === 'four' ? '4' : '6'))
    .flatMap((family) =>
      links.flatMap((link) =>
        groupsOf(io, link)
          [family].toReversed()
          .map(({ group, owners }) => `${link.name.padEnd(15)} ${String(owners).padEnd(6)} ${group}`),
      ),
    )
  const head = ['IPv6/IPv4 Group Memberships', 'Interface       RefCnt Group', '--------------- ------ ---------------------']
  return [...head, ...rows, ''].join('\n')
}

function interfaceTable(io: Io): string {
  let text = 'Kernel Interface table\nIface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'
  for (const link of listedInterfaces(io)) {
    if (!link.enabled) continue
    const { receivedPackets, sentPackets } = link.counters
    const flags = link.kind === 'loopback' ? 'LRU' : `${link.kind === 'ppp' ? 'MOP' : 'BM'}${link.up ? 'R' : ''}U`
    const counts = (good: number) => `${String(good).padStart(8)}      0      0`
    text += `${link.name.slice(0, 15).padEnd(15)}${String(link.mtu).padStart(6)} ${counts(receivedPackets)} ${'0'.padEnd(6)} ${counts(sentPackets)}      0 ${flags}\n`
  }
  return text
}

function socketTable(flags: ReadonlySet<string>, io: Io): string {
  const both = !flags.has('t') && !flags.has('u') && !flags.has('w')
  const shown = io.kernel.sockets().filter((socket) => {
    const six = socket.localAddress.includes(':')
    if ((flags.has('4') && !flags.has('6') && six) || (flags.has('6') && !flags.has('4') && !six)) return false
    if (!(both || flags.has(socket.protocol === 'tcp' ? 't' : 'u'))) return false
    return flags.has('a') || isListening(socket) === flags.has('l')
  })
  const which = flags.has('a') ? 'servers and established' : flags.has('l') ? 'only servers' : 'w/o servers'
  const tail = flags.has('p') ? ' PID/Program name    ' : ''
  let text = `Active Internet connections (${which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${tail}\n`
  const nameOf = (socket: SocketView) => `${socket.protocol}${socket.localAddress.includes(':') ? '6' : ''}`
  const ordered = [...shown].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))
  for (const socket of ordered) {
    const local = end(socket.localAddress, socket.localPort)
    const nobody = socket.remotePort === 0 && socket.localAddress.includes(':')
    const remote = end(nobody ? '::' : socket.remoteAddress, socket.remotePort)
    const state = socket.protocol === 'udp' && isListening(socket) ? '' : stateText(socket)
    const program = io.root && socket.pid > 0 ? `${socket.pid}/${socket.image}` : '-'
    text += `${nameOf(socket).padEnd(5)} ${queue(socket, socket.receiveQueue)} ${queue(socket, socket.sendQueue)} ${local.padEnd(23)} ${remote.padEnd(23)} ${state.padEnd(11)} ${flags.has('p') ? program.padEnd(20) : ''}\n`
  }
  return text
}

const queue = (socket: SocketView, octets = 0): string => String(isListening(socket) ? 0 : octets).padStart(6)

export const isListening = (socket: SocketView): boolean =>
  socket.protocol === 'udp' ? socket.remotePort === 0 : /^listen/i.test(socket.state)

const end = (address: string, port: number): string =>
  `${address === '' || address === '*' ? '0.0.0.0' : address}:${port === 0 ? '*' : port}`

/** States that net-tools abbreviates. */
const LINUX_NAMES: { readonly [state: string]: string } = {
  SYN_RECEIVED: 'SYN_RECV',
  FIN_WAIT_1: 'FIN_WAIT1',
  FIN_WAIT_2: 'FIN_WAIT2',
}

/** `TIME_WAIT`, `LISTEN`, `ESTABLISHED` from whatever case and separator the stack uses. */
export function stateText(socket: SocketView): string {
  const state = socket.state.toUpperCase().replace(/-/g, '_')
  if (state.startsWith('LISTEN')) return 'LISTEN'
  return state === '' ? 'ESTABLISHED' : (LINUX_NAMES[state] ?? state)
}
