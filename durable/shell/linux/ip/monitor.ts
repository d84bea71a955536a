// `ip monitor`: what changes, as iproute2 prints it (ipmonitor.c).
import type { LinkView, LinuxAddress, LinuxRoute, RuleView } from '../../../engine/machine/linux/linux-views.ts'
import type { AddressView6, Clock, InterfaceView, NeighborView, RouteView6 } from '../../../engine/machine/views.ts'
import { momentOf, written } from '../calendar.ts'
import { type Fields, fieldsOf, flagOf, numberOf, textOf, watch } from '../events.ts'
import { type Io, notSimulated, type Run } from '../io.ts'
import { inetLines } from './address.ts'
import { begins, type Global } from './global.ts'
import { linkNamed } from './kernel-links.ts'
import { linkLines } from './link-text.ts'
import { neighborLine } from './neighbor-text.ts'
import { routeLine } from './route-text.ts'
import { ownRoute6, routeLine6 } from './route6.ts'
import { ruleLine } from './rule.ts'
import { inet6Lines } from './six.ts'

/** The words for objects, what the engine calls them, and what stands before their lines. */
const OBJECTS: readonly (readonly [word: string, object: string, label: string])[] = [
  ['link', 'link', 'LINK'],
  ['address', 'address', 'ADDR'],
  ['route', 'route', 'ROUTE'],
  ['neigh', 'neigh', 'NEIGH'],
  ['rule', 'rule', 'RULE'],
]
const REAL = ['mroute', 'netconf', 'nexthop', 'nsid', 'prefix', 'stats', 'file', 'all-nsid']

const USAGE = `Usage: ip monitor [ all | OBJECTS ] [ label ] [ dev DEVICE ]
OBJECTS :=  address | link | neigh | route | rule
`

export function* ipMonitor(args: readonly string[], global: Global, io: Io): Run {
  const objects: string[] = []
  let [label, device] = [false, '']
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const object = OBJECTS.find(([name]) => begins(word, name))
    if (begins(word, 'label')) label = true
    else if (word === 'dev') {
      const name = args[++i]
      if (name === undefined) {
        io.err('Command line is not complete. Try option "help"\n')
        return 255
      }
      if (!linkNamed(io, name)) {
        io.err(`Device "${name}" does not exist.\n`)
        return 255
      }
      device = name
    } else if (word === 'all') label = true
    else if (object) objects.push(object[1])
    else if (word === 'help') {
      io.err(USAGE)
      return 255
    } else if (REAL.some((name) => begins(word, name))) {
      io.err(notSimulated(`ip monitor ${word}`))
      return 1
    } else {
      io.err(`Argument "${word}" is unknown, try "ip monitor help".\n`)
      return 255
    }
  }
  const clock = io.kernel.clock()
  const show = (event: Fields): boolean => {
    const family = numberOf(event, 'family')
    if (global.family !== undefined && family !== 0 && family !== global.family) return true
    if (device !== '' && textOf(event, 'device') !== device) return true
    for (const line of linesOf(event, global)) io.out(stamp(event, clock, global) + (label ? labelOf(event) : '') + line)
    return true
  }
  const { code } = yield* watch(io, 'network-monitor', { objects }, () => {}, show)
  return code
}

const labelOf = (event: Fields): string => `[${OBJECTS.find(([, object]) => object === textOf(event, 'object'))?.[2] ?? ''}]`

function stamp(event: Fields, clock: Clock, global: Global): string {
  if (global.stamp === undefined) return ''
  const at = numberOf(event, 'at')
  const moment = momentOf(clock, at)
  const micros = (clock.epochMicros + at) % 1_000_000
  return global.stamp === 'short'
    ? `[${written('%FT%T', moment)}.${String(micros).padStart(6, '0')}] `
    : `Timestamp: ${written('%a %b %d %T %Y', moment)} ${micros} usec\n`
}

/** What is told of one change: its text, of several lines, once or twice. */
function linesOf(event: Fields, global: Global): string[] {
  const view = fieldsOf(event['view'])
  const of = <T>(name: string): T => view[name] as unknown as T
  const [deleted, now, six] = [flagOf(event, 'deleted'), numberOf(event, 'at'), numberOf(event, 'family') === 6]
  const gone = deleted ? 'Deleted ' : ''
  switch (textOf(event, 'object')) {
    case 'link': {
      const [first = '', ...rest] = linkLines(of<LinkView>('link'), of<LinkView[]>('near'), global, false)
      return [`${gone}${[first.replace(/ qlen \d+$/, ' '), ...rest].join('\n')}\n`]
    }
    case 'address': {
      const [first = '', second = ''] = six
        ? inet6Lines(view as unknown as Pick<InterfaceView, 'kind'>, of<AddressView6>('address'), now)
        : inetLines(of<LinuxAddress>('address'), now)
      const index = six ? numberOf(view, 'index') : of<LinuxAddress>('address').interface
      return [`${gone}${index}: ${textOf(view, 'device')}    ${first.trimStart()}\n${second}\n`]
    }
    case 'route': {
      const own = view['own']
      if (own !== undefined) return [`${gone}${routeLine6(ownRoute6(own as never), textOf(view, 'device'), now)}\n`]
      if (six) return [`${gone}${routeLine6(of<RouteView6>('route'), textOf(view, 'device'), now)}\n`]
      const links = of<LinkView[]>('links')
      const hidden = { device: false, protocol: false, scope: false }
      return [`${gone}${routeLine(of<LinuxRoute>('route'), links, global, true, hidden)}\n`]
    }
    case 'neigh': {
      const neighbor = of<NeighborView>('neighbor')
      const device = textOf(view, 'device')
      if (!deleted) return [`${neighborLine(neighbor, device)}\n`]
      // What is deleted by hand is given up first; what goes with its link is not.
      const failed: NeighborView = { ...neighbor, mac: '', state: 'unreachable' }
      const last = flagOf(event, 'down') ? neighbor : failed
      const lines = [`Deleted ${neighborLine(last, device)}\n`]
      return flagOf(event, 'down') || neighbor.state === 'unreachable' ? lines : [`${neighborLine(failed, device)}\n`, ...lines]
    }
    default:
      return [`${gone}${ruleLine(view as unknown as RuleView, global)}\n`]
  }
}
