import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { roles } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { displayName } from '../auth/names.ts'
import { refuseAbove } from '../auth/ranks.ts'
import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { AppEnv } from '../env.ts'
import { mailerOf } from '../mail/mail.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['organisation']
const LIVES_MS = 14 * 24 * 3600 * 1000
const teaches = allow('organisation:write', 'teacher')
const courseRole = z.enum(['assistant', 'student', 'observer'])

const invitation = z
  .object({
    id: z.string(),
    role: z.enum(roles),
    email: z.string().nullable().describe('to whom it was sent; null: its link was copied'),
    name: z.string().nullable(),
    course: z.string().nullable(),
    createdByName: z.string(),
    createdAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Invitation' })
const offer = z
  .strictObject({
    role: z.enum(roles),
    name: displayName.optional(),
    email: z.email().max(254).optional(),
    course: z.strictObject({ id: z.string().max(64), role: courseRole }).optional(),
  })
  .meta({ id: 'NewInvitation' })

const list = createRoute({
  method: 'get',
  path: '/v1/invitations',
  tags,
  security,
  middleware: teaches,
  description: 'Invitations that nobody has taken yet, newest first.',
  responses: { 200: json(z.object({ invitations: z.array(invitation) }), 'Invitations'), ...problems(401, 403) },
})
const invite = createRoute({
  method: 'post',
  path: '/v1/invitations',
  tags,
  security,
  middleware: [teaches, jsonBody],
  description:
    'Offers a seat for two weeks. With a mailer and an address a letter is sent, and nobody here sees the link; else the link is in the answer, once, to be copied.',
  request: { body: body(offer) },
  responses: {
    201: json(invitation.extend({ path: z.string().nullable() }).meta({ id: 'InvitationWithLink' }), 'Offered'),
    ...problems(400, 401, 403, 404, 413, 415, 503),
  },
})
const withdraw = createRoute({
  method: 'delete',
  path: '/v1/invitations/{id}',
  tags,
  security,
  middleware: teaches,
  request: { params: z.strictObject({ id: z.string().max(64) }) },
  responses: { 204: { description: 'Withdrawn' }, ...problems(400, 401, 403, 404) },
})

const missing = () => new Problem(404, 'not-found', 'There is no such invitation.')

function letter(c: Context<AppEnv>, path: string): string {
  const { name, organisationName } = c.get('actor')
  const { origin } = new URL(c.req.url)
  return `${name} invites you to ${organisationName} on Switchroom.\n\nOpen this link within two weeks to accept:\n\n${origin}${path}\n`
}

export const invitationRoutes = newRoutes()
  .openapi(list, async (c) => {
    const rows = await c.get('tenant').invitations.list(Date.now())
    const invitations = rows.map((one) => ({ ...one, createdAt: toTime(one.createdAt), expiresAt: toTime(one.expiresAt) }))
    return c.json({ invitations }, 200)
  })
  .openapi(invite, async (c) => {
    const { role, name, email, course } = c.req.valid('json')
    const actor = c.get('actor')
    refuseAbove(actor.role, role)
    const { invitations } = c.get('tenant')
    const its = course === undefined ? undefined : await invitations.course(course.id)
    if (course !== undefined && its === undefined) {
      throw new Problem(404, 'not-found', 'There is no such course.', { field: 'course' })
    }
    const token = randomToken()
    const path = `/invitation#${token}`
    const mailer = email === undefined ? null : mailerOf(c.env)
    const now = Date.now()
    const row = {
      id: randomId(),
      role,
      // An address that no letter has gone to proves nothing about who opens the link.
      email: mailer === null ? null : (email ?? null),
      name: name ?? (mailer === null ? (email ?? null) : null),
      createdByName: actor.name,
      createdAt: now,
      expiresAt: now + LIVES_MS,
    }
    const rest = { courseId: course?.id ?? null, courseRole: course?.role ?? null, createdBy: actor.id }
    await invitations.insert([{ ...row, ...rest, tokenHash: await sha256(token) }])
    if (mailer !== null && email !== undefined) {
      const subject = `Invitation to ${actor.organisationName}`.replace(/[\r\n]+/g, ' ')
      if (!(await mailer.send({ to: email, subject, text: letter(c, path) }))) {
        await invitations.remove(row.id)
        throw new Problem(503, 'mail-failed', 'The letter could not be sent. Nobody was invited.', {}, { 'retry-after': '60' })
      }
    }
    await audit(c, 'invitation.made', { kind: 'invitation', id: row.id, name: email ?? name }, role)
    const shown = { ...row, course: its?.title ?? null, createdAt: toTime(row.createdAt), expiresAt: toTime(row.expiresAt) }
    return c.json({ ...shown, path: mailer === null ? path : null }, 201)
  })
  .openapi(withdraw, async (c) => {
    const { invitations } = c.get('tenant')
    const { id } = c.req.valid('param')
    const found = await invitations.find(id)
    if (found === undefined) throw missing()
    refuseAbove(c.get('actor').role, found.role)
    await invitations.remove(id)
    await audit(c, 'invitation.withdrawn', { kind: 'invitation', id, name: found.email ?? found.name ?? '' })
    return c.body(null, 204)
  })
