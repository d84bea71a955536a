import { type Attachment, caller, MOST_CREDIT, newAttachment, readAttachment, writeAttachment } from './attachment.ts'
import type { Commands } from './commands.ts'
import { toAnswer } from './commands.ts'
import type { Answer, Refusal } from './contract.ts'
import type { Live, Turn } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { peopleOf, typistOf } from './presence.ts'
import { type ClientMessage, clientMessage, type ExecAnswer, type ServerMessage, SUBPROTOCOL } from './protocol.ts'
import { welcome } from './welcome.ts'

/** Sockets at one lab. */
const MOST_SOCKETS = 200
/** Characters in one message; an exec line and its frame are far below. */
const LONGEST_MESSAGE = 64 * 1024
const BATCH = 200
/** "Without a code": may not be sent, but is to be answered. */
const NO_CODE = 1005
/** Nobody is there any more; an answer would fail when nobody can catch it. */
const GONE = new Set([1006, 1015])

type Open = { readonly socket: WebSocket; readonly its: Attachment }

/** Runs something that needs the lab; a failure inside becomes a refusal. */
export type WithLab = <T>(use: (live: Live) => Answer<T>) => Answer<T>

/**
 * The people at a lab. Sockets hibernate: all that is known of one is in its attachment, and whatever this object keeps
 * besides only saves sending something twice.
 */
export class Sessions {
  private readonly ctx: DurableObjectState
  private readonly commands: Commands
  private readonly packets: Packets
  private readonly withLab: WithLab
  private sentPeople = ''
  private sentTopology = ''
  private readonly sentConsoles = new Map<string, string>()

  constructor(ctx: DurableObjectState, commands: Commands, packets: Packets, withLab: WithLab) {
    this.ctx = ctx
    this.commands = commands
    this.packets = packets
    this.withLab = withLab
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  accept(request: Request): Response {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
      return new Response('Connect with a WebSocket.', { status: 426 })
    const person = caller.safeParse(parseJson(request.headers.get('x-caller') ?? ''))
    if (!person.success) return new Response('Who is calling?', { status: 400 })
    if (this.ctx.getWebSockets().length >= MOST_SOCKETS) return new Response('Too many people are at this lab.', { status: 429 })
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    writeAttachment(server, newAttachment(person.data))
    return new Response(null, { status: 101, webSocket: client, headers: { 'sec-websocket-protocol': SUBPROTOCOL } })
  }

  message(socket: WebSocket, data: string | ArrayBuffer): void {
    const its = readAttachment(socket)
    if (!its) return socket.close(1011, 'connect again')
    const parsed =
      typeof data === 'string' && data.length <= LONGEST_MESSAGE ? clientMessage.safeParse(parseJson(data)) : undefined
    if (!parsed?.success) {
      const issue = parsed?.error.issues[0]
      const why = issue
        ? `${issue.path.join('.') || 'The message'}: ${issue.message}`
        : 'Messages are JSON text of at most 64 KiB.'
      return send(socket, { type: 'error', code: 'bad-message', message: why })
    }
    const answer = this.withLab((live) => this.act(live, { socket, its }, parsed.data))
    if (!answer.ok) this.refused(socket, answer, 'clientId' in parsed.data ? parsed.data.clientId : undefined)
  }

  /** The platform does not answer a close by itself. */
  closed(socket: WebSocket, code: number, reason: string): void {
    try {
      if (!GONE.has(code)) socket.close(code === NO_CODE ? 1000 : code, reason)
    } catch {}
    this.tellPeople(socket)
  }

  closeAll(reason: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.close(1000, reason)
  }

  /** Everybody sees everything that came of an input, in the same order. */
  publish(live: Live, { line, texts, ended }: Turn): void {
    const open = this.open()
    if (open.length === 0) return
    for (const text of texts) broadcast(open, { type: 'output', ...text })
    this.tellConsoles(live, open)
    for (const one of ended.filter((done) => done.clientId !== null)) {
      const answer: ServerMessage = { type: 'answer', clientId: one.clientId as string, answer: toAnswer(one, false) }
      for (const { socket, its } of open) if (its.person.personId === one.byPerson) send(socket, answer)
    }
    if (line.kind !== 'interrupt' || texts.length > 0) this.tellTopology(live, open)
    for (const one of open) this.feed(one)
  }

  /** The lab began anew: everybody forgets what they have and is welcomed again. */
  reset(live: Live): void {
    for (const { socket, its } of this.open()) {
      send(socket, { type: 'reset' })
      this.greet(live, { socket, its }, -1)
    }
  }

  private act(live: Live, from: Open, message: ClientMessage): Answer<unknown> {
    const { socket, its } = from
    const { person } = its
    const done = { ok: true, value: null } as const
    switch (message.type) {
      case 'hello':
        this.greet(live, { socket, its: { ...its, visible: message.visible, greeted: true } }, message.packetsAfter)
        this.tellPeople()
        return done
      case 'credit':
        this.feed({ socket, its: this.keep(from, { credit: Math.min(MOST_CREDIT, its.credit + message.batches) }) })
        return done
      case 'packets':
        this.feed({ socket, its: this.keep(from, { lastPacket: message.after }) })
        return done
      case 'focus':
        return this.focus(live, from, message.console, message.draft)
    }
    if (person.role === 'observer') return notAllowed
    switch (message.type) {
      case 'exec':
        return this.exec(live, from, message)
      case 'interrupt':
        return this.commands.interrupt(live, message.console, person)
      case 'hand':
        return this.commands.hand(live, message.action, person)
      case 'complete': {
        const { from: at, candidates } = live.lab.complete(message.console, message.line)
        send(socket, { type: 'completion', request: message.request, from: at, candidates: [...candidates] })
        return done
      }
      default:
        return message satisfies never
    }
  }

  private exec(
    live: Live,
    from: Open,
    { console, line, clientId }: Extract<ClientMessage, { type: 'exec' }>,
  ): Answer<ExecAnswer> {
    const { person } = from.its
    const typist = typistOf(this.attachments(), console, Date.now())?.person
    if (typist && typist.personId !== person.personId) return somebodyTypes(typist.name)
    // The line is no longer unfinished; said before the lab runs, so that the consoles that are sent show it.
    if (from.its.console === console) this.keep(from, { draft: '' })
    const answer = this.commands.exec(live, { console, line, clientId }, person)
    if (answer.ok) send(from.socket, { type: 'answer', clientId, answer: answer.value })
    this.tellPeople()
    return answer
  }

  private focus(live: Live, from: Open, console: string, draft: string): Answer<null> {
    if (!live.lab.console(console))
      return { ok: false, status: 404, code: 'no-console', message: `There is no console ${console}.` }
    const now = Date.now()
    const typist = typistOf(this.attachments(), console, now)?.person
    const blocked = typist !== undefined && typist.personId !== from.its.person.personId && draft !== ''
    const mayType = from.its.person.role !== 'observer' && !blocked
    const before = from.its.console
    this.keep(from, { console, draft: mayType ? draft : '', draftAt: now, warned: blocked })
    for (const name of new Set([before ?? console, console])) this.tellConsole(live, name, this.open())
    this.tellPeople()
    return blocked && !from.its.warned ? somebodyTypes(typist.name) : { ok: true, value: null }
  }

  private greet(live: Live, { socket, its }: Open, packetsAfter: number): void {
    const kept = this.keep({ socket, its }, { lastPacket: packetsAfter })
    const others = this.attachments()
    const now = Date.now()
    send(
      socket,
      welcome(
        live,
        this.packets.db,
        kept,
        peopleOf(others, now),
        (console) => typistOf(others, console, now)?.person.personId ?? null,
      ),
    )
    this.feed({ socket, its: kept })
  }

  /** As many batches of packets as the other end has room for. */
  private feed({ socket, its }: Open): void {
    let { lastPacket, credit } = its
    while (its.greeted && its.visible && credit > 0) {
      const page = this.packets.page({ after: lastPacket, limit: BATCH })
      if (page.packets.length === 0) break
      send(socket, { type: 'packets', ...page })
      lastPacket = page.next
      credit--
    }
    if (credit !== its.credit) this.keep({ socket, its }, { lastPacket, credit })
  }

  private tellConsoles(live: Live, open: readonly Open[]): void {
    for (const { console } of live.lab.consoles()) this.tellConsole(live, console, open)
  }

  private tellConsole(live: Live, console: string, open: readonly Open[]): void {
    const view = live.lab.console(console)
    if (!view) return
    const typist = typistOf(
      open.map(({ its }) => its),
      console,
      Date.now(),
    )
    const state = { console, prompt: view.prompt, busy: view.busy, typist: typist?.person.personId ?? null }
    const message: ServerMessage = { type: 'console', state, draft: typist?.draft ?? '' }
    const text = JSON.stringify(message)
    if (this.sentConsoles.get(console) === text) return
    this.sentConsoles.set(console, text)
    broadcast(open, message)
  }

  private tellPeople(gone?: WebSocket): void {
    const open = this.open().filter(({ socket }) => socket !== gone)
    const people = peopleOf(
      open.map(({ its }) => its),
      Date.now(),
    )
    const text = JSON.stringify(people)
    if (this.sentPeople === text) return
    this.sentPeople = text
    broadcast(open, { type: 'people', people })
  }

  private tellTopology(live: Live, open: readonly Open[]): void {
    const { now, nodes, links } = live.lab.topology()
    const text = JSON.stringify([nodes, links])
    if (this.sentTopology === text) return
    this.sentTopology = text
    broadcast(open, { type: 'topology', topology: { now, nodes, links } })
  }

  private refused(socket: WebSocket, { code, message }: Refusal, clientId?: string): void {
    send(socket, { type: 'error', code, message, ...(clientId !== undefined && { clientId }) })
  }

  private keep({ socket, its }: Open, change: Partial<Attachment>): Attachment {
    const value = { ...its, ...change }
    writeAttachment(socket, value)
    return value
  }

  private open(): Open[] {
    return this.ctx.getWebSockets().flatMap((socket) => {
      const its = readAttachment(socket)
      return its?.greeted ? [{ socket, its }] : []
    })
  }

  private attachments = (): Attachment[] => this.open().map(({ its }) => its)
}

const notAllowed = { ok: false, status: 409, code: 'not-allowed', message: 'You may look at this lab, not work in it.' } as const
const somebodyTypes = (name: string) => ({ ok: false, status: 409, code: 'typing', message: `${name} is typing.` }) as const

function send(socket: WebSocket, message: ServerMessage): void {
  sendText(socket, JSON.stringify(message))
}

function broadcast(open: readonly Open[], message: ServerMessage): void {
  const text = JSON.stringify(message)
  for (const { socket } of open) sendText(socket, text)
}

/** A socket that is closing throws; it has no use for the message. */
function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
