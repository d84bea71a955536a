import type { z } from 'zod'
import { type Fault, type Source, valueAt } from './source.ts'

type Issue = z.core.$ZodIssue

/** What the schema found, in words about the file instead of about the schema. */
export function schemaFaults(issues: readonly Issue[], source: Source): Fault[] {
  return issues.flatMap((issue) => faultsOf(issue, source)).sort((a, b) => a.line - b.line)
}

function faultsOf(issue: Issue, source: Source): Fault[] {
  const at = (path: readonly PropertyKey[], reason: string): Fault => source.fault(path, reason)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => at([...issue.path, key], 'is not a known field'))
    case 'invalid_key':
      return [at(issue.path, `is not a possible name: it ${issue.issues[0]?.message ?? 'is wrong'}`)]
    case 'invalid_type':
      return [
        at(issue.path, missing(source, issue) ?? (own(issue.message) ? issue.message : `must be ${article(issue.expected)}`)),
      ]
    case 'invalid_value':
      return [
        at(issue.path, missing(source, issue) ?? `must be ${issue.values.map((value) => `\`${String(value)}\``).join(' or ')}`),
      ]
    case 'invalid_union':
      if (issue.discriminator !== undefined) return [at(issue.path, 'is missing or not one of the known kinds')]
      return [at(issue.path, issue.message)]
    case 'too_big':
      return [
        at(
          issue.path,
          `${issue.origin === 'string' ? 'is too long' : issue.origin === 'array' ? 'has too many entries' : 'is too large'}: at most ${issue.maximum}`,
        ),
      ]
    case 'too_small':
      return [
        at(
          issue.path,
          `${issue.origin === 'string' ? 'is too short' : issue.origin === 'array' ? 'has too few entries' : 'is too small'}: at least ${issue.minimum}`,
        ),
      ]
    default:
      return [at(issue.path, issue.message)]
  }
}

/** Whether the schema says it in words of its own. */
const own = (message: string) => !message.startsWith('Invalid ')

const missing = (source: Source, issue: Issue) => (valueAt(source.data, issue.path) === undefined ? 'is missing' : undefined)

const WORDS: { readonly [expected: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a block of fields',
  record: 'a block of named entries',
}
const article = (expected: string) => WORDS[expected] ?? expected
