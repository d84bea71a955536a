import type { Actor } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { jsonBody } from '../body.ts'
import type { AuthoredDraft, AuthoredLab, AuthoredVersion } from '../db/tenant/authored.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { toTime, type z } from '../openapi.ts'
import { Problem } from '../problem.ts'
import { type authoredLabDetails, toAuthored, toVersion } from './schemas.ts'
import { digestOf } from './texts.ts'

export const teacherWrites = [allow('courses:write', 'teacher'), jsonBody]

const noSuchLab = () => new Problem(404, 'not-found', 'There is no such authored lab.')

type Found = { readonly lab: AuthoredLab; readonly draft: AuthoredDraft | null }

export async function findLab(tenant: TenantDb, id: string): Promise<Found> {
  const found = await tenant.authored.find(id)
  if (found === undefined) throw noSuchLab()
  return found
}

/** For what is done with a draft: of a deleted lab there is none. */
export async function findDraft(tenant: TenantDb, id: string): Promise<Found & { readonly draft: AuthoredDraft }> {
  const { lab, draft } = await findLab(tenant, id)
  if (draft === null) throw noSuchLab()
  return { lab, draft }
}

export async function detailsOf(tenant: TenantDb, actor: Actor, id: string): Promise<z.infer<typeof authoredLabDetails>> {
  const { lab, draft } = await findLab(tenant, id)
  const [versions, trial] = await Promise.all([tenant.authored.versions(id), tenant.authored.trialOf(id, actor.id)])
  const tried = trial && (await tenant.labs.find(trial.trialId))
  return {
    ...toAuthored(lab, draft?.revision ?? null, versions[0]),
    draft: draft && {
      revision: draft.revision,
      definition: draft.definition,
      brief: draft.brief,
      solutions: [...draft.solutions],
      savedBy: { id: draft.savedBy, name: draft.savedByName },
      savedAt: toTime(draft.savedAt),
    },
    versions: versions.map(toVersion),
    trial:
      trial && tried?.state === 'ready'
        ? { lab: trial.trialId, current: draft !== null && trial.sha256 === (await digestOf(draft)) }
        : null,
  }
}

/** The version that an assignment asks for by id: of a lab that is published now. */
export async function versionToAssign(tenant: TenantDb, id: string | undefined): Promise<AuthoredVersion | undefined> {
  if (id === undefined) return undefined
  const found = await tenant.authored.version(id)
  if (found?.state === 'published') return found.version
  const detail = found ? 'This lab was withdrawn. Publish it again, or pick another.' : 'There is no such version.'
  throw new Problem(422, 'unknown-version', detail, { field: 'authoredVersion' })
}
