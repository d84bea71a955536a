import { rubricAt } from '../definition/rubric-at.ts'
import type { Fault } from '../definition/source.ts'
import type { LabDefinition } from '../engine/lab/definition.ts'
import { sha256 } from './canonical.ts'
import type { Rubric } from './grade.ts'

type Of = { readonly yaml: string; readonly seed: number; readonly definition: LabDefinition }
type Chosen = { readonly ok: true; readonly rubric: Rubric } | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * The checks that a lab is graded by: those of a rubric, in which values of the lab's variant are filled in, or its own. The hash is
 * that of the rubric as it was written, so that it is the same for a whole class.
 */
export function rubricFor(lab: Of, text: string | undefined): Chosen {
  if (text === undefined) return { ok: true, rubric: { checks: lab.definition.checks, hash: null } }
  const parsed = rubricAt(lab, text)
  return parsed.ok ? { ok: true, rubric: { checks: parsed.checks, hash: sha256(text) } } : parsed
}
