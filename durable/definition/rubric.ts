import { z } from 'zod'
import type { CheckDefinition, LabDefinition } from '../engine/lab/definition.ts'
import { LIMITS } from '../protocol.ts'
import { knownIn, rubricFaults } from './check-references.ts'
import { check } from './check-schema.ts'
import { schemaFaults } from './faults.ts'
import { type Fault, pathText, readSource, type Source } from './source.ts'
import { toCheck } from './to-check.ts'

/** A rubric: checks that stand in for those of the lab. */
export const rubricSource = z
  .strictObject({
    title: z.string().max(160).optional(),
    total: z.int().min(0).max(10_000).optional().describe('what the points must add up to'),
    checks: z.array(check).min(1).max(100),
  })
  .meta({ title: 'Switchroom rubric' })
  .describe('Checks with their points, for grading a lab otherwise than it says itself')

export type ParsedRubric =
  | { readonly ok: true; readonly checks: readonly CheckDefinition[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** A rubric for a lab, or everything that is wrong with it, each fault with line, field and reason. A bare list of checks is one, too. */
export function parseRubric(yaml: string, lab: LabDefinition): ParsedRubric {
  if (yaml.length > LIMITS.definition)
    return { ok: false, faults: [{ line: 1, path: '', reason: `the rubric is longer than ${LIMITS.definition} characters` }] }
  const read = readSource(yaml)
  if ('faults' in read) return { ok: false, faults: read.faults }
  const { source } = read
  const inside: Source = Array.isArray(source.data)
    ? {
        data: { checks: source.data },
        fault: (path, reason) => ({ ...source.fault(path.slice(1), reason), path: pathText(path) }),
      }
    : source
  const parsed = rubricSource.safeParse(inside.data)
  if (!parsed.success) return { ok: false, faults: schemaFaults(parsed.error.issues, inside) }
  const faults = rubricFaults(parsed.data, knownIn(lab)).map(({ path, reason }) => inside.fault(path, reason))
  if (faults.length > 0) return { ok: false, faults: faults.sort((a, b) => a.line - b.line) }
  return { ok: true, checks: parsed.data.checks.map(toCheck) }
}
