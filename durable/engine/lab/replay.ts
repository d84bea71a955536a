// A session run again from its definition, seed and operations, and held against what was recorded of it.
import type { LabDefinition } from './definition.ts'
import type { Digest } from './digest.ts'
import { Lab } from './lab.ts'
import type { Operation, Shells } from './lab-api.ts'

/** One input of a session with what came of it. `digest` is that of everything seen up to its end. */
export type Recorded = {
  readonly id: number
  /** Lab time at which it was given. */
  readonly at: number
  readonly operation: Operation
  readonly digest: Digest
  readonly output: string
  readonly exitStatus: number | null
}

export type Difference = {
  readonly id: number
  readonly what: 'output' | 'status' | 'packets' | 'time'
  readonly recorded: string
  readonly again: string
  /** The range of sightings of the new run that belong to this input: the first packet that differs is in there. */
  readonly sightings: readonly [from: number, to: number]
}

/** Events that the way to the next input may take; more means that the lab was left alone for very long. */
const WAY_BUDGET = 5_000_000

/** Brings a lab to where an input was given, and gives it. */
export function repeat(
  lab: Lab,
  { id, at, operation }: Pick<Recorded, 'id' | 'at' | 'operation'>,
): { output: string; exitStatus: number | null } {
  if (at > lab.now) lab.runTo(at, WAY_BUDGET)
  const { output, exitStatus } = lab.operate(operation, id)
  return { output, exitStatus }
}

/** Yields after every input, so that a long session can be run in slices; answers the first difference, or undefined. */
export function* replay(
  definition: LabDefinition,
  seed: number,
  shells: Shells,
  session: Iterable<Recorded>,
): Generator<Lab, Difference | undefined> {
  const lab = new Lab(definition, seed, shells)
  for (const recorded of session) {
    const from = lab.nextSighting
    const found = compare(lab, recorded, from)
    if (found) return found
    yield lab
  }
  return undefined
}

function compare(lab: Lab, recorded: Recorded, from: number): Difference | undefined {
  if (recorded.at < lab.now)
    return { id: recorded.id, what: 'time', recorded: String(recorded.at), again: String(lab.now), sightings: [from, from] }
  const again = repeat(lab, recorded)
  lab.takeOutput()
  const sightings = [from, lab.nextSighting] as const
  const differs = (what: Difference['what'], was: string, is: string): Difference => ({
    id: recorded.id,
    what,
    recorded: was,
    again: is,
    sightings,
  })
  const digest = lab.digest()
  if (digest !== recorded.digest) return differs('packets', recorded.digest, digest)
  if (again.exitStatus !== recorded.exitStatus) return differs('status', String(recorded.exitStatus), String(again.exitStatus))
  return again.output === recorded.output ? undefined : differs('output', recorded.output, again.output)
}
