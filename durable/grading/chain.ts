import type { Line } from '../store/journal.ts'
import { canonical, sha256 } from './canonical.ts'

// The journal as a chain: the hash of a line covers what was put in, by whom and when, what came of it, and the hash of the line
// before. Whoever has the last hash, which every grade tells, has all of them. It is computed where it is needed: lines that
// are still printing change theirs.

/** Before the first line. */
export const FIRST = '0'.repeat(64)

export type Linked = Pick<
  Line,
  | 'id'
  | 'branch'
  | 'kind'
  | 'console'
  | 'byPerson'
  | 'byName'
  | 'wall'
  | 'at'
  | 'started'
  | 'ended'
  | 'line'
  | 'output'
  | 'exitStatus'
  | 'operation'
  | 'digest'
> & { readonly answer: { readonly noted?: Line['answer']['noted'] } }

/** `before` is the hash of the line before. */
export function linkOf(before: string, line: Linked): string {
  const { id, branch, kind, console, byPerson, byName, wall, at, started, ended, output, exitStatus, operation, digest } = line
  const given = { id, branch, kind, console, byPerson, byName, wall, at, line: line.line, operation }
  const came = { started, ended, output, exitStatus, digest, noted: line.answer.noted }
  return sha256(`${before}\n${canonical({ given, came })}`)
}

/** The hash of the last line. */
export function chainOf(lines: Iterable<Linked>): string {
  let hash = FIRST
  for (const line of lines) hash = linkOf(hash, line)
  return hash
}

/** The first line that is not what it was when its hash was written; undefined when all are. */
export function brokenAt(lines: Iterable<Linked & { readonly hash: string | null }>): Linked | undefined {
  let hash = FIRST
  for (const line of lines) {
    hash = linkOf(hash, line)
    if (line.hash !== null && line.hash !== hash) return line
  }
  return undefined
}
