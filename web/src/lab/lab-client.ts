import type { ClientMessage, ClockState, ExecAnswer, HandAction, ServerMessage } from '../../../durable/protocol.ts'
import { api } from '../api/client.ts'
import { Problem } from '../api/http.ts'
import { createStore } from '../ui/store.ts'
import { toast } from '../ui/toasts.tsx'
import { heardSaid, shown } from './chat/chat-log.ts'
import { endWords, heard, LOST } from './consent/asked-back.ts'
import { LabSocket } from './lab-socket.ts'
import { type ConsoleView, emptyState, type LabState, newConsole } from './lab-state.ts'
import { askedBy, endOfAsking } from './owner/owner-words.ts'
import { PacketLog } from './packet-log.ts'
import { fetchSkipped } from './skipped.ts'
import { withoutAnswer } from './terminal/without-answer.ts'
import { ticks } from './time/clock.ts'
import { Transcript } from './transcript.ts'

type Exec = Extract<ClientMessage, { type: 'exec' }>
type Typist = { readonly insert: (text: string) => void; readonly focus: () => void }
type TerminalAct = Extract<ClientMessage, { type: 'terminal' }>['act']
type Completion = { readonly from: number; readonly candidates: readonly string[] }
const FIRST_CREDIT = 8

/** One open lab: what the page knows of it, and what the page can ask of it. */
export class LabClient {
  readonly state = createStore<LabState>(emptyState)
  readonly packets = new PacketLog()
  readonly #transcripts = new Map<string, Transcript>()
  /** Commands without an answer yet; sent again after every reconnect under the same id. */
  readonly #unanswered = new Map<string, { readonly message: Exec; readonly settled: (refused: boolean) => void }>()
  readonly #completions = new Map<number, (completion: Completion) => void>()
  readonly #typists = new Map<string, Typist>()
  #focus: Extract<ClientMessage, { type: 'focus' }> | null = null
  #requests = 0
  #ending: ReturnType<typeof setTimeout> | undefined
  #wasLive = false
  readonly #socket: LabSocket
  readonly id: string

  constructor(id: string) {
    this.id = id
    this.#socket = new LabSocket(api.socketAddress(id), {
      onOpen: () => this.#greeting(),
      onMessage: (message) => this.#receive(message),
      onLost: (retryIn) => this.state.update({ connection: 'lost', retryIn }),
      onRetry: () => this.#wasLive || this.state.update({ connection: 'connecting' }),
      onRefused: () => this.state.update({ connection: 'refused' }),
      onExcluded: () => this.#excluded(),
    })
    document.addEventListener('visibilitychange', this.#onVisibility)
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility)
    clearTimeout(this.#ending)
    this.#socket.close()
  }

  retry = () => this.#socket.retryNow()

  /** Signed out, or an invitation is over: who may come back by another right does. */
  #excluded(): void {
    api.summary(this.id).catch((error: unknown) => {
      const status = error instanceof Problem ? error.status : 0
      if (status !== 404 && status !== 403 && status !== 401) return
      this.#socket.close()
      this.state.update({ connection: 'refused' })
    })
  }

  /** An invitation ends by itself; the lab looks at its clock when it hears something. */
  #invited(left: number | null): void {
    clearTimeout(this.#ending)
    this.state.update({ until: left === null ? null : Date.now() + left })
    // Longer than a timer may wait is longer than a page stays open.
    if (left !== null && left < 2_000_000_000) this.#ending = setTimeout(() => this.#socket.send(this.#hello()), left + 500)
  }

  transcript(console: string): Transcript {
    let one = this.#transcripts.get(console)
    if (one === undefined) this.#transcripts.set(console, (one = new Transcript()))
    return one
  }

  /** `settled` is told once the lab has taken the line, or refused it. */
  exec(console: string, line: string, settled: (refused: boolean) => void): void {
    const message: Exec = { type: 'exec', console, line, clientId: crypto.randomUUID() }
    this.#unanswered.set(message.clientId, { message, settled })
    const view = this.state.get().consoles.get(console)
    if (view !== undefined && line.trim() !== '' && view.history.at(-1) !== line) {
      this.#console(console, { history: [...view.history.slice(-499), line] })
    }
    this.#socket.send(message)
  }

  interrupt = (console: string) => this.#socket.send({ type: 'interrupt', console })

  complete(console: string, line: string): Promise<Completion> {
    const request = ++this.#requests
    return new Promise((resolve) => {
      const nothing = { from: line.length, candidates: [] }
      if (!this.#socket.send({ type: 'complete', console, line, request })) return resolve(nothing)
      this.#completions.set(request, resolve)
      setTimeout(() => this.#completions.delete(request) && resolve(nothing), 5_000)
    })
  }

  /** Which terminal this person looks at and what stands unfinished in it. */
  focus(console: string, draft: string): void {
    if (this.#focus?.console === console && this.#focus.draft === draft) return
    this.#focus = { type: 'focus', console, draft }
    this.#socket.send(this.#focus)
  }

  activate(console: string): void {
    this.state.update({ active: console })
    // Already in front: at least the keyboard goes there.
    this.#typists.get(console)?.focus()
  }

  hand(action: HandAction): void {
    if (!this.#socket.send({ type: 'hand', action })) toast('Not connected. Try again in a moment.', 'fail')
  }

  /** Asks the others here whether the lab may go back to a line; false without a connection. */
  askBack = (line: number) => this.#ask({ type: 'rewind', line })
  consent = (proposal: string, agree: boolean) => this.#ask({ type: 'consent', proposal, agree })
  takeBack = (proposal: string) => this.#ask({ type: 'take-back', proposal })

  /** The time in which the others could have agreed is over, by the clock of this page. */
  askedInVain(): void {
    const { asked, you } = this.state.get()
    if (asked === null) return
    this.state.update({ asked: null })
    toast(endWords(asked, { id: asked.id, how: 'expired', by: asked.by.name }, you))
  }

  #ask(message: ClientMessage): boolean {
    const sent = this.#socket.send(message)
    if (!sent) toast('Not connected. Try again in a moment.', 'fail')
    return sent
  }

  /** About who types in a terminal; false without a connection. */
  terminal = (console: string, act: TerminalAct) => this.#ask({ type: 'terminal', console, act })
  handOver = (console: string, act: 'give' | 'refuse', person: string) => this.#ask({ type: 'hand-over', console, act, person })
  watch = (on: boolean) => this.#ask({ type: 'watch', on })
  say = (text: string) => this.#ask({ type: 'say', text })
  unsay = (message: number) => this.#ask({ type: 'unsay', message })

  /** The chat is open, or not any more: what is open is read. */
  showChat(open: boolean): void {
    const { chat } = this.state.get()
    this.state.update({ chat: shown(chat, open) })
  }

  tellClock(state: ClockState): void {
    this.state.update({ clock: { state, heard: performance.now() } })
  }

  /** A lab without a clock stays without. */
  askClock = (): Promise<void> =>
    api.clock(this.id).then(
      (state) => this.tellClock(state),
      () => undefined,
    )

  /** Something happened in the lab that lists of what happened do not have yet. */
  turned(): void {
    this.state.update({ turns: this.state.get().turns + 1 })
  }

  /** The terminal of `console` is there to be typed into. */
  offer(console: string, typist: Typist): () => void {
    this.#typists.set(console, typist)
    return () => this.#typists.delete(console)
  }

  insertDraft(text: string): void {
    const typist = this.#typists.get(this.state.get().active ?? '')
    if (typist === undefined) toast('Open a terminal first.', 'fail')
    else typist.insert(text)
  }

  readonly #onVisibility = () => {
    if (!this.#socket.open) this.#socket.retryNow()
    else this.#socket.send(this.#hello())
  }

  #hello(): ClientMessage {
    return { type: 'hello', packetsAfter: this.packets.last, visible: document.visibilityState === 'visible' }
  }

  #greeting(): ClientMessage[] {
    const messages: ClientMessage[] = [this.#hello(), { type: 'credit', batches: FIRST_CREDIT }]
    if (this.#focus !== null) messages.push(this.#focus)
    return [...messages, ...[...this.#unanswered.values()].map((one) => one.message)]
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message)
      case 'output':
        this.transcript(message.console).append(message.text)
        // Somebody has typed a line.
        if (message.by !== null) this.turned()
        return
      case 'console': {
        const { console, prompt, busy, typist, owner } = message.state
        if (this.state.get().consoles.get(console)?.busy !== busy) this.turned()
        const asking = askedBy(message.state, performance.now())
        return this.#console(console, { prompt, busy, typist, owner, asking, draft: message.draft })
      }
      case 'answer':
        return this.#answer(message.clientId, message.answer)
      case 'completion':
        this.#completions.get(message.request)?.(message)
        this.#completions.delete(message.request)
        return
      case 'people':
        return this.state.update({ people: message.people })
      case 'topology':
        this.state.update({ topology: message.topology })
        return this.turned()
      case 'packets':
        this.packets.add(message.packets, message.oldest)
        this.#socket.send({ type: 'credit', batches: 1 })
        return
      case 'reset':
        this.packets.clear()
        for (const one of this.#transcripts.values()) one.replace('')
        for (const name of this.state.get().consoles.keys()) this.#console(name, { caused: null })
        return this.turned()
      case 'proposal':
        return this.#proposal(message)
      case 'terminal': {
        const words = endOfAsking(message, this.state.get().you)
        if (words !== null) toast(words.text, words.tone)
        return this.turned()
      }
      case 'chat': {
        const { chat, you } = this.state.get()
        return this.state.update({ chat: heardSaid(chat, message, you) })
      }
      case 'clock':
        if (message.notice !== undefined) toast(message.notice)
        return this.#clock(message.clock)
      case 'skipped':
        void fetchSkipped(this.id, this.packets, message.from, message.to)
        return
      case 'error':
        this.#unanswered.get(message.clientId ?? '')?.settled(true)
        this.#unanswered.delete(message.clientId ?? '')
        return toast(message.message, 'fail')
      default:
        message satisfies never
    }
  }

  #proposal({ proposal, ended }: Extract<ServerMessage, { type: 'proposal' }>): void {
    const { asked, you } = this.state.get()
    this.state.update({ asked: heard(proposal, performance.now()) })
    if (asked !== null && ended?.id === asked.id)
      toast(endWords(asked, ended, you), ended.how === 'done' || ended.how === 'taken-back' ? 'plain' : 'fail')
  }

  #welcome(message: Extract<ServerMessage, { type: 'welcome' }>): void {
    this.#invited(message.left)
    for (const one of message.consoles) this.transcript(one.console).replace(one.scrollback)
    // What is known here does not go on in the lab: it was reset, or forgot too much. From the start, then.
    if (!message.resumed && this.packets.last >= 0) {
      this.packets.clear()
      this.#socket.send({ type: 'packets', after: -1 })
    }
    const before = this.state.get()
    const consoles = new Map<string, ConsoleView>(
      message.consoles.map((one) => {
        const { console: name, prompt, busy, typist, history, owner } = one
        const { draft = '', caused = null } = before.consoles.get(name) ?? {}
        const asking = askedBy(one, performance.now())
        return [name, { name, prompt, busy, typist, history, owner, asking, draft, caused }]
      }),
    )
    this.state.update({
      connection: 'live',
      returns: before.returns + (this.#wasLive && before.connection === 'lost' ? 1 : 0),
      you: message.you,
      title: message.title,
      people: message.people,
      consoles,
      topology: message.topology,
      asked: heard(message.proposal, performance.now()),
      active: before.active ?? message.consoles[0]?.console ?? null,
      turns: before.turns + 1,
    })
    this.#wasLive = true
    if (before.asked !== null && message.proposal === null) toast(LOST, 'fail')
    if (before.clock === null) void this.askClock()
  }

  /** Time that goes on by itself is no news for lists; anything else is. */
  #clock(clock: ClockState): void {
    const before = this.state.get().clock?.state
    this.tellClock(clock)
    if (before === undefined || !ticks(before) || !ticks(clock)) this.turned()
  }

  #answer(clientId: string, answer: ExecAnswer): void {
    const asked = this.#unanswered.get(clientId)
    if (asked === undefined) return
    // A parked or queued command answers again when it ends; only a connection lost before the first answer repeats it.
    if (answer.status === 'done') this.#unanswered.delete(clientId)
    asked.settled(false)
    const { console, line } = asked.message
    const { packets, job } = answer
    this.#console(console, { caused: { line, packets, job, unanswered: withoutAnswer(answer) } })
    const { clock } = this.state.get()
    if (clock !== null && answer.endedAt > clock.state.now) this.tellClock({ ...clock.state, now: answer.endedAt })
    this.turned()
    if (answer.unsettled.length > 0) toast(`Still under way: ${answer.unsettled.join(', ')}`)
  }

  #console(name: string, change: Partial<ConsoleView>): void {
    const { consoles } = this.state.get()
    const old = consoles.get(name) ?? newConsole(name)
    this.state.update({ consoles: new Map(consoles).set(name, { ...old, ...change }) })
  }
}
