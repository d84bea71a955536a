import type { Actor } from '../auth/actor.ts'
import type { AssignmentRow } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { createLab } from '../lab-life.ts'
import { beginProof } from './prove.ts'
import { EVERYBODY, seedOf } from './seed.ts'
import { stateFile } from './state-file.ts'

/** Stores the state that copies are made of and shows the assignment. What was published before keeps its stored state. */
export async function publish(env: Env, tenant: TenantDb, actor: Actor, row: AssignmentRow): Promise<AssignmentRow> {
  let { templateLabId } = row
  const template = templateLabId === null ? undefined : await tenant.labs.find(templateLabId)
  // With a variant each there is no state that could be shared: every copy is built from its own seed.
  if (row.variants === 'same' && template?.state !== 'ready') {
    const seed = await seedOf(row.seedSecret, EVERYBODY)
    const made = await createLab(env, tenant, actor, {
      input: { from: 'definition', yaml: row.definition, brief: row.brief ?? row.labBrief, seed },
      slug: row.catalogueSlug,
      kind: 'template',
      assignmentId: row.id,
      title: row.title,
      keepTitle: true,
      seed,
    })
    templateLabId = made.row.id
    // Here and now, so that the first of the class need not wait for it.
    await stateFile(env, made.row)
  }
  if (row.variants === 'each') await beginProof(env, tenant, actor, row)
  const set = { state: 'published' as const, templateLabId, updatedAt: Date.now() }
  await tenant.assignments.update(row.id, set)
  return { ...row, ...set }
}
