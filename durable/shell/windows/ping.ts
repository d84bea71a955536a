import type { Json } from '../../engine/sim/json.ts'
import { type Options, readOptions, whole } from './options.ts'
import { type Gen, Interrupted, numberOf, type Program, type ProgramEvent, type ProgramIo, textOf, watch } from './program.ts'

const usage = `
Usage: ping [-t] [-a] [-n count] [-l size] [-f] [-i TTL] [-v TOS]
            [-r count] [-s count] [[-j host-list] | [-k host-list]]
            [-w timeout] [-R] [-S srcaddr] [-c compartment] [-p]
            [-4] [-6] target_name

Options:
    -t             Ping the specified host until stopped.
                   To see statistics and continue - type Control-Break;
                   To stop - type Control-C.
    -a             Resolve addresses to hostnames.
    -n count       Number of echo requests to send.
    -l size        Send buffer size.
    -f             Set Don't Fragment flag in packet (IPv4-only).
    -i TTL         Time To Live.
    -w timeout     Timeout in milliseconds to wait for each reply.
    -S srcaddr     Source address to use.
    -4             Force using IPv4.
    -6             Force using IPv6.
`

type Limits = readonly [letter: string, low: number, high: number, name: string]
const limits: readonly Limits[] = [
  ['n', 1, 4_294_967_295, '-n'],
  ['l', 0, 65_500, '-l'],
  ['i', 1, 255, '-i'],
  ['w', 0, 4_294_967_295, '-w'],
]

export const ping: Program = {
  name: 'ping',
  synopsis: 'Sends echo requests and shows the replies.',
  options: ['-t', '-a', '-n', '-l', '-f', '-i', '-w', '-S', '-4', '-6'],
  refuses: ['-v', '-r', '-s', '-j', '-k', '-R', '-c', '-p'],
  *run(args, io) {
    const options = readOptions(args, 'taf46', 'nliwS')
    if ('unknown' in options || 'missing' in options) {
      const real = 'unknown' in options && /^[-/][vrsjkRcp]$/.test(options.unknown)
      if (real) yield* io.line(`ping ${options.unknown}: this option is real, but it is not simulated here yet.`)
      else if ('missing' in options) yield* io.line(`Value must be supplied for option ${options.missing}.`)
      else
        for (const line of (options.unknown.slice(1) === '?'
          ? usage
          : `Bad option ${options.unknown}.\n\n${usage.trimStart()}`
        ).split('\n'))
          yield* io.line(line)
      return 1
    }
    const fault = checked(options)
    if (fault !== undefined) {
      for (const line of fault.split('\n')) yield* io.line(line)
      return 1
    }
    return yield* probe(options, io)
  },
}

function checked({ values, words }: Options): string | undefined {
  for (const [letter, low, high, name] of limits) {
    const given = values.get(letter)
    if (given !== undefined && whole(given, low, high) === undefined)
      return `Bad value for option ${name}, valid range is from ${low} to ${high}.`
  }
  if (words.length === 0) return usage
  if (words.length > 1) return `Bad parameter ${words[1]}.`
  return undefined
}

function* probe({ flags, values, words }: Options, io: ProgramIo): Gen<number> {
  const number = (letter: string, otherwise: number) => Number(values.get(letter) ?? otherwise)
  const size = number('l', 32)
  const [host] = words
  let address = ''
  const request = {
    host,
    count: flags.has('t') ? null : number('n', 4),
    size,
    ...(values.has('i') ? { ttl: number('i', 128) } : {}),
    timeoutMs: number('w', 4000),
    intervalMs: 1000,
    ...(flags.has('6') ? { family: 6 } : flags.has('4') ? { family: 4 } : {}),
    dontFragment: flags.has('f'),
    ...(values.has('S') ? { source: values.get('S') ?? '' } : {}),
    resolveReverse: flags.has('a'),
    dialect: 'windows',
  }
  const handle = function* (event: ProgramEvent): Gen {
    if (event.kind === 'unresolved')
      yield* io.line(`Ping request could not find host ${host}. Please check the name and try again.`)
    else if (event.kind === 'started') {
      address = textOf(event.address)
      const name = flags.has('a') && textOf(event.canonical) !== '' ? textOf(event.canonical) : textOf(event.name)
      yield* io.line('')
      yield* io.line(
        `Pinging ${name === address || name === '' ? address : `${textOf(event.canonical) || name} [${address}]`} ${values.has('S') ? `from ${values.get('S')} ` : ''}with ${size} bytes of data:`,
      )
    } else if (event.kind === 'finished') {
      for (const line of statistics(address, event)) yield* io.line(line)
    } else {
      const line = probeLine(event)
      if (line !== undefined) yield* io.line(line)
    }
  }
  // Answers: there may be any number of them, and the program keeps count.
  const { show } = io
  const view = show && ((event: Json) => shown(event as ProgramEvent, show))
  const running = yield* watch(io.kernel, 'ping', request, handle, view)
  if (running.interrupted) {
    yield* io.line('Control-C')
    throw new Interrupted('^C')
  }
  return running.code ?? 1
}

const unreachable: Record<string, string> = {
  net: 'Destination net unreachable.',
  prohibited: 'Destination net unreachable.',
  host: 'Destination host unreachable.',
  port: 'Destination port unreachable.',
  protocol: 'Destination protocol unreachable.',
  fragmentation: 'Packet needs to be fragmented but DF set.',
  ttl: 'TTL expired in transit.',
  reassembly: 'TTL expired during reassembly.',
}

function shown(event: ProgramEvent, show: (line: string) => void): boolean {
  const line = probeLine(event)
  if (line !== undefined) show(line)
  return line !== undefined
}

const milliseconds = (micros: number): number => Math.floor(micros / 1000)
const time = (micros: number): string => (micros < 1000 ? '<1ms' : `=${milliseconds(micros)}ms`)

function probeLine(event: ProgramEvent): string | undefined {
  const from = textOf(event.from)
  switch (event.kind) {
    case 'reply':
      return from.includes(':')
        ? `Reply from ${from}: time${time(numberOf(event.micros))}`
        : `Reply from ${from}: bytes=${numberOf(event.bytes)} time${time(numberOf(event.micros))} TTL=${numberOf(event.ttl)}`
    case 'timeout':
      return 'Request timed out.'
    case 'unreachable':
      return `Reply from ${from}: ${unreachable[textOf(event.code)] ?? 'Destination host unreachable.'}`
    case 'failed':
      return event.reason === 'too-big' ? 'Packet needs to be fragmented but DF set.' : 'PING: transmit failed. General failure. '
    default:
      return undefined
  }
}

/** An unreachable message counts as received, as in Windows; the times are of echo replies only. */
function statistics(address: string, event: ProgramEvent): string[] {
  const sent = numberOf(event.sent)
  const received = Math.min(sent, numberOf(event.received) + numberOf(event.errors))
  const lost = sent - received
  if (sent === 0) return []
  const lines = [
    '',
    `Ping statistics for ${address}:`,
    `    Packets: Sent = ${sent}, Received = ${received}, Lost = ${lost} (${Math.floor((lost * 100) / sent)}% loss),`,
  ]
  const trips = (event.trips ?? {}) as ProgramEvent
  const count = numberOf(trips.count)
  if (count === 0) return lines
  const [least, most] = [milliseconds(numberOf(trips.least)), milliseconds(numberOf(trips.most))]
  const average = Math.floor(numberOf(trips.wholeMs) / count)
  return [
    ...lines,
    'Approximate round trip times in milli-seconds:',
    `    Minimum = ${least}ms, Maximum = ${most}ms, Average = ${average}ms`,
  ]
}
