// What a teacher must know of a lab before students get it: everything that is wrong, how many variants it has, what it checks.
import { parseDefinition } from './parse.ts'
import { rubricAt } from './rubric-at.ts'
import type { Fault } from './source.ts'
import { capacity, classFaults, definitionFaults } from './variants/index.ts'

export type ReviewFault = Fault & { readonly in: 'definition' | 'rubric' }
export type Review = {
  readonly faults: readonly ReviewFault[]
  readonly title: string
  readonly summary: string
  readonly machines: readonly string[]
  /** 1: all students get the same. */
  readonly variants: number
  readonly checks: readonly { readonly id: string; readonly title: string; readonly points: number }[]
  readonly points: number
}

/** What is drawn has other values for everybody, and the same checks and points for all. */
const SEED = 0

/** `holders`: how many students or groups are to have a variant each; null: all have the same. */
export function reviewLab(yaml: string, rubric: string | null, holders: number | null): Review {
  const faults: ReviewFault[] = definitionFaults(yaml).map((fault) => ({ ...fault, in: 'definition' }))
  if (faults.length === 0 && holders !== null)
    faults.push(...classFaults(yaml, holders).map((fault) => ({ ...fault, in: 'definition' as const })))
  const parsed = parseDefinition(yaml, SEED)
  if (!parsed.ok) return { faults, title: '', summary: '', machines: [], variants: 0, checks: [], points: 0 }
  const { definition } = parsed
  const other = rubric === null ? null : rubricAt({ yaml, seed: SEED, definition }, rubric)
  if (other?.ok === false) faults.push(...other.faults.map((fault) => ({ ...fault, in: 'rubric' as const })))
  const checks = (other?.ok ? other.checks : definition.checks).map(({ id, title, points }) => ({ id, title, points }))
  return {
    faults,
    title: definition.title,
    summary: definition.summary,
    machines: definition.machines.map(({ name }) => name),
    variants: capacity(yaml),
    checks,
    points: checks.reduce((sum, one) => sum + one.points, 0),
  }
}
