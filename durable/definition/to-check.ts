import type { CheckDefinition, CheckVerb, Inner } from '../engine/lab/checks/definition.ts'
import type { CheckSource } from './check-schema.ts'
import type { InnerSource } from './checks/combined.ts'

/** A check as the engine takes it. */
export function toCheck({ id, title, points, hint = '', hints, pass, fail, ...verb }: CheckSource): CheckDefinition {
  return {
    id,
    title,
    points,
    hint,
    ...(hints === undefined ? {} : { hints }),
    ...(pass === undefined ? {} : { pass }),
    ...(fail === undefined ? {} : { fail }),
    verb: toVerb({ ...verb, check: verb.check }, title),
  }
}

/** Zod has shown that the fields are those of the verb; some texts are empty when they are left out. */
function toVerb({ check, ...fields }: { readonly check: string; readonly [field: string]: unknown }, title: string): CheckVerb {
  const blanks: { readonly [verb: string]: object } = {
    'has-lease': { from: '' },
    resolves: { to: '' },
    answer: { question: title },
    'names-fault': { question: title },
  }
  const { checks } = fields
  const inner = Array.isArray(checks) ? { checks: (checks as InnerSource[]).map(toInner) } : {}
  return { kind: check, ...blanks[check], ...fields, ...inner } as unknown as CheckVerb
}

const toInner = ({ title, weight, worth, ...verb }: InnerSource): Inner => ({ title, weight, worth, verb: toVerb(verb, title) })
