import type { Commands } from '../commands.ts'
import type { Answer, Caller } from '../contract.ts'
import type { CheckDefinition, LabDefinition } from '../engine/lab/definition.ts'
import type { LabKeeper, Live, Said } from '../lab-keeper.ts'
import { refuse } from '../refusal.ts'
import { findClientLine, type Line, NO_ANSWER, taskLines } from '../store/journal.ts'
import { currentPath, isOn, lastReset } from '../store/path.ts'
import { AGAIN } from './again.ts'
import { hintsIn } from './past.ts'
import type { AnswerGiven, AnswerRequest, Hint, HintRequest, Lesson, Task, Tasks as TaskList } from './report.ts'

/** What students answer and which hints they read. Both are lines of the journal, so they are in forks, files and grades. */
export class Tasks {
  private readonly keeper: LabKeeper
  private readonly commands: Commands

  constructor(keeper: LabKeeper, commands: Commands) {
    this.keeper = keeper
    this.commands = commands
  }

  /** Never what is right, and of hints only those that were read. */
  list({ lab }: Live): TaskList {
    const { given, tries, hints } = this.taken()
    const { checks, lesson } = lab.definition
    return {
      tasks: checks.map((check) => taskOf(check, given.get(check.id), tries.get(check.id) ?? 0, hints[check.id] ?? 0)),
      lesson: lesson === undefined ? null : lessonOf(lesson),
    }
  }

  answer(live: Live, { check: id, value, clientId: named }: AnswerRequest, caller: Caller): Answer<AnswerGiven> {
    const check = live.lab.definition.checks.find((one) => one.id === id)
    if (!check) return noCheck(id)
    const { verb } = check
    if (verb.kind !== 'answer' && verb.kind !== 'names-fault')
      return refuse(409, 'no-task', `${check.title} is checked in the lab itself; there is nothing to answer.`, {
        field: 'check',
      })
    const clientId = named ?? null
    const line = `${id} ${value.trim().replace(/\s+/g, ' ')}`
    const first = clientId === null ? undefined : findClientLine(this.keeper.db, clientId)
    if (first) {
      const same = first.kind === 'answer' && first.byPerson === caller.personId && first.line === line
      if (!same) return refuse(409, 'client-id-taken', 'Another input has this client id.', { field: 'clientId' })
      return { ok: true, value: { line: first.id, tries: this.taken().tries.get(id) ?? 1 } }
    }
    if (line.length === id.length + 1) return refuse(422, 'no-answer', 'The answer is empty.', { field: 'value' })
    if (verb.choices && !(verb.kind === 'answer' && verb.list) && !verb.choices.some((choice) => choice.id === value.trim()))
      return refuse(422, 'no-choice', 'This is none of the choices.', { field: 'value' })
    const tries = this.taken().tries.get(id) ?? 0
    if (verb.attempts !== undefined && tries >= verb.attempts)
      return refuse(409, 'no-more-answers', `All ${verb.attempts} answers to this task are used up; the last one counts.`, {
        field: 'check',
      })
    const input = { kind: 'answer', console: '', line, clientId, operation: null, caller } as const
    const turn = this.commands.input(live, input, (lab) => quiet(lab.now, { noted: lab.noted(check) }))
    if (!turn) throw new Error('an answer left no line')
    return 'ok' in turn ? turn : { ok: true, value: { line: turn.line.id, tries: tries + 1 } }
  }

  /** The next step of a ladder; asked for again, one that was read is told again for nothing. */
  hint(live: Live, { check: id, number }: HintRequest, caller: Caller): Answer<Hint> {
    const check = live.lab.definition.checks.find((one) => one.id === id)
    if (!check) return noCheck(id)
    const ladder = check.hints ?? []
    const taken = this.taken().hints[id] ?? 0
    const hint = ladder[number - 1]
    if (hint === undefined) return refuse(404, 'no-hint', `There are ${ladder.length} hints to this task.`, { field: 'number' })
    if (number > taken + 1) return refuse(409, 'hint-order', `Hint ${taken + 1} comes first.`, { field: 'number' })
    if (number === taken + 1) {
      const input = { kind: 'hint', console: '', line: `${id} ${number}`, clientId: null, operation: null, caller } as const
      const turn = this.commands.input(live, input, (lab) => quiet(lab.now))
      if (turn && 'ok' in turn) return turn
    }
    return { ok: true, value: { number, of: ladder.length, text: hint.text, cost: hint.cost } }
  }

  /** Answers that stand now; how many were ever given, and hints that were ever read: nothing takes those back. */
  private taken() {
    const { db } = this.keeper
    const path = currentPath(db)
    const reset = lastReset(db, path)
    const given = new Map<string, Line>()
    const tries = new Map<string, number>()
    for (const line of taskLines(db, 'answer')) {
      const [check = ''] = line.line.split(' ')
      if (line.id > reset && isOn(path, line)) given.set(check, line)
      // What an undo has run again is the same answer.
      if (line.answer.endedAt !== AGAIN) tries.set(check, (tries.get(check) ?? 0) + 1)
    }
    return { given, tries, hints: hintsIn(taskLines(db, 'hint')) }
  }
}

const lessonOf = ({ minutes, objectives, tasks }: NonNullable<LabDefinition['lesson']>): Lesson => ({
  minutes,
  objectives: [...objectives],
  tasks: tasks.map(({ title, checks }) => ({ title, checks: [...checks] })),
})

const noCheck = (id: string) => refuse(404, 'no-check', `There is no task ${id}.`, { field: 'check' })
const quiet = (now: number, more: object = {}): Said => ({
  output: '',
  exitStatus: 0,
  status: 'done',
  started: now,
  answer: { ...NO_ANSWER, ...more },
})

function taskOf(
  { id, title, points, verb, hints: ladder = [] }: CheckDefinition,
  given: Line | undefined,
  tries: number,
  read: number,
): Task {
  const asks = verb.kind === 'answer' || verb.kind === 'names-fault' ? verb : undefined
  const next = ladder[read]
  return {
    id,
    title,
    points,
    ask: asks
      ? {
          question: asks.question,
          list: asks.kind === 'answer' && asks.list,
          choices: asks.choices?.map((choice) => ({ ...choice })) ?? null,
          tries,
          most: asks.attempts ?? null,
        }
      : null,
    answer: given ? { value: given.line.slice(id.length + 1), by: given.byName, line: given.id, at: given.at } : null,
    hints: { of: ladder.length, read: ladder.slice(0, read).map((one) => ({ ...one })), next: next ? next.cost : null },
  }
}
