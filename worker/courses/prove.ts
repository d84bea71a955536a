// Before students get variants, the lab's own solution solves them: what it does not solve, nobody gets.

import { openTemplate } from '../../durable/definition/parse.ts'
import type { Owner } from '../../durable/jobs/contract.ts'
import type { Solved } from '../../durable/walk/solver.ts'
import { solutions } from '../../labs/solutions.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import type { AssignmentRow } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { ProofFault, ProofRow } from '../db/tenant/proofs.ts'
import type { Env } from '../env.ts'
import { enqueue } from '../jobs/queue-of.ts'
import { callLab, newObjectId } from '../lab-stub.ts'
import { Problem } from '../problem.ts'
import { fromCatalogue } from './review-assignment.ts'
import { seedOf } from './seed.ts'

/** Seeds after which it is written down how far it is. */
const SLICE = 5
/** Variants that are solved beside those of the class. */
const MOST_VARIANTS = 1_000
/** Draws for one student or group until one is found that can be solved. */
const MOST_DRAWS = 20
/** After so many it is the lab or its solution that is wrong. */
const MOST_FAULTS = 50
const MISSED = { most: 5, longest: 300 }

type Texts = Pick<AssignmentRow, 'definition' | 'rubric' | 'catalogueSlug' | 'authoredVersionId'>

/** Null: there is none, or it belongs to another text of the lab. */
async function solutionOf(tenant: TenantDb, row: Texts): Promise<string | null> {
  if (row.catalogueSlug !== null)
    return fromCatalogue(row.catalogueSlug)?.definition === row.definition ? (solutions[row.catalogueSlug] ?? null) : null
  if (row.authoredVersionId === null) return null
  const found = await tenant.authored.version(row.authoredVersionId)
  return found?.version.solutions[0]?.text ?? null
}

/** Solves in an object that holds nothing, before and after. */
function solving(env: Env, jurisdiction: Owner['jurisdiction'], { definition, rubric }: Texts, script: string) {
  const nobodys = { objectId: newObjectId(env, jurisdiction), jurisdiction }
  return (seeds: readonly number[]): Promise<readonly Solved[]> =>
    callLab(env, nobodys, (host) => host.solveSeeds({ yaml: definition, script, rubric, seeds }))
}

/** The seed of a holder's lab: the first of their draws that the lab's own solution solves, where it has one. */
export async function provenSeed(
  env: Env,
  tenant: TenantDb,
  jurisdiction: Owner['jurisdiction'],
  { id, seedSecret }: Pick<AssignmentRow, 'id' | 'seedSecret'>,
  holder: string,
): Promise<number> {
  const known = await tenant.proofs.drawOf(id, holder)
  if (known !== null) return seedOf(seedSecret, holder, known)
  // Whoever came after the proof, or before it had come to them.
  const texts = await tenant.assignments.read(id)
  const script = texts === undefined ? null : await solutionOf(tenant, texts)
  if (texts === undefined || script === null) return seedOf(seedSecret, holder)
  const solve = solving(env, jurisdiction, texts, script)
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const seed = await seedOf(seedSecret, holder, draw)
    const [one] = await solve([seed])
    if (one?.outcome === 'solved') return seed
  }
  throw new Problem(
    409,
    'no-solvable-variant',
    'No variant of this lab was found that its own solution solves, so nobody gets one. Tell your teacher, who sees the reason on the page of the assignment.',
  )
}

/** Begins to solve the variants of an assignment that is being published, in place of the proof before. */
export async function beginProof(env: Env, tenant: TenantDb, owner: Owner, row: AssignmentRow): Promise<void> {
  const script = await solutionOf(tenant, row)
  const read = openTemplate(row.definition)
  const seeds = read.ok && script !== null ? read.template.differentSeeds(MOST_VARIANTS) : []
  const [run, startedAt] = [randomId(), Date.now()]
  await tenant.proofs.begin({
    ...{ assignmentId: row.id, run, sha256: await sha256(JSON.stringify([row.definition, row.rubric, script])) },
    ...(script === null
      ? { state: 'no-solution' as const, finishedAt: startedAt }
      : { state: 'running' as const, finishedAt: null }),
    ...{ note: '', capacity: read.ok ? read.template.capacity : 0, of: seeds.length, tried: 0, proved: 0, faultCount: 0 },
    ...{ faults: [], draws: {}, without: [], seeds, next: 0, startedAt },
  })
  if (script !== null) await enqueue(env, owner, proofJob(row.id, run, 0))
}

/** Lets others have their turn. */
type Rest = () => Promise<void>

/**
 * One seed after the other, with pauses twice as long as each took and until others have had their turn: where all objects share a
 * thread, a class works beside it.
 */
const paced =
  (solve: (seeds: readonly number[]) => Promise<readonly Solved[]>, rest: Rest) => async (seeds: readonly number[]) => {
    const solved: Solved[] = []
    for (const seed of seeds) {
      const began = Date.now()
      solved.push(...(await solve([seed])))
      await new Promise((resolve) => setTimeout(resolve, 2 * (Date.now() - began)))
      await rest()
    }
    return solved
  }

/** The part of a proof that begins when so many variants were tried. */
export const proofJob = (assignment: string, run: string, tried: number, notBefore = 0) => ({
  notBefore,
  kind: 'solve-variants',
  key: `solve-variants.${run}.${tried}`,
  label: 'Solve the variants of an assignment',
  by: null,
  tasks: [{ key: `${tried}`, payload: { assignment, run } }],
})

async function holdersOf(tenant: TenantDb, { courseId, forGroups }: AssignmentRow): Promise<string[]> {
  if (forGroups) return [...new Set((await tenant.groups.list(courseId)).map(({ id }) => `group:${id}`))]
  return (await tenant.courses.people(courseId)).filter(({ role }) => role === 'student').map(({ id }) => `person:${id}`)
}

/** Some more variants, those of the class first. The proof as it stands then; undefined: it is no longer wanted. */
export async function proveMore(
  env: Env,
  tenant: TenantDb,
  owner: Owner,
  id: string,
  run: string,
  rest: Rest = async () => {},
): Promise<ProofRow | undefined> {
  const proof = await tenant.proofs.find(id)
  const row = await tenant.assignments.read(id)
  const script = row === undefined ? null : await solutionOf(tenant, row)
  if (proof?.run !== run || proof.state !== 'running' || row === undefined) return undefined
  if (script === null) throw new Error('The lab has no solution any more.')
  const solve = paced(solving(env, owner.jurisdiction, row, script), rest)

  const draws = { ...proof.draws }
  const without = [...proof.without]
  const faults = [...proof.faults]
  let { tried, proved, next } = proof
  const tell = (one: Solved, holder: string | null) => {
    if (one.outcome !== 'solved') faults.push(toFault(one, one.outcome, holder))
  }
  const waiting = (await holdersOf(tenant, row)).filter((one) => draws[one] === undefined && !without.includes(one))
  if (waiting.length > 0) {
    const now = waiting.slice(0, SLICE)
    const solved = await solve(await Promise.all(now.map((holder) => seedOf(row.seedSecret, holder))))
    for (const [at, first] of solved.entries()) {
      const holder = now[at] as string
      tried++
      tell(first, holder)
      let one: Solved | undefined = first
      let draw = 0
      while (one?.outcome !== 'solved' && faults.length < MOST_FAULTS && ++draw < MOST_DRAWS) {
        ;[one] = await solve([await seedOf(row.seedSecret, holder, draw)])
        if (one !== undefined) tell(one, holder)
      }
      if (first.outcome === 'solved') proved++
      if (one?.outcome === 'solved') draws[holder] = draw
      else if (draw === MOST_DRAWS) without.push(holder)
      if (faults.length >= MOST_FAULTS) break
    }
  } else {
    const solved = await solve(proof.seeds.slice(next, next + SLICE))
    for (const one of solved) {
      next++
      tried++
      if (one.outcome === 'solved') proved++
      tell(one, null)
    }
  }
  const known = Object.keys(draws).length + without.length
  const open = waiting.filter((one) => draws[one] === undefined && !without.includes(one)).length
  const stopped = faults.length >= MOST_FAULTS
  const ended = stopped || (open === 0 && next >= proof.seeds.length)
  const set = {
    ...{ draws, without, faults: faults.slice(0, MOST_FAULTS), faultCount: faults.length, tried, proved, next },
    of: known + open + proof.seeds.length,
    state: stopped ? ('stopped' as const) : ended ? ('done' as const) : ('running' as const),
    note: stopped ? `It was stopped after ${faults.length} faults.` : '',
    finishedAt: ended ? Date.now() : null,
  }
  return (await tenant.proofs.advance(proof, set)) ? { ...proof, ...set } : undefined
}

const toFault = ({ seed, variant, missed }: Solved, outcome: ProofFault['outcome'], holder: string | null): ProofFault => ({
  ...{ seed, holder, outcome },
  variant: variant.map(({ name, value }) => ({ name, value })),
  missed: missed.slice(0, MISSED.most).map((one) => one.slice(0, MISSED.longest)),
})
