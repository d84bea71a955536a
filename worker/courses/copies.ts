// The lab of a student or group: made when it is first opened, put back to the start or on to a stage.
import type { CreateLab } from '../../durable/contract.ts'
import type { Actor } from '../auth/actor.ts'
import { randomId } from '../auth/tokens.ts'
import type { CopyRow } from '../db/tenant/copies.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { Env } from '../env.ts'
import { CREATING_MS, destroyLab, newLabRow, usableLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { noSuchAssignment } from '../open-course.ts'
import { Problem } from '../problem.ts'
import { tellLive } from '../quotas/live-time.ts'
import { type Room, roomForLab } from '../quotas/room-for-lab.ts'
import { provenSeed } from './prove.ts'
import { EVERYBODY, seedOf } from './seed.ts'
import { keptState, stateFile } from './state-file.ts'

export type Standing = NonNullable<Awaited<ReturnType<TenantDb['copies']['standing']>>>

export const noGroupYet = () =>
  new Problem(409, 'no-group', 'This assignment is for groups, and you are in none yet. Ask your teacher to put you into one.')

/** Whose lab it is; throws when it is nobody's yet. */
export function holderOf({ assignment, groupId }: Pick<Standing, 'assignment' | 'groupId'>, personId: string): string {
  if (!assignment.forGroups) return `person:${personId}`
  if (groupId === null) throw noGroupYet()
  return `group:${groupId}`
}

/** Not before it opens. Afterwards it may be looked at and worked in as long as the course lasts; handing in is another matter. */
export function refuseEarly({ assignment, archivedAt }: Pick<Standing, 'assignment' | 'archivedAt'>, now: number): void {
  if (assignment.state !== 'published' || archivedAt !== null)
    throw new Problem(409, 'not-open', 'This assignment is put away. Ask your teacher.')
  if (assignment.opensAt !== null && now < assignment.opensAt)
    throw new Problem(409, 'not-open', `This assignment opens at ${new Date(assignment.opensAt).toISOString()}.`)
}

/** The beginning of a holder's lab: the state that was stored when the assignment was published, or built from its definition. */
export async function startOf(env: Env, tenant: TenantDb, { assignment }: Standing, seed: number): Promise<CreateLab> {
  const { id, templateLabId, variants } = assignment
  if (variants === 'same' && templateLabId !== null) {
    const kept = keptState(templateLabId)
    if (kept !== undefined) return { from: 'export', file: kept }
    const template = await tenant.labs.find(templateLabId)
    if (template !== undefined && template.state === 'ready') return { from: 'export', file: await stateFile(env, template) }
  }
  const texts = await tenant.assignments.read(id)
  if (texts === undefined) throw noSuchAssignment()
  return { from: 'definition', yaml: texts.definition, brief: texts.brief ?? texts.labBrief, seed }
}

/** How long somebody waits for a lab that another request is making. */
const PATIENCE_MS = 10_000
const LOOK_MS = 150

/**
 * The lab of whoever opens, made now if it is the first time. Two who open at once get one lab: the row that names it comes
 * first, and only one of them writes it.
 */
export async function openCopy(
  env: Env,
  tenant: TenantDb,
  actor: Actor,
  found: Standing,
): Promise<{ labId: string; made: boolean }> {
  const holder = holderOf(found, actor.id)
  let { copy, lab } = found
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    if (copy !== null && lab !== null && lab.state === 'ready') return { labId: lab.id, made: false }
    const making = lab?.state === 'creating' && Date.now() - lab.createdAt < CREATING_MS
    if (!making) {
      // The request that was making it is gone: perhaps the lab is there after all.
      if (lab?.state === 'creating' && (await settled(env, tenant, lab))) return { labId: lab.id, made: false }
      const labId = await makeCopy(env, tenant, actor, found, holder, copy)
      if (labId !== null) return { labId, made: true }
    } else if (Date.now() > until) {
      throw new Problem(503, 'lab-not-ready', 'Your lab is being made. Try again in a moment.', {}, { 'retry-after': '2' })
    } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const again = await tenant.copies.ofHolder(found.assignment.id, holder)
    copy = again?.copy ?? null
    lab = again?.lab ?? null
  }
}

const settled = (env: Env, tenant: TenantDb, lab: LabRow) =>
  usableLab(env, tenant, lab).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Problem && error.status === 404) return false
      throw error
    },
  )

/** Null: somebody else was sooner. */
async function makeCopy(env: Env, tenant: TenantDb, actor: Actor, found: Standing, holder: string, copy: CopyRow | null) {
  const { assignment } = found
  const room = await roomForLab(env, tenant, actor, 'copy')
  const seed =
    copy !== null
      ? copy.seed
      : assignment.variants === 'same'
        ? await seedOf(assignment.seedSecret, EVERYBODY)
        : await provenSeed(env, tenant, actor.jurisdiction, assignment, holder)
  const input = await startOf(env, tenant, found, seed)
  const row = newLabRow(env, actor, {
    kind: 'copy',
    assignmentId: assignment.id,
    title: assignment.title,
    slug: assignment.catalogueSlug,
    seed,
  })
  const mine = copy?.id ?? randomId()
  const now = row.createdAt
  const group = found.groupId
  const claimed =
    copy === null
      ? await tenant.copies.claim(
          {
            id: mine,
            assignmentId: assignment.id,
            holder,
            personId: assignment.forGroups ? null : actor.id,
            groupId: assignment.forGroups ? group : null,
            seed,
            createdAt: now,
            lastActiveAt: now,
          },
          row,
        )
      : await tenant.copies.change(copy.id, copy.labId, row, false)
  if (!claimed) return null
  await fill(env, tenant, row, input, room, () => tenant.copies.release(mine, row.id))
  return row.id
}

/** Makes the lab of a row that names it. */
async function fill(
  env: Env,
  tenant: TenantDb,
  row: LabRow,
  input: CreateLab,
  room: Room | null,
  release: () => PromiseLike<unknown>,
): Promise<void> {
  try {
    const { machines } = await callLab(env, row, (host) => host.create(input), { again: false })
    room?.machines(machines.length)
    if (room?.liveLeft != null) await tellLive(env, row, room.liveLeft)
    await tenant.labs.update(row.id, { state: 'ready', machines: machines.length })
    log.info('copy-made', { lab: row.id, organisation: row.organisationId, assignment: row.assignmentId })
  } catch (error) {
    await release()
    await destroyLab(env, tenant, row)
    throw error
  }
}

/** Another state for a copy, in a lab of its own; the lab that it had can be gone back to, the one before that goes. */
export async function changeCopy(env: Env, tenant: TenantDb, actor: Actor, found: Standing, input: CreateLab): Promise<string> {
  const { copy, lab, assignment } = found
  if (copy === null || lab === null) throw new Problem(409, 'not-opened', 'Open the assignment first.')
  const row = newLabRow(env, actor, {
    kind: 'copy',
    assignmentId: assignment.id,
    title: assignment.title,
    slug: assignment.catalogueSlug,
    seed: copy.seed,
  })
  const oldest = copy.previousLabId
  // With one before it, there is one lab less at the end than there is now.
  const room = oldest === null ? await roomForLab(env, tenant, actor, 'copy') : null
  if (!(await tenant.copies.change(copy.id, copy.labId, row, true)))
    throw new Problem(409, 'changed', 'Somebody else has just changed this lab. Look at it again.')
  await fill(env, tenant, row, input, room, () => tenant.copies.restore(copy.id, row.id, copy.labId))
  const gone = oldest === null ? undefined : await tenant.labs.find(oldest)
  if (gone !== undefined && gone.state !== 'tombstone') await destroyLab(env, tenant, gone)
  return row.id
}
