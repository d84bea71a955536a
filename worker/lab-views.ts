import { LIMITS } from '../durable/protocol.ts'
import type { Actor } from './auth/actor.ts'
import type { TenantDb } from './db/tenant/index.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { Env } from './env.ts'
import { createLab, destroyLab } from './lab-life.ts'
import { callLab } from './lab-stub.ts'
import { Problem, tooLarge } from './problem.ts'

/** Right after a line, or at a lab time. */
export type Moment = { readonly line: number | null; readonly at: number | null }

/** How long what a lab was can be looked at, and what of that must be left for it to be given again. */
const LASTS = 8 * 3_600_000
const LEFT = 30 * 60_000
/** Of one person, at a time. */
const MOST = 10

export async function fileAt(env: Env, lab: LabRow, { line, at }: Moment): Promise<Uint8Array> {
  const file = await callLab(env, lab, (host) => host.forkFile(line ?? undefined, at ?? undefined))
  if (file.length > LIMITS.importFile) throw tooLarge(LIMITS.importFile)
  return file
}

export const momentWords = ({ line, at }: Moment): string =>
  line === 0 ? 'at the beginning' : line !== null ? `after line ${line}` : `at ${(at ?? 0) / 1_000_000} s`

/**
 * The lab as it was, to be looked at by whoever asks: a lab of its own made of the file of that moment and frozen, which is gone
 * after some hours. The lab itself is only read. Somebody who asks for the same moment again is given the same.
 */
export async function openView(
  env: Env,
  tenant: TenantDb,
  actor: Actor,
  lab: LabRow,
  moment: Moment,
  link: { readonly id: string; readonly expiresAt: number } | null,
  until = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly labId: string; readonly expiresAt: number }> {
  const now = Date.now()
  const about = { ofLab: lab.id, actorId: actor.id, line: moment.line, at: moment.at }
  const expiresAt = Math.min(now + LASTS, link?.expiresAt ?? until, until)
  const known = await tenant.views.known(about, Math.min(now + LEFT, expiresAt - 1))
  if (known !== undefined) return known
  if ((await tenant.views.countOf(actor.id, now)) >= MOST)
    throw new Problem(
      429,
      'too-many-views',
      `You look at ${MOST} earlier moments already. Close some, or wait until they are gone.`,
    )
  const file = await fileAt(env, lab, moment)
  const title = `${lab.title}, ${momentWords(moment)}`.slice(0, 200)
  const wish = { input: { from: 'export', file }, slug: lab.slug, kind: 'view', title, keepTitle: true, seed: lab.seed } as const
  const { row } = await createLab(env, tenant, actor, wish)
  try {
    const reason = `it shows another lab as it was ${momentWords(moment)}`
    await callLab(env, row, (host) => host.freeze(reason, { personId: actor.id, name: actor.name, role: 'teacher' }))
    // From here on somebody can see it.
    await tenant.views.insert({ ...about, labId: row.id, linkId: link?.id ?? null, expiresAt })
  } catch (error) {
    await destroyLab(env, tenant, row)
    throw error
  }
  return { labId: row.id, expiresAt }
}
