import { DurableObject } from 'cloudflare:workers'
import { labFull } from './budgets.ts'
import { capture, captureAfter } from './capture.ts'
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
import type { AnswerRequest, GradeRequest, HintRequest } from './grading/report.ts'
import { LabRooms } from './lab-rooms.ts'
import { makeLab } from './make-lab.ts'
import type { AdvanceRequest, ClockChange, ExecRequest, HandAction, TableName } from './protocol.ts'
import { refuse } from './refusal.ts'
import { openParsed } from './runtime.ts'
import { activityOf } from './store/activity.ts'
import { journalEntries, linesOf, renameInJournal } from './store/journal.ts'
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
  private readonly rooms: LabRooms

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as object)
    this.rooms = new LabRooms(ctx)
    ctx.blockConcurrencyWhile(async () => this.rooms.migrate())
  }

  async create(input: CreateLab): Promise<Answer<LabSummary>> {
    return this.rooms.door.guard('create', () => {
      if (this.rooms.door.closed || this.rooms.door.hasLab) return refuse(409, 'lab-exists', 'This lab exists already.')
      return makeLab(this.rooms.keeper, input)
    })
  }

  async summary(): Promise<Answer<LabSummary>> {
    return this.rooms.door.withLab('summary', (live) => done(toSummary(live)))
  }

  async exec(request: ExecRequest, caller: Caller) {
    return this.rooms.door.withLab('exec', (live) => this.rooms.commands.exec(live, request, caller, 'call'))
  }

  async job(id: string) {
    return this.rooms.door.withRows('job', () => this.rooms.commands.job(id))
  }

  async interrupt(console: string, caller: Caller) {
    return this.rooms.door.withLab('interrupt', (live) => this.rooms.commands.interrupt(live, console, caller, 'call'))
  }

  async hand(action: HandAction, caller: Caller) {
    return this.rooms.door.withLab('hand', (live) => {
      const answer = this.rooms.commands.hand(live, action, caller)
      return answer.ok ? done(live.lab.topology()) : answer
    })
  }

  async ports() {
    return this.rooms.door.withLab('ports', (live) => done(this.rooms.ports.list(live)))
  }

  async unplug(port: string, caller: Caller) {
    return this.rooms.door.withLab('unplug', (live) => this.rooms.ports.unplug(live, port, caller))
  }

  async cutToken(token: string): Promise<Answer<null>> {
    if (this.rooms.ports.anybody) this.rooms.cut((plug) => plug.token === token, 'the token was revoked')
    return done(null)
  }

  async topology() {
    return this.rooms.door.withLab('topology', ({ lab }) => done(lab.topology()))
  }

  async leases() {
    return this.rooms.door.withLab('leases', ({ lab }) => done(lab.leases()))
  }

  async table(machine: string, table: TableName) {
    return this.rooms.door.withLab('table', ({ lab }) => {
      const found = tableOf(lab, machine, table)
      return found ? done(found) : refuse(404, 'no-table', `${machine} has no table ${table}.`, { field: 'machine' })
    })
  }

  async check(_caller: Caller, rubric?: string) {
    return this.rooms.door.withLab('check', (live) => this.rooms.grading.check(live, rubric))
  }

  async activity() {
    return this.rooms.door.guard('activity', () => done(activityOf(this.rooms.keeper.db)))
  }

  async grade(request: GradeRequest, _caller: Caller) {
    return this.rooms.door.withLab('grade', (live) => this.rooms.grading.grade(live, request))
  }

  async tasks() {
    return this.rooms.door.withLab('tasks', (live) => done(this.rooms.tasks.list(live)))
  }

  async answer(request: AnswerRequest, caller: Caller) {
    return this.rooms.door.withLab('answer', (live) => this.rooms.tasks.answer(live, request, caller))
  }

  async takeHint(request: HintRequest, caller: Caller) {
    return this.rooms.door.withLab('hint', (live) => this.rooms.tasks.hint(live, request, caller))
  }

  async freeze(reason: string, caller: Caller) {
    return this.rooms.door.withLab('freeze', (live) => {
      this.rooms.commands.reach(live)
      this.rooms.ports.cut(live, () => true, 'the lab was frozen')
      this.rooms.pacer.stop(live)
      const answer = this.rooms.grading.freeze(live, reason, caller)
      if (answer.ok) this.rooms.keeper.frozen = answer.value
      return answer
    })
  }

  async packets(query: Parameters<LabHostCalls['packets']>[0]) {
    return this.rooms.door.withRows('packets', (live) => {
      if (live) this.rooms.pacer.show(live)
      const { filter: text = '', ...which } = query
      const parsed = parseFilter(text)
      if (parsed.ok) return done(this.rooms.packets.page({ ...which, filter: parsed.filter }))
      return refuse(400, 'bad-filter', `${parsed.message} (at character ${parsed.at + 1})`, { field: 'filter' })
    })
  }

  async packet(sequence: number) {
    return this.rooms.door.withRows('packet', () => {
      const detail = this.rooms.packets.detail(sequence)
      return detail ? done(detail) : refuse(404, 'no-packet', 'This packet is not kept.')
    })
  }

  async why(packet: number, path: boolean) {
    return this.rooms.door.withLab('why', (live) => this.rooms.explain.packet(live, packet, path))
  }

  async solve(input: Parameters<LabHostCalls['solve']>[0]) {
    return this.rooms.door.guard('solve', () => done(solveOnce(input)))
  }

  async solveSeeds(input: Parameters<LabHostCalls['solveSeeds']>[0]) {
    return this.rooms.door.guard('solve-seeds', () => done(solveSeeds(input)))
  }

  async query(text: string) {
    return this.rooms.door.withLab('query', (live) => this.rooms.explain.query(live, text))
  }

  async whyNothing(command: number) {
    return this.rooms.door.withLab('why-nothing', (live) => this.rooms.explain.command(live, command))
  }

  async capture(window: Parameters<LabHostCalls['capture']>[0]) {
    return this.rooms.door.withLab('capture', (live) => {
      this.rooms.pacer.show(live)
      return done(capture(this.rooms.keeper.frames, live.lab.vantages, live.lab.definition.epochMicros, window))
    })
  }

  async captureAfter(after: number, known: readonly string[] = []) {
    return this.rooms.door.withLab('capture', (live) => {
      this.rooms.pacer.show(live)
      return done(captureAfter(this.rooms.keeper.frames, live.lab.definition.epochMicros, after, known))
    })
  }

  async clock() {
    return this.rooms.door.withLab('clock', (live) => done(this.rooms.clock.state(live)))
  }

  async setClock(change: ClockChange, caller: Caller) {
    return this.rooms.door.withLab('set-clock', (live) => this.rooms.clock.change(live, change, caller))
  }

  async advance(request: AdvanceRequest, caller: Caller) {
    return this.rooms.door.withLab('advance', (live) => this.rooms.clock.advance(live, request, caller))
  }

  async journal({ after, limit }: Parameters<LabHostCalls['journal']>[0]) {
    return this.rooms.door.withRows('journal', () => done(journalEntries(this.rooms.keeper.db, after, limit)))
  }

  async history(query: Parameters<LabHistoryCalls['history']>[0]) {
    return this.rooms.door.withRows('history', () => done(this.rooms.history.list(query)))
  }

  async snapshot(name: string, caller: Caller) {
    return this.rooms.door.withLab('snapshot', (live) => {
      const full = labFull(this.rooms.keeper.db)
      if (full) return full
      this.rooms.commands.reach(live)
      const answer = this.rooms.history.snapshot(live, name, caller)
      return answer.ok ? done(this.rooms.history.newest()) : answer
    })
  }

  /** Also of a lab that cannot be opened: this is what repairs it. */
  async rewind(request: Parameters<LabHistoryCalls['rewind']>[0], caller: Caller) {
    return this.rooms.door.withRows('rewind', (live) => {
      const { line, force = false } = request
      return this.rooms.sessions.needConsent(caller, force) ?? this.rooms.rewind(live, line, caller)
    })
  }

  async undo({ line }: Parameters<LabHistoryCalls['undo']>[0], caller: Caller) {
    return this.rooms.door.withLab('undo', (live) => {
      this.rooms.commands.reach(live)
      return this.rooms.turned(this.rooms.history.undo(live, line, caller))
    })
  }

  async forkFile(line: number | undefined, at?: number) {
    return this.rooms.door.withLab('fork', (live) => this.rooms.history.fork(live, { line, at }))
  }

  async replay() {
    const begun = this.rooms.door.withLab('replay', (live) => done(live))
    if (!begun.ok) return begun
    try {
      return await this.rooms.history.replay(begun.value)
    } catch (error) {
      return this.rooms.door.failure('replay', error)
    }
  }

  async reset(caller: Caller) {
    return this.rooms.door.withLab('reset', ({ lab, row }) => {
      const live = this.rooms.keeper.reset(openParsed(lab.definition, row.seed), caller)
      this.rooms.packets.forget()
      this.rooms.door.tell(() => this.rooms.sessions.reset(live))
      return done(toSummary(live))
    })
  }

  async export() {
    return this.forkFile(undefined)
  }

  async chat(query: Parameters<LabTogetherCalls['chat']>[0]) {
    return this.rooms.door.withRows('chat', () => done(this.rooms.sessions.chat.page(query)))
  }

  async say(text: string, caller: Caller) {
    return this.rooms.door.withLab('say', (live) => this.rooms.sessions.chat.say(live, text, caller))
  }

  async unsay(message: number, caller: Caller) {
    return this.rooms.door.withRows('unsay', () => this.rooms.sessions.chat.remove(message, caller))
  }

  async messagesOf(personId: string) {
    return this.rooms.door.withRows('messages-of', () => done(this.rooms.sessions.chat.of(personId)))
  }

  async eraseMessages(personId: string) {
    return this.rooms.door.withRows('erase-messages', () => {
      this.rooms.sessions.terminals.erase(personId)
      return done(this.rooms.sessions.chat.erase(personId))
    })
  }

  async usage() {
    return this.rooms.door.withLab('usage', ({ lab }) => {
      const bytes = this.rooms.keeper.db.$client.sql.databaseSize
      return done({ machines: lab.definition.machines.length, bytes, liveMs: this.rooms.pacer.liveMs })
    })
  }

  async allowLive(left: number | null) {
    return this.rooms.door.withLab('allow-live', (live) => {
      this.rooms.pacer.allow(live, left)
      return done(null)
    })
  }

  async linesOf(personId: string) {
    return this.rooms.door.withRows('lines-of', () => done(linesOf(this.rooms.keeper.db, personId)))
  }

  async forget(personId: string, alias: { readonly id: string; readonly name: string }) {
    this.rooms.sessions.closeOf(personId)
    return this.rooms.door.withRows('forget', () => {
      this.rooms.sessions.terminals.erase(personId)
      this.rooms.sessions.chat.erase(personId)
      renameInJournal(this.rooms.keeper.db, personId, alias)
      return done(null)
    })
  }

  /** Needs no lab: an object that nobody looks at is not filled for this. */
  async disconnect(personId: string): Promise<Answer<null>> {
    this.rooms.sessions.closeOf(personId)
    if (this.rooms.ports.anybody)
      this.rooms.cut((plug) => plug.caller.personId === personId, 'whoever made the token may not be here any more')
    if (this.rooms.pacer.ticking) this.rooms.door.withLab('disconnect', () => done(null))
    return done(null)
  }

  async destroy(): Promise<Answer<null>> {
    this.rooms.door.closed = true
    this.rooms.pacer.halt()
    this.rooms.keeper.forget()
    this.rooms.sessions.closeAll('the lab was deleted')
    this.rooms.ports.closeAll('the lab was deleted')
    await this.ctx.storage.deleteAll()
    return done(null)
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.has('x-plug')) {
      const plugged = this.rooms.door.withLab('attach', (live) => this.rooms.ports.attach(live, request))
      return plugged.ok ? plugged.value : Response.json(plugged, { status: plugged.status })
    }
    const lab = this.rooms.door.withLab('connect', () => done(null))
    return lab.ok ? this.rooms.sessions.accept(request) : new Response(lab.message, { status: lab.status })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.rooms.sessions.message(socket, message)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.rooms.sessions.closed(socket, code, reason)
    if (this.rooms.pacer.ticking) this.rooms.door.withLab('closed', () => done(null))
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1011, 'error')
  }

  override alarm(): void {
    this.rooms.door.withLab('alarm', (live) => {
      this.rooms.pacer.woken(live)
      return done(null)
    })
  }
}
