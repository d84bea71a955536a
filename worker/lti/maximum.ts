import { parseDefinition } from '../../durable/definition/parse.ts'
import { rubricAt } from '../../durable/definition/rubric-at.ts'

/** The points that an assignment has, for a column in a grade book; 0: none that are given by checks. */
export function maximumOf({ definition, rubric }: { readonly definition: string; readonly rubric: string | null }): number {
  const seed = 0
  const lab = parseDefinition(definition, seed)
  if (!lab.ok) return 0
  const own =
    rubric === null
      ? { ok: true as const, checks: lab.definition.checks }
      : rubricAt({ yaml: definition, seed, definition: lab.definition }, rubric)
  if (!own.ok) return 0
  return own.checks.reduce((sum, { points }) => sum + points, 0)
}
