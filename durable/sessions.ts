import { caller, MOST_CREDIT, newAttachment, readAttachment, writeAttachment } from './attachment.ts'
import { type Commands, toAnswer } from './commands.ts'
import { hasTerminal, openConsole } from './consoles.ts'
import type { Answer } from './contract.ts'
import type { LabKeeper, Live, Turn } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { type ClientMessage, clientMessage, type ExecAnswer, SUBPROTOCOL } from './protocol.ts'
import { noConsole, refuse } from './refusal.ts'
import { broadcast, type Open, Room, send } from './room.ts'
import { welcome } from './welcome.ts'

/** Sockets at one lab. */
const MOST_SOCKETS = 200
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
const somebodyTypes = (name: string) => refuse(409, 'typing', `${name} is typing.`)

/** The sockets of a lab, subprotocol lab.v1: what comes in, and what goes out because of it. */
export class Sessions {
  private readonly ctx: DurableObjectState
  private readonly commands: Commands
  private readonly keeper: LabKeeper
  private readonly withLab: WithLab
  private readonly room: Room

  constructor(ctx: DurableObjectState, keeper: LabKeeper, commands: Commands, packets: Packets, withLab: WithLab) {
    this.ctx = ctx
    this.commands = commands
    this.keeper = keeper
    this.withLab = withLab
    this.room = new Room(ctx, packets)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  accept(request: Request): Response {
    const refused = (status: number, why: string) => new Response(why, { status })
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return refused(426, 'Connect with a WebSocket.')
    const person = caller.safeParse(parseJson(request.headers.get('x-caller') ?? ''))
    if (!person.success) return refused(400, 'Who is calling?')
    if (this.ctx.getWebSockets().length >= MOST_SOCKETS) return refused(429, 'Too many people are at this lab.')
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
    const short = typeof data === 'string' && data.length <= LONGEST_MESSAGE
    const parsed = short ? clientMessage.safeParse(parseJson(data)) : undefined
    if (!parsed?.success) {
      const issue = parsed?.error.issues[0]
      const why = issue
        ? `${issue.path.join('.') || 'The message'}: ${issue.message}`
        : 'Messages are JSON text of at most 64 KiB.'
      return send(socket, { type: 'error', code: 'bad-message', message: why })
    }
    const message = parsed.data
    const answer = this.withLab((live) => this.act(live, { socket, its }, message))
    if (answer.ok) return
    const { code, message: text } = answer
    send(socket, { type: 'error', code, message: text, ...('clientId' in message && { clientId: message.clientId }) })
  }

  /** The platform does not answer a close by itself. */
  closed(socket: WebSocket, code: number, reason: string): void {
    try {
      if (!GONE.has(code)) socket.close(code === NO_CODE ? 1000 : code, reason)
    } catch {}
    this.room.tellPeople(socket)
  }

  closeAll(reason: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.close(1000, reason)
  }

  closeOf(personId: string): void {
    const theirs = this.ctx.getWebSockets().filter((socket) => readAttachment(socket)?.person.personId === personId)
    for (const socket of theirs) socket.close(NOT_ALLOWED, 'signed out')
    if (theirs.length > 0) this.room.tellPeople()
  }

  /** Everybody sees everything that came of an input, in the same order. */
  publish(live: Live, { texts, ended }: Turn): void {
    const open = this.room.open()
    if (open.length === 0) return
    for (const text of texts) broadcast(open, { type: 'output', ...text })
    this.room.tellConsoles(live)
    for (const one of ended) {
      const theirs = open.filter(({ its }) => its.person.personId === one.byPerson)
      if (one.clientId !== null) broadcast(theirs, { type: 'answer', clientId: one.clientId, answer: toAnswer(one, false) })
    }
    this.room.tellTopology(live)
    for (const one of open) this.room.feed(one)
  }

  /** The lab began anew: everybody forgets what they have and is welcomed again. */
  reset(live: Live): void {
    for (const one of this.room.open()) {
      send(one.socket, { type: 'reset' })
      this.greet(live, one, -1)
    }
  }

  private act(live: Live, from: Open, message: ClientMessage): Answer<unknown> {
    const { person, credit } = from.its
    switch (message.type) {
      case 'hello':
        this.greet(live, this.room.keep(from, { visible: message.visible, greeted: true }), message.packetsAfter)
        this.room.tellPeople()
        return done
      case 'credit':
        this.room.feed(this.room.keep(from, { credit: Math.min(MOST_CREDIT, credit + message.batches) }))
        return done
      case 'packets':
        this.room.feed(this.room.keep(from, { lastPacket: message.after }))
        return done
      case 'focus':
        return this.focus(live, from, message)
    }
    if (person.role === 'observer') return refuse(409, 'not-allowed', 'You may look at this lab, not work in it.')
    switch (message.type) {
      case 'exec':
        return this.exec(live, from, message)
      case 'interrupt':
        return this.commands.interrupt(live, message.console, person)
      case 'hand':
        return this.commands.hand(live, message.action, person)
      case 'complete': {
        const known = openConsole(live.lab, message.console)
        const { from: at, candidates } = known ? live.lab.complete(message.console, message.line) : { from: 0, candidates: [] }
        send(from.socket, { type: 'completion', request: message.request, from: at, candidates: [...candidates] })
        return done
      }
      case 'clock':
      case 'advance':
        return refuse(409, 'not-yet', 'The clock of a lab cannot be moved over this connection yet.')
      default:
        return message satisfies never
    }
  }

  private exec(live: Live, from: Open, { console, line, clientId }: Message<'exec'>): Answer<ExecAnswer> {
    const { person } = from.its
    const typist = this.room.typist(console)?.person
    if (typist && typist.personId !== person.personId) return somebodyTypes(typist.name)
    // The line is no longer unfinished; noted before the lab runs, so that the consoles that are told show it.
    if (from.its.console === console) this.room.keep(from, { draft: '' })
    const answer = this.commands.exec(live, { console, line, clientId }, person)
    if (answer.ok) send(from.socket, { type: 'answer', clientId, answer: answer.value })
    this.room.tellPeople()
    return answer
  }

  private focus(live: Live, from: Open, { console, draft }: Message<'focus'>): Answer<null> {
    if (!hasTerminal(live.lab, console)) return noConsole(console)
    const { person, console: before, warned } = from.its
    const typist = this.room.typist(console)?.person
    const blocked = draft !== '' && typist !== undefined && typist.personId !== person.personId
    const mayType = person.role !== 'observer' && !blocked
    this.room.keep(from, { console, draft: mayType ? draft : '', draftAt: Date.now(), warned: blocked })
    for (const name of new Set([before ?? console, console])) this.room.tellConsole(live, name)
    this.room.tellPeople()
    return blocked && !warned ? somebodyTypes(typist.name) : done
  }

  private greet(live: Live, from: Open, packetsAfter: number): void {
    const kept = this.room.keep(from, { lastPacket: packetsAfter })
    const typist = (console: string) => this.room.typist(console)?.person.personId ?? null
    send(kept.socket, welcome(live, this.keeper, kept.its, this.room.people(), typist))
    this.room.feed(kept)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
