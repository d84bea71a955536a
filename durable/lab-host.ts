import { DurableObject } from 'cloudflare:workers'
import { labFull } from './budgets.ts'
import { capture, captureAfter } from './capture.ts'
import { Clock } from './clock.ts'
import { Commands } from './commands.ts'
import type {
  Answer,
  Caller,
  CreateLab,
  LabGradingCalls,
  LabHistoryCalls,
  LabHostCalls,
  LabSummary,
  LabTogetherCalls,
} from './contract.ts'
import { parseFilter } from './engine/wire/filter/index.ts'
import { Explain } from './explain.ts'
import { Grading } from './grading/grading.ts'
import type { AnswerRequest, GradeRequest, HintRequest } from './grading/report.ts'
import { Tasks } from './grading/tasks.ts'
import { History } from './history/history.ts'
import { LabDoor } from './lab-door.ts'
import { LabKeeper, type Live } from './lab-keeper.ts'
import { makeLab } from './make-lab.ts'
import { Pacer } from './pacer.ts'
import { Packets } from './packets.ts'
import { Ports } from './ports/ports.ts'
import type { AdvanceRequest, ClockChange, ExecRequest, HandAction, TableName } from './protocol.ts'
import { refuse } from './refusal.ts'
import { openParsed } from './runtime.ts'
import { Sessions } from './sessions.ts'
import { activityOf } from './store/activity.ts'
import { journalEntries, linesOf, renameInJournal } from './store/journal.ts'
import { migrate } from './store/migrate.ts'
import { toSummary } from './summary.ts'
import { tableOf } from './tables.ts'
import { solveOnce } from './walk/solve-once.ts'
import { solveSeeds } from './walk/solve-seeds.ts'

const done = <T>(value: T): Answer<T> => ({ ok: true, value })

/**
 * One lab. Every method runs to its end without awaiting, so that inputs are serialised by nature and what a method wrote
 * is one commit; answers leave the object only after it.
 */
export class LabHost extends DurableObject implements LabHostCalls, LabHistoryCalls, LabGradingCalls, LabTogetherCalls {
  private readonly keeper: LabKeeper
  private readonly packetsOf: Packets
  private readonly commands: Commands
  private readonly clockOf: Clock
  private readonly sessions: Sessions
  private readonly pacer: Pacer
  private readonly machines: Ports
  private readonly explain: Explain
  private readonly past: History
  private readonly door: LabDoor
  private readonly grading: Grading
  private readonly tasksOf: Tasks

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as object)
    this.keeper = new LabKeeper(ctx.storage)
    this.packetsOf = new Packets(this.keeper.frames)
    this.explain = new Explain(this.keeper)
    this.past = new History(this.keeper)
    this.grading = new Grading(this.keeper)
    this.door = new LabDoor(ctx.id.toString(), this.keeper, this.past, {
      opened: (live) => this.machines.agree(live),
      // Whatever it was, it may be that somebody watches now, or nobody any more.
      used: (live) => {
        this.machines.agree(live)
        this.pacer.review(live)
      },
      failed: () => {
        this.keeper.forget()
        this.packetsOf.forget()
        this.sessions.forget()
        this.pacer.failed()
      },
    })
    this.commands = new Commands(this.keeper, {
      terminals: () => this.sessions.terminals,
      reach: (live) => this.pacer.reach(live),
      publish: (live, turn) => {
        this.pacer.committed()
        this.door.tell(() => {
          this.sessions.publish(live, turn)
          this.sessions.tellClock(live)
        })
      },
    })
    this.tasksOf = new Tasks(this.keeper, this.commands)
    this.clockOf = new Clock(this.keeper, this.commands, (live) => {
      this.pacer.review(live)
      this.door.tell(() => this.sessions.tellClock(live))
    })
    const uses = { commands: this.commands, clock: this.clockOf, packets: this.packetsOf }
    const within = <T>(use: (live: Live) => Answer<T>) => this.door.withLab('socket', use)
    this.sessions = new Sessions(ctx, this.keeper, uses, within, (live, line, caller) =>
      this.door.guard('rewind', () => this.#rewind(live, line, caller)),
    )
    this.machines = new Ports(this.keeper, {
      commands: this.commands,
      clock: this.clockOf,
      onLab: (use) => this.door.onLab('frame', use),
      flow: (live, feed) => this.pacer.flow(live, feed),
      changed: (live) => this.pacer.review(live),
    })
    const around = {
      get anybody() {
        return machines.anybody
      },
      beat: (live: Live) => machines.beat(live),
      committed: (live: Live) => {
        if (!machines.anybody) return
        if (labFull(this.keeper.db)) machines.full(live)
        machines.review(live)
      },
    }
    const { machines } = this
    this.pacer = new Pacer(ctx.storage, this.keeper, this.sessions, around, (use) => this.door.withLab('time', use))
    ctx.blockConcurrencyWhile(async () => {
      try {
        migrate(ctx.storage)
      } catch (error) {
        this.door.broken = error
      }
    })
  }

  async create(input: CreateLab): Promise<Answer<LabSummary>> {
    return this.door.guard('create', () => {
      if (this.door.closed || this.door.hasLab) return refuse(409, 'lab-exists', 'This lab exists already.')
      return makeLab(this.keeper, input)
    })
  }

  async summary(): Promise<Answer<LabSummary>> {
    return this.door.withLab('summary', (live) => done(toSummary(live)))
  }

  async exec(request: ExecRequest, caller: Caller) {
    return this.door.withLab('exec', (live) => this.commands.exec(live, request, caller, 'call'))
  }

  async job(id: string) {
    return this.door.withRows('job', () => this.commands.job(id))
  }

  async interrupt(console: string, caller: Caller) {
    return this.door.withLab('interrupt', (live) => this.commands.interrupt(live, console, caller, 'call'))
  }

  async hand(action: HandAction, caller: Caller) {
    return this.door.withLab('hand', (live) => {
      const answer = this.commands.hand(live, action, caller)
      return answer.ok ? done(live.lab.topology()) : answer
    })
  }

  async ports() {
    return this.door.withLab('ports', (live) => done(this.machines.list(live)))
  }

  async unplug(port: string, caller: Caller) {
    return this.door.withLab('unplug', (live) => this.machines.unplug(live, port, caller))
  }

  async cutToken(token: string): Promise<Answer<null>> {
    if (this.machines.anybody) this.#cut((plug) => plug.token === token, 'the token was revoked')
    return done(null)
  }

  #cut(which: Parameters<Ports['cut']>[1], why: string): void {
    this.door.withLab('cut', (live) => {
      this.machines.cut(live, which, why)
      return done(null)
    })
  }

  async topology() {
    return this.door.withLab('topology', ({ lab }) => done(lab.topology()))
  }

  async leases() {
    return this.door.withLab('leases', ({ lab }) => done(lab.leases()))
  }

  async table(machine: string, table: TableName) {
    return this.door.withLab('table', ({ lab }) => {
      const found = tableOf(lab, machine, table)
      return found ? done(found) : refuse(404, 'no-table', `${machine} has no table ${table}.`, { field: 'machine' })
    })
  }

  async check(_caller: Caller, rubric?: string) {
    return this.door.withLab('check', (live) => this.grading.check(live, rubric))
  }

  async activity() {
    return this.door.guard('activity', () => done(activityOf(this.keeper.db)))
  }

  async grade(request: GradeRequest, _caller: Caller) {
    return this.door.withLab('grade', (live) => this.grading.grade(live, request))
  }

  async tasks() {
    return this.door.withLab('tasks', (live) => done(this.tasksOf.list(live)))
  }

  async answer(request: AnswerRequest, caller: Caller) {
    return this.door.withLab('answer', (live) => this.tasksOf.answer(live, request, caller))
  }

  async takeHint(request: HintRequest, caller: Caller) {
    return this.door.withLab('hint', (live) => this.tasksOf.hint(live, request, caller))
  }

  async freeze(reason: string, caller: Caller) {
    return this.door.withLab('freeze', (live) => {
      this.commands.reach(live)
      this.machines.cut(live, () => true, 'the lab was frozen')
      this.pacer.stop(live)
      const answer = this.grading.freeze(live, reason, caller)
      if (answer.ok) this.keeper.frozen = answer.value
      return answer
    })
  }

  async packets(query: Parameters<LabHostCalls['packets']>[0]) {
    return this.door.withRows('packets', (live) => {
      if (live) this.pacer.show(live)
      const { filter: text = '', ...which } = query
      const parsed = parseFilter(text)
      if (parsed.ok) return done(this.packetsOf.page({ ...which, filter: parsed.filter }))
      return refuse(400, 'bad-filter', `${parsed.message} (at character ${parsed.at + 1})`, { field: 'filter' })
    })
  }

  async packet(sequence: number) {
    return this.door.withRows('packet', () => {
      const detail = this.packetsOf.detail(sequence)
      return detail ? done(detail) : refuse(404, 'no-packet', 'This packet is not kept.')
    })
  }

  async why(packet: number, path: boolean) {
    return this.door.withLab('why', (live) => this.explain.packet(live, packet, path))
  }

  async solve(input: Parameters<LabHostCalls['solve']>[0]) {
    return this.door.guard('solve', () => done(solveOnce(input)))
  }

  async solveSeeds(input: Parameters<LabHostCalls['solveSeeds']>[0]) {
    return this.door.guard('solve-seeds', () => done(solveSeeds(input)))
  }

  async query(text: string) {
    return this.door.withLab('query', (live) => this.explain.query(live, text))
  }

  async whyNothing(command: number) {
    return this.door.withLab('why-nothing', (live) => this.explain.command(live, command))
  }

  async capture(window: Parameters<LabHostCalls['capture']>[0]) {
    return this.door.withLab('capture', (live) => {
      this.pacer.show(live)
      return done(capture(this.keeper.frames, live.lab.vantages, live.lab.definition.epochMicros, window))
    })
  }

  async captureAfter(after: number, known: readonly string[] = []) {
    return this.door.withLab('capture', (live) => {
      this.pacer.show(live)
      return done(captureAfter(this.keeper.frames, live.lab.definition.epochMicros, after, known))
    })
  }

  async clock() {
    return this.door.withLab('clock', (live) => done(this.clockOf.state(live)))
  }

  async setClock(change: ClockChange, caller: Caller) {
    return this.door.withLab('set-clock', (live) => this.clockOf.change(live, change, caller))
  }

  async advance(request: AdvanceRequest, caller: Caller) {
    return this.door.withLab('advance', (live) => this.clockOf.advance(live, request, caller))
  }

  async journal({ after, limit }: Parameters<LabHostCalls['journal']>[0]) {
    return this.door.withRows('journal', () => done(journalEntries(this.keeper.db, after, limit)))
  }

  async history(query: Parameters<LabHistoryCalls['history']>[0]) {
    return this.door.withRows('history', () => done(this.past.list(query)))
  }

  async snapshot(name: string, caller: Caller) {
    return this.door.withLab('snapshot', (live) => {
      const full = labFull(this.keeper.db)
      if (full) return full
      this.commands.reach(live)
      const answer = this.past.snapshot(live, name, caller)
      return answer.ok ? done(this.past.newest()) : answer
    })
  }

  /** Also of a lab that cannot be opened: this is what repairs it. */
  async rewind(request: Parameters<LabHistoryCalls['rewind']>[0], caller: Caller) {
    return this.door.withRows('rewind', (live) => {
      const { line, force = false } = request
      return this.sessions.needConsent(caller, force) ?? this.#rewind(live, line, caller)
    })
  }

  async undo({ line }: Parameters<LabHistoryCalls['undo']>[0], caller: Caller) {
    return this.door.withLab('undo', (live) => {
      this.commands.reach(live)
      return this.#turned(this.past.undo(live, line, caller))
    })
  }

  async forkFile(line: number | undefined, at?: number) {
    return this.door.withLab('fork', (live) => this.past.fork(live, { line, at }))
  }

  async replay() {
    const begun = this.door.withLab('replay', (live) => done(live))
    if (!begun.ok) return begun
    try {
      return await this.past.replay(begun.value)
    } catch (error) {
      return this.door.failure('replay', error)
    }
  }

  async reset(caller: Caller) {
    return this.door.withLab('reset', ({ lab, row }) => {
      const live = this.keeper.reset(openParsed(lab.definition, row.seed), caller)
      this.packetsOf.forget()
      this.door.tell(() => this.sessions.reset(live))
      return done(toSummary(live))
    })
  }

  async export() {
    return this.forkFile(undefined)
  }

  async chat(query: Parameters<LabTogetherCalls['chat']>[0]) {
    return this.door.withRows('chat', () => done(this.sessions.chat.page(query)))
  }

  async say(text: string, caller: Caller) {
    return this.door.withLab('say', (live) => this.sessions.chat.say(live, text, caller))
  }

  async unsay(message: number, caller: Caller) {
    return this.door.withRows('unsay', () => this.sessions.chat.remove(message, caller))
  }

  async messagesOf(personId: string) {
    return this.door.withRows('messages-of', () => done(this.sessions.chat.of(personId)))
  }

  async eraseMessages(personId: string) {
    return this.door.withRows('erase-messages', () => {
      this.sessions.terminals.erase(personId)
      return done(this.sessions.chat.erase(personId))
    })
  }

  async usage() {
    return this.door.withLab('usage', ({ lab }) => {
      const bytes = this.keeper.db.$client.sql.databaseSize
      return done({ machines: lab.definition.machines.length, bytes, liveMs: this.pacer.liveMs })
    })
  }

  async allowLive(allowed: boolean) {
    return this.door.withLab('allow-live', (live) => {
      this.pacer.allow(live, allowed)
      return done(null)
    })
  }

  async linesOf(personId: string) {
    return this.door.withRows('lines-of', () => done(linesOf(this.keeper.db, personId)))
  }

  async forget(personId: string, alias: { readonly id: string; readonly name: string }) {
    this.sessions.closeOf(personId)
    return this.door.withRows('forget', () => {
      this.sessions.terminals.erase(personId)
      this.sessions.chat.erase(personId)
      renameInJournal(this.keeper.db, personId, alias)
      return done(null)
    })
  }

  /** Needs no lab: an object that nobody looks at is not filled for this. */
  async disconnect(personId: string): Promise<Answer<null>> {
    this.sessions.closeOf(personId)
    if (this.machines.anybody)
      this.#cut((plug) => plug.caller.personId === personId, 'whoever made the token may not be here any more')
    if (this.pacer.ticking) this.door.withLab('disconnect', () => done(null))
    return done(null)
  }

  async destroy(): Promise<Answer<null>> {
    this.door.closed = true
    this.pacer.halt()
    this.keeper.forget()
    this.sessions.closeAll('the lab was deleted')
    this.machines.closeAll('the lab was deleted')
    await this.ctx.storage.deleteAll()
    return done(null)
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.has('x-plug')) {
      const plugged = this.door.withLab('attach', (live) => this.machines.attach(live, request))
      return plugged.ok ? plugged.value : Response.json(plugged, { status: plugged.status })
    }
    const lab = this.door.withLab('connect', () => done(null))
    return lab.ok ? this.sessions.accept(request) : new Response(lab.message, { status: lab.status })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.sessions.message(socket, message)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.sessions.closed(socket, code, reason)
    if (this.pacer.ticking) this.door.withLab('closed', () => done(null))
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1011, 'error')
  }

  override alarm(): void {
    this.door.withLab('alarm', (live) => {
      this.pacer.woken(live)
      return done(null)
    })
  }

  #rewind(live: Live | undefined, line: number, caller: Caller) {
    if (live) this.commands.reach(live)
    return this.#turned(this.past.rewind(live, line, caller))
  }

  /** Everybody forgets what they have seen of the lab, since it is another one now. */
  #turned(answer: Answer<Live>) {
    if (!answer.ok) return answer
    this.packetsOf.forget()
    this.door.tell(() => this.sessions.reset(answer.value))
    return done(this.past.newest())
  }
}
