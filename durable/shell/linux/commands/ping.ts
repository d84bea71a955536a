import { parseIp } from '../../../engine/wire/addresses.ts'
import { type Fields, flagOf, numberOf, textOf, watch } from '../events.ts'
import { type Command, type Io, noIpv6, notSimulated, type Run } from '../io.ts'
import { firstAddress, interfaceNamed, routeTo } from '../links.ts'
import { type Options, parseOptions } from '../options.ts'
import { statisticsText, tripsOf, tripTime } from './ping-statistics.ts'

const NO_IPV6 = `${noIpv6('ping')}\n`

export const ping: Command = {
  name: 'ping',
  aliases: ['ping4'],
  summary: 'asks a host for echoes until Ctrl-C',
  completions: ['-c', '-i', '-W', '-s', '-t', '-n', '-I', '-w', '-q'],
  run: runPing,
}

export const ping6: Command = {
  name: 'ping6',
  summary: 'says that IPv6 is not simulated',
  usage: 'ping6',
  *run(_args, io): Run {
    yield* []
    io.err(NO_IPV6)
    return 2
  },
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
}

function* runPing(args: readonly string[], io: Io): Run {
  const request = readRequest(args, io)
  if (typeof request === 'number') return request
  const { host, numeric, quiet, size } = request
  let [shown, status, address] = [host, 1, '']
  /** Set when the trip ends before anything is sent: no statistics then. */
  let stopped = false
  const from = (name: string, ip: string) => (numeric || name === '' || name === ip ? ip : `${name} (${ip})`)
  /** Answers: there may be any number of them, and the program keeps count. */
  const view = (event: Fields): boolean => {
    const kind = event['kind']
    if (kind !== 'reply' && kind !== 'unreachable') return false
    const sender = from(textOf(event, 'fromName'), textOf(event, 'from'))
    if (!quiet) io.out(`${kind === 'reply' ? replyText(event, sender, size) : unreachableText(event, sender)}\n`)
    return true
  }
  const program = {
    host,
    count: request.count,
    size,
    timeoutMs: request.timeoutMs,
    intervalMs: request.intervalMs,
    ...(request.ttl === undefined ? {} : { ttl: request.ttl }),
    ...(request.dontFragment ? { dontFragment: true } : {}),
    ...(request.source === '' ? {} : { source: request.source }),
    resolveReverse: !numeric && parseIp(host) === undefined,
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
          if (!reachable(io, address)) {
            io.err('ping: connect: Network is unreachable\n')
            ;[stopped, status] = [true, 2]
            return false
          }
          const bound = request.source === '' ? '' : ` from ${request.source} ${request.device}`
          io.out(`PING ${shown} (${address})${bound === '' ? '' : `${bound}:`} ${size}(${size + 28}) bytes of data.\n`)
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

function replyText(event: Fields, sender: string, size: number): string {
  const bytes = numberOf(event, 'bytes')
  const time = size >= 16 ? ` time=${tripTime(numberOf(event, 'micros'))} ms` : ''
  const length = bytes === size ? bytes + 8 : bytes
  return `${length} bytes from ${sender}: icmp_seq=${numberOf(event, 'sequence')} ttl=${numberOf(event, 'ttl')}${time}`
}

const unreachableText = (event: Fields, sender: string): string =>
  `From ${sender} icmp_seq=${numberOf(event, 'sequence')} ${reasonText(event)}`

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

function readRequest(args: readonly string[], io: Io): Request | number {
  const options = parseOptions(
    'ping',
    args,
    { flags: 'nq4', values: 'ciWstIwM', real: '6AaBbCDdefHhLlmNOopQRrSTUVv', status: 2 },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands, values } = options
  if (operands[0]?.includes(':')) return refuse(io, NO_IPV6)
  const host = operands[0]
  if (host === undefined) return refuse(io, 'ping: usage error: Destination address required\n', 1)
  if (operands.length > 1) return refuse(io, notSimulated('ping: a route given as several hosts'))
  const count = bounded(options, 'c', 1, 1e15, '9223372036854775807')
  const size = bounded(options, 's', 0, 65_507, '65507')
  const ttl = bounded(options, 't', 0, 255, '255')
  const deadline = bounded(options, 'w', 0, 2_147_483_647, '2147483647')
  for (const each of [count, size, ttl, deadline]) if (typeof each === 'string') return refuse(io, each, 1)
  const interval = seconds(values.get('i') ?? '1')
  const timeout = seconds(values.get('W') ?? '0')
  if (interval === undefined) return refuse(io, `ping: bad timing interval: '${values.get('i')}'\n`)
  if (timeout === undefined) return refuse(io, `ping: bad linger time: '${values.get('W')}'\n`)
  if (interval < 2 && !io.root)
    return refuse(io, 'ping: cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)\n')
  const discovery = values.get('M')
  if (discovery !== undefined && !['do', 'want', 'dont'].includes(discovery))
    return refuse(io, `ping: invalid -M argument: ${discovery}\n`)
  const bound = boundTo(values.get('I'), io)
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
  }
}

function boundTo(name: string | undefined, io: Io): { readonly device: string; readonly source: string } | undefined {
  if (name === undefined) return { device: '', source: '' }
  if (parseIp(name) !== undefined) return { device: '', source: name }
  const link = interfaceNamed(io, name)
  return link && { device: name, source: firstAddress(link) }
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
