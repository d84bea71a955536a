// Of a command that got no answer, or a bad one: what it asked, who stayed silent, and why.
import { parseIp } from '../../wire/addresses.ts'
import * as dns from '../../wire/dns.ts'
import * as tcp from '../../wire/tcp.ts'
import { Detective } from './detective.ts'
import { type Answer, answerTo } from './ends.ts'
import { isRequest } from './facts.ts'
import { found, withEvidence } from './found.ts'
import type { CommandResult, History, JournalLine, NamedCause, Sentence, WhyNothing } from './history.ts'
import { type Packet, Past } from './past.ts'
import { capital } from './titles.ts'

type Question = { readonly packet: Packet; readonly answer: Answer | undefined }

/** Commands whose business is an answer from the network: only of these silence without a packet means something. */
const NETWORK =
  /^(sudo )?(ping6?|tracert|traceroute|tracepath|nslookup|dig|host|getent|arping|rasdial|test-netconnection|tnc|test-connection|resolve-dnsname|curl|ssh|nc)(\.exe)?\b/i
const LEASE = /^(sudo )?(ipconfig(\.exe)? \/renew|networkctl renew|dhclient)/i
const TOO_LONG = /message too long|needs to be fragmented/i
const MAX_QUESTIONS = 400
/** Further questions looked into, after the one that decided. */
const MAX_OTHERS = 3

export function whyNothing(history: History, command: number, result: CommandResult): WhyNothing {
  const entry = history.journal.find(({ id }) => id === command)
  const past = new Past(history)
  const machine = (entry?.console ?? '').split(':')[0] as string
  const line = entry?.line ?? ''
  const detective = new Detective(past, line)
  const questions = questionsOf(past, command, machine, line)
  const sentences: Sentence[] = opening(entry, questions)
  const causes: NamedCause[] = []
  const failing = failingOf(questions, result, line, past)
  if (failing) {
    causes.push(detective.question(failing.packet))
    causes.push(...others(detective, questions, failing, causes))
  } else {
    const cause = failed(result)
      ? (behind(detective, questions) ?? unsent(detective, machine, line, result, questions))
      : undefined
    if (cause) causes.push(cause)
  }
  sentences.push(...detective.told.map((told) => ({ ...told, text: capital(told.text) })))
  const missing = incomplete(past, command)
  if (missing && failing)
    sentences.push({ text: 'Earlier packets of this command are no longer kept, so the beginning may be missing.' })
  if (result.unsettled.length > 0) sentences.push({ text: `Still under way: ${result.unsettled.join(', ')}.` })
  for (const { text } of causes) sentences.push({ text })
  if (causes.length === 0) sentences.push({ text: 'Nothing is the matter with this command, as far as its packets show.' })
  return { command, healthy: causes.length === 0, sentences, causes }
}

/** What the machine itself asked because of the command, each with its answer. ARP only where it is the purpose. */
function questionsOf(past: Past, command: number, machine: string, line: string): Question[] {
  const related = past.of(command)
  const wantsArp = /^(sudo )?arping\b/.test(line)
  const asked = related.filter((packet) => {
    const facts = past.first(packet)
    const own = past.maker(packet) === machine && packet.sightings[0]?.direction === 'out'
    return own && isRequest(facts) && (facts.arp === undefined) !== wantsArp
  })
  return firstTries(past, asked)
    .slice(-MAX_QUESTIONS)
    .map((packet) => ({ packet, answer: answerTo(past, packet, related) }))
}

/** A question repeated under the same number is one question; the first try shows most, for servers pass over the others. */
function firstTries(past: Past, packets: readonly Packet[]): Packet[] {
  const seen = new Set<string>()
  return packets.filter((packet) => {
    const { dns: message, ip, tcpFlags } = past.first(packet)
    if (ip === undefined || (message === undefined && tcpFlags === undefined)) return true
    const key = `${ip.dst} ${ip.from} ${ip.to} ${message?.id ?? ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const failed = ({ exitStatus, output }: CommandResult): boolean =>
  (exitStatus !== 0 && exitStatus !== null) || /succeeded *: False/i.test(output)

/** The question that decided: the last without a good answer, unless the command is content all the same. */
function failingOf(questions: readonly Question[], result: CommandResult, line: string, past: Past): Question | undefined {
  const last = questions[questions.length - 1]
  if (failed(result)) {
    const open = questions.findLast(({ answer }) => answer?.verdict !== 'answer')
    // A later question that was answered shows that this one was got over, except where the answer was not what mattered.
    return open && (open === last || !overcome(open, questions, past)) ? open : undefined
  }
  if (last === undefined || last.answer?.verdict === 'answer') return undefined
  const facts = past.first(last.packet)
  if (last.answer === undefined) return last
  const [question] = facts.dns?.questions ?? []
  if (question) {
    const typed = line.toLowerCase().includes(question.name.toLowerCase())
    const reply = past.first(last.answer.packet).dns
    return typed || reply?.rcode !== dns.NXDOMAIN ? last : undefined
  }
  return ((facts.tcpFlags ?? 0) & tcp.SYN) !== 0 || saysUnreachable(past, last.answer) ? last : undefined
}

/** What else is the matter: of other questions that came to nothing, as far as it is something else. */
function others(
  detective: Detective,
  questions: readonly Question[],
  failing: Question,
  known: readonly NamedCause[],
): NamedCause[] {
  const { past } = detective
  const told = detective.told.length
  const key = ({ cause: { kind, machine } }: NamedCause): string => `${kind} ${machine ?? ''}`
  const seen = new Set(known.map(key))
  const found = questions
    .filter(
      ({ packet, answer }) =>
        packet !== failing.packet && answer?.verdict !== 'answer' && past.first(packet).dns?.questions[0]?.type !== 'PTR',
    )
    .slice(-MAX_OTHERS)
    .map(({ packet }) => detective.question(packet))
    .filter((cause) => !seen.has(key(cause)) && seen.add(key(cause)))
  detective.told.length = told
  return found
}

/** A name that another server or another spelling then found. */
function overcome(open: Question, questions: readonly Question[], past: Past): boolean {
  const asked = past.first(open.packet)
  if (asked.dns === undefined) return false
  return questions.some(
    ({ packet, answer }) =>
      packet.id > open.packet.id &&
      answer?.verdict === 'answer' &&
      past.first(packet).dns?.questions[0]?.type === asked.dns?.questions[0]?.type,
  )
}

const saysUnreachable = (past: Past, answer: Answer): boolean => {
  const reply = answer.packet.sightings.at(-1)
  return reply !== undefined && past.at(reply).icmp?.kind === 'unreachable'
}

/** Whoever took the connection asked somebody else for it, as a proxy does, and got nothing. */
function behind(detective: Detective, questions: readonly Question[]): NamedCause | undefined {
  const taken = questions.findLast(({ packet }) => detective.past.first(packet).tcpFlags !== undefined)
  const onward = taken && detective.onward(taken.packet)
  if (!onward) return undefined
  const { past, wiring } = detective
  const cause = detective.question(onward)
  const proxy = past.maker(onward)
  const to = past.first(onward).ip
  const entries = past.history.lab?.parts.machines.get(proxy)?.network?.portProxy?.entries ?? []
  const entry = entries.find(({ connectAddress }) => to !== undefined && parseIp(connectAddress) === to.dst)
  if (!entry) return withEvidence(cause, taken.packet.id)
  const target = `${entry.connectAddress}:${entry.connectPort}`
  const text = `The port proxy of ${wiring.hostname(proxy)} passes what comes in at port ${entry.listenPort} on to ${target}, and got no connection there. ${cause.text}`
  return withEvidence(found('proxy-target', proxy, target, text, onward.id), taken.packet.id)
}

/** The command failed and asked nobody, or all were content: the machine itself is the reason. */
function unsent(
  detective: Detective,
  machine: string,
  line: string,
  { output }: CommandResult,
  questions: readonly Question[],
): NamedCause | undefined {
  const { wiring, reach, past } = detective
  const name = wiring.hostname(machine)
  const last = questions[questions.length - 1]
  if (!NETWORK.test(line) && !LEASE.test(line)) return undefined
  if (TOO_LONG.test(output))
    return found('too-big', machine, machine, `The packet is too big for the adapter of ${name} and must not be fragmented.`)
  if (last && past.first(last.packet).l2tp && last.answer)
    return found(
      'vpn-refused',
      past.maker(last.answer.packet),
      line,
      `${wiring.hostname(past.maker(last.answer.packet))} answered, and refused the caller.`,
      last.packet.id,
    )
  const power = wiring.power(machine)
  if (power === 'off') return found('machine-off', machine, machine, `${name} itself is switched off.`)
  if (power === 'saved') return found('machine-saved', machine, machine, `${name} itself is saved.`)
  const target = targetOf(line)
  const address = parseIp(target ?? '') ?? (last && resolved(past, last))
  if (power !== 'on' || (questions.length > 0 && address === undefined)) return undefined
  const out = reach.noRoute(machine, address ?? FAR)
  if (!reach.knowsWay(machine, address ?? FAR) && (address !== undefined || out.cause.kind !== 'no-route')) return out
  if (address !== undefined || target === undefined) return undefined
  const servers = past.history.lab?.parts.machines.get(machine)?.dnsServers() ?? []
  if (servers.length === 0) return found('dns-no-server', machine, target, `${name} knows no DNS server to ask for ${target}.`)
  const known = past.history.lab
    ?.kernel(machine)
    ?.dnsCache()
    .some((row) => !row.found && row.name.toLowerCase() === target.toLowerCase())
  return known
    ? found('name-does-not-exist', machine, target, `${name} remembers that the name ${target} does not exist.`)
    : undefined
}

/** The address that a name turned out to have. */
function resolved(past: Past, { answer }: Question): number | undefined {
  const records = answer?.verdict === 'answer' ? (past.first(answer.packet).dns?.answers ?? []) : []
  for (const record of records) if (record.type === 'A') return record.address
  return undefined
}

/** Somewhere outside, where no destination is known. */
const FAR = 0xc0000250

/** The first word of the line that looks like an address or a name. */
const targetOf = (line: string): string | undefined =>
  line
    .split(/\s+/)
    .slice(1)
    .map((word) => word.replace(/^@|["']/g, ''))
    .find((word) => parseIp(word) !== undefined || /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/i.test(word))

function opening(entry: JournalLine | undefined, questions: readonly Question[]): Sentence[] {
  if (entry === undefined) return [{ text: 'The line of this command is not known.' }]
  const what =
    questions.length === 0
      ? 'asked nobody on the network'
      : questions.length === 1
        ? 'asked one question'
        : `asked ${questions.length} questions`
  return [{ text: `"${entry.line}" on ${entry.console} ${what}.` }]
}

/** A packet whose cause is not kept any more. */
const incomplete = (past: Past, command: number): boolean =>
  past.of(command).some(({ cause }) => cause !== 0 && !past.packets.has(cause))
