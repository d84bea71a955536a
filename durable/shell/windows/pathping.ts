// pathping: the way to a host, then how much each router and each link on it loses (fact sheet 3.6): a hundred echoes to each, a quarter
// of a second apart, taking turns.
import { isV6, routeTo } from './network.ts'
import { readOptions, whole } from './options.ts'
import {
  allEvents,
  type Gen,
  Interrupted,
  nextEvent,
  numberOf,
  type Program,
  type ProgramEvent,
  type ProgramIo,
  type Running,
  start,
  textOf,
} from './program.ts'

const usage = `
Usage: pathping [-g host-list] [-h maximum_hops] [-i address] [-n]
                [-p period] [-q num_queries] [-w timeout]
                [-4] [-6] target_name

Options:
    -h maximum_hops    Maximum number of hops to search for target.
    -n                 Do not resolve addresses to hostnames.
    -p period          Wait period milliseconds between pings.
    -q num_queries     Number of queries per hop.
    -w timeout         Wait timeout milliseconds for each reply.
`

type Hop = { readonly address: string; readonly shown: string }
type Figures = { readonly lost: number; readonly sent: number; readonly micros: number; readonly answers: number }

export const pathping: Program = {
  name: 'pathping',
  synopsis: 'Shows the way to a host, and what is lost at each router and link of it.',
  options: ['-h', '-n', '-p', '-q', '-w', '-4', '-6'],
  refuses: ['-g', '-i'],
  *run(args, io) {
    const options = readOptions(args, 'n46', 'hpqw')
    if ('unknown' in options && /^[-/][gi]$/.test(options.unknown)) {
      yield* io.line(`pathping ${options.unknown}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    if ('unknown' in options || 'missing' in options || options.words.length !== 1) {
      for (const line of usage.split('\n')) yield* io.line(line)
      return 1
    }
    const { values, flags, words } = options
    const number = (letter: string, usual: string, most: number) => whole(values.get(letter) ?? usual, 1, most)
    const [hops, period, queries, wait] = [
      number('h', '30', 255),
      number('p', '250', 60_000),
      number('q', '100', 250),
      number('w', '3000', 60_000),
    ]
    if (hops === undefined || period === undefined || queries === undefined || wait === undefined) {
      const bad = hops === undefined ? '-h' : period === undefined ? '-p' : queries === undefined ? '-q' : '-w'
      yield* io.line(`Bad value for option ${bad}.`)
      return 1
    }
    const host = words[0] ?? ''
    const family = flags.has('6') ? { family: 6 } : flags.has('4') ? { family: 4 } : {}
    const names = !flags.has('n')
    const way = yield* wayTo(
      io,
      { host, maxHops: hops, probes: 1, timeoutMs: wait, method: 'icmp', resolveReverse: names, ...family },
      names,
    )
    if (way === undefined) return 1
    const seconds = Math.max(1, Math.floor((way.hops.length * queries * period) / 1000))
    for (const line of [
      '',
      `Computing statistics for ${seconds} seconds...`,
      '            Source to Here   This Node/Link',
      HEADING,
    ])
      yield* io.line(line)
    const figures = yield* measure(io, way.hops, queries, period, wait)
    yield* io.line(`  0${' '.repeat(43)}${way.own} `)
    for (const line of table(way.hops, figures)) yield* io.line(line)
    yield* io.line('')
    yield* io.line('Trace complete.')
    return 0
  },
}

const HEADING = 'Hop  RTT    Lost/Sent = Pct  Lost/Sent = Pct  Address'

/** The routers up to the host, or to the first that is silent; undefined: the name means nothing. */
function* wayTo(
  io: ProgramIo,
  request: { readonly host: string; readonly maxHops: number } & ProgramEvent,
  names: boolean,
): Gen<{ hops: Hop[]; own: string } | undefined> {
  const events = yield* allEvents(io.kernel, 'trace', request)
  const begun = events.find(({ kind }) => kind === 'started')
  if (begun === undefined) {
    yield* io.line(`Unable to resolve target system name ${request.host}.`)
    return undefined
  }
  const [name, address] = [textOf(begun.canonical) || textOf(begun.name), textOf(begun.address)]
  yield* io.line('')
  if (name === address) yield* io.line(`Tracing route to ${address} over a maximum of ${request.maxHops} hops`)
  else
    for (const line of [`Tracing route to ${name} [${address}]`, `over a maximum of ${request.maxHops} hops:`])
      yield* io.line(line)
  if (name === address) yield* io.line('')
  const own = ownName(io, address, names)
  yield* io.line(`  0  ${own} `)
  const hops: Hop[] = []
  for (const one of events.filter(({ kind }) => kind === 'probe')) {
    const head = String(numberOf(one.hop)).padStart(3)
    const from = textOf(one.from)
    if (from === '') {
      yield* io.line(`${head}     *        *        *     `)
      break
    }
    const known = textOf(one.name)
    const shown = !names || known === '' || known === from ? from : `${known} [${from}]`
    yield* io.line(`${head}  ${shown} `)
    hops.push({ address: from, shown })
  }
  return { hops, own }
}

function ownName({ kernel }: ProgramIo, to: string, names: boolean): string {
  const row = isV6(to) ? undefined : routeTo(kernel, to)
  const address = row?.source ?? kernel.interfaces().find(({ linkLocal6 }) => linkLocal6 !== '')?.linkLocal6 ?? ''
  const suffix = row?.interface.dnsSuffix ?? ''
  return names ? `${kernel.identity().hostname}${suffix === '' ? '' : `.${suffix}`} [${address}]` : address
}

/** All of them are asked in turn: each with as many periods between as there are hops. */
function* measure(io: ProgramIo, hops: readonly Hop[], queries: number, period: number, wait: number): Gen<Figures[]> {
  const running: Running[] = []
  try {
    for (const { address } of hops)
      running.push(
        start(io.kernel, 'ping', {
          host: address,
          count: queries,
          size: 64,
          timeoutMs: wait,
          intervalMs: period * hops.length,
          dialect: 'linux',
        }),
      )
    const found: Figures[] = []
    for (const one of running) {
      let last: ProgramEvent = {}
      for (let event = yield* nextEvent(one); event !== undefined; event = yield* nextEvent(one)) last = event
      if (one.interrupted) throw new Interrupted('^C')
      const trips = (last.trips ?? {}) as ProgramEvent
      const [sent, received] = [numberOf(last.sent), numberOf(last.received)]
      found.push({ lost: sent - received, sent, micros: numberOf(trips.sum), answers: numberOf(trips.count) })
    }
    return found
  } finally {
    for (const one of running) if (one.code === undefined) io.kernel.kill(one.pid)
  }
}

const share = (lost: number, sent: number): string =>
  `${String(lost).padStart(6)}/${String(sent).padStart(4)} =${String(sent === 0 ? 0 : Math.floor((lost * 100) / sent)).padStart(3)}%`

/**
 * What is lost further on cannot have been lost less before: the least loss from here on is that of the way so far, and what a node
 * loses beyond it is its own.
 */
function table(hops: readonly Hop[], figures: readonly Figures[]): string[] {
  const least = figures.map((_, at) => Math.min(...figures.slice(at).map(({ lost }) => lost)))
  return hops.flatMap(({ shown }, at) => {
    const { lost, sent, micros, answers } = figures[at] ?? { lost: 0, sent: 0, micros: 0, answers: 0 }
    const link = (least[at] ?? 0) - (least[at - 1] ?? 0)
    const rtt = answers === 0 ? '---  ' : `${Math.floor(micros / answers / 1000)}ms`
    return [
      `${' '.repeat(27)}${share(link, sent)}   |`,
      `${String(at + 1).padStart(3)}${rtt.padStart(7)}${share(lost, sent)}${share(lost - (least[at] ?? 0), sent)}  ${shown} `,
    ]
  })
}
