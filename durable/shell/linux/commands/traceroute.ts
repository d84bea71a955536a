import { parseIp } from '../../../engine/wire/addresses.ts'
import { flagOf, numberOf, textOf, watch } from '../events.ts'
import { milliseconds } from '../format.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { routeTo } from '../links.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { unreachable6 } from '../six.ts'

export const traceroute: Command = {
  name: 'traceroute',
  summary: 'the routers on the way to a host',
  completions: ['-n', '-m', '-q', '-I', '-w', '-f', '-p'],
  run: runTraceroute,
}

const SPEC = {
  flags: 'nI46',
  values: 'mqwfp',
  real: 'dFTrAeDUVgiNtlsPzMO',
  long: { icmp: 'I', 'max-hops=': 'm', 'queries=': 'q', 'wait=': 'w', 'first=': 'f', 'port=': 'p' },
  realLong: ['udp', 'tcp', 'mtu', 'back', 'sport', 'help', 'version', 'interface', 'debug', 'extensions'],
  status: 2,
}

function* runTraceroute(args: readonly string[], io: Io): Run {
  const options = parseOptions('traceroute', args, SPEC, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const fail = (text: string) => {
    io.err(`${text}\n`)
    return 2
  }
  const [host, extra] = operands
  if (host === undefined) return fail('Usage:\n  traceroute [ -46nI ] [ -m max_ttl ] [ -q nqueries ] [ -w seconds ] host')
  if (extra !== undefined) return fail('traceroute: a packet length is real, but not simulated here yet')
  const maxHops = wholeNumber(values.get('m') ?? '30', 0, 1e9)
  const probes = wholeNumber(values.get('q') ?? '3', 0, 1e9)
  const wait = wholeNumber(values.get('w') ?? '5', 1, 600)
  const [firstText, portText] = [values.get('f') ?? '1', values.get('p')]
  const first = wholeNumber(firstText, 0, 1e9)
  const port = portText === undefined ? undefined : wholeNumber(portText, 0, 1e9)
  const wrong =
    first === undefined ? ['f', firstText] : portText !== undefined && port === undefined ? ['p', portText] : undefined
  if (wrong)
    return fail(`Cannot handle \`-${wrong[0]}' option with arg \`${wrong[1]}' (argc ${args.indexOf(`-${wrong[0]}`) + 2})`)
  if (maxHops === undefined || first === undefined || first < 1 || first > maxHops) return fail('first hop out of range')
  if (maxHops > 255) return fail('max hops cannot be more than 255')
  if (probes === undefined || probes < 1 || probes > 10) return fail('no more than 10 probes per hop')
  if (wait === undefined) return fail(`bad wait specifications \`${values.get('w')}' used`)
  const numeric = flags.has('n')
  let [line, last, status] = ['', '', 0]
  const program = {
    host,
    maxHops,
    ...(first === 1 ? {} : { firstHop: first }),
    ...(port === undefined ? {} : { port: port & 0xffff }),
    probes,
    timeoutMs: wait * 1000,
    method: flags.has('I') ? 'icmp' : 'udp',
    resolveReverse: !numeric,
    ...(flags.has('6') ? { family: 6 } : flags.has('4') ? { family: 4 } : {}),
  }
  const ended = yield* watch(io, 'trace', program, (event) => {
    switch (event['kind']) {
      case 'unresolved':
        io.err(`${host}: ${flagOf(event, 'temporary') ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`)
        io.err(`Cannot handle "host" cmdline arg \`${host}' on position 1 (argc ${args.indexOf(host) + 1})\n`)
        status = 2
        return
      case 'started': {
        const address = textOf(event, 'address')
        io.out(`traceroute to ${host} (${address}), ${maxHops} hops max, ${address.includes(':') ? 80 : 60} byte packets\n`)
        if (address.includes(':')) {
          const problem = unreachable6(io, address, '')
          if (problem === undefined) return
          io.err(`connect: ${problem}\n`)
          status = 1
          return false
        }
        if ((parseIp(address) ?? 0) >>> 24 === 127 || routeTo(io, parseIp(address) ?? 0)) return
        io.err('connect: Network is unreachable\n')
        status = 1
        return false
      }
      case 'probe': {
        if (line === '') line = `${String(numberOf(event, 'hop')).padStart(2)} `
        const from = textOf(event, 'from')
        if (from === '') line += ' *'
        else {
          if (from !== last) line += numeric ? ` ${from}` : ` ${textOf(event, 'name') || from} (${from})`
          line += `  ${milliseconds(numberOf(event, 'micros'))} ms${mark(textOf(event, 'code'))}`
          last = from
        }
        return
      }
      case 'hop':
        io.out(`${line}\n`)
        ;[line, last] = ['', '']
        return
      default:
        return
    }
  })
  if (line !== '') io.out(`${line}\n`)
  return ended.interrupted ? INTERRUPTED : status
}

/** What traceroute(8) prints behind a time when the answer is more than "not yet". */
function mark(code: string): string {
  switch (code) {
    case 'host':
      return ' !H'
    case 'net':
      return ' !N'
    case 'protocol':
      return ' !P'
    case 'prohibited':
      return ' !X'
    case 'fragmentation':
      return ' !F'
    default:
      return ''
  }
}
