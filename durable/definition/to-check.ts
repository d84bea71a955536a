import type { CheckDefinition, CheckVerb } from '../engine/lab/definition.ts'
import type { CheckSource } from './check-schema.ts'

/** A check as the engine takes it. */
export function toCheck({ id, title, points, hint = '', hints, pass, fail, check, ...rest }: CheckSource): CheckDefinition {
  // Zod has shown that the remaining fields are those of the verb; optional texts are empty when left out.
  const blanks: { readonly [verb: string]: object } = { 'has-lease': { from: '' }, resolves: { to: '' } }
  return {
    id,
    title,
    points,
    hint,
    ...(hints === undefined ? {} : { hints }),
    ...(pass === undefined ? {} : { pass }),
    ...(fail === undefined ? {} : { fail }),
    verb: { kind: check, ...blanks[check], ...rest } as CheckVerb,
  }
}
