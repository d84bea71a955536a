import type { LabDefinition } from '../engine/lab/definition.ts'
import { openTemplate } from './parse.ts'
import { type ParsedRubric, parseRubric } from './rubric.ts'
import type { Fault } from './source.ts'
import { hasPlaceholder } from './variants/placeholder.ts'

type Of = { readonly yaml: string; readonly seed: number; readonly definition: LabDefinition }

/** A rubric as one variant of a lab is graded by it: with the values that its seed draws filled in. */
export function rubricAt({ yaml, seed, definition }: Of, text: string): ParsedRubric {
  const filled = fill(yaml, seed, text)
  return filled.faults.length > 0 ? { ok: false, faults: filled.faults } : parseRubric(filled.text, definition)
}

function fill(yaml: string, seed: number, text: string): { readonly text: string; readonly faults: readonly Fault[] } {
  if (!hasPlaceholder(text)) return { text, faults: [] }
  const opened = openTemplate(yaml)
  const at = opened.ok ? opened.template.at(seed) : opened
  return 'faults' in at ? { text, faults: at.faults } : at.variant.fill(text)
}
