// Whether a lab can be solved from every seed: built, not solved when it begins, and full points by its own solution.
import { openTemplate, parseFilled } from '../definition/parse.ts'
import { parseRubric } from '../definition/rubric.ts'
import type { Fault } from '../definition/source.ts'
import type { Template, VariantValue } from '../definition/variants/template.ts'
import type { CheckOutcome } from '../engine/lab/lab-api.ts'
import { openParsed } from '../runtime.ts'
import { scriptFor } from './for-variant.ts'
import { Walk } from './walk.ts'

/**
 * `unsolved`: the solution does not reach all points; `solved-at-start`: nothing is left to do; `wrong`: the definition or the
 * script does not fit this variant, or a line did not print what the script says.
 */
export type Outcome = 'solved' | 'unsolved' | 'solved-at-start' | 'wrong'

export type Solved = {
  readonly seed: number
  readonly outcome: Outcome
  readonly variant: readonly VariantValue[]
  readonly points: number
  readonly of: number
  /** Checks without all their points, and what is wrong with definition or script, a sentence each. */
  readonly missed: readonly string[]
  /** Lab events, a measure of the work that is the same everywhere. */
  readonly events: number
}

export class Solver {
  private readonly template: Template
  private readonly script: string
  private readonly rubric: string | null

  private constructor(template: Template, script: string, rubric: string | null) {
    this.template = template
    this.script = script
    this.rubric = rubric
  }

  /**
   * `script`: the solution, with placeholders. `rubric`: checks that stand in for those of the lab. The text of the definition is
   * read once for all seeds.
   */
  static of(
    yaml: string,
    script: string,
    rubric: string | null = null,
  ): { readonly ok: true; readonly solver: Solver } | { readonly ok: false; readonly faults: readonly Fault[] } {
    const read = openTemplate(yaml)
    return read.ok ? { ok: true, solver: new Solver(read.template, script, rubric) } : read
  }

  get capacity(): number {
    return this.template.capacity
  }

  /** One seed. Takes tens of milliseconds; whoever has a limit of time calls it for one seed after the other. */
  solve(seed: number): Solved {
    const parsed = parseFilled(this.template, seed)
    const none = { seed, variant: [], points: 0, of: 0, events: 0 }
    if (!parsed.ok) return { ...none, outcome: 'wrong', missed: parsed.faults.map(sentence) }
    const variant = parsed.variant.values
    const { steps, faults } = scriptFor(this.script, parsed.variant)
    if (faults.length > 0) return { ...none, variant, outcome: 'wrong', missed: faults.map(sentence) }
    // As a student's lab is graded by it: with the values of this variant.
    const rubric = this.rubric === null ? null : parsed.variant.fill(this.rubric)
    if (rubric !== null && rubric.faults.length > 0)
      return { ...none, variant, outcome: 'wrong', missed: rubric.faults.map(sentence) }
    const other = rubric === null ? null : parseRubric(rubric.text, parsed.definition)
    if (other?.ok === false) return { ...none, variant, outcome: 'wrong', missed: other.faults.map(sentence) }
    const { checks } = other ?? parsed.definition
    const walk = new Walk(openParsed({ ...parsed.definition, checks }, seed))
    const of = checks.reduce((all, { points }) => all + points, 0)
    // The first check that is not passed settles it.
    const atStart = checks.every((check) => whole(walk.lab.grade([check], walk.material())))
    if (atStart) return { ...none, variant, of, points: of, outcome: 'solved-at-start', missed: [] }
    const unexpected = walk.play(steps).told.flatMap(({ step, fault }) => (fault === '' ? [] : `line ${step.line}: ${fault}`))
    const outcomes = walk.check()
    const missed = outcomes.filter((one) => !whole([one])).map(({ id, outcome, message }) => `${id}: ${outcome}: ${message}`)
    const points = outcomes.reduce((all, one) => all + one.points, 0)
    const outcome = missed.length > 0 ? 'unsolved' : unexpected.length > 0 ? 'wrong' : 'solved'
    return { seed, variant, outcome, points, of, missed: [...unexpected, ...missed], events: walk.lab.events }
  }
}

const whole = (outcomes: readonly CheckOutcome[]): boolean =>
  outcomes.every(({ outcome, points, of }) => outcome === 'pass' && points === of)

const sentence = ({ line, reason, path = '' }: { line: number; reason: string; path?: string }): string =>
  `line ${line}: ${path === '' ? '' : `${path} `}${reason}`
