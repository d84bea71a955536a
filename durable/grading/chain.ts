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

/** Lines of a file, one after the other, each with the hash that was written with it; files of before have none. */
export class Chain {
  /** What was changed since the hashes were written, in a sentence; the first such line. */
  broken: string | undefined
  /** Of the last line. */
  hash = FIRST
  /** Lines that had a hash, and all of them. */
  hashed = 0
  count = 0

  add(line: Linked, hash: string | undefined): void {
    this.hash = linkOf(this.hash, line)
    this.count++
    if (hash !== undefined) this.hashed++
    if (this.broken !== undefined || (hash === undefined ? this.hashed === 0 : hash === this.hash && this.hashed === this.count))
      return
    const text = line.line === '' ? line.kind : `${line.kind}: ${line.line.slice(0, 80)}`
    this.broken = `The journal was changed after the file was written: line ${line.id} (${text}), or one before it that is missing, is not what it was.`
  }
}
