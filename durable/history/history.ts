import type { Answer, Caller, Refusal } from '../contract.ts'
import type { CorruptPart } from '../engine/lab/upgrade.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import type { History as HistoryAnswer, ReplayReport } from '../protocol.ts'
import { noLab, refuse } from '../refusal.ts'
import { branches, currentBranch } from '../store/branches.ts'
import { linesAfter, NO_ANSWER, nextLine } from '../store/journal.ts'
import { readDefinition, readLab } from '../store/parts.ts'
import { currentPath, isOn } from '../store/path.ts'
import { snapshotHeads } from '../store/snapshots.ts'
import { forkFile, type Moment } from './fork.ts'
import { lastGood, type Source } from './past.ts'
import { replay } from './replay.ts'
import { InputsGone, TooFar } from './rerun.ts'
import { rewind } from './rewind.ts'
import { NAMED, total, writeSnapshot } from './snapshots.ts'
import { undo } from './undo.ts'

/** Lines that the answer to a change of history tells. */
const TOLD = 200
/** Events of a replay between two moments in which others are let in. */
const SLICE = 200_000

/** What a lab has been, and going back to it. */
export class History {
  private readonly keeper: LabKeeper
  private replaying = false

  constructor(keeper: LabKeeper) {
    this.keeper = keeper
  }

  list({ after, limit }: { readonly after: number; readonly limit: number }): HistoryAnswer {
    const { db } = this.keeper
    const path = currentPath(db)
    const heads = snapshotHeads(db)
    const names = new Map(heads.map(({ line, name }) => [line, name]))
    const lines = linesAfter(db, after, limit).map((line) => {
      const { id, branch, kind, console, line: text, byName: by, at, ended: endedAt, wall, exitStatus } = line
      const place = { current: isOn(path, line), snapshot: names.get(id) ?? null }
      return { id, branch, kind, console, line: text, by, at, endedAt, wall, exitStatus, ...place }
    })
    const tree = branches(db).map(({ id, parent, after, line }) => ({ id, parent, after, line }))
    return { lines, branch: currentBranch(db), branches: tree, snapshots: heads }
  }

  /** The newest part of it. */
  newest(): HistoryAnswer {
    return this.list({ after: Math.max(0, nextLine(this.keeper.db) - 1 - TOLD), limit: TOLD })
  }

  snapshot(live: Live, name: string, caller: Caller): Answer<null> {
    const { db } = this.keeper
    const named = snapshotHeads(db).filter(({ automatic }) => !automatic)
    if (named.some((one) => one.name === name))
      return refuse(409, 'name-taken', `There is a snapshot ${name} already.`, { field: 'name' })
    if (named.length >= NAMED.most || total(named) >= NAMED.bytes)
      return refuse(409, 'too-many-snapshots', `A lab keeps ${NAMED.most} snapshots, and ${NAMED.bytes} bytes of them.`)
    this.keeper.settle()
    const input = { kind: 'snapshot', console: '', line: name, clientId: null, operation: null, caller } as const
    const turn = this.keeper.turn(live, input, (lab, line) => {
      if (!writeSnapshot(db, lab, line, name, false)) return undefined
      return { output: '', exitStatus: 0, status: 'done', started: lab.now, answer: NO_ANSWER }
    })
    return turn
      ? { ok: true, value: null }
      : refuse(413, 'snapshot-too-large', 'The state of this lab is too large for a snapshot.')
  }

  /** Without `live` the lab cannot be opened; this is what repairs it. */
  rewind(live: Live | undefined, line: number, caller: Caller): Answer<Live> {
    const source = this.source()
    if (!source) return noLab()
    return bounded(() => rewind(this.keeper, live, source, line, caller))
  }

  undo(live: Live, line: number, caller: Caller): Answer<Live> {
    return bounded(() => undo(this.keeper, live, line, caller))
  }

  fork(live: Live, moment: Moment): Answer<Uint8Array> {
    return bounded(() => forkFile(this.keeper, live, moment))
  }

  /** In slices: others are let in between them, and what they do is not part of it. */
  async replay({ lab }: Live): Promise<Answer<ReplayReport>> {
    const source = this.source()
    if (!source) return noLab()
    if (this.replaying) return refuse(429, 'replaying', 'This lab is being replayed already.')
    this.replaying = true
    try {
      this.keeper.settle()
      const steps = replay(source, this.keeper.frames, lab.now)
      for (let events = 0; ; ) {
        const step = bounded(() => ({ ok: true, value: steps.next() }))
        if (!step.ok) return step
        if (step.value.done) return { ok: true, value: step.value.value }
        events += step.value.value
        if (events < SLICE) continue
        events = 0
        await scheduler.wait(0)
      }
    } finally {
      this.replaying = false
    }
  }

  /** What a lab says whose state cannot be read: what is damaged, and where one can go back to. */
  damaged({ part, message }: CorruptPart, reading: boolean): Refusal {
    const source = this.source()
    if (!source) return noLab()
    const { line, name } = lastGood(source, currentPath(source.db))
    const offer = `Rewind to line ${line} (${name}) to go on from there; until then nothing is changed.`
    const why = message.charAt(0).toUpperCase() + message.slice(1)
    const where = { field: part, line }
    if (reading) return refuse(503, 'corrupt-part', `${why}. ${offer}`, where)
    return refuse(409, 'read-only', `This lab can only be read. ${why}. ${offer}`, where)
  }

  private source(): Source | undefined {
    const { db } = this.keeper
    const row = readLab(db)
    return row && { db, definition: readDefinition(db), seed: row.seed }
  }
}

function bounded<T>(work: () => Answer<T>): Answer<T> {
  try {
    return work()
  } catch (error) {
    if (error instanceof InputsGone) {
      const why = 'What a real machine sent then is not kept any more; lines after the next snapshot are in reach.'
      return refuse(409, 'inputs-gone', why, { field: 'line' })
    }
    if (!(error instanceof TooFar)) throw error
    const message =
      'More would have to be run again than is allowed at once. Nearer lines, and those behind a snapshot, are in reach.'
    return refuse(409, 'too-far', message, { field: 'line' })
  }
}
