// pktmon.exe: Packet Monitor, a view of what the adapters of this computer carry.
import { pcapng } from '../../engine/lab/pcapng.ts'
import { fromBase64 } from '../../engine/link/base64.ts'
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { MonitorFilter } from '../../engine/machine/windows/packet-monitor.ts'
import { parseAddress } from '../../engine/wire/addresses.ts'
import { dissect } from '../../engine/wire/dissect.ts'
import { dashed } from './network.ts'
import type { Program, ProgramIo } from './program.ts'

const HELP = [
  'pktmon { filter | list | start | stop | status | unload | counters | reset | etl2txt | etl2pcap | hex2pkt | help } [options]',
  '',
  'Commands',
  '    filter     Manage packet filters.',
  '    list       List network components.',
  '    start      Start packet monitoring.',
  '    stop       Stop monitoring.',
  '    status     Query packet monitor status.',
  '    counters   Display current packet counters.',
  '    reset      Reset packet counters to zero.',
  '    etl2txt    Convert log file to text format.',
  '    etl2pcap   Convert log file to pcapng format.',
]

const ETL = 'PktMon.etl'

export const pktmon: Program = {
  name: 'pktmon',
  synopsis: 'Monitors the packets of the adapters: filters, counters, a log and its conversion to pcapng.',
  options: [
    'filter add MyPing -i 192.168.3.1 -t ICMP',
    'filter list',
    'filter remove',
    'start --capture --pkt-size 0',
    'stop',
    'status',
    'counters',
    'list',
    'etl2pcap PktMon.etl --out a.pcapng',
    'etl2txt PktMon.etl',
  ],
  refuses: ['unload', 'hex2pkt', 'reset', 'help start'],
  *run(args, io) {
    const net = io.kernel.windowsNet
    const [word = '', ...rest] = args
    const out: string[] = []
    let status = 0
    if (net === undefined) return 1
    switch (word.toLowerCase()) {
      case '':
        out.push(...HELP)
        break
      case 'filter':
        status = filters(rest, net, out)
        break
      case 'list':
        list(io, out)
        break
      case 'start':
        status = begin(rest, net, io, out)
        break
      case 'stop':
        status = end(net, io, out)
        break
      case 'status':
        state(net, out)
        break
      case 'counters':
        counters(net, io, out)
        break
      case 'etl2pcap':
      case 'pcapng':
        status = convert(rest, net, io, out)
        break
      case 'etl2txt':
      case 'format':
        status = convertText(rest, net, io, out)
        break
      default:
        status = 1
        if (['unload', 'hex2pkt', 'reset', 'help'].includes(word.toLowerCase()))
          out.push(`pktmon ${word.toLowerCase()}: this command is real, but it is not simulated here yet.`)
        else out.push(`Error: '${word}' is not a valid command.`, '', ...HELP)
    }
    for (const line of out) yield* io.line(line)
    return status
  },
}

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 }
const TYPES: Readonly<Record<string, number>> = { ipv4: 0x0800, ipv6: 0x86dd, arp: 0x0806 }
const nameOf = (table: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(table)
    .find(([, number]) => number === value)?.[0]
    .toUpperCase() ?? (value === 0 ? '' : String(value))

function filters(args: readonly string[], net: WindowsNetCalls, out: string[]): number {
  const [verb = '', ...rest] = args
  if (verb === 'remove') {
    net.removeMonitorFilters()
    out.push('Removed all filters.')
    return 0
  }
  if (verb === 'list') {
    const all = net.packetMonitor().filters
    out.push('Packet Filters:')
    if (all.length === 0) out.push('    None')
    else {
      out.push(' # Name    EtherType Protocol IP Address       Port', ' - ----    --------- -------- ----------       ----')
      all.forEach((one, at) => {
        const [address = '', second = ''] = one.addresses
        out.push(
          `${String(at + 1).padStart(2)} ${(one.name || '<empty>').padEnd(7)} ${nameOf(TYPES, one.etherType).padEnd(9)} ${nameOf(PROTOCOLS, one.protocol).padEnd(8)} ${`${address}${second === '' ? '' : `, ${second}`}`.padEnd(16)} ${one.ports.join(', ')}`.trimEnd(),
        )
      })
    }
    return 0
  }
  if (verb !== 'add') {
    out.push(...HELP)
    return 1
  }
  const made = readFilter(rest)
  if (typeof made === 'string') {
    out.push(made)
    return 1
  }
  const done = net.addMonitorFilter(made)
  out.push(done.ok ? 'Filter added.' : 'Failed to add filter: not enough storage is available to process this command.')
  return done.ok ? 0 : 1
}

function readFilter(words: readonly string[]): MonitorFilter | string {
  const made = { name: '', etherType: 0, protocol: 0, addresses: [] as string[], ports: [] as number[] }
  let key = ''
  for (const word of words) {
    const lower = word.toLowerCase()
    if (/^-/.test(word)) {
      key =
        {
          '-i': 'ip',
          '--ip': 'ip',
          '--ip-address': 'ip',
          '-p': 'port',
          '--port': 'port',
          '-t': 'protocol',
          '--transport-protocol': 'protocol',
          '-d': 'type',
          '--data-link-protocol': 'type',
        }[lower] ?? ''
      if (key === '') return `pktmon filter add ${word}: this option is real, but it is not simulated here yet.`
    } else if (key === 'ip') {
      if (parseAddress(word) === undefined) return `Error: '${word}' is not a valid IP address.`
      made.addresses.push(lower)
    } else if (key === 'port') {
      if (!/^\d{1,5}$/.test(word) || Number(word) > 65_535) return `Error: '${word}' is not a valid port number.`
      made.ports.push(Number(word))
    } else if (key === 'protocol') {
      const number = PROTOCOLS[lower] ?? (/^\d{1,3}$/.test(word) ? Number(word) : undefined)
      if (number === undefined) return `Error: '${word}' is not a valid protocol.`
      made.protocol = number
    } else if (key === 'type') {
      const number = TYPES[lower]
      if (number === undefined) return `Error: '${word}' is not a valid data link protocol.`
      made.etherType = number
    } else made.name = word
  }
  return made
}

function list(io: ProgramIo, out: string[]): void {
  out.push('Network Adapters:', '   Id MAC Address       Name', '   -- -----------       ----')
  for (const one of io.kernel.interfaces())
    if (one.kind !== 'loopback' && one.kind !== 'ppp')
      out.push(`  ${String(one.index).padStart(3)} ${dashed(one.mac).padEnd(17)} ${one.description}`)
}

function begin(args: readonly string[], net: WindowsNetCalls, io: ProgramIo, out: string[]): number {
  const words = args.map((arg) => arg.toLowerCase())
  const sized = words.findIndex((word) => word === '--pkt-size' || word === '-s')
  const size = sized < 0 ? 128 : Number(args[sized + 1])
  if (!Number.isInteger(size) || size < 0 || size > 65_535) {
    out.push(`Error: '${args[sized + 1] ?? ''}' is not a valid packet size.`)
    return 1
  }
  if (!io.kernel.identity().elevated) {
    out.push('Error: pktmon requires elevation.')
    return 1
  }
  if (!net.startMonitor(size).ok) {
    out.push('Packet Monitor is already started.')
    return 1
  }
  const all = net.packetMonitor().filters
  out.push(
    '',
    'Logger Parameters:',
    '    Logger name:        PktMon',
    '    Logging mode:       Circular',
    `    Log file:           ${io.path(ETL)}`,
    '    Max file size:      512 MB',
    '    Memory used:        64 MB',
    '',
    ...whatIsKept(all),
    '',
  )
  return 0
}

function end(net: WindowsNetCalls, io: ProgramIo, out: string[]): number {
  if (!net.stopMonitor().ok) {
    out.push('Packet Monitor is not running.')
    return 1
  }
  const { lost, packets } = net.packetMonitor()
  io.kernel.writeFile(io.path(ETL), `Packet Monitor log, ${packets.length} packets\r\n`)
  out.push('Flushing logs...', 'Merging metadata...', `Log file: ${io.path(ETL)} (${lost === 0 ? 'No' : lost} events lost)`)
  return 0
}

function state(net: WindowsNetCalls, out: string[]): void {
  const { running, filters: all } = net.packetMonitor()
  if (!running) {
    out.push('Packet Monitor is not running.')
    return
  }
  out.push(...whatIsKept(all))
}

/** What it collects, of whom and through which filters. */
const whatIsKept = (filters: readonly { readonly name: string }[]): string[] => [
  'Collected Data:',
  '    Packet counters, packet capture',
  '',
  'Capture Type:',
  '    All packets',
  '',
  'Monitored Components:',
  '    All',
  '',
  'Packet Filters:',
  ...(filters.length === 0 ? ['    None'] : filters.map((one, at) => `    ${at + 1} ${one.name || '<empty>'}`)),
]

function counters(net: WindowsNetCalls, io: ProgramIo, out: string[]): void {
  const { counters: all } = net.packetMonitor()
  if (all.length === 0) {
    out.push('All counters are zero.')
    return
  }
  out.push('  Id Name                                     Rx Packets   Rx Bytes Tx Packets   Tx Bytes      Drops')
  out.push('  -- ----                                     ----------   -------- ----------   --------      -----')
  for (const one of all) {
    const name = io.kernel.interfaces().find(({ index }) => index === one.interface)?.description ?? ''
    const numbers = [one.received, one.receivedBytes, one.sent, one.sentBytes, one.drops]
    out.push(
      `${String(one.interface).padStart(4)} ${name.slice(0, 40).padEnd(40)}${numbers.map((n) => String(n).padStart(11)).join('')}`,
    )
  }
}

function outFile(args: readonly string[], ending: string): string {
  const at = args.findIndex((arg) => arg === '-o' || arg === '--out')
  return at >= 0 ? (args[at + 1] ?? `PktMon.${ending}`) : (args[0] ?? ETL).replace(/\.etl$/i, `.${ending}`)
}

function told(args: readonly string[], io: ProgramIo, out: string[]): boolean {
  if (args[0] !== undefined && io.kernel.readFile(io.path(args[0])) !== undefined) return true
  out.push(`Failed to open trace file. ${args[0] ?? ''}`, 'The system cannot find the file specified.')
  return false
}

function convert(args: readonly string[], net: WindowsNetCalls, io: ProgramIo, out: string[]): number {
  if (!told(args, io, out)) return 1
  const { packets } = net.packetMonitor()
  const on = io.kernel.interfaces().filter(({ kind }) => kind !== 'loopback')
  const { epochMicros } = io.kernel.clock()
  const bytes = pcapng(
    on.map(({ name, description }) => ({ name, linkType: 1, description })),
    packets.map((one) => ({
      interface: Math.max(
        0,
        on.findIndex(({ index }) => index === one.interface),
      ),
      timeMicros: one.at,
      bytes: fromBase64(one.octets) ?? new Uint8Array(0),
      originalLength: one.length,
      direction: one.out ? ('out' as const) : ('in' as const),
      ...(one.drop === '' ? {} : { comment: `dropped: ${one.drop}` }),
    })),
    epochMicros,
  )
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return written(io, outFile(args, 'pcapng'), text, packets.length, packets.filter(({ drop }) => drop !== '').length, out)
}

function written(io: ProgramIo, name: string, text: string, total: number, drops: number, out: string[]): number {
  if (!io.kernel.writeFile(io.path(name), text).ok) {
    out.push('Processing...', '', 'There is not enough space on the disk.')
    return 1
  }
  out.push('Processing...', '', `Packets total:       ${total}`, `Packet drop count:   ${drops}`, `Packets formatted:   ${total}`)
  out.push(`Formatted file:      ${name}`)
  return 0
}

function convertText(args: readonly string[], net: WindowsNetCalls, io: ProgramIo, out: string[]): number {
  if (!told(args, io, out)) return 1
  const { packets } = net.packetMonitor()
  const names = new Map(io.kernel.interfaces().map(({ index, name }) => [index, name]))
  const lines = packets.map((one) => {
    const seen = dissect(fromBase64(one.octets) ?? new Uint8Array(0), 'ethernet', undefined, one.length)
    const summary = `${seen.source} > ${seen.destination} ${seen.protocol} ${seen.info}`
    const drop = one.drop === '' ? '' : `, Drop: ${one.drop}`
    return `[${String(Math.floor(one.at / 1000) / 1000)}] ${one.out ? 'Tx' : 'Rx'} ${names.get(one.interface) ?? ''}, ${one.length} bytes: ${summary}${drop}`
  })
  return written(
    io,
    outFile(args, 'txt'),
    `${lines.join('\r\n')}\r\n`,
    packets.length,
    packets.filter(({ drop }) => drop !== '').length,
    out,
  )
}
