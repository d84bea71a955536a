import type { Actor } from '../auth/actor.ts'
import type { AssignmentRow } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { createLab } from '../lab-life.ts'
import { beginProof } from './prove.ts'
import { EVERYBODY, seedOf } from './seed.ts'
import { stateFile } from './state-file.ts'

/** The stored state that copies are made of: the one that there is, or one that is built now. Null: there is none to share. */
export async function templateOf(env: Env, tenant: TenantDb, actor: Actor, row: AssignmentRow): Promise<string | null> {
  // With a variant each every copy is built from its own seed.
  if (row.variants === 'each') return row.templateLabId
  const template = row.templateLabId === null ? undefined : await tenant.labs.find(row.templateLabId)
  if (template?.state === 'ready') return template.id
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
  // Here and now, so that the first of the class need not wait for it.
  await stateFile(env, made.row)
  return made.row.id
}

/** Shows the assignment, with the state that copies are made of. What was published before keeps its stored state. */
export async function publish(env: Env, tenant: TenantDb, actor: Actor, row: AssignmentRow): Promise<AssignmentRow> {
  const templateLabId = await templateOf(env, tenant, actor, row)
  if (row.variants === 'each') await beginProof(env, tenant, actor, row)
  const set = { state: 'published' as const, templateLabId, updatedAt: Date.now() }
  await tenant.assignments.update(row.id, set)
  return { ...row, ...set }
}
