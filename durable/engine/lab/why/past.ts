// The sightings of a history by packet, and which packet set off which.
import type { Sighting, Vantage } from '../../link/recorder.ts'
import { type Facts, factsOf } from './facts.ts'
import type { History } from './history.ts'

export type Packet = {
  readonly id: number
  readonly cause: number
  readonly origin: number
  /** In the order in which they happened. */
  readonly sightings: readonly Sighting[]
}

/** A way is at most so many packets long: a tunnel within a tunnel is three, loops of causes do not exist. */
const MAX_LEGS = 12
const NOWHERE: Vantage = { number: -1, linkType: 'ethernet', machine: '', adapter: '' }

export class Past {
  readonly history: History
  readonly packets = new Map<number, Packet>()
  private readonly children = new Map<number, Packet[]>()
  private readonly origins = new Map<number, readonly Packet[]>()
  private readonly facts = new Map<number, Facts>()

  constructor(history: History) {
    this.history = history
    const lists = new Map<number, Sighting[]>()
    for (const seen of history.sightings) {
      const list = lists.get(seen.packet)
      if (list) list.push(seen)
      else lists.set(seen.packet, [seen])
    }
    for (const [id, sightings] of lists) {
      const [{ cause, origin }] = sightings
      const packet: Packet = { id, cause, origin, sightings }
      this.packets.set(id, packet)
      if (cause === 0) continue
      const siblings = this.children.get(cause)
      if (siblings) siblings.push(packet)
      else this.children.set(cause, [packet])
    }
  }

  place({ vantage }: Sighting): Vantage {
    return this.history.vantages[vantage] ?? NOWHERE
  }

  at(seen: Sighting): Facts {
    const known = this.facts.get(seen.sequence)
    if (known) return known
    const facts = factsOf(seen.bytes, this.place(seen).linkType)
    this.facts.set(seen.sequence, facts)
    return facts
  }

  /** As it was when it was first seen. */
  first({ sightings }: Packet): Facts {
    return this.at(sightings[0] as Sighting)
  }

  /** The machine that made it; empty when only a later part of its way is kept. */
  maker({ sightings }: Packet): string {
    const [first] = sightings as [Sighting]
    const { machine, linkType } = this.place(first)
    return first.direction === 'out' || linkType === 'raw-ip' ? machine : ''
  }

  caused(id: number): readonly Packet[] {
    return this.children.get(id) ?? []
  }

  /** All that one command set off, oldest first. */
  of(origin: number): readonly Packet[] {
    const known = this.origins.get(origin)
    if (known) return known
    const found = [...this.packets.values()].filter((packet) => packet.origin === origin).sort((a, b) => a.id - b.id)
    this.origins.set(origin, found)
    return found
  }

  /**
   * The packets that carry one message from end to end: a tunnel wraps it into a packet of its own, and at the far end a
   * third one comes out.
   */
  legs(packet: Packet): Packet[] {
    const legs = [packet]
    for (let last = packet; legs.length < MAX_LEGS; ) {
      const next = this.caused(last.id).find((one) => this.continues(last, one))
      if (next === undefined) break
      legs.push(next)
      last = next
    }
    return legs
  }

  private continues(before: Packet, after: Packet): boolean {
    const into = this.place(before.sightings[before.sightings.length - 1] as Sighting)
    if (into.linkType === 'raw-ip' && this.first(after).l2tp === 'data') return this.maker(after) === into.machine
    const [first] = after.sightings
    const outOf = this.first(before).l2tp === 'data'
    return outOf && first !== undefined && first.direction === 'in' && this.place(first).linkType === 'raw-ip'
  }

  /** Every sighting of a message on its way, tunnels included. */
  way(packet: Packet): Sighting[] {
    return this.legs(packet).flatMap(({ sightings }) => sightings)
  }
}
