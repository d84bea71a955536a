import { DurableObject } from 'cloudflare:workers'
import { catalogue } from '../labs/index.ts'
import { capture } from './capture.ts'
import { Commands } from './commands.ts'
import type { Answer, Caller, CreateLab, LabHostCalls, LabSummary } from './contract.ts'
import { Explain } from './explain.ts'
import { packFile, readExport, wholeLab, writeHistory } from './export.ts'
import { LabKeeper, type Live } from './lab-keeper.ts'
import { Packets } from './packets.ts'
import type { ExecRequest, HandAction, TableName } from './protocol.ts'
import { badDefinition, failure, noLab, refuse } from './refusal.ts'
import { openParsed, openRuntime } from './runtime.ts'
import { Sessions } from './sessions.ts'
import { linesAfter, recentLines } from './store/journal.ts'
import { migrate } from './store/migrate.ts'
import { toSummary } from './summary.ts'
import { tableOf } from './tables.ts'

/** Lines that checks look back at. */
const CHECKED_LINES = 2_000

const done = <T>(value: T): Answer<T> => ({ ok: true, value })

/**
 * One lab. Every method runs to its end without awaiting, so that inputs are serialised by nature and what a method wrote
 * is one commit; answers leave the object only after it.
 */
export class LabHost extends DurableObject implements LabHostCalls {
  private readonly keeper: LabKeeper
  private readonly packetsOf: Packets
  private readonly commands: Commands
  private readonly sessions: Sessions
  private readonly explain: Explain
  /** Why the rows cannot be used, when a migration failed. */
  private broken: unknown
  private destroyed = false

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as object)
    this.keeper = new LabKeeper(ctx.storage)
    this.packetsOf = new Packets(this.keeper.frames)
    this.explain = new Explain(this.keeper)
    this.commands = new Commands(this.keeper, (live, turn) => this.#tell(() => this.sessions.publish(live, turn)))
    this.sessions = new Sessions(ctx, this.keeper, this.commands, this.packetsOf, (use) => this.#withLab('socket', use))
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
      if (this.destroyed || this.keeper.open()) return refuse(409, 'lab-exists', 'This lab exists already.')
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
    return this.#withLab('job', () => this.commands.job(id))
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
    return this.#withLab('packets', () => done(this.packetsOf.page(query)))
  }

  async packet(sequence: number) {
    return this.#withLab('packet', () => {
      const detail = this.packetsOf.detail(sequence)
      return detail ? done(detail) : refuse(404, 'no-packet', 'This packet is not kept.')
    })
  }

  async why(packet: number, path: boolean) {
    return this.#withLab('why', (live) => this.explain.packet(live, packet, path))
  }

  async whyNothing(command: number) {
    return this.#withLab('why-nothing', (live) => this.explain.command(live, command))
  }

  async capture(window: Parameters<LabHostCalls['capture']>[0]) {
    return this.#withLab('capture', ({ lab }) =>
      done(capture(this.keeper.frames, lab.vantages, lab.definition.epochMicros, window)),
    )
  }

  async journal({ after, limit }: Parameters<LabHostCalls['journal']>[0]) {
    return this.#withLab('journal', () => {
      const lines = linesAfter(this.keeper.db, after, limit)
      return done(
        lines.map(({ id, started: at, wall, console, byName: by, line, exitStatus, output }) => ({
          id,
          at,
          wall,
          console,
          by,
          line,
          exitStatus,
          output,
        })),
      )
    })
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
    return this.#withLab('export', ({ row }) => done(packFile(wholeLab(this.keeper.db, row))))
  }

  /** Needs no lab: an object that nobody looks at is not filled for this. */
  async disconnect(personId: string): Promise<Answer<null>> {
    this.sessions.closeOf(personId)
    return done(null)
  }

  async destroy(): Promise<Answer<null>> {
    this.destroyed = true
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
  }

  override webSocketError(socket: WebSocket): void {
    this.sessions.closed(socket, 1011, 'error')
  }

  #bring(file: Uint8Array): Answer<LabSummary> {
    const brought = readExport(file)
    if (typeof brought === 'string') return refuse(422, 'bad-file', brought, { field: 'file' })
    const opened = openRuntime(brought.definition, brought.seed, brought.stored)
    if (!opened.ok) return badDefinition(opened.faults)
    return done(toSummary(this.keeper.bring(opened.lab, brought, () => writeHistory(this.keeper.db, brought))))
  }

  #withLab<T>(what: string, use: (live: Live) => Answer<T>): Answer<T> {
    return this.#guard(what, () => {
      const live = this.destroyed ? undefined : this.keeper.open()
      return live ? use(live) : noLab()
    })
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
