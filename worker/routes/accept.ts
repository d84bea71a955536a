import { auditAs } from '../audit.ts'
import { roles } from '../auth/actor.ts'
import { sendProof } from '../auth/address.ts'
import { findCaller } from '../auth/allow.ts'
import { comeInto } from '../auth/come-in.ts'
import { refuseForeignOrigin } from '../auth/cookie.ts'
import { displayName } from '../auth/names.ts'
import { openProver } from '../auth/open-prover.ts'
import { needOwnProofFor } from '../auth/own-proof.ts'
import { newPassword } from '../auth/password.ts'
import { newReturnCode } from '../auth/return-code.ts'
import { slowed } from '../auth/throttle.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { openDatabase } from '../db/database.ts'
import { findInvitation, linkIdentity } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import { mailerOf } from '../mail/mail.ts'
import { body, createRoute, json, newRoutes, problems, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['sign-in']
const token = z.string().min(8).max(128)

const look = createRoute({
  method: 'post',
  path: '/auth/invitation/look',
  tags,
  middleware: jsonBody,
  description: 'What an invitation offers. Its token is in the fragment of a page, which sends it here.',
  request: { body: body(z.strictObject({ token }).meta({ id: 'InvitationToken' })) },
  responses: {
    200: json(
      z
        .object({
          organisation: z.string(),
          role: z.enum(roles),
          course: z.string().nullable(),
          email: z.string().nullable(),
          name: z.string().nullable(),
          invitedBy: z.string(),
        })
        .meta({ id: 'Offer' }),
      'The offer',
    ),
    ...problems(400, 403, 404, 413, 415, 429),
  },
})
const accept = createRoute({
  method: 'post',
  path: '/auth/invitation/accept',
  tags,
  middleware: jsonBody,
  description:
    'Takes the seat. Who is signed in takes it as who they are; everybody else gives a name, and may give an e-mail address with a password. Without those they get a code to come back with.',
  request: {
    body: body(
      z
        .strictObject({
          token,
          name: displayName.optional(),
          email: z.email().max(254).optional(),
          password: newPassword.optional(),
        })
        .meta({ id: 'Acceptance' }),
    ),
  },
  responses: {
    201: json(z.object({ organisation: z.string(), returnCode: z.string().nullable() }), 'Signed in as a member'),
    ...problems(400, 403, 404, 409, 413, 415, 429),
  },
})

const over = () =>
  new Problem(404, 'invitation-over', 'This invitation was used already, was withdrawn, or is too old. Ask for a new one.')
const taken = () =>
  new Problem(
    409,
    'address-taken',
    'Somebody here has this e-mail address. If it is you, sign in first and open the link again.',
    {
      field: 'email',
    },
  )

export const acceptRoutes = newRoutes()
  .openapi(look, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const hash = await sha256(c.req.valid('json').token)
    const db = openDatabase(c.env.DB)
    const found = await slowed(c, 'link', null, async () => (await findInvitation(db, hash, Date.now())) ?? null)
    if (found === null) throw over()
    const { invitation, organisationName, courseTitle } = found
    const { role, email, name, createdByName } = invitation
    return c.json({ organisation: organisationName, role, course: courseTitle, email, name, invitedBy: createdByName }, 200)
  })
  .openapi(accept, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const { token, name, email: typed, password } = c.req.valid('json')
    const hash = await sha256(token)
    const db = openDatabase(c.env.DB)
    const now = Date.now()
    const found = await slowed(c, 'link', null, async () => (await findInvitation(db, hash, now)) ?? null)
    if (found === null) throw over()
    const { invitation, organisationName } = found
    const tenant = tenantDb(db, invitation.organisationId)
    const here = await findCaller(c)
    const known = here !== null && here.actor.via === 'session' ? { id: here.actor.id, name: here.actor.name } : null
    if (here !== null && known !== null) await needOwnProofFor(c, here.actor, invitation.organisationId)
    const email = typed ?? invitation.email ?? undefined
    if (known === null && name === undefined) {
      throw new Problem(400, 'invalid-request', 'Say what you are called.', { field: 'name' })
    }
    const person = known ?? { id: randomId(), name: name ?? '' }
    // Whoever opens the link of a letter has its address.
    const verified = invitation.email !== null && email?.toLowerCase() === invitation.email.toLowerCase()
    const prover = email === undefined ? null : await openProver(c.env, db, new URL(c.req.url).origin)
    // Where letters are sent, an address of another mailbox than the invitation's has to be proved first.
    const proves = known === null && email !== undefined && password !== undefined && !verified && mailerOf(c.env) !== null
    const wantsIdentity = known === null && email !== undefined && (password !== undefined || verified) && !proves
    const user = wantsIdentity && prover ? await prover.makeUser({ email, name: person.name, verified, password }) : undefined
    if (user === null) throw taken()
    const course =
      invitation.courseId === null || invitation.courseRole === null
        ? null
        : { id: invitation.courseId, role: invitation.courseRole }
    const seat = { invitationId: invitation.id, person: { ...person, fresh: known === null }, role: invitation.role, course, now }
    if (!(await tenant.arrivals.accepts(seat))) {
      if (user !== undefined) await prover?.removeUser(user.userId)
      throw over()
    }
    if (user !== undefined) await linkIdentity(db, user.userId, person.id, now)
    await comeInto(c, db, person, invitation.organisationId, 'invitation')
    const by = { ...person, via: 'session' } as const
    await auditAs(
      c,
      tenant,
      by,
      'invitation.accepted',
      { kind: 'invitation', id: invitation.id, name: person.name },
      invitation.role,
    )
    // They are in, and have a code to come back with; another letter can be asked for under “my account”.
    if (proves && email !== undefined) await sendProof(c, person, email, password).catch(() => false)
    const returnCode = known === null && user === undefined ? await newReturnCode(tenant, person.id) : null
    return c.json({ organisation: organisationName, returnCode }, 201)
  })
