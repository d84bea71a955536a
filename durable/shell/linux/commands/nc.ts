import { portNamed } from '../../../engine/wire/pcap-filter/index.ts'
import { flagOf, numberOf, textOf } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { type Given, getopt, has, lastOf } from './http/getopt.ts'
import { inputOf, watchWithInput } from './http/with-input.ts'

export const nc: Command = {
  name: 'nc',
  aliases: ['netcat'],
  summary: 'joins standard input and output to a connection',
  usage: 'nc [-46hklnNuvz] [-p source_port] [-q seconds] [-s sourceaddr] [-w timeout] [destination] [port]',
  completions: ['-l', '-p', '-u', '-v', '-z', '-w'],
  run: runNc,
}

const TABLE = {
  known: {
    listen: 'l',
    'port=': 'p',
    udp: 'u',
    verbose: 'v',
    zero: 'z',
    'wait=': 'w',
    numeric: 'n',
    keep: 'k',
    close: 'N',
    four: '4',
    six: '6',
    'source=': 's',
    'quit=': 'q',
    nodelay: 'D',
    help: 'h',
  },
  real: {
    crlf: 'C',
    unix: 'U',
    'proxy=': 'x',
    'proto=': 'X',
    'ttl=': 'm',
    'minttl=': 'M',
    'interval=': 'i',
    'tos=': 'T',
    'rtable=': 'V',
    'outlimit=': 'W',
    'recvbuf=': 'I',
    'sendbuf=': 'O',
    random: 'r',
    telnet: 't',
    broadcast: 'b',
    stdin: 'd',
    suspend: 'F',
    'user=': 'P',
    sctp: 'Z',
  },
}
const USAGE = 'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n'

function* runNc(args: readonly string[], io: Io): Run {
  const parsed = getopt(args, TABLE)
  if (!parsed.ok) {
    const letter = parsed.option.replace(/^-+/, '')
    if (parsed.fault === 'real') io.err(`nc: option ${parsed.option} is real, but not simulated here yet\n`)
    else io.err(`nc: ${parsed.fault === 'no-value' ? 'option requires an argument' : 'invalid option'} -- '${letter}'\n`)
    return 1
  }
  const { given, operands } = parsed
  const wait = lastOf(given, 'wait')
  if (wait !== undefined && !/^\d{1,6}$/.test(wait)) {
    io.err(`nc: timeout invalid: ${wait}\n`)
    return 1
  }
  const [first, second] = operands
  const portText = has(given, 'listen') ? (second ?? first ?? lastOf(given, 'port')) : second
  if (has(given, 'help') || portText === undefined) {
    ;(has(given, 'help') ? io.out : io.err)(USAGE)
    return has(given, 'help') ? 0 : 1
  }
  if (has(given, 'listen')) {
    const port = portOf(portText)
    if (port === undefined) return wrongPort(io, portText)
    const address = second === undefined ? lastOf(given, 'source') : first
    if (port < 1024 && !io.root) {
      io.err('nc: Permission denied\n')
      return 1
    }
    return has(given, 'udp') ? yield* udp(io, given, true, '', port, address) : yield* listen(io, port, address, given)
  }
  const host = first as string
  const range = /^(\d{1,5})-(\d{1,5})$/.exec(portText)
  const from = range ? Number(range[1]) : portOf(portText)
  const to = range ? Number(range[2]) : from
  if (from === undefined || to === undefined || to > 65_535 || from > to || from < 1) return wrongPort(io, portText)
  let status = 1
  for (let port = from; port <= to; port++) {
    const one: number = has(given, 'udp')
      ? yield* udp(io, given, false, host, port, lastOf(given, 'source'))
      : yield* connect(io, host, port, given)
    if (one === INTERRUPTED) return one
    if (one === 0) status = 0
  }
  return status
}

function portOf(text: string): number | undefined {
  if (/^\d{1,5}$/.test(text)) return Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : undefined
  return portNamed(text)?.port
}

function wrongPort(io: Io, text: string): number {
  if (/^\d+$/.test(text)) io.err(`nc: port number ${/^0+$/.test(text) ? 'too small' : 'too large'}: ${text}\n`)
  else io.err(`nc: service "${text}" unknown\n`)
  return 1
}

const SERVICES: { readonly [port: number]: string } = {
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  443: 'https',
  8080: 'http-alt',
}
const numeric = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':')
const familyOf = (given: readonly Given[]): { family?: 4 | 6 } =>
  has(given, 'six') ? { family: 6 } : has(given, 'four') ? { family: 4 } : {}

function unresolved(io: Io, host: string, port: number, temporary: boolean): void {
  io.err(
    `nc: getaddrinfo for host "${host}" port ${port}: ${temporary ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
  )
}

function* connect(io: Io, host: string, port: number, given: readonly Given[]): Run {
  const probe = has(given, 'zero')
  const verbose = has(given, 'verbose')
  const input = probe ? undefined : yield* inputOf('nc', io)
  const [source, sourcePort, wait] = ['source', 'port', 'wait'].map((name) => lastOf(given, name))
  let [status, address] = [1, host]
  const program = {
    host,
    port,
    // Without -N the connection stays open until the other side ends it.
    keepOpen: !has(given, 'close') && !has(given, 'quit'),
    ...(wait === undefined || wait === '0' ? {} : { timeoutMs: Number(wait) * 1000 }),
    ...(probe ? { probe } : {}),
    ...(source === undefined ? {} : { source }),
    ...(sourcePort === undefined ? {} : { sourcePort: Number(sourcePort) }),
    ...familyOf(given),
  }
  const shownHost = (): string => (numeric(host) ? host : `${host} (${address})`)
  const failed = (why: string): void => {
    if (verbose) io.err(`nc: connect to ${shownHost()} port ${port} (tcp) ${why}\n`)
  }
  const { interrupted } = yield* watchWithInput(io, 'tcp-client', program, input, (event) => {
    switch (event['kind']) {
      case 'unresolved':
        return unresolved(io, host, port, flagOf(event, 'temporary'))
      case 'started':
        address = textOf(event, 'address')
        return
      case 'connected':
        status = 0
        if (verbose) io.err(`Connection to ${shownHost()} ${port} port [tcp/${SERVICES[port] ?? '*'}] succeeded!\n`)
        return
      case 'refused':
        return failed('failed: Connection refused')
      case 'unreachable':
        return failed(`failed: ${textOf(event, 'code') === 'net' ? 'Network is unreachable' : 'No route to host'}`)
      case 'no-route':
        return failed('failed: Network is unreachable')
      case 'timeout':
        return status === 0 ? undefined : failed('timed out: Operation now in progress')
      case 'in-use':
        io.err('nc: Address already in use\n')
        return
      default:
        return
    }
  })
  return interrupted ? INTERRUPTED : status
}

function* listen(io: Io, port: number, address: string | undefined, given: readonly Given[]): Run {
  const verbose = has(given, 'verbose')
  const input = yield* inputOf('nc', io)
  let status = 0
  const program = { port, ...(address === undefined ? {} : { address }), ...(has(given, 'keep') ? { keep: true } : {}) }
  const { interrupted } = yield* watchWithInput(io, 'tcp-listen', program, input, (event) => {
    switch (event['kind']) {
      case 'failed':
        io.err(`nc: ${textOf(event, 'reason') === 'in-use' ? 'Address already in use' : 'Cannot assign requested address'}\n`)
        status = 1
        return
      case 'listening':
        if (verbose) io.err(`Listening on ${address ?? '0.0.0.0'} ${numberOf(event, 'port')}\n`)
        return
      case 'accepted':
        if (verbose) io.err(`Connection received on ${textOf(event, 'remote')} ${numberOf(event, 'remotePort')}\n`)
        return
      default:
        return
    }
  })
  return interrupted ? INTERRUPTED : status
}

function* udp(io: Io, given: readonly Given[], waits: boolean, host: string, port: number, address: string | undefined): Run {
  const zero = has(given, 'zero')
  const verbose = has(given, 'verbose')
  const input = zero ? 'X' : yield* inputOf('nc', io)
  const seconds = Number(lastOf(given, 'wait') ?? 0)
  let status = 0
  const timeoutMs = zero ? 1000 : seconds * 1000
  const program = {
    listen: waits,
    host,
    port,
    ...(address === undefined ? {} : { source: address }),
    ...(timeoutMs > 0 ? { timeoutMs } : {}),
  }
  const { interrupted } = yield* watchWithInput(io, 'udp', program, input, (event) => {
    switch (event['kind']) {
      case 'unresolved':
        status = 1
        return unresolved(io, host, port, flagOf(event, 'temporary'))
      case 'failed':
        io.err(`nc: ${textOf(event, 'reason') === 'in-use' ? 'Address already in use' : 'Network is unreachable'}\n`)
        status = 1
        return
      case 'listening':
        if (verbose) io.err(`Bound on ${address ?? '0.0.0.0'} ${port}\n`)
        return
      case 'received':
        if (verbose) io.err(`Connection received on ${textOf(event, 'from')} ${numberOf(event, 'fromPort')}\n`)
        return
      case 'refused':
        status = 1
        return
      case 'finished':
        if (zero && verbose && status === 0)
          io.err(`Connection to ${host} ${port} port [udp/${SERVICES[port] ?? '*'}] succeeded!\n`)
        return
      default:
        return
    }
  })
  return interrupted ? INTERRUPTED : status
}
