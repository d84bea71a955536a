// A machine's own name on its links: what it answers about it, and the probing and announcing of multicast DNS (RFC 6762
// sections 8 and 9). Nothing here waits for anything but lab time.
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { MILLISECOND, type Micros, SECOND } from '../sim/time.ts'
import { formatIp6, type Ip4, isLinkLocalIp6, parseIp6 } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import { addressOfReverse, reverseName } from './dns-local-names.ts'

/** Record times of RFC 6762 section 10 and RFC 4795 section 2.8, in seconds. */
export const MDNS_TTL = 120
export const LLMNR_TTL = 30
/** RFC 6762 section 6.7: what somebody who knows only DNS is told is short-lived. */
export const LEGACY_TTL = 10
/** Top bit of the class: in a question, an answer to the asker alone will do; in an answer, whatever was known before is wrong. */
export const TOP_BIT = 0x8000
const IN = dns.CLASS_IN

export const PROBES = 3
export const PROBE_INTERVAL = 250 * MILLISECOND
export const ANNOUNCEMENTS = 2
export const ANNOUNCE_INTERVAL = SECOND
/** Who lost against another that probes at the same moment tries again after this. */
export const DEFER = SECOND

/** How far the name is on one interface: probes, then announcements, then rest. */
export type Claim = { via: number; step: number; due: Micros }

type Named = Exclude<dns.DnsRecord, { type: 'OPT' }>

/** The records of this machine's name on an interface, in the words of whoever asks. `type` ANY means all. */
export function ownRecords(stack: Stack, via: Interface, name: string, type: string, ttl: number): Named[] {
  const found: Named[] = []
  if (type === 'A' || type === 'ANY')
    for (const { ip, state } of via.addresses) if (state === 'preferred') found.push({ name, ttl, type: 'A', address: ip })
  if (type === 'AAAA' || type === 'ANY')
    // A link-local address means nothing without the asker's interface, which a record cannot say.
    for (const { ip, state } of stack.ip6?.interfaces.get(via.index)?.addresses ?? [])
      if (state === 'preferred' && !isLinkLocalIp6(ip)) found.push({ name, ttl, type: 'AAAA', address: formatIp6(ip) })
  return found
}

/** What a question is answered with; empty: it is not about us. */
export function answersTo(stack: Stack, via: Interface, own: string, question: dns.Question, ttl: number): Named[] {
  if (dns.sameName(question.name, own)) return ownRecords(stack, via, own, question.type, ttl)
  if (question.type !== 'PTR' && question.type !== 'ANY') return []
  const ip = addressOfReverse(question.name)
  return typeof ip === 'number' && via.has(ip) ? [{ name: question.name, ttl, type: 'PTR', target: own }] : []
}

/** Section 7.1: what the asker knows already, and will know for half of its time, is not said again. */
export const isKnown = (record: Named, known: readonly dns.DnsRecord[]): boolean =>
  known.some(
    (other) =>
      (other.type === 'A' || other.type === 'AAAA') &&
      other.type === record.type &&
      other.address === record.address &&
      dns.sameName(other.name, record.name) &&
      other.ttl * 2 >= record.ttl,
  )

const message = (change: Partial<dns.Dns>): dns.Dns => ({
  ...dns.query(0, { name: '', recursionDesired: false }),
  questions: [],
  ...change,
})

/** Section 8.1: does anybody have this name? With what we would say, should somebody else ask at the same moment. */
export const probe = (stack: Stack, via: Interface, own: string): dns.Dns =>
  message({
    questions: [{ name: own, type: 'ANY', class: IN | TOP_BIT }],
    authorities: ownRecords(stack, via, own, 'ANY', MDNS_TTL),
  })

/** Section 8.3. */
export function announcement(stack: Stack, via: Interface, own: string): dns.Dns {
  const addresses = ownRecords(stack, via, own, 'ANY', MDNS_TTL)
  const reverse = addresses.flatMap((record): Named[] =>
    record.type === 'A' ? [{ name: reverseName(record.address), ttl: MDNS_TTL, type: 'PTR', target: own }] : [],
  )
  return multicastAnswer([...addresses, ...reverse])
}

/** To everybody: no question is repeated, and every record is ours alone. */
export const multicastAnswer = (answers: readonly Named[]): dns.Dns =>
  message({ response: true, authoritative: true, answers: answers.map((record) => ({ ...record, class: IN | TOP_BIT })) })

/** To one who asked: with his number and his question. */
export const plainAnswer = (id: number, question: dns.Question, answers: readonly Named[], authoritative: boolean): dns.Dns =>
  message({ id, response: true, authoritative, questions: [{ ...question, class: question.class & ~TOP_BIT }], answers })

/** Section 8.2: of two that probe at the same moment, the one with the numerically later address keeps the name. */
export function losesAgainst(own: Ip4, theirs: readonly dns.DnsRecord[], name: string): boolean {
  const others = theirs.flatMap((r) => (r.type === 'A' && dns.sameName(r.name, name) ? [r.address] : []))
  return others.length > 0 && Math.max(...others) > own
}

/** Somebody else's word about our name: an address that is none of ours. */
export const contradicts = (stack: Stack, records: readonly dns.DnsRecord[], name: string): boolean =>
  records.some((r) => {
    if ((r.type !== 'A' && r.type !== 'AAAA') || !dns.sameName(r.name, name)) return false
    if (r.type === 'A') return stack.ownerOf(r.address) === undefined
    const ip = parseIp6(r.address)
    // A machine that speaks only IPv4 cannot tell whose it is.
    return ip !== undefined && stack.ip6 !== undefined && stack.ip6.ownerOf(ip) === undefined
  })
