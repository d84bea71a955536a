// The same random session twice: once as it comes, once with the lab killed after every input and put back from its rows.
import { Lab } from '../../durable/engine/lab/lab.ts'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { type Recorded, replay } from '../../durable/engine/lab/replay.ts'
import { RandomStream } from '../../durable/engine/sim/random.ts'
import { shells } from '../../durable/runtime.ts'
import { randomLab, randomOperation, randomPause } from './random-session.ts'

const RING = { slots: 8192, bytes: 1 << 21 }
const WAY = 2_000_000

/** Rows as the store has them: kept by what `takeChanges` says, so that a change it does not name is a difference. */
class Rows {
  private readonly parts = new Map<string, StoredLab['parts'][number]>()
  private clock: StoredLab['clock']

  constructor(stored: StoredLab) {
    this.clock = stored.clock
    for (const row of stored.parts) this.parts.set(row.name, row)
  }

  commit(lab: Lab): void {
    const { clock, changed, removed } = lab.takeChanges()
    this.clock = clock
    for (const row of changed) this.parts.set(row.name, row)
    for (const name of removed) this.parts.delete(name)
  }

  stored(): StoredLab {
    return JSON.parse(JSON.stringify({ clock: this.clock, parts: [...this.parts.values()] })) as StoredLab
  }
}

/** What a run leaves: every output, and the digest after every input. */
type Trace = { readonly said: string[]; readonly digests: string[]; readonly session: Recorded[] }

function run(seed: number, inputs: number, killed: boolean): Trace {
  const definition = randomLab(seed)
  let lab = new Lab(definition, seed, shells, undefined, RING)
  const rows = new Rows(lab.save())
  const random = new RandomStream(seed, 'session')
  const trace: Trace = { said: [], digests: [], session: [] }
  for (let id = 1; id <= inputs; id++) {
    if (lab.mode === 'live') lab.runTo(lab.now + randomPause(random), WAY)
    const operation = randomOperation(random, lab.now)
    const at = lab.now
    const { status, output, exitStatus, packets, unsettled } = lab.operate(operation, id)
    const rest = lab.takeOutput()
    trace.said.push(JSON.stringify({ operation, status, output, exitStatus, packets, unsettled, rest }))
    trace.digests.push(lab.digest())
    trace.session.push({ id, at, operation, digest: lab.digest(), output, exitStatus })
    rows.commit(lab)
    if (killed) lab = new Lab(definition, seed, shells, rows.stored(), RING)
  }
  return trace
}

/** How many inputs ended differently for the lab that was killed; the first of them in words. */
export function killAndRecover(seed: number, inputs: number): { differences: number; first: string } {
  const straight = run(seed, inputs, false)
  const killed = run(seed, inputs, true)
  let differences = 0
  let first = ''
  for (const [at, said] of straight.said.entries()) {
    if (said === killed.said[at] && straight.digests[at] === killed.digests[at]) continue
    differences++
    if (first === '')
      first = `seed ${seed}, input ${at + 1}\n  ${said}\n  ${killed.said[at]}\n  ${straight.digests[at]} ${killed.digests[at]}`
  }
  return { differences, first }
}

/** The first difference between a session and the same one run again, or undefined. */
export function recordAndReplay(seed: number, inputs: number): string | undefined {
  const { session } = run(seed, inputs, false)
  const steps = replay(randomLab(seed), seed, shells, session)
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value && `seed ${seed}: ${JSON.stringify(next.value)}`
  }
}
