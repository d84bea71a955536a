import { readOptions, whole } from './options.ts'
import { Interrupted, numberOf, type Program, type ProgramEvent, textOf, watch } from './program.ts'

const usage = `
Usage: tracert [-d] [-h maximum_hops] [-j host-list] [-w timeout]
               [-R] [-S srcaddr] [-4] [-6] target_name

Options:
    -d                 Do not resolve addresses to hostnames.
    -h maximum_hops    Maximum number of hops to search for target.
    -w timeout         Wait timeout milliseconds for each reply.
`

export const tracert: Program = {
  name: 'tracert',
  synopsis: 'Shows the routers on the way to a host.',
  options: ['-d', '-h', '-w', '-4', '-6'],
  refuses: ['-j', '-R', '-S'],
  *run(args, io) {
    const options = readOptions(args, 'd46', 'hw')
    if ('unknown' in options && /^[-/][jRS]$/.test(options.unknown)) {
      yield* io.line(`tracert ${options.unknown}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    if ('unknown' in options || 'missing' in options || options.words.length !== 1) {
      for (const line of usage.split('\n')) yield* io.line(line)
      return 1
    }
    const hops = whole(options.values.get('h') ?? '30', 1, 255)
    const wait = whole(options.values.get('w') ?? '4000', 1, 4_294_967_295)
    if (hops === undefined || wait === undefined) {
      yield* io.line(`Bad value for option ${hops === undefined ? '-h' : '-w'}.`)
      return 1
    }
    const [host] = options.words
    const request = {
      host,
      maxHops: hops,
      probes: 3,
      timeoutMs: wait,
      method: 'icmp',
      resolveReverse: !options.flags.has('d'),
      ...(options.flags.has('6') ? { family: 6 } : options.flags.has('4') ? { family: 4 } : {}),
    }
    let probes: ProgramEvent[] = []
    const running = yield* watch(io.kernel, 'trace', request, function* (event, now) {
      switch (event.kind) {
        case 'unresolved':
          yield* io.line(`Unable to resolve target system name ${host}.`)
          break
        case 'started': {
          const [name, address] = [textOf(event.canonical) || textOf(event.name), textOf(event.address)]
          yield* io.line('')
          if (name === address) yield* io.line(`Tracing route to ${address} over a maximum of ${hops} hops`)
          else {
            yield* io.line(`Tracing route to ${name} [${address}]`)
            yield* io.line(`over a maximum of ${hops} hops:`)
          }
          yield* io.line('')
          break
        }
        case 'probe':
          probes.push(event)
          break
        case 'hop':
          yield* io.line(hopLine(numberOf(event.hop), probes))
          probes = []
          break
        case 'finished':
          if (now.interrupted) break
          yield* io.line('')
          yield* io.line('Trace complete.')
      }
    })
    if (running.interrupted) throw new Interrupted('^C')
    return running.code ?? 1
  },
}

const column = (event: ProgramEvent | undefined): string => {
  if (event === undefined || event.from === null || event.from === undefined) return '     *   '
  const ms = Math.floor(numberOf(event.micros) / 1000)
  return `${ms < 1 ? '<1' : ms} ms`.padStart(9)
}

function hopLine(hop: number, probes: readonly ProgramEvent[]): string {
  // It could not even be sent: no line tells a way then.
  if (probes.some((event) => textOf(event.code) === 'no-route')) return `${String(hop).padStart(3)}  General failure.`
  const answered = probes.find((event) => event.from !== null && event.from !== undefined)
  const head = String(hop).padStart(3)
  const code = textOf(answered?.code)
  const from = textOf(answered?.from)
  if (answered !== undefined && /^(net|host|port|protocol)$/.test(code) && !(code === 'port'))
    return `${head}  ${from}  reports: Destination ${code} unreachable.`
  const columns = [0, 1, 2].map((i) => column(probes[i])).join('')
  if (answered === undefined) return `${head}${columns}  Request timed out.`
  const name = textOf(answered.name)
  return `${head}${columns}  ${name === '' || name === from ? `${from} ` : `${name} [${from}] `}`
}
