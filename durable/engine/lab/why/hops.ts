// The way of a packet in sentences: where it was seen, what forwarded it and by which row, and what was rewritten.
import type { Sighting } from '../../link/recorder.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import { isGroupMac } from '../../wire/addresses.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import type { Facts } from './facts.ts'
import type { Sentence, TableRow } from './history.ts'
import type { Packet, Past } from './past.ts'
import { guestEntry, guestExit } from './path.ts'
import type { Reach } from './reach.ts'
import { ipText, macText, type Wiring } from './wiring.ts'

/** A way longer than this is told from both ends. */
const MAX_SENTENCES = 60

export class Hops {
  private readonly past: Past
  private readonly wiring: Wiring
  private readonly reach: Reach
  /** Tell every station between a virtual machine and the wire. */
  private readonly whole: boolean

  constructor(past: Past, wiring: Wiring, reach: Reach, whole: boolean) {
    this.past = past
    this.wiring = wiring
    this.reach = reach
    this.whole = whole
  }

  of(packet: Packet): Sentence[] {
    const way = this.past.way(packet)
    const strays = way.filter(({ verdict }) => verdict === 'not-for-us')
    const own = way.filter(({ verdict }) => verdict !== 'not-for-us')
    const first = own[0] ?? way[0]
    const facts = first && this.past.at(first)
    const told =
      facts && facts.dstMac >= 0 && isGroupMac(facts.dstMac) && own.length > 2 ? this.broadcast(own) : this.unicast(own)
    if (strays.length > 0) told.push(this.strays(strays))
    if (told.length <= MAX_SENTENCES) return told
    const half = MAX_SENTENCES / 2
    return [
      ...told.slice(0, half),
      { text: `${told.length - MAX_SENTENCES} stations in between are left out.` },
      ...told.slice(-half),
    ]
  }

  private unicast(way: readonly Sighting[]): Sentence[] {
    return way.flatMap((seen, at) => {
      const before = way[at - 1]
      const next = way[at + 1]
      if (seen.direction === 'out') return seen.verdict === 'sent' ? this.sent(seen, before) : []
      const crossing = before?.direction === 'out' ? this.crossing(before, seen) : []
      return [...crossing, ...(seen.verdict === 'forwarded' ? this.forwarded(seen, next) : this.received(seen))]
    })
  }

  private base(seen: Sighting): { packet: number; sequence: number } {
    return { packet: seen.packet, sequence: seen.sequence }
  }

  private sent(seen: Sighting, before: Sighting | undefined): Sentence[] {
    const { machine, adapter, linkType } = this.past.place(seen)
    const facts = this.past.at(seen)
    const name = this.wiring.hostname(machine)
    const forwarder = before?.direction === 'in' && this.past.place(before).machine === machine
    const entry = this.whole ? guestEntry(this.wiring, { machine, adapter }, facts, this.base(seen)) : []
    if (linkType === 'raw-ip') return [{ ...this.base(seen), text: `${name} put it into the tunnel ${adapter}.` }]
    const to = isGroupMac(facts.dstMac) ? 'everybody on that network' : this.receiver(facts)
    const verb =
      facts.l2tp === 'data' && !forwarder ? 'sent it on, wrapped into L2TP and UDP,' : forwarder ? 'sent it on' : 'sent it'
    return [{ ...this.base(seen), text: `${name} ${verb} by ${adapter} to ${to}.`, bytes: { from: 0, to: 6 } }, ...entry]
  }

  private receiver({ dstMac }: Facts): string {
    const owner = this.wiring.macOwner(dstMac)
    return owner ? `${this.wiring.hostname(owner.machine)} (${macText(dstMac)})` : macText(dstMac)
  }

  /** The wires and switches between two adapters. */
  private crossing(from: Sighting, to: Sighting): Sentence[] {
    const [a, b] = [this.past.place(from), this.past.place(to)]
    const links = this.wiring.between(a, b) ?? []
    const wires = links.filter(({ kind }) => kind !== 'vmbus').map(({ name }) => name)
    const exit = this.whole ? guestExit(this.wiring, a, b, this.past.at(from), this.base(to)) : []
    const over = wires.length > 0 ? [{ ...this.base(to), text: `It went over ${wires.join(', ')}.` }] : []
    return [...over, ...exit]
  }

  private received(seen: Sighting): Sentence[] {
    if (seen.verdict !== 'delivered') return []
    const { machine, adapter, linkType } = this.past.place(seen)
    const name = this.wiring.hostname(machine)
    const { l2tp, ip } = this.past.at(seen)
    if (linkType === 'raw-ip') return [{ ...this.base(seen), text: `Out of the tunnel it came to ${name}, on ${adapter}.` }]
    if (l2tp === 'data') return [{ ...this.base(seen), text: `${name} received it on ${adapter} and unwrapped it.` }]
    const bytes = ip && { from: ip.at + 16, to: ip.at + 20 }
    return [
      { ...this.base(seen), text: `${name} received it on ${adapter}: it is for this machine.`, ...(bytes ? { bytes } : {}) },
    ]
  }

  private forwarded(seen: Sighting, next: Sighting | undefined): Sentence[] {
    const { machine, adapter } = this.past.place(seen)
    const name = this.wiring.hostname(machine)
    const before = this.past.at(seen).ip
    if (before === undefined) return []
    const after = next && this.past.place(next).machine === machine ? this.past.at(next).ip : undefined
    const destination = after && after.dst !== before.dst ? after.dst : before.dst
    const table = this.reach.routeTable(machine, destination, seen.detail)
    const row = table ? `, by the row ${table.row}` : table === null ? ', by a row that is not in its routing table now' : ''
    const text = `${name} received it on ${adapter} and forwarded it ${seen.detail}${row}${after ? `; its time to live fell from ${before.ttl} to ${after.ttl}` : ''}.`
    const told: Sentence = {
      ...this.base(seen),
      text,
      bytes: { from: before.at + 8, to: before.at + 9 },
      ...(table ? { table } : {}),
    }
    return after && next ? [told, ...this.rewritten(next, name, machine, before, after)] : [told]
  }

  private rewritten(
    next: Sighting,
    name: string,
    machine: string,
    before: NonNullable<Facts['ip']>,
    after: NonNullable<Facts['ip']>,
  ): Sentence[] {
    const outward = before.src !== after.src
    const inward = before.dst !== after.dst
    if (!outward && !inward) return []
    const { icmp } = this.past.at(next)
    const echo = before.protocol === ipv4.ICMP
    // An error has no identifier of its own: it goes by the mapping of the packet that it quotes.
    const error = echo && icmp?.kind !== 'echo-request' && icmp?.kind !== 'echo-reply'
    const end = (ip: IpAddress, port: number): string => (error ? ipText(ip) : `${ipText(ip)}:${port}`)
    const [old, now] = outward
      ? [end(before.src, before.from), end(after.src, after.from)]
      : [end(before.dst, echo ? before.from : before.to), end(after.dst, echo ? after.from : after.to)]
    const which = outward ? 'source' : 'destination'
    const protocol = echo ? 'ICMP' : before.protocol === ipv4.TCP ? 'TCP' : 'UDP'
    const row = outward ? `${protocol} ${old} as ${now}` : `${protocol} ${now} as ${old}`
    const table: TableRow = { machine, table: 'nat', row }
    const from = after.at + (outward ? 12 : 16)
    const text = `The NAT of ${name} rewrote its ${which} from ${old} to ${now}${error ? ', by the mapping of the packet that it quotes' : echo ? ' (the number is the echo identifier)' : ''}.`
    return [{ ...this.base(next), text, bytes: { from, to: from + 4 }, table }]
  }

  private broadcast(way: readonly Sighting[]): Sentence[] {
    const [first] = way
    if (first === undefined) return []
    const takers = way.filter(({ direction, verdict }) => direction === 'in' && verdict === 'delivered')
    const names = [...new Set(takers.map((seen) => this.wiring.hostname(this.past.place(seen).machine)))]
    const sent = first.direction === 'out' ? this.sent(first, undefined) : []
    return names.length === 0
      ? sent
      : [...sent, { ...this.base(first), text: `It is a broadcast; it came to ${names.join(', ')}.` }]
  }

  private strays(strays: readonly Sighting[]): Sentence {
    const names = [...new Set(strays.map((seen) => this.wiring.hostname(this.past.place(seen).machine)))]
    const [first] = strays as [Sighting]
    return {
      ...this.base(first),
      text: `A switch did not know where the MAC address is and sent copies everywhere; ${names.join(', ')} ignored theirs.`,
      bytes: { from: 0, to: 6 },
    }
  }
}
