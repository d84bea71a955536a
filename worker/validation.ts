import { Problem, type ProblemDocument } from './problem.ts'

type Issue = {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
}
type Errors = NonNullable<ProblemDocument['errors']>

const places: Record<string, string> = { json: 'body', query: 'query', param: 'path', header: 'headers' }

function flatten(issue: Issue, above: readonly PropertyKey[], place: string): Errors {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({ in: place, path: [...path, key].join('.'), message: 'There is no such field.' }))
  }
  // Of the members of a union, the one that complains least is the one that was meant.
  const members = [...(issue.errors ?? [])].sort((a, b) => a.length - b.length)
  if (members[0]?.length) return members[0].flatMap((inner) => flatten(inner, path, place))
  return [{ in: place, path: path.join('.'), message: issue.message }]
}

/** The validators' hook: what did not parse becomes a problem document that names the field. */
export function refuseInvalid(result: { success: boolean; target: string; error?: { issues: readonly unknown[] } }): void {
  if (result.success || result.error === undefined) return
  const place = places[result.target] ?? result.target
  const errors = result.error.issues.flatMap((issue) => flatten(issue as Issue, [], place))
  const first = errors[0]
  const detail = first
    ? `${first.path === '' ? `The ${place}` : `\`${first.path}\` in the ${place}`}: ${first.message}`
    : 'Not valid.'
  throw new Problem(400, 'invalid-request', detail, { ...(first?.path && { field: first.path }), errors })
}
