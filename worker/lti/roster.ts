import { z } from 'zod'
import { atLeast, type Role } from '../auth/actor.ts'
import { closeSockets } from '../close-sockets.ts'
import type { Db } from '../db/database.ts'
import type { LtiKnown } from '../db/tenant/lti-contexts.ts'
import { follow, identityIssuer, personOf } from './enter.ts'
import type { Place } from './grade-book.ts'
import { MEDIA, SCOPE } from './names.ts'
import { PlatformFault, pages } from './platform-service.ts'
import { type CourseRole, courseRoleOf, organisationRole } from './roles.ts'

// Names and Role Provisioning Services 2.0: who is in a course at the platform.

const word = z.string().max(2_000).nullish()
const member = z.object({
  user_id: z.string().min(1).max(255),
  status: word,
  name: word,
  given_name: word,
  family_name: word,
  roles: z.array(z.string().max(2_000)).max(200).catch([]),
})
const container = z.object({ members: z.array(z.unknown()) })
export const MOST_MEMBERS = 5_000
/** Members that one call takes over: each is up to 14 statements, and the platform allows 1,000 in an invocation. */
const MOST_AT_ONCE = 60

export type RosterRead = {
  readonly found: number
  /** Who was not in the course here before. */
  readonly added: number
  /** Members whom the platform calls inactive; what they had here stays. */
  readonly inactive: number
  /** Members that were not taken over, and why, at most ten. */
  readonly wrong: readonly string[]
  /** Members whose turn comes when it is asked again. */
  readonly left: number
}

/**
 * Takes over whom the platform names, so many at once; the rest when it is asked again. Nothing is written unless all pages
 * could be read.
 */
export async function readRoster(db: Db, place: Place, courseId: string, enrolled: ReadonlySet<string>): Promise<RosterRead> {
  const { context, tenant, platform } = place
  if (context.membershipsUrl === null)
    throw new PlatformFault(
      'The platform does not share its class list with this tool. Allow it there: “Names and Roles”.',
      false,
    )
  const members: z.infer<typeof member>[] = []
  const wrong: string[] = []
  for await (const page of pages({ ...place, scopes: [SCOPE.roster] }, context.membershipsUrl, MEDIA.roster)) {
    const read = container.safeParse(page)
    if (!read.success) throw new PlatformFault('The class list of the platform holds no members.', false)
    for (const one of read.data.members) {
      const parsed = member.safeParse(one)
      if (parsed.success) members.push(parsed.data)
      else
        wrong.push(`Member ${members.length + wrong.length + 1}: ${parsed.error.issues[0].path.join('.')} is missing or wrong.`)
    }
    if (members.length > MOST_MEMBERS) throw new PlatformFault(`The class list has more than ${MOST_MEMBERS} members.`, false)
  }
  let [added, inactive, taken, left] = [0, 0, 0, 0]
  const now = Date.now()
  const known = new Map((await tenant.ltiContexts.known(context.id, identityIssuer(platform))).map((one) => [one.subject, one]))
  for (const one of members) {
    if (one.status && one.status !== 'Active') {
      inactive++
      continue
    }
    const role = courseRoleOf(one.roles)
    const parts = [one.given_name, one.family_name].filter((part) => part).join(' ')
    const name = (one.name || parts).trim().slice(0, 120)
    const given = organisationRole(role, platform.instructorRole)
    const its = known.get(one.user_id)
    const removed = its?.member === null
    const settled = its !== undefined && !removed && !isNew(its, name, given, role)
    if (!removed && !settled && taken === MOST_AT_ONCE) {
      left++
      continue
    }
    if (!removed && !settled) taken++
    const told = { subject: one.user_id, name: name === '' ? null : name, role }
    const personId = removed ? null : settled ? its.personId : await personOf(db, tenant, platform, told)
    if (personId === null) {
      wrong.push(`${name === '' ? 'Somebody' : name} was removed from your school and is not let in again by this.`)
      continue
    }
    const before = enrolled.has(personId)
    const changed = !settled && (await follow(tenant, platform, { id: context.id, courseId }, personId, role, now))
    if (changed) await closeSockets(place.env, tenant, personId)
    // Teachers are in every course without being enrolled.
    if (before || given === 'teacher') continue
    if (!settled && (await tenant.courses.personIn(courseId, personId)) !== undefined) added++
    else wrong.push(`${name === '' ? 'Somebody' : name} was taken out of the course here and is not added again by this.`)
  }
  if (left === 0) await tenant.ltiContexts.rosterRead(context.id, now)
  return { found: members.length - inactive, added, inactive, wrong: wrong.slice(0, 10), left }
}

/** Whether the platform says something of somebody that was not taken over yet. */
const isNew = ({ name, account, given, part }: LtiKnown, named: string, gives: Role, says: CourseRole): boolean =>
  part !== says || given === null || !atLeast(given, gives) || (named !== '' && named !== name && account === null)
