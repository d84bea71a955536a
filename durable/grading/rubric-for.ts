import { openTemplate } from '../definition/parse.ts'
import { parseRubric } from '../definition/rubric.ts'
import type { Fault } from '../definition/source.ts'
import { hasPlaceholder } from '../definition/variants/placeholder.ts'
import type { LabDefinition } from '../engine/lab/definition.ts'
import { sha256 } from './canonical.ts'
import type { Rubric } from './grade.ts'

type Of = { readonly yaml: string; readonly seed: number; readonly definition: LabDefinition }
type Chosen = { readonly ok: true; readonly rubric: Rubric } | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * The checks that a lab is graded by: those of a rubric, in which values of the lab's variant are filled in, or its own. The hash is
 * that of the rubric as it was written, so that it is the same for a whole class.
 */
export function rubricFor({ yaml, seed, definition }: Of, text: string | undefined): Chosen {
  if (text === undefined) return { ok: true, rubric: { checks: definition.checks, hash: null } }
  const filled = fill(yaml, seed, text)
  if (filled.faults.length > 0) return { ok: false, faults: filled.faults }
  const parsed = parseRubric(filled.text, definition)
  return parsed.ok ? { ok: true, rubric: { checks: parsed.checks, hash: sha256(text) } } : parsed
}

function fill(yaml: string, seed: number, text: string): { readonly text: string; readonly faults: readonly Fault[] } {
  if (!hasPlaceholder(text)) return { text, faults: [] }
  const opened = openTemplate(yaml)
  const at = opened.ok ? opened.template.at(seed) : opened
  return 'faults' in at ? { text, faults: at.faults } : at.variant.fill(text)
}
