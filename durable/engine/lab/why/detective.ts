// Follows a question that got no good answer to whatever is the matter: through proxies and resolvers that asked on, to the
// packet that went no further, and back along answers that did not arrive.
import { formatAddress } from '../../wire/addresses.ts'
import * as dns from '../../wire/dns.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import { Drops, type Errand } from './drops.ts'
import { answerTo, askedFor, type End, endOf, receivedAt, replyOf } from './ends.ts'
import type { Facts } from './facts.ts'
import { found, withEvidence } from './found.ts'
import type { NamedCause, Sentence } from './history.ts'
import type { Packet, Past } from './past.ts'
import { Reach } from './reach.ts'
import { titleOf } from './titles.ts'
import { Wiring } from './wiring.ts'

/** Questions asked because of questions: guest, proxy, router, resolver, root and so on; more is a loop. */
const MAX_DEPTH = 24

export class Detective {
  readonly past: Past
  readonly wiring: Wiring
  readonly reach: Reach
  readonly drops: Drops
  /** What was found on the way, as sentences. */
  readonly told: Sentence[] = []
  private readonly line: string

  constructor(past: Past, line: string) {
    this.past = past
    this.line = line
    this.wiring = new Wiring(past)
    this.reach = new Reach(past, this.wiring)
    this.drops = new Drops(past, this.wiring, this.reach)
  }

  /** Why a question came to nothing. */
  question(packet: Packet, depth = 0): NamedCause {
    const { past, wiring, reach } = this
    const facts = past.first(packet)
    if (facts.dhcp) return withEvidence(this.lostLease(packet) ?? reach.noLease(packet), packet.id)
    if (facts.arp) return withEvidence(this.arp(packet, facts.arp.targetIp), packet.id)
    const errand: Errand = { question: packet, back: false, line: this.line }
    const end = arrived(endOf(past, packet), facts)
    const name = wiring.hostname(end.machine)
    this.tell(
      packet,
      end.seen.sequence,
      `${titleOf(facts)}, from ${wiring.hostname(past.maker(packet))}, ${end.fate === 'delivered' ? `reached ${name}` : `ended at ${name}`}.`,
    )
    if (end.fate !== 'delivered') return this.drops.of(packet, end, errand)
    const related = past.of(packet.origin)
    const reply = replyOf(past, packet, end.machine, related)
    if (reply) {
      const back = endOf(past, reply)
      const home = back.machine === past.maker(packet) && back.seen.direction === 'in'
      if (home && back.fate === 'delivered') return this.refusal(packet, reply, end.machine, depth)
      // It came when nobody waited any more: what made it late is the reason.
      const late = home && back.seen.verdict === 'no-listener' ? this.unanswered(packet, end.machine) : undefined
      if (late && depth < MAX_DEPTH) return withEvidence(this.question(late, depth + 1), packet.id)
      this.tell(reply, back.seen.sequence, `The answer of ${name} did not arrive: it ended at ${wiring.hostname(back.machine)}.`)
      return this.drops.of(reply, back, { ...errand, back: true })
    }
    const asked = this.unanswered(packet, end.machine)
    if (asked && depth < MAX_DEPTH) return withEvidence(this.question(asked, depth + 1), packet.id)
    const source = receivedAt(past, packet, end.machine)?.ip?.src
    const itself = source === undefined ? undefined : this.drops.answersItself(packet, end.machine, source)
    if (itself) return itself
    if (source !== undefined && reach.knowsWay(end.machine, source) === false)
      return withEvidence(reach.noRoute(end.machine, source), packet.id)
    return found('silent', end.machine, titleOf(facts), `${name} received it and did not answer.`, packet.id)
  }

  /** The last question that whoever received this one asked because of it, and that got no good answer. */
  onward(packet: Packet): Packet | undefined {
    const end = arrived(endOf(this.past, packet), this.past.first(packet))
    return end.fate === 'delivered' ? this.unanswered(packet, end.machine) : undefined
  }

  /** The last question of those asked because of another that got no good answer. */
  private unanswered(packet: Packet, machine: string): Packet | undefined {
    const asked = askedFor(this.past, packet, machine)
    const last = asked[asked.length - 1]
    if (last === undefined) return undefined
    return answerTo(this.past, last, this.past.of(last.origin))?.verdict === 'answer' ? undefined : last
  }

  /** A DHCP answer that was sent and did not arrive. */
  private lostLease(packet: Packet): NamedCause | undefined {
    const { past, wiring } = this
    for (const { machine } of wiring.dhcpServers(past.place(packet.sightings[0] as Packet['sightings'][number]))) {
      const reply = replyOf(past, packet, machine, past.of(packet.origin))
      const back = reply && endOf(past, reply)
      if (reply && back && back.fate !== 'delivered')
        return this.drops.of(reply, back, { question: packet, back: true, line: this.line })
    }
    return undefined
  }

  private arp(packet: Packet, target: number): NamedCause {
    const from = this.past.place(packet.sightings[0] as Packet['sightings'][number])
    if (packet.sightings[0]?.verdict === 'no-link') return this.reach.noLink(from)
    return this.reach.unanswered(from, target, target, false)
  }

  /** The answer arrived and says no. */
  private refusal(packet: Packet, reply: Packet, machine: string, depth: number): NamedCause {
    const { past, wiring } = this
    const name = wiring.hostname(machine)
    const message = past.first(reply).dns
    if (message === undefined)
      return found(
        'silent',
        machine,
        titleOf(past.first(reply)),
        `${name} answered with ${titleOf(past.first(reply))}.`,
        packet.id,
        reply.id,
      )
    const typed = message.questions[0]?.name ?? ''
    const asked = this.unanswered(packet, machine)
    if (asked && depth < MAX_DEPTH) return withEvidence(this.question(asked, depth + 1), packet.id)
    if (message.rcode === dns.NXDOMAIN) return this.missing(packet, reply, typed, machine)
    const definition = wiring.machine(machine)
    const forwards = definition?.dns?.mode !== 'authority'
    if (message.rcode === dns.SERVFAIL && forwards) {
      const servers = past.history.lab?.parts.machines.get(machine)?.dnsServers() ?? []
      const [upstream] = [...(definition?.dns?.upstream ?? []), ...servers.map(formatAddress)]
      const cause = this.reach.noRoute(machine, FAR)
      if (cause.cause.kind !== 'no-route') return withEvidence(cause, packet.id, reply.id)
      if (upstream === undefined)
        return found(
          'dns-no-server',
          machine,
          typed,
          `${name} passes questions on, but knows no server to ask.`,
          packet.id,
          reply.id,
        )
    }
    const text = `${name} does not answer for ${typed}: ${RCODES[message.rcode] ?? `code ${message.rcode}`}.`
    return found('dns-refused', machine, typed, text, packet.id, reply.id)
  }

  /** Nobody has that name; a name under the suffix of a VPN is known behind it only. */
  missing(packet: Packet, reply: Packet | undefined, name: string, machine: string): NamedCause {
    const { wiring, past } = this
    const evidence = reply ? [packet.id, reply.id] : [packet.id]
    for (const { name: caller, vpns } of past.history.definition.machines) {
      const vpn = vpns.find(({ suffix }) => suffix !== '' && name.toLowerCase().endsWith(`.${suffix}`))
      const connected = past.history.lab
        ?.kernel(caller)
        ?.vpns()
        .some(({ status }) => status === 'Connected')
      if (vpn && !connected) {
        const text = `${name} is known inside ${vpn.suffix} only, and ${wiring.hostname(caller)} has not connected ${vpn.name}.`
        return found('vpn-not-connected', caller, vpn.name, text, ...evidence)
      }
    }
    return found(
      'name-does-not-exist',
      machine,
      name,
      `${wiring.hostname(machine)} says that the name ${name} does not exist.`,
      ...evidence,
    )
  }

  tell(packet: Packet, sequence: number, text: string): void {
    this.told.push({ text, packet: packet.id, sequence })
  }
}

/** A probe of traceroute wants nobody to listen: that is how it learns that it got there. */
function arrived(end: End, { ip, dns: message, l2tp, dhcp }: Facts): End {
  const probe = ip?.protocol === ipv4.UDP && message === undefined && l2tp === undefined && dhcp === undefined
  return probe && end.seen.verdict === 'no-listener' ? { ...end, fate: 'delivered' } : end
}

/** Any address outside: for asking which way out a machine has. */
const FAR = 0xc6336435
const RCODES: { readonly [rcode: number]: string } = {
  [dns.FORMERR]: 'it could not read the question',
  [dns.SERVFAIL]: 'server failure',
  [dns.NOTIMP]: 'not implemented',
  [dns.REFUSED]: 'refused',
}
