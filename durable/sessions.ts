import { caller, newAttachment, readAttachment, writeAttachment } from './attachment.ts'
import { Chat } from './chat.ts'
import type { Clock } from './clock.ts'
import { type Commands, toAnswer } from './commands.ts'
import { Consent, type Rewind } from './consent.ts'
import { hasTerminal, openConsole } from './consoles.ts'
import type { Answer, Caller, Refusal } from './contract.ts'
import { broadcast, Open, UNACKNOWLEDGED } from './flow.ts'
import type { LabKeeper, Live, Passage, Turn } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { type ClientMessage, clientMessage, type ExecAnswer, SUBPROTOCOL } from './protocol.ts'
import { frozenLab, noConsole, refuse } from './refusal.ts'
import { endInvitation, isOver, mayType, Room } from './room.ts'
import { Terminals } from './terminals.ts'
import { welcome } from './welcome.ts'

/** Sockets at one lab. */
export const MOST_SOCKETS = 200
/** Characters in one message; the longest that means anything is far below. */
const LONGEST_MESSAGE = 64 * 1024
/** "Policy violation": whoever this was may not be here any more. */
const NOT_ALLOWED = 1008
/** "Without a code": may not be sent, but is to be answered. */
const NO_CODE = 1005
/** Nobody is there any more; an answer would fail when nobody can catch it. */
const GONE = new Set([1006, 1015])

type Message<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>

/** Runs something that needs the lab; a failure inside becomes a refusal. */
export type WithLab = <T>(use: (live: Live) => Answer<T>) => Answer<T>

const done: Answer<null> = { ok: true, value: null }
/** What may be said at a lab that is frozen. */
const BESIDE = new Set<ClientMessage['type']>(['complete', 'watch', 'say', 'unsay'])
/** What somebody who only watches may say. */
const WATCHING = new Set<ClientMessage['type']>(['hello', 'credit', 'packets', 'focus', 'watch', 'say', 'unsay', 'complete'])

/** The sockets of a lab, subprotocol lab.v1: what comes in, and what goes out because of it. */
export class Sessions {
  private readonly ctx: DurableObjectState
  private readonly commands: Commands
  private readonly keeper: LabKeeper
  private readonly clock: Clock
  private readonly withLab: WithLab
  private readonly room: Room
  private readonly consent: Consent
  readonly terminals: Terminals
  readonly chat: Chat

  constructor(
    ctx: DurableObjectState,
    keeper: LabKeeper,
    { commands, clock, packets }: { commands: Commands; clock: Clock; packets: Packets },
    withLab: WithLab,
    rewind: Rewind,
  ) {
    this.ctx = ctx
    this.commands = commands
    this.clock = clock
    this.keeper = keeper
    this.withLab = withLab
    this.room = new Room(ctx, packets, { of: (console) => this.terminals.of(console) })
    this.terminals = new Terminals(keeper, this.room, (live, line, caller, write) => commands.note(live, line, caller, write))
    this.chat = new Chat(keeper, this.room)
    this.consent = new Consent(keeper, this.room, rewind)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  accept(request: Request): Response {
    const refused = (status: number, why: string) => new Response(why, { status })
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return refused(426, 'Connect with a WebSocket.')
    const person = caller.safeParse(parseJson(request.headers.get('x-caller') ?? ''))
    if (!person.success) return refused(400, 'Who is calling?')
    if (this.ctx.getWebSockets().length >= MOST_SOCKETS) {
      return refused(429, `Too many people are at this lab: its budget is ${MOST_SOCKETS} connections.`)
    }
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    writeAttachment(server, newAttachment(person.data))
    return new Response(null, { status: 101, webSocket: client, headers: { 'sec-websocket-protocol': SUBPROTOCOL } })
  }

  message(socket: WebSocket, data: string | ArrayBuffer): void {
    // What was on its way when the socket was closed here is not from anybody any more.
    if (socket.readyState !== WebSocket.OPEN) return
    const its = readAttachment(socket)
    if (!its) return socket.close(1011, 'connect again')
    if (isOver(its, Date.now())) return endInvitation(socket)
    const short = typeof data === 'string' && data.length <= LONGEST_MESSAGE
    const from = new Open(socket, its)
    const parsed = short ? clientMessage.safeParse(parseJson(data)) : undefined
    if (!parsed?.success) {
      const issue = parsed?.error.issues[0]
      const why = issue
        ? `${issue.path.join('.') || 'The message'}: ${issue.message}`
        : 'Messages are JSON text of at most 64 KiB.'
      return from.reply({ type: 'error', code: 'bad-message', message: why })
    }
    const message = parsed.data
    this.reviewConsent()
    const answer = this.withLab((live) => {
      this.terminals.review(live)
      return this.act(live, from, message)
    })
    if (answer.ok) return
    const { code, message: text } = answer
    from.reply({ type: 'error', code, message: text, ...('clientId' in message && { clientId: message.clientId }) })
  }

  /** The platform does not answer a close by itself. */
  closed(socket: WebSocket, code: number, reason: string): void {
    try {
      if (!GONE.has(code)) socket.close(code === NO_CODE ? 1000 : code, reason)
    } catch {}
    this.room.leave(socket)
    this.somebodyLeft()
  }

  closeAll(reason: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.close(1000, reason)
  }

  closeOf(personId: string): void {
    const theirs = this.ctx.getWebSockets().filter((socket) => readAttachment(socket)?.person.personId === personId)
    for (const socket of theirs) {
      this.room.leave(socket)
      socket.close(NOT_ALLOWED, 'signed out')
    }
    if (theirs.length > 0) this.somebodyLeft()
    this.reviewConsent()
  }

  /** Memory may say what no row says. */
  forget(): void {
    this.terminals.forget()
  }

  /** What is theirs is free, and they are not waited for. */
  private somebodyLeft(): void {
    this.room.tellPeople()
    this.reviewConsent()
    if (!this.terminals.any) return
    this.withLab((live) => {
      this.terminals.review(live)
      return done
    })
  }

  /** Why somebody may not take the lab back by themselves now. */
  needConsent(caller: Caller, force: boolean): Refusal | undefined {
    return this.consent.needed(caller, force)
  }

  /** Whoever leaves is not waited for any longer, and whatever happens after its time ends a proposal. */
  private reviewConsent(): void {
    if (this.consent.asking) this.withLab((live) => this.consent.review(live))
  }

  get watched(): boolean {
    return this.room.watched()
  }

  /** Everybody sees everything that came of an input or of time, in the same order. */
  publish(live: Live, { texts, ended }: Turn | Passage): void {
    const open = this.room.open()
    if (open.length === 0) return
    for (const text of texts) broadcast(open, { type: 'output', ...text })
    this.room.tellConsoles(live)
    for (const one of ended) {
      const theirs = open.filter(({ its }) => its.person.personId === one.byPerson)
      if (one.clientId !== null) broadcast(theirs, { type: 'answer', clientId: one.clientId, answer: toAnswer(one, false) })
    }
    this.room.tellTopology(live)
    this.room.feed(open)
  }

  /** What consoles print in live time, before it is committed. */
  stream(texts: Turn['texts']): void {
    const open = this.room.open()
    for (const text of texts) broadcast(open, { type: 'output', ...text })
  }

  feed(): void {
    this.room.feed(this.room.open())
  }

  /** `notice`: a sentence that belongs to no console. */
  tellClock(live: Live, notice?: string): void {
    const clock = this.clock.state(live)
    broadcast(this.room.open(), { type: 'clock', clock, ...(notice !== undefined && { notice }) })
  }

  /** What was told is not what has happened: everybody forgets what they have and is welcomed again. */
  reset(live: Live): void {
    this.consent.turned()
    for (const one of this.room.open()) {
      one.reply({ type: 'reset' })
      this.greet(live, one, -1)
    }
  }

  /** The terminals anew, for everybody: more was printed than anybody would read. */
  welcomeAll(live: Live): void {
    for (const one of this.room.open()) this.greet(live, one, one.its.lastPacket)
  }

  private act(live: Live, from: Open, message: ClientMessage): Answer<unknown> {
    const { person, watching } = from.its
    switch (message.type) {
      case 'hello':
        from.keep({ visible: message.visible, greeted: true })
        this.greet(live, from, message.packetsAfter)
        this.room.tellPeople()
        this.consent.tell()
        return done
      case 'credit':
        this.acknowledged(live, from, message.batches)
        return done
      case 'packets':
        from.keep({ lastPacket: message.after, asked: true })
        this.room.feed([from])
        return done
      case 'focus':
        return this.focus(live, from, message)
    }
    if (person.role === 'observer') return refuse(409, 'not-allowed', 'You may look at this lab, not work in it.')
    const { frozen } = this.keeper
    if (frozen && !BESIDE.has(message.type)) return frozenLab(frozen)
    if (watching && !WATCHING.has(message.type)) return refuse(409, 'watching', 'You only watch. Stop watching to do something.')
    switch (message.type) {
      case 'exec':
        return this.exec(live, from, message)
      case 'interrupt':
        return this.commands.interrupt(live, message.console, person, 'page')
      case 'terminal':
        return this.terminal(live, from, message)
      case 'hand-over': {
        const { act, console, person: to } = message
        const { terminals } = this
        return act === 'give' ? terminals.give(live, console, person, to) : terminals.refuseTo(live, console, person, to)
      }
      case 'watch':
        return this.watch(live, from, message.on)
      case 'say':
        return this.chat.say(live, message.text, person)
      case 'unsay':
        return this.chat.remove(message.message, person)
      case 'hand':
        return this.commands.hand(live, message.action, person)
      case 'complete': {
        const known = openConsole(live.lab, message.console)
        const { from: at, candidates } = known ? live.lab.complete(message.console, message.line) : { from: 0, candidates: [] }
        from.reply({ type: 'completion', request: message.request, from: at, candidates: [...candidates] })
        return done
      }
      case 'clock':
        return this.clock.change(live, message.change, person)
      case 'advance':
        return this.clock.advance(live, message.advance, person)
      case 'rewind':
        return this.consent.propose(live, message.line, person)
      case 'consent':
        return this.asItIs(from, this.consent.answer(live, message.proposal, message.agree, person))
      case 'take-back':
        return this.asItIs(from, this.consent.takeBack(message.proposal, person))
      default:
        return message satisfies never
    }
  }

  /** A page that answers what is not asked any more did not hear of it: it is told what is. */
  private asItIs(from: Open, answer: Answer<unknown>): Answer<unknown> {
    if (!answer.ok && answer.code === 'no-proposal') from.reply({ type: 'proposal', proposal: this.consent.shown() })
    return answer
  }

  private exec(live: Live, from: Open, { console, line, clientId }: Message<'exec'>): Answer<ExecAnswer> {
    const { person } = from.its
    const owner = this.terminals.owner(console)
    // The line is no longer unfinished; noted before the lab runs, so that the consoles that are told show it.
    if (from.its.console === console && (owner === undefined || owner.personId === person.personId)) from.keep({ draft: '' })
    const answer = this.commands.exec(live, { console, line, clientId }, person, 'page')
    if (answer.ok) from.reply({ type: 'answer', clientId, answer: answer.value })
    this.room.tellPeople()
    return answer
  }

  private focus(live: Live, from: Open, { console, draft }: Message<'focus'>): Answer<null> {
    if (!hasTerminal(live.lab, console)) return noConsole(console)
    const { person, console: before, warned } = from.its
    const types = draft !== '' && mayType(from.its)
    const refused = types ? this.terminals.claim(console, person, 'page') : undefined
    from.keep({ console, draft: types && !refused ? draft : '', draftAt: Date.now(), warned: refused !== undefined })
    for (const name of new Set([before ?? console, console])) this.room.tellConsole(live, name)
    this.room.tellPeople()
    return refused && !warned ? refused : done
  }

  private terminal(live: Live, from: Open, { console, act }: Message<'terminal'>): Answer<null> {
    if (!hasTerminal(live.lab, console)) return noConsole(console)
    const { person } = from.its
    switch (act) {
      case 'take':
        return this.terminals.take(live, console, person)
      case 'ask':
        return this.terminals.ask(live, console, person)
      case 'unask':
        return this.terminals.unask(live, console, person)
      case 'let-go':
        return this.terminals.letGo(live, console, person)
      case 'take-over':
        return this.terminals.takeOver(live, console, person)
      default:
        return act satisfies never
    }
  }

  private watch(live: Live, from: Open, on: boolean): Answer<null> {
    from.keep({ watching: on, ...(on && { draft: '' }) })
    this.room.tellPeople()
    this.room.tellConsoles(live)
    this.terminals.review(live)
    this.reviewConsent()
    return done
  }

  /** A socket that has caught up is told whole what it missed in parts. */
  private acknowledged(live: Live, from: Open, batches: number): void {
    this.room.acknowledged(from, live, batches)
    if (from.its.missed && from.underway <= UNACKNOWLEDGED / 2) this.greet(live, from, from.its.lastPacket)
    else this.room.feed([from])
  }

  private greet(live: Live, from: Open, packetsAfter: number): void {
    from.keep({ lastPacket: packetsAfter, asked: from.its.asked || packetsAfter !== from.its.lastPacket, missed: false })
    const who = (console: string) => {
      return { typist: this.room.typist(console)?.person.personId ?? null, ...this.terminals.of(console) }
    }
    from.reply(welcome(live, this.keeper, from.its, this.room.people(), who, this.consent.shown()))
    from.reply({ type: 'chat', ...this.chat.newest(), whole: true })
    this.room.welcomed(live)
    from.reply({ type: 'clock', clock: this.clock.state(live) })
    this.room.feed([from])
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
