import type { Answer, Caller, Refusal } from './contract.ts'
import { broadcast } from './flow.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import type { ConsoleState, ServerMessage, TerminalEnd } from './protocol.ts'
import { refuse } from './refusal.ts'
import { DECIDES, rank } from './roles.ts'
import type { Room } from './room.ts'
import { findLine } from './store/journal.ts'
import type { TerminalAskRow, TerminalRow } from './store/schema.ts'
import { asks, putAsk, putTerminal, removeAsk, removeTerminal, terminals } from './store/terminals.ts'

/** Milliseconds without a key after which a terminal is anybody's again. */
export const IDLE_OWNER = 5 * 60_000
/** Milliseconds in which an owner who was asked may answer. Who neither answers nor types in that time has let go. */
export const ASK_PATIENCE = 30_000
/** People who ask for one terminal. */
const MOST_ASKS = 20
/** So often, at most, it is written that an owner types. */
const WRITE_EVERY = 60_000

/** How an act comes to the lab: at the lab page, where somebody stays, or as a call that is over when it is answered. */
export type Via = 'page' | 'call'
type How = TerminalEnd['how']
/** Writes a line that puts nothing into the lab; `write` is part of the same commit. */
export type Note = (live: Live, line: string, caller: Caller, write: () => void) => void

const done: Answer<null> = { ok: true, value: null }
const toCaller = ({ personId, name, role }: TerminalRow | TerminalAskRow): Caller => ({
  personId,
  name,
  role: role as Caller['role'],
})
const toPerson = ({ personId: id, name }: Pick<TerminalRow, 'personId' | 'name'>) => ({ id, name })

/**
 * One owner types in a terminal at a time. Whoever types into a free one owns it; the others ask for it. No timer ends anything: whether
 * an owner is still there, or has typed lately, is compared whenever something arrives.
 */
export class Terminals {
  private readonly keeper: LabKeeper
  private readonly room: Room
  private readonly note: Note
  /** As the rows have it, but for the moment of the last key. */
  private known: { readonly held: Map<string, TerminalRow>; asks: readonly TerminalAskRow[] } | undefined
  private readonly written = new Map<string, number>()

  constructor(keeper: LabKeeper, room: Room, note: Note) {
    this.keeper = keeper
    this.room = room
    this.note = note
  }

  /** Memory may say what no row says. */
  forget(): void {
    this.known = undefined
    this.written.clear()
  }

  owner(console: string): TerminalRow | undefined {
    if (this.keeper.frozen) return undefined
    const row = this.state.held.get(console)
    return row && this.counts(row) ? row : undefined
  }

  get any(): boolean {
    return this.state.held.size > 0 || this.state.asks.length > 0
  }

  /** As the console's state says it, with the milliseconds that are left to answer. */
  of(console: string): Pick<ConsoleState, 'owner' | 'asking'> {
    const row = this.owner(console)
    const left = ({ askedAt }: TerminalAskRow) => Math.max(0, askedAt + ASK_PATIENCE - Date.now())
    const asking = this.asksFor(console).map((one) => ({ ...toPerson(one), left: left(one) }))
    return { owner: row ? { ...toPerson(row), role: row.role } : null, asking: row ? asking : [] }
  }

  /** Before anything is typed: why not, or nothing, and then the terminal is the caller's, at the page for longer than this line. */
  claim(console: string, caller: Caller, via: Via): Refusal | undefined {
    const row = this.owner(console)
    if (row && row.personId !== caller.personId) return this.refusal(row, via)
    if (via === 'page') {
      if (row && row.line === null) this.touch(row)
      else this.put(console, caller, null)
    }
    return undefined
  }

  /** A call's line goes on after its answer, and so does its terminal. */
  hold(console: string, caller: Caller, line: number): void {
    if (!this.owner(console)) this.put(console, caller, line)
  }

  take(live: Live, console: string, caller: Caller): Answer<null> {
    const row = this.owner(console)
    if (row && row.personId !== caller.personId) return this.refusal(row, 'page')
    if (!row) this.pass(live, console, caller, 'taken', undefined)
    return done
  }

  ask(live: Live, console: string, caller: Caller): Answer<null> {
    const row = this.owner(console)
    if (!row) return this.take(live, console, caller)
    if (row.personId === caller.personId) return refuse(409, 'own-terminal', 'This terminal is yours.')
    const waiting = this.asksFor(console)
    // Also what a page says when the time is over by its clock.
    if (waiting.some(({ personId }) => personId === caller.personId)) return done
    if (waiting.length >= MOST_ASKS) return refuse(409, 'too-many-asks', 'Too many people ask for this terminal already.')
    const ask = { console, personId: caller.personId, name: caller.name, role: caller.role, askedAt: Date.now() }
    putAsk(this.keeper.db, ask)
    this.state.asks = [...this.state.asks, ask]
    this.room.tellConsole(live, console)
    return done
  }

  unask(live: Live, console: string, { personId }: Caller): Answer<null> {
    const ask = this.asksFor(console).find((one) => one.personId === personId)
    if (ask) this.drop(ask)
    this.room.tellConsole(live, console)
    return done
  }

  /** To somebody who is here and may type. */
  give(live: Live, console: string, caller: Caller, to: string): Answer<null> {
    const row = this.owner(console)
    if (row?.personId !== caller.personId) return this.notYours(console)
    const next = this.room.worker(to)
    if (!next) return refuse(409, 'not-here', 'Whoever should get the terminal is not here any more, or only watches.')
    if (to !== caller.personId) this.pass(live, console, next, 'given', row)
    return done
  }

  refuseTo(live: Live, console: string, caller: Caller, personId: string): Answer<null> {
    const row = this.owner(console)
    if (row?.personId !== caller.personId) return this.notYours(console)
    const ask = this.asksFor(console).find((one) => one.personId === personId)
    if (!ask) return refuse(404, 'no-ask', 'This is not asked any more.')
    this.drop(ask)
    this.room.tellConsole(live, console)
    this.say({ type: 'terminal', console, how: 'refused', from: toPerson(row), to: toPerson(ask) })
    return done
  }

  letGo(live: Live, console: string, caller: Caller): Answer<null> {
    const row = this.owner(console)
    if (row?.personId !== caller.personId) return this.notYours(console)
    this.free(live, row)
    return done
  }

  /** By role, and everybody is told. */
  takeOver(live: Live, console: string, caller: Caller): Answer<null> {
    const row = this.owner(console)
    if (!row) return this.take(live, console, caller)
    if (row.personId === caller.personId) return done
    if (!DECIDES.has(caller.role) || rank(caller.role) < rank(row.role as Caller['role']))
      return refuse(409, 'not-allowed', `Only who teaches here may take a terminal without asking. Ask ${row.name} for it.`)
    this.pass(live, console, caller, 'taken-over', row)
    return done
  }

  /** Frees what nobody has any more, and answers for those who did not. To be called before anything is done with the lab. */
  review(live: Live): void {
    const { held } = this.state
    if (!this.any || this.keeper.frozen) return
    for (const row of [...held.values()]) if (!this.counts(row)) this.free(live, row)
    for (const ask of [...this.state.asks]) {
      if (!this.state.asks.includes(ask)) continue
      const row = this.owner(ask.console)
      if (!this.room.worker(ask.personId)) this.drop(ask)
      else if (!row) this.pass(live, ask.console, toCaller(ask), 'passed-on', undefined)
      else if (Date.now() < ask.askedAt + ASK_PATIENCE) continue
      else if (row.usedAt > ask.askedAt) {
        this.drop(ask)
        this.say({ type: 'terminal', console: ask.console, how: 'kept', from: toPerson(row), to: toPerson(ask) })
      } else this.pass(live, ask.console, toCaller(ask), 'passed-on', row)
      this.room.tellConsole(live, ask.console)
    }
  }

  /** Whatever stands about a person, also their name. */
  erase(personId: string): void {
    for (const row of this.state.held.values()) if (row.personId === personId) this.remove(row.console)
    for (const ask of this.state.asks) if (ask.personId === personId) this.drop(ask)
  }

  private get state() {
    const { db } = this.keeper
    this.known ??= { held: new Map(terminals(db).map((row) => [row.console, row])), asks: asks(db) }
    return this.known
  }

  private counts({ personId, usedAt, line }: TerminalRow): boolean {
    if (Date.now() - usedAt >= IDLE_OWNER) return false
    if (line === null) return this.room.worker(personId) !== undefined
    return (findLine(this.keeper.db, line)?.status ?? 'done') !== 'done'
  }

  private asksFor = (console: string) => this.state.asks.filter((one) => one.console === console)

  private refusal({ console, personId, name }: TerminalRow, via: Via): Refusal {
    const typing = via === 'page' && this.room.typist(console)?.person.personId === personId
    if (typing) return refuse(409, 'typing', `${name} is typing.`)
    const where = via === 'call' ? { field: 'console' } : {}
    return refuse(409, 'terminal-taken', `${name} has the terminal ${console}. Ask for it on the lab page, or wait.`, where)
  }

  private notYours = (console: string) => refuse(409, 'not-yours', `The terminal ${console} is not yours.`)

  /** To the one who asked first, or to nobody. */
  private free(live: Live, row: TerminalRow): void {
    const next = this.asksFor(row.console).find(({ personId }) => this.room.worker(personId))
    if (next) return this.pass(live, row.console, toCaller(next), 'passed-on', row)
    this.remove(row.console)
    this.room.tellConsole(live, row.console)
  }

  /** An act that is told and written down, other than typing: a line says itself who typed it. */
  private pass(live: Live, console: string, to: Caller, how: How, from: TerminalRow | undefined): void {
    const source = from && ` ${how === 'given' ? 'by' : 'from'} ${from.personId}`
    this.note(live, `${console} ${how}${source ?? ''}`, to, () => {
      this.put(console, to, null)
      if (from) this.room.clearDrafts(console, from.personId)
    })
    this.room.tellConsole(live, console)
    if (from) this.say({ type: 'terminal', console, how, from: toPerson(from), to: toPerson(to) })
  }

  private put(console: string, { personId, name, role }: Caller, line: number | null): void {
    const now = Date.now()
    const row = { console, personId, name, role, usedAt: now, line }
    putTerminal(this.keeper.db, row)
    this.state.held.set(console, row)
    this.written.set(console, now)
    // Whoever else asked asks the new owner now.
    for (const ask of this.asksFor(console)) {
      if (ask.personId === personId) this.drop(ask)
      else this.restart(ask, now)
    }
  }

  private restart(ask: TerminalAskRow, askedAt: number): void {
    const again = { ...ask, askedAt }
    putAsk(this.keeper.db, again)
    this.state.asks = this.state.asks.map((one) => (one === ask ? again : one))
  }

  private touch(row: TerminalRow): void {
    const now = Date.now()
    const used = { ...row, usedAt: now }
    const written = this.written.get(row.console) ?? row.usedAt
    const asked = this.asksFor(row.console).some(({ askedAt }) => askedAt >= written)
    this.state.held.set(row.console, used)
    if (!asked && now - written < WRITE_EVERY) return
    putTerminal(this.keeper.db, used)
    this.written.set(row.console, now)
  }

  private remove(console: string): void {
    removeTerminal(this.keeper.db, console)
    this.state.held.delete(console)
    this.written.delete(console)
  }

  private drop(ask: TerminalAskRow): void {
    removeAsk(this.keeper.db, ask)
    this.state.asks = this.state.asks.filter((one) => one !== ask)
  }

  private say(message: ServerMessage): void {
    broadcast(this.room.open(), message)
  }
}
