import type { Caller } from './contract.ts'
import { ENGINE_VERSION } from './engine/lab/index.ts'
import type { ConsoleOutput, LabApi, Operation } from './engine/lab/lab-api.ts'
import type { Frozen } from './grading/report.ts'
import { causedBy, type Happened, passed, spread } from './happened.ts'
import { keepState, snapshotNow } from './history/snapshots.ts'
import { openParsed } from './runtime.ts'
import { currentBranch } from './store/branches.ts'
import { type Db, openDatabase } from './store/database.ts'
import type { Seen } from './store/frame-block.ts'
import { FrameLog } from './store/frames.ts'
import { readFreeze } from './store/freeze.ts'
import { gatherParts } from './store/groups.ts'
import { InputLog } from './store/inputs.ts'
import { endOpenLines, insertLine, type Line, NO_ANSWER, nextLine } from './store/journal.ts'
import { toText } from './store/operation.ts'
import { insertLab, type NewLab, readDefinition, readLab, readStored, replaceState, writeChanges } from './store/parts.ts'
import { leftSightings } from './store/path.ts'

export type Live = { readonly lab: LabApi; readonly row: NewLab }

/** What is put into the lab, before the lab has said anything about it. Without an operation the lab itself is not touched. */
export type Input = Pick<Line, 'kind' | 'console' | 'line' | 'clientId'> & {
  readonly operation: Operation | null
  readonly caller: Caller
}
/** What the lab said at once. */
export type Said = Pick<Line, 'output' | 'exitStatus' | 'status' | 'started' | 'answer'>

/** One input with everything that came of it, as it stands in the rows. */
export type Turn = Happened & { readonly seen: readonly Seen[] }
/** What came to pass between two inputs. `kept`: how many of what was seen have a row. */
export type Passage = Omit<Turn, 'line'> & { readonly kept: number }

/**
 * Holds the lab in memory and its rows equal to it. Memory is worth nothing: it is made from the rows when it is needed,
 * and thrown away whenever something has gone wrong in it.
 */
export class LabKeeper {
  readonly db: Db
  readonly frames: FrameLog
  /** What machines from outside sent. */
  readonly inputs: InputLog
  /** Sightings that are taken between two commits; of more, those are missed that the ring of the engine has overwritten. */
  most = Number.POSITIVE_INFINITY
  /** Sightings that nobody took before the engine's ring had overwritten them. */
  missed = 0
  /** Why nobody puts anything into the lab any more; undefined while people may. */
  frozen: Frozen | undefined
  private live: Live | undefined
  /** The sequence number of the first sighting that was not taken from the lab yet. */
  private taken = 0
  /** What consoles printed in live time since the last commit, and everybody was told. */
  private told: ConsoleOutput[] = []
  private readonly storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.storage = storage
    this.db = openDatabase(storage)
    this.frames = new FrameLog(this.db)
    this.inputs = new InputLog(this.db)
  }

  open(): Live | undefined {
    if (this.live) return this.live
    const row = readLab(this.db)
    if (row) {
      gatherParts(this.db)
      this.frozen = readFreeze(this.db)
    }
    this.frames.hide(leftSightings(this.db))
    return row && this.hold(openParsed(readDefinition(this.db), row.seed, readStored(this.db)), row)
  }

  forget(): void {
    this.live = undefined
    this.told = []
    this.frames.forget()
    this.inputs.forget()
  }

  /** Stores a lab that was just built. */
  create(lab: LabApi, made: NewLab): Live {
    return this.transaction(() => {
      insertLab(this.db, made, lab.definition, lab.save())
      this.frames.append(seenSince(lab, 0))
      return this.begin(lab)
    })
  }

  /** Stores a lab that comes out of a file; `history` writes its journal and its packets. */
  bring(lab: LabApi, made: NewLab, history: () => void): Live {
    return this.transaction(() => {
      insertLab(this.db, made, lab.definition, lab.save())
      history()
      return this.begin(lab)
    })
  }

  /** The beginning again: other parts, no packets, the same journal. */
  reset(lab: LabApi, caller: Caller): Live {
    return this.transaction(() => {
      this.settle()
      endOpenLines(this.db, lab.now)
      this.frames.clear()
      replaceState(this.db, lab.save())
      this.frames.append(seenSince(lab, 0))
      const input: Input = { kind: 'reset', console: '', line: 'reset', clientId: null, operation: null, caller }
      const said: Said = { output: '', exitStatus: 0, status: 'done', started: lab.now, answer: NO_ANSWER }
      insertLine(this.db, this.line(nextLine(this.db), input, said, '', lab.now, lab))
      return this.begin(lab)
    })
  }

  /** Another state becomes the lab's. `write` writes how that came about. */
  adopt(lab: LabApi, write: () => void): Live {
    return this.transaction(() => {
      this.settle()
      write()
      replaceState(this.db, lab.save())
      return this.begin(lab)
    })
  }

  /**
   * One input: it runs, and the journal line, every part that changed, the clock and what was seen are written in one
   * transaction. `run` may answer undefined to say that nothing was done. What throws leaves no trace.
   */
  turn({ lab }: Live, input: Input, run: (lab: LabApi, command: number) => Said | undefined): Turn | undefined {
    return this.transaction(() => {
      const id = nextLine(this.db)
      const at = lab.now
      // Before the line: they came earlier.
      this.inputs.write(id - 1, currentBranch(this.db))
      const prompt = lab.console(input.console)?.prompt ?? ''
      const said = run(lab, id)
      if (!said) return undefined
      const seen = this.take(lab)
      const answer = input.kind === 'exec' ? { ...said.answer, packets: causedBy(id, seen) } : said.answer
      const line = this.line(id, input, { ...said, answer }, prompt, at, lab)
      insertLine(this.db, line)
      const happened = spread(this.db, lab, line, seen, this.told)
      this.frames.append(seen)
      writeChanges(this.db, lab.takeChanges())
      this.told = []
      snapshotNow(this.db, lab, id)
      return { ...happened, seen }
    })
  }

  /** Live time went on: what was seen can be read at once, and text is told now, but they have rows only after the next commit. */
  drift({ lab }: Live, told: readonly ConsoleOutput[]): void {
    this.take(lab)
    this.told.push(...told)
  }

  /** How many sightings wait to be taken from the lab. */
  fresh({ lab }: Live): number {
    return lab.nextSighting - this.taken
  }

  /**
   * Commits what came to pass without an input. `fresh` is what consoles printed and nobody was told. With `spare`, at most so
   * many sightings are kept, and nothing older goes for them.
   */
  pass({ lab }: Live, fresh: readonly ConsoleOutput[], spare?: number): Passage {
    return this.transaction(() => {
      this.inputs.write(nextLine(this.db) - 1, currentBranch(this.db))
      const seen = this.take(lab)
      const happened = passed(this.db, lab, seen, this.told, fresh)
      if (spare === undefined) this.frames.append(seen)
      const kept = spare === undefined ? seen.length : this.frames.appendSpare(seen, spare)
      writeChanges(this.db, lab.takeChanges())
      this.told = []
      this.keepInputs(lab)
      return { ...happened, seen, kept }
    })
  }

  /** Much has come from outside: the state after it is stored under a line of its own, so that it can be gone back to without it. */
  private keepInputs(lab: LabApi): void {
    const { due } = this.inputs
    if (due === 0) return
    const id = nextLine(this.db)
    const input: Input = {
      kind: 'frames',
      console: '',
      line: `${due} frames of real machines`,
      clientId: null,
      operation: null,
      caller: NOBODY,
    }
    const said: Said = { output: '', exitStatus: 0, status: 'done', started: lab.now, answer: NO_ANSWER }
    insertLine(this.db, this.line(id, input, said, '', lab.now, lab))
    if (keepState(this.db, lab, id)) this.inputs.stored(id)
  }

  /** What live time has brought is not lost with the state that it brought. */
  settle(): void {
    const held = this.told.length + this.frames.waiting.length + this.inputs.waiting
    if (this.live && held > 0) this.pass(this.live, this.live.lab.takeOutput())
  }

  /** Everything seen that has no row yet. */
  private take(lab: LabApi): readonly Seen[] {
    const seen = seenSince(lab, this.taken)
    if (seen.length < lab.nextSighting - this.taken) this.missed += lab.nextSighting - this.taken - seen.length
    this.frames.hold(seen)
    this.taken = lab.nextSighting
    return this.frames.waiting
  }

  /** Its rows are written whole; what it says from now on is news. */
  private begin(lab: LabApi): Live {
    lab.takeChanges()
    lab.takeOutput()
    this.frames.hide(leftSightings(this.db))
    return this.hold(lab, readLab(this.db) as NewLab)
  }

  private hold(lab: LabApi, row: NewLab): Live {
    this.taken = lab.nextSighting
    this.told = []
    lab.readBy(() => this.frames.waiting.length < this.most && void this.take(lab))
    this.live = { lab, row }
    return this.live
  }

  line(id: number, input: Input, said: Said, prompt: string, at: number, lab: LabApi): Line {
    const { caller, operation, ...rest } = input
    const ended = said.status === 'done' ? lab.now : null
    const by = { byPerson: caller.personId, byName: caller.name, wall: Date.now() }
    const ran = { at, branch: currentBranch(this.db), engine: ENGINE_VERSION, digest: lab.digest() }
    return { id, ...rest, ...said, prompt, ended, ...by, ...ran, operation: toText(operation) }
  }

  private transaction<T>(work: () => T): T {
    try {
      return this.storage.transactionSync(work)
    } catch (error) {
      this.forget()
      throw error
    }
  }
}

/** Whose doing it is when the lab does it. */
export const NOBODY: Caller = { personId: '', name: 'the lab', role: 'machine' }

export function seenSince(lab: LabApi, from: number): Seen[] {
  if (from === lab.nextSighting) return []
  return lab.sightings(from).map(({ vantage, ...rest }) => {
    const place = lab.vantages[vantage]
    if (!place) throw new Error(`sighting ${rest.sequence} is at no known place`)
    const { machine, adapter, linkType } = place
    return { ...rest, place: { machine, adapter, linkType } }
  })
}
