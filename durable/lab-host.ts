import { DurableObject } from 'cloudflare:workers'
import { catalogue } from '../labs/index.ts'
import { capture, captureAfter } from './capture.ts'
import { Clock } from './clock.ts'
import { Commands } from './commands.ts'
import type { Answer, Caller, CreateLab, LabHistoryCalls, LabHostCalls, LabSummary } from './contract.ts'
import { CorruptPart } from './engine/lab/upgrade.ts'
import { parseFilter } from './engine/wire/filter/index.ts'
import { Explain } from './explain.ts'
import { type LabFile, readExport, writeHistory } from './export.ts'
import { History } from './history/history.ts'
import { LabKeeper, type Live } from './lab-keeper.ts'
import { Pacer } from './pacer.ts'
import { Packets } from './packets.ts'
import type { AdvanceRequest, ClockChange, ExecRequest, HandAction, TableName } from './protocol.ts'
import { badDefinition, failure, noLab, refuse } from './refusal.ts'
import { openParsed, openRuntime } from './runtime.ts'
import { Sessions } from './sessions.ts'
import { journalEntries, recentLines } from './store/journal.ts'
import { migrate } from './store/migrate.ts'
import { toSummary } from './summary.ts'
import { tableOf } from './tables.ts'

/** Lines that checks look back at. */
const CHECKED_LINES = 2_000

/** What only looks: when the lab cannot be opened it is not there; everything else is forbidden. */
const READS = new Set([
  ...['summary', 'topology', 'leases', 'table', 'check', 'capture', 'clock', 'why', 'why-nothing', 'query'],
  ...['connect', 'fork', 'replay'],
])

const done = <T>(value: T): Answer<T> => ({ ok: true, value })

/**
 * One lab. Every method runs to its end without awaiting, so that inputs are serialised by nature and what a method wrote
 * is one commit; answers leave the object only after it.
 */
export class LabHost extends DurableObject implements LabHostCalls, LabHistoryCalls {
  private readonly keeper: LabKeeper
  private readonly packetsOf: Packets
  private readonly commands: Commands
  private readonly clockOf: Clock
  private readonly sessions: Sessions
  private readonly pacer: Pacer
  private readonly explain: Explain
  private readonly past: History
  /** Why the rows cannot be used, when a migration failed. */
  private broken: unknown
  private destroyed = false

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as object)
    this.keeper = new LabKeeper(ctx.storage)
    this.packetsOf = new Packets(this.keeper.frames)
    this.explain = new Explain(this.keeper)
    this.past = new History(ctx, this.keeper)
    this.commands = new Commands(this.keeper, {
      reach: (live) => this.pacer.reach(live),
      publish: (live, turn) => {
        this.pacer.committed()
        this.#tell(() => this.sessions.publish(live, turn))
      },
    })
    this.clockOf = new Clock(this.keeper, this.commands, (live) => {
      this.pacer.review(live)
      this.#tell(() => this.sessions.tellClock(live))
    })
    const uses = { commands: this.commands, clock: this.clockOf, packets: this.packetsOf }
    this.sessions = new Sessions(ctx, this.keeper, uses, (use) => this.#withLab('socket', use))
    this.pacer = new Pacer(ctx.storage, this.keeper, this.sessions, (use) => this.#withLab('time', use))
    ctx.blockConcurrencyWhile(async () => {
      try {
        migrate(ctx.storage)
      } catch (error) {
        this.broken = error
      }
    })
  }

  async create(input: CreateLab): Promise<Answer<LabSummary>> {
    return this.#guard('create', () => {
      if (this.destroyed || this.#open()) return refuse(409, 'lab-exists', 'This lab exists already.')
      if (input.from === 'export') return this.#bring(input.file)
      const found = input.from === 'definition' ? input : catalogue.find((one) => one.slug === input.slug)
      if (!found) return refuse(404, 'no-such-lab', 'The catalogue has no such lab.', { field: 'catalogue' })
      const opened = openRuntime(found.yaml, input.seed)
      if (!opened.ok) return badDefinition(opened.faults)
      const made = { definition: found.yaml, brief: found.brief, seed: input.seed, createdAt: Date.now() }
      return done(toSummary(this.keeper.create(opened.lab, made)))
    })
  }

  async summary(): Promise<Answer<LabSummary>> {
    return this.#withLab('summary', (live) => done(toSummary(live)))
  }

  async exec(request: ExecRequest, caller: Caller) {
    return this.#withLab('exec', (live) => this.commands.exec(live, request, caller))
  }

  async job(id: string) {
    return this.#withRows('job', () => this.commands.job(id))
  }

  async interrupt(console: string, caller: Caller) {
    return this.#withLab('interrupt', (live) => this.commands.interrupt(live, console, caller))
  }

  async hand(action: HandAction, caller: Caller) {
    return this.#withLab('hand', (live) => {
      const answer = this.commands.hand(live, action, caller)
      return answer.ok ? done(live.lab.topology()) : answer
    })
  }

  async topology() {
    return this.#withLab('topology', ({ lab }) => done(lab.topology()))
  }

  async leases() {
    return this.#withLab('leases', ({ lab }) => done(lab.leases()))
  }

  async table(machine: string, table: TableName) {
    return this.#withLab('table', ({ lab }) => {
      const found = tableOf(lab, machine, table)
      return found ? done(found) : refuse(404, 'no-table', `${machine} has no table ${table}.`, { field: 'machine' })
    })
  }

  async check(_caller: Caller) {
    return this.#withLab('check', ({ lab }) => {
      const lines = recentLines(this.keeper.db, CHECKED_LINES).filter((line) => line.kind === 'exec')
      const results = lab.check(lines.map(({ id, console, line, output, started: at }) => ({ id, console, line, output, at })))
      const sum = (field: 'points' | 'of') => results.reduce((total, result) => total + result[field], 0)
      return done({ score: sum('points'), of: sum('of'), results })
    })
  }

  async packets(query: Parameters<LabHostCalls['packets']>[0]) {
    return this.#withRows('packets', () => {
      const { filter: text = '', ...which } = query
      const parsed = parseFilter(text)
      if (parsed.ok) return done(this.packetsOf.page({ ...which, filter: parsed.filter }))
      return refuse(400, 'bad-filter', `${parsed.message} At character ${parsed.at + 1}.`, { field: 'filter' })
    })
  }

  async packet(sequence: number) {
    return this.#withRows('packet', () => {
      const detail = this.packetsOf.detail(sequence)
      return detail ? done(detail) : refuse(404, 'no-packet', 'This packet is not kept.')
    })
  }

  async why(packet: number, path: boolean) {
    return this.#withLab('why', (live) => this.explain.packet(live, packet, path))
  }

  async query(text: string) {
    return this.#withLab('query', (live) => this.explain.query(live, text))
  }

  async whyNothing(command: number) {
    return this.#withLab('why-nothing', (live) => this.explain.command(live, command))
  }

  async capture(window: Parameters<LabHostCalls['capture']>[0]) {
    return this.#withLab('capture', ({ lab }) =>
      done(capture(this.keeper.frames, lab.vantages, lab.definition.epochMicros, window)),
    )
  }

  async captureAfter(after: number, known: readonly string[] = []) {
    return this.#withLab('capture', ({ lab }) => done(captureAfter(this.keeper.frames, lab.definition.epochMicros, after, known)))
  }

  async clock() {
    return this.#withLab('clock', (live) => done(this.clockOf.state(live)))
  }

  async setClock(change: ClockChange, caller: Caller) {
    return this.#withLab('set-clock', (live) => this.clockOf.change(live, change, caller))
  }

  async advance(request: AdvanceRequest, caller: Caller) {
    return this.#withLab('advance', (live) => this.clockOf.advance(live, request, caller))
  }

  async journal({ after, limit }: Parameters<LabHostCalls['journal']>[0]) {
    return this.#withRows('journal', () => done(journalEntries(this.keeper.db, after, limit)))
  }

  async history(query: Parameters<LabHistoryCalls['history']>[0]) {
    return this.#withRows('history', () => done(this.past.list(query)))
  }

  async snapshot(name: string, caller: Caller) {
    return this.#withLab('snapshot', (live) => {
      this.commands.reach(live)
      const answer = this.past.snapshot(live, name, caller)
      return answer.ok ? done(this.past.newest()) : answer
    })
  }

  /** Also of a lab that cannot be opened: this is what repairs it. */
  async rewind(request: Parameters<LabHistoryCalls['rewind']>[0], caller: Caller) {
    return this.#withRows('rewind', (live) => {
      if (live) this.commands.reach(live)
      return this.#turned(this.past.rewind(live, request, caller))
    })
  }

  async undo({ line }: Parameters<LabHistoryCalls['undo']>[0], caller: Caller) {
    return this.#withLab('undo', (live) => {
      this.commands.reach(live)
      return this.#turned(this.past.undo(live, line, caller))
    })
  }

  async forkFile(line: number | undefined) {
    return this.#withLab('fork', (live) => this.past.fork(live, line))
  }

  async replay() {
    const begun = this.#withLab('replay', (live) => done(live))
    if (!begun.ok) return begun
    try {
      return await this.past.replay(begun.value)
    } catch (error) {
      return failure('lab-replay', this.ctx.id.toString(), error)
    }
  }

  async reset(caller: Caller) {
    return this.#withLab('reset', ({ lab, row }) => {
      const live = this.keeper.reset(openParsed(lab.definition, row.seed), caller)
      this.packetsOf.forget()
      this.#tell(() => this.sessions.reset(live))
      return done(toSummary(live))
    })
  }

  async export() {
    return this.forkFile(undefined)
  }

  /** Needs no lab: an object that nobody looks at is not filled for this. */
  async disconnect(personId: string): Promise<Answer<null>> {
    this.sessions.closeOf(personId)
    if (this.pacer.ticking) this.#withLab('disconnect', () => done(null))
    return done(null)
  }

  async destroy(): Promise<Answer<null>> {
    this.destroyed = true
    this.pacer.halt()
    this.keeper.forget()
    this.sessions.closeAll('the lab was deleted')
    await this.ctx.storage.deleteAll()
    return done(null)
  }

  override async fetch(request: Request): Promise<Response> {
    const lab = this.#withLab('connect', () => done(null))
    return lab.ok ? this.sessions.accept(request) : new Response(lab.message, { status: lab.status })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.sessions.message(socket, message)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.sessions.closed(socket, code, reason)
    if (this.pacer.ticking) this.#withLab('closed', () => done(null))
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1011, 'error')
  }

  override alarm(): void {
    this.#withLab('alarm', (live) => {
      this.pacer.woken(live)
      return done(null)
    })
  }

  #bring(file: Uint8Array): Answer<LabSummary> {
    const brought = readExport(file)
    if (typeof brought === 'string') return refuse(422, 'bad-file', brought, { field: 'file' })
    const opened = reopen(brought)
    if (opened instanceof CorruptPart) return refuse(422, 'bad-file', `In the file, ${opened.message}.`, { field: opened.part })
    if (!opened.ok) return badDefinition(opened.faults)
    return done(toSummary(this.keeper.bring(opened.lab, brought, () => writeHistory(this.keeper.db, brought))))
  }

  /** Everybody forgets what they have seen of the lab, since it is another one now. */
  #turned(answer: Answer<Live>) {
    if (!answer.ok) return answer
    this.packetsOf.forget()
    this.#tell(() => this.sessions.reset(answer.value))
    return done(this.past.newest())
  }

  #withLab<T>(what: string, use: (live: Live) => Answer<T>): Answer<T> {
    return this.#withRows(what, (live, damage) => {
      if (live) return use(live)
      return damage ? this.past.damaged(damage, READS.has(what)) : noLab()
    })
  }

  /** For what can be done with the rows alone: without the lab when one of its parts is damaged. */
  #withRows<T>(what: string, use: (live: Live | undefined, damage?: CorruptPart) => Answer<T>): Answer<T> {
    return this.#guard(what, () => {
      const opened = this.#open()
      if (!opened) return noLab()
      if (opened instanceof CorruptPart) return use(undefined, opened)
      const answer = use(opened)
      // Whatever it was, it may be that somebody watches now, or nobody any more.
      const after = this.#open()
      if (after && !(after instanceof CorruptPart)) this.pacer.review(after)
      return answer
    })
  }

  #open(): Live | CorruptPart | undefined {
    try {
      return this.destroyed ? undefined : this.keeper.open()
    } catch (error) {
      if (error instanceof CorruptPart) return error
      throw error
    }
  }

  /** What has been committed stays done, whether or not everybody could be told. */
  #tell(say: () => void): void {
    try {
      say()
    } catch (error) {
      failure('lab-tell', this.ctx.id.toString(), error)
    }
  }

  /** Whatever is thrown, the rows are as they were; memory is made from them again at the next call. */
  #guard<T>(what: string, work: () => Answer<T>): Answer<T> {
    try {
      if (this.broken !== undefined) throw this.broken
      return work()
    } catch (error) {
      this.keeper.forget()
      this.packetsOf.forget()
      return failure(`lab-${what}`, this.ctx.id.toString(), error)
    }
  }
}

function reopen({ definition, seed, stored }: LabFile) {
  try {
    return openRuntime(definition, seed, stored)
  } catch (error) {
    if (error instanceof CorruptPart) return error
    throw error
  }
}
