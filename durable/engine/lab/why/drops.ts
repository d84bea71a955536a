// From the verdict that ended a packet to the cause behind it.
import type { IpAddress } from '../../wire/addresses.ts'
import { parseAddress } from '../../wire/addresses.ts'
import * as dns from '../../wire/dns.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import { type End, endOf } from './ends.ts'
import type { Facts } from './facts.ts'
import { found, isPrivate, verdictText, withEvidence } from './found.ts'
import type { NamedCause } from './history.ts'
import type { Packet, Past } from './past.ts'
import { type Reach, rowOf } from './reach.ts'
import { ipText, macText, type Spot, type Wiring } from './wiring.ts'

/** What was asked, for drops that mean something else on the way back. */
export type Errand = {
  readonly question: Packet
  /** The packet that ended is the answer. */
  readonly back: boolean
  /** The line that was typed: what stands in it was chosen by hand. */
  readonly line: string
}

/** What a virtual switch does to a frame before anybody on it could answer. */
const AT_A_PORT = new Set<string>(['vlan', 'source-mac', 'port-acl', 'extended-acl', 'storm-limit', 'bandwidth'])

export class Drops {
  private readonly past: Past
  private readonly wiring: Wiring
  private readonly reach: Reach

  constructor(past: Past, wiring: Wiring, reach: Reach) {
    this.past = past
    this.wiring = wiring
    this.reach = reach
  }

  of(packet: Packet, end: End, errand: Errand): NamedCause {
    const evidence = errand.back ? [errand.question.id, packet.id] : [packet.id]
    return withEvidence(this.stolen(packet, end, errand) ?? this.named(packet, end, errand), ...evidence)
  }

  private named(packet: Packet, end: End, errand: Errand): NamedCause {
    const { seen, machine, adapter } = end
    const { wiring, reach } = this
    const facts = this.past.at(seen)
    const name = wiring.hostname(machine)
    const destination = facts.ip?.dst ?? 0
    if (end.fate === 'ignored') return this.wrongMac(packet, end, facts)
    if (end.fate === 'vanished') return this.vanished(packet, end, facts)
    switch (seen.verdict) {
      case 'no-route':
        return this.noRoute(packet, end, errand, destination)
      case 'no-neighbor':
        return this.noNeighbor(packet, end, facts, destination)
      case 'no-link':
        return reach.noLink(end)
      case 'ttl-expired':
        return found(
          'ttl-expired',
          machine,
          adapter,
          `The time to live ran out at ${name}, on ${adapter}: each router takes one from it.`,
        )
      case 'not-forwarding':
        return this.notForwarding(packet, end, destination)
      case 'firewall':
        return found('firewall', machine, seen.detail, `The firewall of ${name} dropped it: ${seen.detail}.`)
      case 'netfilter':
        return found('firewall', machine, seen.detail, `Netfilter of ${name} dropped it: ${seen.detail}.`)
      case 'reverse-path':
        return found('reverse-path', machine, seen.detail, `${name} takes no packet from there on ${adapter}: ${seen.detail}.`)
      case 'route-type':
        return found('wrong-route', machine, seen.detail, `A route of ${name} refuses the destination: ${seen.detail}.`)
      case 'no-listener':
        return this.noListener(packet, end, errand, facts)
      case 'no-mapping':
        return found('nat-refused', machine, seen.detail, `${name} translates, and let this not in: ${seen.detail}.`)
      case 'would-fragment':
        return found(
          'too-big',
          machine,
          seen.detail,
          `The packet is too big at ${name} (${seen.detail}) and must not be fragmented.`,
        )
      case 'filtered':
        if (seen.detail.includes('not to answer echo'))
          return found('echo-off', machine, seen.detail, `${name} received the ping and is configured not to answer.`)
        return found('other', machine, seen.verdict, `${name} dropped it. ${verdictText(seen)}`)
      case 'malformed':
        return found('malformed', machine, seen.detail, `${name} received something that is no proper frame: ${seen.detail}.`)
      case 'incomplete':
        return found('fragments-missing', machine, seen.detail, `${name} waited in vain for the other fragments: ${seen.detail}.`)
      case 'bad-fragment':
        return found('fragments-missing', machine, seen.detail, `${name} dropped fragments that overlap: ${seen.detail}.`)
      case 'table-full':
        return found('table-full', machine, seen.detail, `A table of ${name} was full: ${seen.detail}.`)
      case 'source-mac':
        return found('source-mac', machine, seen.detail, `The virtual switch of ${name} dropped it. ${verdictText(seen)}`)
      case 'vlan':
        return found('vlan', machine, seen.detail, `The virtual switch of ${name} keeps VLANs apart: ${seen.detail}.`)
      case 'port-acl':
      case 'extended-acl':
      case 'dhcp-guard':
      case 'router-guard':
      case 'bandwidth':
      case 'storm-limit':
        return found('port-rule', machine, seen.detail, `The virtual switch of ${name} dropped it. ${verdictText(seen)}`)
      case 'no-port':
        return this.wrongMac(packet, end, facts)
      case 'machine-off':
        return found('machine-off', machine, machine, `${name} was switched off.`)
      case 'no-address':
        return reach.noAddress(end)
      case 'lost':
      case 'queue-full':
        return found('lost', machine, seen.verdict, verdictText(seen))
      default:
        return found('other', machine, seen.verdict, `${name} dropped it. ${verdictText(seen)}`)
    }
  }

  /** An answer that came to somebody else who has the asker's address too. */
  private stolen(packet: Packet, { seen, machine, fate }: End, { question, back }: Errand): NamedCause | undefined {
    if (!back || seen.direction !== 'in' || (fate !== 'dropped' && fate !== 'delivered')) return undefined
    const to = this.past.at(seen).ip?.dst
    const sender = this.past.way(question).find((one) => one.direction === 'out' && this.past.at(one).ip?.src === to)
    if (to === undefined || sender === undefined || this.past.place(sender).machine === machine) return undefined
    const other = this.past.place(sender).machine
    if (!this.has(machine, to) && seen.verdict !== 'no-listener') return undefined
    const text = `The answer went to ${this.wiring.hostname(machine)}, which has the address ${ipText(to)} as well as ${this.wiring.hostname(other)}.`
    return found('duplicate-address', machine, ipText(to), text, packet.id)
  }

  /** Somebody was asked from an address that is its own as well, and so answered itself. */
  answersItself(question: Packet, machine: string, source: IpAddress): NamedCause | undefined {
    if (!this.has(machine, source) || this.past.maker(question) === machine) return undefined
    const text = `${this.wiring.hostname(machine)} has the address ${ipText(source)} too, from which it was asked, so its answer stayed at home.`
    return found('duplicate-address', machine, ipText(source), text, question.id)
  }

  private has(machine: string, ip: IpAddress): boolean {
    return this.wiring.owners(ip).some((owner) => owner.machine === machine)
  }

  private noRoute(packet: Packet, { machine }: End, { question, back }: Errand, destination: IpAddress): NamedCause {
    const { wiring, reach } = this
    const own = reach.noRoute(machine, destination)
    if (typeof destination !== 'number' || !isPrivate(destination)) return own
    if (back) {
      const forwarder = this.past
        .way(question)
        .find((one) => one.verdict === 'forwarded' && this.past.at(one).ip?.src === destination)
      const lax = forwarder && this.past.place(forwarder).machine
      if (lax) {
        const text = `${wiring.hostname(lax)} let the packet out under the private address ${ipText(destination)}, untranslated, so ${wiring.hostname(machine)} knows no way back to it.`
        return found('nat-missing', lax, ipText(destination), text, packet.id)
      }
    }
    const cut = own.cause.kind !== 'no-route' && own.cause.kind !== 'no-default-route'
    return cut ? own : (this.privateNetwork(question, destination) ?? own)
  }

  /** A private address that exists, but not for those outside: behind a VPN server or behind a translator. */
  private privateNetwork(question: Packet, destination: IpAddress): NamedCause | undefined {
    const { wiring } = this
    const [owner] = wiring.owners(destination)
    if (owner === undefined) return undefined
    const stale = this.reach.stale(owner)
    if (stale) return stale
    const doors = wiring.segment(owner)
    const to = ipText(destination)
    if (doors.some(({ machine }) => wiring.machine(machine)?.vpnServer)) {
      const caller = this.callerOf(question)
      const name = wiring.machine(caller ?? '')?.vpns[0]?.name
      if (caller)
        return found(
          'vpn-not-connected',
          caller,
          name ?? '',
          `${to} is reached through the VPN only, and ${wiring.hostname(caller)} has not connected ${name}.`,
        )
    }
    const door = doors.find((spot) => wiring.translates(spot))
    if (door === undefined) return undefined
    const text = `${to} is a private address behind ${wiring.hostname(door.machine)}, which translates: nobody outside has a way to it.`
    return found('behind-nat', door.machine, to, text)
  }

  /** The machine on the way that has a VPN and could have used it. */
  callerOf(question: Packet): string | undefined {
    const passed = this.past.way(question).map((seen) => this.past.place(seen).machine)
    return passed.find((machine) => {
      const definition = this.wiring.machine(machine)
      const views = this.past.history.lab?.kernel(machine)?.vpns()
      return definition !== undefined && definition.vpns.length > 0 && !views?.some(({ status }) => status === 'Connected')
    })
  }

  private noNeighbor(packet: Packet, end: End, facts: Facts, destination: IpAddress): NamedCause {
    const asked = parseAddress(/(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+)/.exec(end.seen.detail)?.[1] ?? '') ?? destination
    const refused = this.refusedQuestion(end, asked)
    if (refused) return refused
    const isQuestion = facts.dns !== undefined && !facts.dns.response
    // Behind a router it is the asker who has the wrong server, and not whoever looked for it at last.
    const asker = this.past.maker(packet)
    const text = ipText(destination)
    if (isQuestion && asked === destination && asker !== end.machine && this.wiring.owners(asked).length === 0)
      return found(
        'dns-server-wrong',
        asker,
        text,
        `${this.wiring.hostname(asker)} asks ${text} for names, and nobody has that address.`,
      )
    return this.reach.unanswered(end, asked, destination, isQuestion)
  }

  /** What a port of a virtual switch did with the last ARP question for an address. */
  private refusedQuestion({ machine }: End, asked: IpAddress): NamedCause | undefined {
    const { past } = this
    const question = [...past.packets.values()].findLast(
      (packet) => past.first(packet).arp?.targetIp === asked && past.maker(packet) === machine,
    )
    const dropped = question && endOf(past, question)
    if (!question || dropped?.fate !== 'dropped' || !AT_A_PORT.has(dropped.seen.verdict)) return undefined
    return this.of(question, dropped, { question, back: false, line: '' })
  }

  /** Forwarding is off where it should be on, or somebody was sent packets who never forwards. */
  private notForwarding(packet: Packet, { machine, adapter }: End, destination: IpAddress): NamedCause {
    const { wiring } = this
    const name = wiring.hostname(machine)
    if (wiring.isRouter(machine))
      return found('forwarding-off', machine, adapter, `${name} is a router, but does not forward what comes in by ${adapter}.`)
    const before = this.past.way(packet).findLast((seen) => seen.direction === 'out')
    const sender = before ? this.past.place(before).machine : ''
    const route = this.reach.route(sender, destination)
    const row = route ? rowOf(route) : 'a route'
    return found(
      'wrong-route',
      sender,
      row,
      `${wiring.hostname(sender)} sends this by ${name} (${row}), and ${name} is no router.`,
    )
  }

  private noListener(packet: Packet, { machine, seen }: End, { line }: Errand, { ip, dns: message }: Facts): NamedCause {
    const { wiring } = this
    const name = wiring.hostname(machine)
    if (ip === undefined) return found('port-closed', machine, seen.detail, verdictText(seen))
    const protocol = ip.protocol === ipv4.TCP ? 'TCP' : 'UDP'
    if (message && !message.response && ip.to === dns.PORT) {
      const asker = this.past.maker(packet)
      const address = ipText(ip.dst)
      if (wiring.servesDns(machine) && ip.protocol === ipv4.UDP)
        return found(
          'dns-service-off',
          machine,
          'UDP 53',
          `Nothing listens on UDP port 53 of ${name}: its DNS service does not run.`,
        )
      if (!line.includes(address))
        return found(
          'dns-server-wrong',
          asker,
          address,
          `${wiring.hostname(asker)} asks ${name} (${address}) for names, which is no DNS server.`,
        )
    }
    return found('port-closed', machine, `${protocol} ${ip.to}`, `Nothing listens on ${protocol} port ${ip.to} of ${name}.`)
  }

  // Nobody took it

  /** The frame was for a MAC address that nobody there has. */
  private wrongMac(packet: Packet, end: End, { dstMac, ip }: Facts): NamedCause {
    const { wiring, past, reach } = this
    const sent = past.way(packet).findLast((seen) => seen.direction === 'out' && past.at(seen).dstMac === dstMac)
    const from: Spot = sent ? past.place(sent) : end
    const owner = wiring.macOwner(dstMac)
    const broken = (owner && reach.broken(from, owner)) ?? reach.stale(from)
    if (broken) return broken
    const hop = this.nextHop(from, ip?.dst ?? 0)
    const text = `${wiring.hostname(from.machine)} sent it to the MAC address ${macText(dstMac)}, which nobody there has: its neighbour table is wrong about ${hop}.`
    return found('wrong-neighbor', from.machine, hop, text)
  }

  private nextHop(from: Spot, destination: IpAddress): string {
    const gateway = this.reach.route(from.machine, destination)?.gateway
    return gateway === undefined || gateway === '' ? ipText(destination) : gateway
  }

  private vanished(packet: Packet, end: End, facts: Facts): NamedCause {
    const { wiring, reach } = this
    const owner = wiring.macOwner(facts.dstMac)
    const broken = owner && reach.broken(end, owner)
    if (broken) return broken
    if (owner === undefined && facts.dstMac >= 0) return this.wrongMac(packet, end, facts)
    const name = wiring.hostname(end.machine)
    return found('lost', end.machine, end.adapter, `It left ${name} by ${end.adapter} and was not seen again.`)
  }
}
