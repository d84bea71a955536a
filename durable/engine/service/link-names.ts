// Names without a server: multicast DNS (RFC 6762, names under .local) and LLMNR (RFC 4795, single labels), asked and answered
// (fact sheet 4.4), over both families, about both families.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Address6, Interface6 } from '../ip/v6/interface6.ts'
import type { Watcher6 } from '../ip/v6/ip6-stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../sim/time.ts'
import * as dns from '../wire/dns.ts'
import type { LookupResult } from './dns-lookup.ts'
import { anyFamily } from './dns-lookup-sockets.ts'
import { isPlain } from './dns-stored.ts'
import * as own from './link-names-own.ts'
import { LinkSockets, LLMNR_GROUP, LLMNR_GROUP6, LLMNR_PORT, MDNS_GROUP, MDNS_GROUP6, MDNS_PORT, speaks } from './link-sockets.ts'

const LOCAL = '.local'

/** When a question is sent, and by which protocol; at the last moment it is given up. */
type Step = { readonly at: Micros; readonly mdns: boolean; readonly llmnr: boolean }
const step = (ms: number, mdns: boolean, llmnr: boolean): Step => ({ at: ms * MILLISECOND, mdns, llmnr })
/** Windows asks both ways in parallel, LLMNR twice; RFC 6762 section 5.2: a second passes before the next question. */
const WINDOWS: readonly Step[] = [step(0, true, true), step(410, false, true), step(1000, true, false), step(2000, false, false)]
/** Avahi: 0, 1 and 3 seconds; nss-mdns gives up after five. */
const LINUX: readonly Step[] = [step(0, true, false), step(1000, true, false), step(3000, true, false), step(5000, false, false)]

export type LinkNamesOptions = {
  readonly dialect: 'windows' | 'linux'
  readonly hostname: () => string
  readonly mdns: boolean
  readonly llmnr: boolean
  /** Neither asked nor answered at this moment, though the socket stands. */
  readonly silent?: (protocol: 'mdns' | 'llmnr') => boolean
}

/** Who asked: told when there is an answer, or that there is none (undefined). */
export interface LinkAsker {
  answeredOnLink(key: string, result: LookupResult | undefined): void
}

type Question = {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly origin: number
  readonly begunAt: Micros
  readonly id: number
  /** Where LLMNR's answers come to; 0: it is not asked. */
  readonly port: number
  step: number
  due: Micros
  /** Answered, and open only for what comes by the other family. */
  answered?: boolean
}

export type LinkNamesState = {
  readonly random: number
  readonly questions: readonly Question[]
  readonly claims: readonly (readonly [via: number, step: number, due: number | null])[]
  /** The name got this number because somebody else has it; 1 = none. */
  readonly number: number
}

export class LinkNames implements Part, DatagramOwner, Watcher6 {
  readonly kind = 'link-names'
  readonly version = 1
  readonly name: string
  asker: LinkAsker | undefined
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: LinkNamesOptions
  private readonly random: RandomStream
  private readonly said: LinkSockets
  private readonly sockets = new Map<Question, UdpSocket>()
  private questions: Question[]
  private claims: own.Claim[]
  private number: number

  constructor(stack: Stack, options: LinkNamesOptions, state?: LinkNamesState) {
    this.sim = stack.sim
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/link-names`
    this.random = this.sim.random(this.name, state?.random ?? 0)
    const shown = options.dialect === 'windows' ? { component: 'Dnscache', image: 'svchost.exe' } : { image: 'avahi-daemon' }
    this.said = new LinkSockets(stack, this, options, shown)
    this.questions = state?.questions.map((q) => ({ ...q })) ?? []
    for (const question of this.questions) this.bind(question)
    this.claims = state?.claims.map(([via, at, due]) => ({ via, step: at, due: loadTime(due) })) ?? []
    this.number = state?.number ?? 1
    if (!options.mdns) return
    stack.watchers.push({
      addressUsed: (via) => this.claim(via),
      linkChanged: (via, up) => {
        if (!up) this.unclaim(via)
      },
    })
    stack.ip6?.watchers.push(this)
  }

  private silent(protocol: 'mdns' | 'llmnr'): boolean {
    return this.options.silent?.(protocol) === true
  }

  // Asking

  /** Whether a name is looked for on the link, and as what: undefined when not. */
  nameFor(name: string): string | undefined {
    if (/^[^.]+\.local\.?$/i.test(name)) return this.options.mdns && !this.silent('mdns') ? name.replace(/\.$/, '') : undefined
    return this.options.llmnr && !name.includes('.') && name !== '' && !(this.silent('llmnr') && this.silent('mdns'))
      ? name
      : undefined
  }

  /** Begins to ask for a name that `nameFor` gave. The answer comes in an event of its own. */
  ask(key: string, name: string, type: string): void {
    const llmnr = this.options.llmnr && !name.includes('.') && !this.silent('llmnr')
    const question: Question = {
      key,
      name,
      type,
      origin: this.sim.origin,
      begunAt: this.sim.now,
      id: this.random.below(0x10000),
      port: llmnr ? this.stack.takePort() : 0,
      step: 0,
      due: this.sim.now,
    }
    this.questions.push(question)
    this.bind(question)
    this.sim.touch(this)
  }

  private bind(question: Question): void {
    if (question.port === 0) return
    const socket = bindUdp(this.stack, this, {
      port: question.port,
      ...anyFamily(this.stack),
      component: 'Dnscache',
      image: 'svchost.exe',
    })
    if (socket) this.sockets.set(question, socket)
  }

  /** Nobody waits for it any more. */
  forget(key: string): void {
    for (const question of this.questions.filter((q) => q.key === key)) this.end(question)
  }

  private end(question: Question): void {
    const socket = this.sockets.get(question)
    if (socket) closeUdp(this.stack, socket)
    this.sockets.delete(question)
    this.questions = this.questions.filter((q) => q !== question)
    this.sim.touch(this)
  }

  private advance(question: Question): void {
    const steps = this.options.dialect === 'windows' ? WINDOWS : LINUX
    const now = steps[question.step]
    const links = this.links()
    if (question.answered) return this.end(question)
    if (question.step >= steps.length - 1 || links.length === 0) {
      this.end(question)
      return this.asker?.answeredOnLink(question.key, undefined)
    }
    question.step++
    question.due = question.begunAt + steps[question.step].at
    const { name, type } = question
    const local = name.includes('.') ? name : `${name}${LOCAL}`
    for (const via of links) {
      if (now.mdns && !this.silent('mdns')) this.said.sayMdns(via, dns.query(0, { name: local, type, recursionDesired: false }))
      const socket = this.sockets.get(question)
      if (!now.llmnr || !socket) continue
      const asked = dns.encode(dns.query(question.id, { name, type, recursionDesired: false }))
      // RFC 4795 section 2.3: a query does not leave its link.
      for (const group of [LLMNR_GROUP, LLMNR_GROUP6])
        if (speaks(this.stack, via, group)) sendUdp(this.stack, socket, group, LLMNR_PORT, asked, { via, ttl: 1 })
    }
  }

  private links(): Interface[] {
    return [...this.stack.interfaces.values()].filter((via) => this.isLink(via))
  }

  private isLink(via: Interface): boolean {
    return speaks(this.stack, via, MDNS_GROUP) || speaks(this.stack, via, MDNS_GROUP6)
  }

  // Hearing

  datagram(socket: UdpSocket, datagram: Datagram): void {
    const { payload, src, via } = datagram
    const message = dns.parse(payload, 0, payload.length)
    if (typeof message === 'string') return this.stack.drop('malformed', message)
    const mine = typeof src === 'number' ? this.stack.ownerOf(src) : this.stack.ip6?.ownerOf(src)
    if (mine !== undefined) return
    if (message.opcode !== dns.QUERY) return this.stack.drop('ignored', `opcode ${message.opcode}`)
    if (message.response) return this.answered(socket, message, datagram)
    if (this.silent(this.said.isMdns(socket) ? 'mdns' : 'llmnr'))
      this.stack.drop('ignored', 'names of the link are switched off here')
    else if (this.said.isMdns(socket)) this.askedMdns(message, datagram, via)
    else if (this.said.isLlmnr(socket)) this.askedLlmnr(message, datagram, via)
    else this.stack.drop('ignored', 'a question to a port that asked one')
  }

  private answered(socket: UdpSocket, message: dns.Dns, { srcPort }: Datagram): void {
    const records = message.answers.filter(isPlain).map(({ class: _class, ...record }) => record)
    const viaMdns = this.said.isMdns(socket)
    // RFC 6762 section 6: an answer that did not come from the port of multicast DNS is not one.
    if (viaMdns && srcPort !== MDNS_PORT) return this.stack.drop('ignored', `an answer from port ${srcPort}`)
    if (viaMdns && own.contradicts(this.stack, message.answers, this.ownName)) this.rename()
    let used = false
    for (const question of [...this.questions]) {
      if (!viaMdns && (this.sockets.get(question) !== socket || message.id !== question.id)) continue
      const name = viaMdns && !question.name.includes('.') ? `${question.name}${LOCAL}` : question.name
      const found = records.filter((r) => r.type === question.type && dns.sameName(r.name, name) && r.ttl > 0)
      if (found.length === 0) continue
      used = true
      if (question.answered) continue
      // The other family's answer may be on its way: until the time of the next question the port stays open.
      if (viaMdns || question.port === 0 || this.stack.ip6 === undefined) this.end(question)
      else question.answered = true
      this.sim.touch(this)
      this.asker?.answeredOnLink(question.key, { source: 'dns', canonical: found[0].name, records: found })
    }
    if (!used && !viaMdns) this.stack.drop('ignored', 'LLMNR: nobody asked this')
  }

  private askedMdns(message: dns.Dns, { src, srcPort }: Datagram, via: Interface): void {
    const claim = this.claims.find((one) => one.via === via.index)
    const mine = via.primary?.ip ?? 0
    if (claim && claim.step < own.PROBES && own.losesAgainst(mine, message.authorities, this.ownName)) {
      Object.assign(claim, { step: 0, due: this.sim.now + own.DEFER })
      this.sim.touch(this)
      return
    }
    const legacy = srcPort !== MDNS_PORT
    for (const question of message.questions) {
      const ttl = legacy ? own.LEGACY_TTL : own.MDNS_TTL
      const answers = own
        .answersTo(this.stack, via, this.ownName, question, ttl)
        .filter((record) => !own.isKnown(record, message.answers))
      if (answers.length === 0) continue
      const alone = legacy || (question.class & own.TOP_BIT) !== 0
      const said = legacy ? own.plainAnswer(message.id, question, answers, true) : own.multicastAnswer(answers)
      if (alone) this.said.answerMdns(via, said, src, srcPort)
      else this.said.answerMdns(via, said, typeof src === 'number' ? MDNS_GROUP : MDNS_GROUP6)
    }
  }

  private askedLlmnr(message: dns.Dns, { src, srcPort, dst }: Datagram, via: Interface): void {
    const [question] = message.questions
    // RFC 4795 section 2.1.1: one question, nothing else, and sent to the group.
    const toGroup = dst === LLMNR_GROUP || dst === LLMNR_GROUP6
    if (message.questions.length !== 1 || !toGroup || message.answers.length > 0)
      return this.stack.drop('ignored', 'LLMNR: not a question to the group')
    const answers = own.answersTo(this.stack, via, this.options.hostname(), question, own.LLMNR_TTL)
    if (answers.length === 0 && !dns.sameName(question.name, this.options.hostname())) return
    const said = own.plainAnswer(message.id, question, answers, false)
    this.said.answerLlmnr(via, said, src, srcPort)
  }

  // The own name

  get ownName(): string {
    return `${this.options.hostname()}${this.number > 1 ? `-${this.number}` : ''}${LOCAL}`
  }

  /**
   * An address came into use: the name is probed for, then announced. Where it is ours already, what changed is announced alone
   * (RFC 6762 section 8.4).
   */
  private claim(via: Interface, anew = false): void {
    if (!this.isLink(via) || via.kind === 'loopback' || via.kind === 'ppp') return
    const known = this.claims.find((one) => one.via === via.index)
    const step = !anew && known !== undefined && known.step >= own.PROBES ? own.PROBES : 0
    this.unclaim(via)
    this.claims.push({ via: via.index, step, due: this.sim.now + this.random.below(own.PROBE_INTERVAL) })
    this.sim.touch(this)
  }

  /** The link is gone: whoever is on the next one may have the name. */
  private unclaim(via: Interface): void {
    this.claims = this.claims.filter((one) => one.via !== via.index)
  }

  /** All that stood on one interface stands on another now, by index. */
  moved(from: number, to: number): void {
    for (const claim of this.claims) if (claim.via === from) claim.via = to
  }

  /** With the first address of IPv6 there are others on the link to be asked: those who speak nothing else (RFC 6762 section 20). */
  settled(i6: Interface6, _address: Address6, owner: number): void {
    const isFirst = i6.addresses.filter(({ state }) => state === 'preferred').length === 1
    if (owner === 0) this.claim(i6.via, isFirst)
  }

  /** RFC 6762 section 9: somebody else has the name. */
  private rename(): void {
    this.number++
    for (const { via } of [...this.claims]) {
      const link = this.stack.interfaces.get(via)
      if (link) this.claim(link, true)
    }
  }

  private advanceClaim(claim: own.Claim, now: Micros): void {
    const via = this.stack.interfaces.get(claim.via)
    if (via === undefined || !this.isLink(via)) {
      this.claims = this.claims.filter((one) => one !== claim)
      return
    }
    const probing = claim.step < own.PROBES
    this.said.sayMdns(via, probing ? own.probe(this.stack, via, this.ownName) : own.announcement(this.stack, via, this.ownName))
    claim.step++
    const over = claim.step >= own.PROBES + own.ANNOUNCEMENTS
    claim.due = over ? NEVER : now + (claim.step <= own.PROBES ? own.PROBE_INTERVAL : own.ANNOUNCE_INTERVAL)
  }

  /** Switched off: nobody waits any more, and the name is to be probed for again. */
  reset(): void {
    for (const question of [...this.questions]) this.end(question)
    this.claims = []
    this.number = 1
    this.sim.touch(this)
  }

  // Part

  pollAt(): Micros {
    let at = this.transientAt()
    for (const { due } of this.claims) if (due < at) at = due
    for (const { due } of this.questions) if (due < at) at = due
    return at
  }

  /** A question is waited for; what the machine says of itself is not. */
  transientAt(): Micros {
    let at = NEVER
    for (const { due, answered } of this.questions) if (!answered && due < at) at = due
    return at
  }

  poll(now: Micros): void {
    if (!this.stack.powered) return this.reset()
    for (const claim of [...this.claims]) if (claim.due <= now) this.advanceClaim(claim, now)
    for (const question of [...this.questions]) {
      if (question.due > now || !this.questions.includes(question)) continue
      this.sim.origin = question.origin
      this.advance(question)
    }
  }

  save(): LinkNamesState & Json {
    return {
      random: this.random.counter,
      questions: this.questions.map((q) => ({ ...q })),
      claims: this.claims.map(({ via, step: at, due }) => [via, at, storeTime(due)] as const),
      number: this.number,
    }
  }
}
