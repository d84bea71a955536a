import { atLeast } from '../auth/actor.ts'
import { findOrMakePerson } from '../auth/external.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import type { Db } from '../db/database.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiContextRow } from '../db/tenant/lti-contexts.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Launch } from './claims.ts'
import { refuse } from './refusal.ts'
import { type CourseRole, courseRoleOf, enrolmentRole, organisationRole } from './roles.ts'

/** For so long the pages that a launch leads to can be used. */
const LAUNCH_MS = 8 * 3600_000

/** How a platform's people are told apart from those of other services: its issuer alone could be a sign-in provider's too. */
export const identityIssuer = (platform: Pick<LtiPlatform, 'issuer'>) => `lti:${platform.issuer}`

/** The person whom a platform tells of; of one who has no name there, something to tell them apart by. Null: they were removed here. */
export async function personOf(
  db: Db,
  tenant: TenantDb,
  platform: LtiPlatform,
  told: { readonly subject: string; readonly name: string | null; readonly role: CourseRole },
): Promise<string | null> {
  const role = organisationRole(told.role, platform.instructorRole)
  const stranger = { issuer: identityIssuer(platform), subject: told.subject, name: told.name, role }
  const { personId, created, removed, more } = await findOrMakePerson(db, tenant.organisationId, stranger)
  if (removed) return null
  if (created && told.name === null) {
    const mark = (await sha256(`${stranger.issuer} ${told.subject}`)).slice(0, 5).toUpperCase()
    await findOrMakePerson(db, tenant.organisationId, { ...stranger, name: `Participant ${mark}` })
  }
  if (more) await tenant.ltiPeople.raise(personId, role)
  return personId
}

export type Entered = {
  readonly personId: string
  readonly path: string
  /** They were something else in the course until now: their sockets are to be closed. */
  readonly changed: boolean
}
type Going = { readonly path: string } | { readonly page: 'pick' | 'connect' | 'choose' }

/** What a checked launch makes of itself here: a person, their part in the course, and the page that they wanted. */
export async function enter(
  db: Db,
  tenant: TenantDb,
  platform: LtiPlatform,
  launch: Launch,
  ticket: string | null,
): Promise<Entered> {
  const now = Date.now()
  const role = courseRoleOf(launch.roles)
  const context = launch.context === null ? null : await seenContext(tenant, platform, launch, now)
  const going = await whereTo(tenant, launch, context, role, now)
  const personId = await personOf(db, tenant, platform, { subject: launch.subject, name: launch.name, role })
  if (personId === null) throw refuse.removed()
  const changed = context !== null && (await follow(tenant, platform, context, personId, role, now))
  if (context?.courseId && !(await takesPart(tenant, context.courseId, personId))) throw refuse.takenOut()
  const id = randomId()
  const path = 'path' in going ? going.path : `/launches/${id}`
  const link =
    launch.type === 'LtiResourceLinkRequest'
      ? { id: launch.link.id, title: launch.link.title, lineItemUrl: launch.services.lineItemUrl }
      : null
  await tenant.ltiContexts.insertLaunch({
    id,
    platformId: platform.id,
    contextId: context?.id ?? null,
    personId,
    courseRole: role,
    deploymentId: launch.deploymentId,
    messageType: launch.type,
    link,
    deepLinking: launch.type === 'LtiDeepLinkingRequest' ? launch.settings : null,
    path,
    ticketHash: ticket === null ? null : await sha256(ticket),
    createdAt: now,
    expiresAt: now + LAUNCH_MS,
  })
  await tenant.ltiPlatforms.launched(platform.id, now)
  return { personId, path, changed }
}

/**
 * What the platform says that somebody is in a course counts here when it says something else than last time: whom a teacher here has
 * taken out, or made something else, stays so. True: what they have open is open with a part that they have no more.
 */
export async function follow(
  tenant: TenantDb,
  platform: LtiPlatform,
  { id, courseId }: Pick<LtiContextRow, 'id' | 'courseId'>,
  personId: string,
  role: CourseRole,
  now: number,
): Promise<boolean> {
  if ((await tenant.ltiContexts.roleOf(id, personId)) === role) return false
  // Teachers of the organisation are in every course already.
  const enrols = courseId !== null && organisationRole(role, platform.instructorRole) !== 'teacher'
  const changed = enrols && (await tenant.ltiPeople.enrol(courseId, personId, enrolmentRole(role), now))
  await tenant.ltiContexts.member(id, personId, role, now)
  return changed
}

async function takesPart(tenant: TenantDb, courseId: string, personId: string): Promise<boolean> {
  if ((await tenant.courses.personIn(courseId, personId)) !== undefined) return true
  const role = (await tenant.people.find(personId))?.role
  return role !== undefined && atLeast(role, 'teacher')
}

function seenContext(tenant: TenantDb, platform: LtiPlatform, launch: Launch, now: number): Promise<LtiContextRow> {
  const { context, services, deploymentId } = launch
  return tenant.ltiContexts.seen(
    {
      platformId: platform.id,
      deploymentId,
      foreignId: context?.id ?? '',
      title: (context?.title ?? 'Course without a name').slice(0, 200),
      membershipsUrl: services.membershipsUrl,
      lineItemsUrl: services.lineItemsUrl,
      scopes: [...services.scopes],
    },
    { id: randomId(), now },
  )
}

async function whereTo(
  tenant: TenantDb,
  launch: Launch,
  context: LtiContextRow | null,
  role: CourseRole,
  now: number,
): Promise<Going> {
  const teaches = role === 'teacher' || role === 'assistant'
  if (launch.type === 'LtiDeepLinkingRequest') {
    if (!teaches) throw refuse.onlyTeachers()
    return { page: 'pick' }
  }
  if (context === null) throw refuse.badClaim('lti/claim/context', 'is missing: links are opened from a course.')
  if (context.courseId === null) {
    if (role !== 'teacher') throw refuse.notConnected()
    return { page: 'connect' }
  }
  const known = await tenant.ltiContexts.link(context.id, launch.link.id)
  const assignmentId = launch.assignmentId ?? known?.assignmentId
  if (assignmentId === undefined) {
    if (!teaches) throw refuse.noAssignment()
    return { page: 'choose' }
  }
  const assignment = await tenant.ltiContexts.assignment(assignmentId)
  if (assignment === undefined || assignment.courseId !== context.courseId) {
    if (teaches) return { page: 'choose' }
    throw refuse.foreignAssignment()
  }
  const { lineItemUrl } = launch.services
  await tenant.ltiContexts.setLink({ contextId: context.id, foreignId: launch.link.id, assignmentId, lineItemUrl, now })
  return { path: teaches ? `/courses/${assignment.courseId}` : `/assignments/${assignmentId}` }
}
