import type { InterfaceView } from '../../../engine/machine/views.ts'
import { isLinkLocalIp6, parseIp, parseScopedIp6 } from '../../../engine/wire/addresses.ts'
import { isIp6 } from '../../ipv6.ts'
import { type Fields, flagOf, numberOf, textOf, watch } from '../events.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { firstAddress, interfaceNamed, routeTo } from '../links.ts'
import { type Options, parseOptions } from '../options.ts'
import { addressesOf6, numberOfIp6, unreachable6 } from '../six.ts'
import { statisticsText, tripsOf, tripTime } from './ping-statistics.ts'

export const ping: Command = {
  name: 'ping',
  aliases: ['ping4'],
  summary: 'asks a host for echoes until Ctrl-C',
  completions: ['-c', '-i', '-W', '-s', '-t', '-n', '-I', '-w', '-q', '-D', '-O'],
  run: (args, io) => runPing('ping', args, io),
}

export const ping6: Command = {
  name: 'ping6',
  summary: 'asks a host for echoes over IPv6 until Ctrl-C',
  completions: ['-c', '-i', '-W', '-s', '-t', '-n', '-I', '-w', '-q'],
  run: (args, io) => runPing('ping6', args, io),
}

type Request = {
  readonly host: string
  readonly numeric: boolean
  readonly quiet: boolean
  readonly size: number
  readonly count: number | null
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly ttl: number | undefined
  readonly device: string
  readonly source: string
  readonly dontFragment: boolean
  readonly stamped: boolean
  readonly late: boolean
  readonly flood: boolean
  readonly family: 4 | 6 | undefined
}

function* runPing(name: 'ping' | 'ping6', args: readonly string[], io: Io): Run {
  const request = readRequest(name, args, io)
  if (typeof request === 'number') return request
  const { host, numeric, quiet, size } = request
  let [shown, status, address] = [host, 1, '']
  /** Set when the trip ends before anything is sent: no statistics then. */
  let stopped = false
  const from = (name: string, ip: string) => (numeric || name === '' || name === ip ? ip : `${name} (${ip})`)
  const stamp = () => (request.stamped ? `[${unixTime(io)}] ` : '')
  /** Answers: there may be any number of them, and the program keeps count. */
  const view = (event: Fields): boolean => {
    const kind = event['kind']
    if (kind === 'late') io.out(`${stamp()}no answer yet for icmp_seq=${numberOf(event, 'sequence')}\n`)
    if (kind === 'late') return true
    if (kind !== 'reply' && kind !== 'unreachable') return false
    if (request.flood) {
      // A dot a request, taken back by its answer.
      if (!quiet) io.out(kind === 'reply' ? '.\b \b' : '.\bE')
      return true
    }
    const sender = from(textOf(event, 'fromName'), textOf(event, 'from'))
    if (!quiet)
      io.out(
        `${stamp()}${kind === 'reply' ? replyText(event, sender, size) : unreachableText(event, sender, address.includes(':'))}\n`,
      )
    return true
  }
  const program = {
    host,
    count: request.count,
    size,
    timeoutMs: request.timeoutMs,
    intervalMs: request.intervalMs,
    ...(request.ttl === undefined ? {} : { ttl: request.ttl }),
    ...(request.late ? { reportLate: true } : {}),
    ...(request.dontFragment ? { dontFragment: true } : {}),
    ...(request.source === '' ? {} : { source: request.source }),
    ...(request.family === undefined ? {} : { family: request.family }),
    ...(request.device === '' ? {} : { interface: interfaceNamed(io, request.device)?.index ?? 0 }),
    resolveReverse: !numeric && parseIp(host) === undefined && !isIp6(host),
    dialect: 'linux',
  }
  const ended = yield* watch(
    io,
    'ping',
    program,
    (event) => {
      switch (event['kind']) {
        case 'unresolved':
          io.err(
            `ping: ${host}: ${flagOf(event, 'temporary') ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
          )
          ;[stopped, status] = [true, 2]
          return
        case 'started': {
          address = textOf(event, 'address')
          shown = textOf(event, 'canonical') || host
          const six = address.includes(':')
          const problem = six
            ? unreachable6(io, address, request.device)
            : reachable(io, address)
              ? undefined
              : 'Network is unreachable'
          if (problem !== undefined) {
            io.err(`ping: connect: ${problem}\n`)
            ;[stopped, status] = [true, 2]
            return false
          }
          const bound = request.source === '' ? '' : ` from ${request.source} ${request.device}`
          const length = six ? `${size} data bytes` : `${size}(${size + 28}) bytes of data.`
          io.out(`PING ${shown} (${address})${bound === '' ? '' : `${bound}:`} ${length}\n`)
          return
        }
        case 'failed':
          if (textOf(event, 'reason') === 'too-big')
            io.err(`ping: local error: message too long, mtu=${mtuTowards(io, address)}\n`)
          else io.err('ping: sendmsg: Network is unreachable\n')
          return
        case 'finished': {
          if (stopped) return
          const { intervalMs } = request
          const [sent, received, errors] = [numberOf(event, 'sent'), numberOf(event, 'received'), numberOf(event, 'errors')]
          const trips = tripsOf(event['trips'])
          io.out(statisticsText({ host: shown, sent, received, errors, micros: numberOf(event, 'micros'), intervalMs }, trips))
          if (received > 0) status = 0
          return
        }
        default:
          return
      }
    },
    view,
  )
  return ended.interrupted && address === '' ? 130 : status
}

/** Seconds since 1970 with microseconds, as `-D` writes them. */
function unixTime(io: Io): string {
  const { now, epochMicros } = io.kernel.clock()
  const micros = epochMicros + now
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`
}

function replyText(event: Fields, sender: string, size: number): string {
  const bytes = numberOf(event, 'bytes')
  const time = size >= 16 ? ` time=${tripTime(numberOf(event, 'micros'))} ms` : ''
  const length = bytes === size ? bytes + 8 : bytes
  return `${length} bytes from ${sender}: icmp_seq=${numberOf(event, 'sequence')} ttl=${numberOf(event, 'ttl')}${time}`
}

const unreachableText = (event: Fields, sender: string, six: boolean): string =>
  `From ${sender} icmp_seq=${numberOf(event, 'sequence')} ${six ? reasonText6(event) : reasonText(event)}`

function reasonText6(event: Fields): string {
  switch (textOf(event, 'code')) {
    case 'net':
      return 'Destination unreachable: No route'
    case 'port':
      return 'Destination unreachable: Port unreachable'
    case 'protocol':
      return 'Parameter problem: Unknown header'
    case 'fragmentation':
      return `Packet too big: mtu=${numberOf(event, 'mtu')}`
    case 'ttl':
      return 'Time exceeded: Hop limit'
    case 'reassembly':
      return 'Time exceeded: Defragmentation failure'
    default:
      return 'Destination unreachable: Address unreachable'
  }
}

const reachable = (io: Io, address: string): boolean => {
  const own = io.kernel.interfaces().some((link) => link.addresses.some((each) => each.address === address))
  const number = parseIp(address) ?? 0
  return own || number >>> 24 === 127 || routeTo(io, number) !== undefined
}

const mtuTowards = (io: Io, address: string): number => {
  const route = routeTo(io, parseIp(address) ?? 0)
  return io.kernel.interfaces().find((link) => link.index === route?.interface)?.mtu ?? 1500
}

function reasonText(event: Fields): string {
  switch (textOf(event, 'code')) {
    case 'net':
      return 'Destination Net Unreachable'
    case 'port':
      return 'Destination Port Unreachable'
    case 'protocol':
      return 'Destination Protocol Unreachable'
    case 'fragmentation':
      return `Frag needed and DF set (mtu = ${numberOf(event, 'mtu')})`
    case 'ttl':
      return 'Time to live exceeded'
    case 'reassembly':
      return 'Frag reassembly time exceeded'
    default:
      return 'Destination Host Unreachable'
  }
}

const VERSION = 'ping from iputils 20240117\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n'

/** -B, -d, -L and -U change nothing that can be seen here. */
function readRequest(name: 'ping' | 'ping6', args: readonly string[], io: Io): Request | number {
  const options = parseOptions(
    name,
    args,
    { flags: 'nq46DOfBdLUV', values: 'ciWstIwM', real: 'AaCbeHhlmNopQRrSTv', status: 2 },
    io,
  )
  if (typeof options === 'number') return options
  const { operands, values } = options
  const flags = new Set(options.flags)
  if (name === 'ping6') flags.add('6')
  if (flags.has('V')) {
    io.out(VERSION)
    return 0
  }
  const host = operands[0]
  if (flags.has('4') && host !== undefined && isIp6(host))
    return refuse(io, `ping: ${host}: Address family for hostname not supported\n`)
  if (flags.has('6') && host !== undefined && parseIp(host) !== undefined)
    return refuse(io, `ping: ${host}: Address family for hostname not supported\n`)
  if (host === undefined) return refuse(io, 'ping: usage error: Destination address required\n', 1)
  if (operands.length > 1) return refuse(io, notSimulated('ping: a route given as several hosts'))
  const count = bounded(options, 'c', 1, 1e15, '9223372036854775807')
  const size = bounded(options, 's', 0, 65_507, '65507')
  const ttl = bounded(options, 't', 0, 255, '255')
  const deadline = bounded(options, 'w', 0, 2_147_483_647, '2147483647')
  for (const each of [count, size, ttl, deadline]) if (typeof each === 'string') return refuse(io, each, 1)
  const flood = options.flags.has('f')
  // A hundred a second, or as often as they are answered.
  const interval = seconds(values.get('i') ?? (flood ? '0.01' : '1'))
  const timeout = seconds(values.get('W') ?? '0')
  if (interval === undefined) return refuse(io, `ping: bad timing interval: '${values.get('i')}'\n`)
  if (timeout === undefined) return refuse(io, `ping: bad linger time: '${values.get('W')}'\n`)
  if ((interval < 2 || (flood && !values.has('i'))) && !io.root)
    return refuse(io, 'ping: cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)\n')
  const discovery = values.get('M')
  if (discovery !== undefined && !['do', 'want', 'dont'].includes(discovery))
    return refuse(io, `ping: invalid -M argument: ${discovery}\n`)
  const bound = boundTo(values.get('I'), flags.has('6') || isIp6(host) ? host : undefined, io)
  if (bound === undefined) return refuse(io, `ping: unknown iface: ${values.get('I')}\n`)
  const given = typeof count === 'number' ? count : null
  const within =
    typeof deadline === 'number' && deadline > 0 ? Math.max(1, Math.ceil((deadline * 1000) / Math.max(1, interval))) : null
  return {
    host,
    numeric: flags.has('n'),
    quiet: flags.has('q'),
    size: typeof size === 'number' ? size : 56,
    count: given === null ? within : within === null ? given : Math.min(given, within),
    intervalMs: Math.max(1, interval),
    timeoutMs: timeout,
    ttl: typeof ttl === 'number' ? ttl : undefined,
    ...bound,
    dontFragment: discovery === 'do',
    stamped: flags.has('D'),
    late: flags.has('O'),
    flood,
    family: flags.has('6') ? 6 : flags.has('4') ? 4 : undefined,
  }
}

type Bound = { readonly device: string; readonly source: string }

/** `host6`: whom it goes to, when that is by IPv6. */
function boundTo(name: string | undefined, host6: string | undefined, io: Io): Bound | undefined {
  if (name === undefined) return { device: '', source: '' }
  if (parseIp(name) !== undefined || isIp6(name)) return { device: '', source: name }
  const link = interfaceNamed(io, name)
  if (link === undefined) return undefined
  return { device: name, source: host6 === undefined ? firstAddress(link) : source6(link, host6) }
}

/** A link-local address comes from one of the same link, which is told with its zone. */
function source6(link: InterfaceView, host: string): string {
  const near = isLinkLocalIp6(parseScopedIp6(host)?.ip ?? 0n)
  const own = addressesOf6(link).find(({ address }) => isLinkLocalIp6(numberOfIp6(address)) === near)?.address
  return own === undefined || !near ? (own ?? '') : `${own}%${link.name}`
}

/** A number, undefined when not given, or iputils' complaint about it. */
function bounded(
  { values }: Options,
  letter: string,
  least: number,
  most: number,
  mostText: string,
): number | string | undefined {
  const text = values.get(letter)
  if (text === undefined) return undefined
  if (!/^[+-]?\d+$/.test(text)) return `ping: invalid argument: '${text}'\n`
  const value = Number(text)
  return value >= least && value <= most
    ? value
    : `ping: invalid argument: '${text}': out of range: ${least} <= value <= ${mostText}\n`
}

/** Seconds with a fraction as milliseconds. */
function seconds(text: string): number | undefined {
  return /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1000) : undefined
}

function refuse(io: Io, text: string, status = 2): number {
  io.err(text)
  return status
}
