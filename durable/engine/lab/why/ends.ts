// How far a message came: the sighting that decided its end.
import type { Sighting } from '../../link/recorder.ts'
import { answers, type Facts, isRequest, type Verdict } from './facts.ts'
import type { Packet, Past } from './past.ts'

export type End = {
  /** The last that is known of it. */
  readonly seen: Sighting
  readonly machine: string
  readonly adapter: string
  /** `vanished`: it was sent, and nobody received it; `ignored`: only adapters that it was not for. */
  readonly fate: 'delivered' | 'dropped' | 'vanished' | 'ignored'
}

const ON_THE_WAY = new Set<Sighting['verdict']>(['sent', 'forwarded'])

export function endOf(past: Past, packet: Packet): End {
  const way = past.way(packet)
  // Copies that a switch flooded to others say nothing, unless nobody else got one.
  const own = way.filter(({ verdict }) => verdict !== 'not-for-us')
  const last = (own[own.length - 1] ?? way[0]) as Sighting
  const strays = way.filter((seen) => seen.verdict === 'not-for-us' && seen.sequence > last.sequence)
  const { machine, adapter } = past.place(last)
  const at = { seen: last, machine, adapter }
  if (last.verdict === 'delivered') return { ...at, fate: 'delivered' }
  if (!ON_THE_WAY.has(last.verdict)) return { ...at, fate: 'dropped' }
  return { ...at, fate: strays.length > 0 ? 'ignored' : 'vanished' }
}

/** A packet as a machine received it: behind translators its addresses are others than where it was made. */
export function receivedAt(past: Past, packet: Packet, machine: string): Facts | undefined {
  const way = past.way(packet)
  const seen = way.findLast(
    (one) => one.direction === 'in' && past.place(one).machine === machine && past.at(one).l2tp !== 'data',
  )
  return (
    (seen ?? way.findLast((one) => past.place(one).machine === machine)) && past.at((seen ?? way[way.length - 1]) as Sighting)
  )
}

export type Answer = { readonly packet: Packet; readonly verdict: 'answer' | 'bad' }

/** What the asking machine received as an answer: the first that says yes, else the first that says no. */
export function answerTo(past: Past, question: Packet, related: readonly Packet[]): Answer | undefined {
  const asked = past.first(question)
  const asker = past.maker(question)
  let bad: Answer | undefined
  for (const packet of related) {
    if (packet.id <= question.id) continue
    for (const seen of packet.sightings) {
      if (seen.direction !== 'in' || seen.verdict !== 'delivered' || past.place(seen).machine !== asker) continue
      const verdict: Verdict = answers(asked, past.at(seen))
      if (verdict === 'answer') return { packet, verdict }
      if (verdict === 'bad') bad ??= { packet, verdict }
    }
  }
  return bad
}

/** What a machine sent as its answer, whether or not it arrived. */
export function replyOf(past: Past, question: Packet, machine: string, related: readonly Packet[]): Packet | undefined {
  const asked = receivedAt(past, question, machine)
  if (asked === undefined) return undefined
  return related.find(
    (packet) =>
      packet.id > question.id &&
      past.maker(packet) === machine &&
      packet.sightings[0]?.direction === 'out' &&
      answers(asked, past.first(packet)) !== undefined,
  )
}

const MAX_DESCENDANTS = 2000

/** Questions that a machine asked because of this one, oldest first. */
export function askedFor(past: Past, question: Packet, machine: string): Packet[] {
  const last = past.legs(question).at(-1) ?? question
  const seen = new Set<Packet>(past.caused(last.id))
  for (const packet of seen) {
    if (seen.size > MAX_DESCENDANTS) break
    for (const next of past.caused(packet.id)) seen.add(next)
  }
  return [...seen]
    .filter((packet) => past.maker(packet) === machine && past.first(packet).arp === undefined && isRequest(past.first(packet)))
    .sort((a, b) => a.id - b.id)
}
