import { matches, parseFilter } from '../../wire/filter/index.ts'
import { hostOf, machineOf, tried, type Verb } from './context.ts'

const parsed = parseFilter('icmp.type == 8 || icmpv6.type == 128')
const REQUEST = parsed.ok ? parsed.filter : undefined

/** A ping in a copy: which machines its request passed on its way, in order. */
export const path: Verb<'path'> = ({ machine, target, through, avoids, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const host = hostOf(context, machine, target)
  if (host === undefined) return { couldNotRun: `${target} has no address.` }
  const copy = context.copy()
  const from = copy.nextSighting
  const dialect = found.kernel.identity().os === 'windows-11' ? 'windows' : 'linux'
  const args = { host, count: 2, size: 32, timeoutMs: 4000, intervalMs: 1000, dialect }
  const { events, packets } = copy.runProgram(machine, 'ping', args)
  const answered = events.some((event) => (event as { kind: string }).kind === 'reply')
  if (!answered)
    return {
      passed: !expect,
      message: `A ping from ${machine} to ${target} got no answer, so it has no way.`,
      ...tried(copy, packets),
    }
  // The last request: the first may have waited for addresses.
  const mine = new Set(packets)
  const requests = copy.sightings(from).filter(({ packet, bytes, vantage, length, time: timeMicros }) => {
    const place = copy.vantages[vantage]
    if (!mine.has(packet) || !place) return false
    const subject = { bytes, length, linkType: place.linkType, number: packet, timeMicros, interfaceName: '' }
    return REQUEST !== undefined && matches(REQUEST, subject)
  })
  const last = requests.at(-1)?.packet
  const passed: string[] = []
  for (const one of requests) {
    const at = copy.vantages[one.vantage]?.machine.split('/')[0] ?? ''
    if (one.packet === last && copy.parts.machines.has(at) && passed.at(-1) !== at) passed.push(at)
  }
  let next = 0
  for (const at of passed) if (at === through[next]) next++
  const right = next === through.length && !avoids.some((one) => passed.includes(one))
  const way = passed.join(' > ')
  const wanted = [
    ...(next === through.length ? [] : [`not through ${through[next]}`]),
    ...avoids.filter((one) => passed.includes(one)).map((one) => `through ${one}`),
  ]
  return {
    passed: right === expect,
    message: `Packets from ${machine} to ${target} go ${way}${wanted.length > 0 ? `: ${wanted.join(', ')}` : ''}.`,
    ...tried(copy, last === undefined ? packets : [last, ...packets.filter((one) => one !== last)]),
  }
}
