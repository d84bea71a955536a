import { parseAddress } from '../../../engine/wire/addresses.ts'
import { flagOf, numberOf, textOf, watch } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { routeTo } from '../links.ts'
import { parseOptions, wholeNumber } from '../options.ts'

export const tracepath: Command = {
  name: 'tracepath',
  summary: 'the routers on the way to a host, and what fits through',
  completions: ['-n', '-m', '-l'],
  run: runTracepath,
}

function* runTracepath(args: readonly string[], io: Io): Run {
  const options = parseOptions('tracepath', args, { flags: 'n46', values: 'ml', real: 'bpV', status: 1 }, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const [host] = operands
  const fail = (text: string, status = 1): number => {
    io.err(`${text}\n`)
    return status
  }
  if (host === undefined) return fail('Usage: tracepath [options] <destination>')
  const maxHops = wholeNumber(values.get('m') ?? '30', 1, 255)
  if (maxHops === undefined) return fail(`tracepath: invalid argument: '${values.get('m')}': out of range: 1 <= value <= 255`)
  const given = values.get('l') === undefined ? undefined : wholeNumber(values.get('l'), 29, 65_535)
  if (values.has('l') && given === undefined)
    return fail(`tracepath: invalid argument: '${values.get('l')}': out of range: 28 <= value <= 2147483647`)
  const numeric = flags.has('n')
  let [mtu, status, hops, back, line] = [given ?? linkMtu(io, host), 0, 0, 0, '']
  const label = (hop: number): string => `${String(hop).padStart(2)}: `
  const program = {
    host,
    maxHops,
    probes: 1,
    timeoutMs: 1000,
    method: 'udp',
    resolveReverse: !numeric,
    mtu,
    ...(flags.has('6') ? { family: 6 } : flags.has('4') ? { family: 4 } : {}),
  }
  const { interrupted } = yield* watch(io, 'trace', program, (event) => {
    switch (event['kind']) {
      case 'unresolved':
        status = 1
        io.err(
          `tracepath: ${host}: ${flagOf(event, 'temporary') ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
        )
        return
      case 'started':
        io.out(` 1?: [LOCALHOST]                      pmtu ${mtu}\n`)
        return
      case 'pmtu':
        mtu = numberOf(event, 'mtu')
        io.out(`${label(numberOf(event, 'hop'))} pmtu ${mtu}\n`)
        return
      case 'probe': {
        hops = numberOf(event, 'hop')
        const from = textOf(event, 'from')
        if (from === '') {
          io.out(`${label(hops)} no reply\n`)
          return
        }
        const name = numeric ? from : textOf(event, 'name') || from
        const time = `${(numberOf(event, 'micros') / 1000).toFixed(3)}ms`
        const code = { host: ' !H', net: ' !N', protocol: ' !P', prohibited: ' !A' }[textOf(event, 'code')] ?? ''
        line = `${label(hops)} ${name.padEnd(52)} ${time.padStart(8)}${code}`
        return
      }
      case 'hop':
        if (flagOf(event, 'reached')) back = hops
        if (line !== '') io.out(`${line}${flagOf(event, 'reached') ? ' reached' : ' '}\n`)
        line = ''
        return
      default:
        return
    }
  })
  if (interrupted) return INTERRUPTED
  if (status !== 0) return status
  if (back === 0 && hops >= maxHops) io.out(`     Too many hops: pmtu ${mtu}\n`)
  io.out(`     Resume: pmtu ${mtu}${back > 0 ? ` hops ${hops} back ${back}` : ''} \n`)
  return 0
}

const linkMtu = (io: Io, host: string): number => {
  const ip = parseAddress(host)
  const route = typeof ip === 'number' ? routeTo(io, ip) : undefined
  return io.kernel.interfaces().find((link) => link.index === route?.interface)?.mtu ?? 1500
}
