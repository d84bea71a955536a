// The story of one packet: which command set it off, where it went, and what decided its end.
import { SWITCH_NAME } from '../../machine/hyper-v/default-switch.ts'
import { Detective } from './detective.ts'
import { answerTo, type End, endOf } from './ends.ts'
import { type Facts, isRequest } from './facts.ts'
import { verdictText } from './found.ts'
import type { Explanation, History, Outcome, Sentence, TableRow } from './history.ts'
import { Hops } from './hops.ts'
import { type Packet, Past } from './past.ts'
import { vmOf } from './path.ts'
import { capital, titleOf } from './titles.ts'
import { ipText } from './wiring.ts'

const MAX_ANCESTORS = 64
const SHOWN_ANCESTORS = 8
/** A packet seen less than this before the end of what is known may still be on its way. */
const FLIGHT = 1_000_000

export function whyPacket(history: History, packetId: number, options: { readonly path?: boolean } = {}): Explanation {
  const past = new Past(history)
  const packet = past.packets.get(packetId)
  if (packet === undefined) {
    const text = `Packet ${packetId} is not among those that are kept: it is too old, or it was never sent.`
    return { packet: packetId, title: `Packet ${packetId}`, outcome: 'unknown', sentences: [{ text }] }
  }
  const line = history.journal.find(({ id }) => id === packet.origin)?.line ?? ''
  const detective = new Detective(past, line)
  const hops = new Hops(past, detective.wiring, detective.reach, options.path ?? false)
  const { outcome, sentences } = endingOf(detective, packet, line)
  return {
    packet: packetId,
    title: capital(titleOf(past.first(packet))),
    outcome,
    sentences: [
      ...origin(detective, packet),
      ...(options.path ? inside(detective, packet, line) : []),
      ...hops.of(packet),
      ...sentences,
    ],
  }
}

/** Where the frame of a guest was made: that part of its way no capture shows. */
function inside({ past, wiring }: Detective, packet: Packet, line: string): Sentence[] {
  const [seen] = packet.sightings
  if (seen === undefined || seen.direction !== 'out' || vmOf(past.place(seen), wiring) === undefined) return []
  const { machine } = past.place(seen)
  const own = past.history.journal.find(({ id }) => id === packet.origin)?.console.split(':')[0] === machine
  const program = own ? line.replace(/^sudo\s+/, '').split(/\s+/)[0] : ''
  const who = program
    ? `the program ${program}, in user mode, asked the kernel of the guest, and its network stack`
    : 'the network stack of its own kernel'
  const text = `In the guest ${wiring.hostname(machine)}, a child partition, ${who} made the frame.`
  return [{ text, packet: packet.id, sequence: seen.sequence }]
}

// Where it comes from

function origin(detective: Detective, packet: Packet): Sentence[] {
  const { past } = detective
  const told: Sentence[] = []
  const entry = past.history.journal.find(({ id }) => id === packet.origin)
  if (entry)
    told.push({
      text: `It began with "${entry.line}", command ${entry.id}, on ${entry.console}${entry.by ? ` (${entry.by})` : ''}.`,
    })
  else if (packet.origin > 0) told.push({ text: `Command ${packet.origin} set it off; its line is not known.` })
  else if (packet.origin < 0) told.push({ text: 'A check set it off, in a copy of the lab.' })
  else
    told.push({
      text: `No command set it off: ${makerName(detective, packet, 'somebody')} did that by itself, or a timer ran out there.`,
    })
  const { ancestors, lost } = ancestorsOf(past, packet)
  if (lost !== 0) told.push({ text: `Packet ${lost}, which led to this one, is no longer kept: the story before it is missing.` })
  const left = ancestors.length - SHOWN_ANCESTORS
  ancestors.slice(left > 0 ? left : 0).forEach((one, at) => {
    const skipped =
      left > 0 && at === 0
        ? `(${left === 1 ? 'One packet' : `${left} packets`} before this ${left === 1 ? 'is' : 'are'} left out.) `
        : ''
    const verb = at === 0 && lost === 0 && left <= 0 ? 'sent' : 'then sent'
    const text = `${skipped}${makerName(detective, one, 'Somebody')} ${verb} ${titleOf(past.first(one))}.`
    told.push({ text, packet: one.id, sequence: one.sightings[0]?.sequence })
  })
  if (ancestors.length > 0)
    told.push({ text: `That made ${makerName(detective, packet, 'somebody')} send this one.`, packet: packet.id })
  if (makerOf(detective, packet) === '')
    told.push({ text: 'The beginning of its way is no longer kept: this is what came after.' })
  return told
}

/** At the edge of what is kept, the first that is known of a packet may be a router that passed it on. */
const EDGE = 10_000_000

/** The machine that made a packet; empty when only a later part of its way is kept. */
function makerOf({ past, wiring }: Detective, packet: Packet): string {
  const machine = past.maker(packet)
  const [oldest] = past.history.sightings
  const [first] = packet.sightings
  if (oldest === undefined || first === undefined || oldest.sequence === 0 || first.time - oldest.time > EDGE) return machine
  const source = past.first(packet).ip?.src
  const own = wiring.interfaces(machine).flatMap(({ addresses }) => addresses.map(({ address }) => address))
  return source === undefined || own.length === 0 || own.includes(ipText(source)) ? machine : ''
}

function makerName(detective: Detective, packet: Packet, unknown: string): string {
  const machine = makerOf(detective, packet)
  return machine === '' ? unknown : detective.wiring.hostname(machine)
}

/** The packets that led to this one, oldest first. */
function ancestorsOf(past: Past, packet: Packet): { readonly ancestors: Packet[]; readonly lost: number } {
  const ancestors: Packet[] = []
  let { cause } = packet
  while (cause !== 0 && ancestors.length < MAX_ANCESTORS) {
    const before = past.packets.get(cause)
    if (before === undefined) return { ancestors, lost: cause }
    ancestors.unshift(before)
    cause = before.cause
  }
  return { ancestors, lost: 0 }
}

// How it ended

type Ending = { readonly outcome: Outcome; readonly sentences: Sentence[] }

function endingOf(detective: Detective, packet: Packet, line: string): Ending {
  const { past } = detective
  const end = endOf(past, packet)
  const related = past.of(packet.origin)
  const facts = past.first(packet)
  const answer = isRequest(facts) ? answerTo(past, packet, related) : undefined
  const answered: Sentence[] = answer ? [answerSentence(past, answer.packet, answer.verdict)] : []
  // Dropped where it began: whatever was answered was another's question.
  const stopped = packet.sightings.length === 1 && end.fate === 'dropped' && end.seen.verdict !== 'no-link'
  if (isGroup(facts) && !stopped) return groupEnding(detective, packet, facts, answered)
  if (end.fate === 'delivered') {
    if (answer) return { outcome: answer.verdict === 'answer' ? 'answered' : 'delivered', sentences: answered }
    return { outcome: 'delivered', sentences: isRequest(facts) ? [silence(detective, packet, end)] : [] }
  }
  const newest = past.history.sightings.at(-1)?.time ?? 0
  const question = questionOf(past, packet)
  const cause = detective.drops.of(packet, end, { question: question ?? packet, back: question !== undefined, line })
  if (end.fate === 'vanished' && cause.cause.kind === 'lost' && newest - end.seen.time < FLIGHT) {
    const text = 'It was still on its way when this was seen last.'
    return { outcome: 'in flight', sentences: [{ text, packet: packet.id, sequence: end.seen.sequence }] }
  }
  const outcome = end.fate === 'vanished' && cause.cause.kind === 'lost' ? 'unknown' : 'dropped'
  const decided: Sentence = {
    text: verdictText(end.seen),
    packet: packet.id,
    sequence: end.seen.sequence,
    ...mattered(past, end),
    ...tableFor(past, end),
  }
  const why: Sentence = { text: cause.text, packet: packet.id, sequence: end.seen.sequence }
  return { outcome, sentences: [...(end.fate === 'dropped' ? [decided] : []), why, ...(stopped ? [] : answered)] }
}

const isGroup = ({ dstMac }: Facts): boolean => dstMac === 0xffffffffffff

/** Of a broadcast only those matter whom it concerns. */
function groupEnding(detective: Detective, packet: Packet, facts: Facts, answered: Sentence[]): Ending {
  const { past } = detective
  if (answered.length > 0) return { outcome: 'answered', sentences: answered }
  const base = { packet: packet.id, sequence: packet.sightings[0]?.sequence }
  if (packet.sightings[0]?.verdict === 'no-link') {
    const cause = detective.reach.noLink(past.place(packet.sightings[0]))
    return { outcome: 'dropped', sentences: [{ ...base, text: cause.text }] }
  }
  const asks = isRequest(facts) && !(facts.arp && (facts.arp.senderIp === 0 || facts.arp.senderIp === facts.arp.targetIp))
  if (!asks) return { outcome: 'delivered', sentences: [] }
  return { outcome: 'delivered', sentences: [{ ...base, text: `Nobody answered. ${detective.question(packet).text}` }] }
}

function answerSentence(past: Past, answer: Packet, verdict: 'answer' | 'bad'): Sentence {
  const text = `${verdict === 'answer' ? 'It was answered' : 'The answer says no'}: ${titleOf(past.first(answer))}.`
  return { text, packet: answer.id, sequence: answer.sightings.at(-1)?.sequence }
}

function silence(detective: Detective, packet: Packet, end: End): Sentence {
  const cause = detective.question(packet)
  return { text: `No answer came back. ${cause.text}`, packet: packet.id, sequence: end.seen.sequence }
}

/** The question that this packet answers, where it is one. */
function questionOf(past: Past, packet: Packet): Packet | undefined {
  const facts = past.first(packet)
  const replies = facts.icmp?.kind === 'echo-reply' || facts.dns?.response || (facts.tcpFlags !== undefined && !isRequest(facts))
  return replies ? past.packets.get(packet.cause) : undefined
}

/** The octets of the frame that decided. */
function mattered(past: Past, { seen }: End): Pick<Sentence, 'bytes'> {
  const { ip } = past.at(seen)
  const at = (from: number, to: number): Pick<Sentence, 'bytes'> => ({ bytes: { from, to } })
  switch (seen.verdict) {
    case 'not-for-us':
    case 'no-port':
    case 'same-port':
      return at(0, 6)
    case 'source-mac':
      return at(6, 12)
  }
  if (ip === undefined) return {}
  switch (seen.verdict) {
    case 'ttl-expired':
      return at(ip.at + 8, ip.at + 9)
    case 'no-route':
    case 'route-type':
    case 'not-forwarding':
    case 'no-neighbor':
      return at(ip.at + 16, ip.at + 20)
    case 'would-fragment':
      return at(ip.at + 2, ip.at + 8)
    case 'filtered':
    case 'reverse-path':
      return at(ip.at + 12, ip.at + 20)
    case 'firewall':
    case 'no-listener':
    case 'no-mapping':
      return ip.protocol === 1 ? at(ip.head, ip.head + 1) : at(ip.head + 2, ip.head + 4)
    default:
      return {}
  }
}

/** The row, or the missing one, that decided. */
function tableFor(past: Past, { seen, machine }: End): { table?: TableRow } {
  const { ip } = past.at(seen)
  const row = (table: string, text: string): { table: TableRow } => ({ table: { machine, table, row: text } })
  switch (seen.verdict) {
    case 'no-route':
      return row('routes', `no row for ${ipText(ip?.dst ?? 0)}`)
    case 'no-neighbor':
      return row('neighbors', seen.detail)
    case 'firewall':
    case 'netfilter':
      return row('firewall', seen.detail)
    case 'route-type':
    case 'reverse-path':
      return row('routes', seen.detail)
    case 'no-listener':
      return row('sockets', seen.detail)
    case 'no-mapping':
    case 'table-full':
      return row('nat', seen.detail)
    case 'no-link':
      return row('interfaces', 'no link')
    case 'no-port':
      return { table: { machine: `${machine}/switch/${SWITCH_NAME}`, table: 'switch', row: `no port has ${seen.detail}` } }
    default:
      return {}
  }
}
