import { type Access, accessUntil, allows, NO_TIE } from '../access/lab-access.ts'
import { audit } from '../audit.ts'
import { atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { closeGuests } from '../close-sockets.ts'
import type { LinkRow } from '../db/tenant/links.ts'
import { createLab, sweepTombstones, usableLab } from '../lab-life.ts'
import { fileAt, momentWords, openView } from '../lab-views.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { noSuchLab, Problem } from '../problem.ts'

// Links to a lab: invitations with a part and an end, and what it was at a moment.

const tags = ['links']
/** Links of a lab that still count; and how long one that does not is still listed. */
const MOST_LINKS = 50
const LISTED_MS = 7 * 24 * 3_600_000
const writes = openLab('labs:write', 'student')

const labTime = z.number().int().min(0)
const about = {
  label: z.string().trim().max(80).default('').describe('whom or what it is for'),
  minutes: z.number().int().min(1).max(43_200).default(1_440).describe('what it gives ends with it'),
  maxUses: z.number().int().min(1).max(1_000).optional().describe('people who may open it; without, any number'),
}
const newLink = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('invite'), role: z.enum(['watch', 'work']), ...about }),
    z.strictObject({
      kind: z.literal('moment'),
      mode: z.enum(['read', 'fork']).describe('looking at it for some hours, or a lab of one’s own to go on from there'),
      line: z.number().int().min(0).optional().describe('right after this line; 0 is the beginning'),
      at: labTime.optional().describe('or at this lab time, in microseconds'),
      ...about,
    }),
  ])
  .refine((link) => link.kind === 'invite' || (link.line === undefined) !== (link.at === undefined), {
    path: ['line'],
    message: 'Give either `line` or `at`.',
  })
  .meta({ id: 'NewLabLink' })

const link = z
  .object({
    id: z.string(),
    kind: z.enum(['invite', 'moment']),
    role: z.enum(['watch', 'work']).nullable(),
    mode: z.enum(['read', 'fork']).nullable(),
    line: z.number().nullable(),
    at: z.number().nullable(),
    label: z.string(),
    createdBy: z.string(),
    createdAt: time,
    expiresAt: time,
    uses: z.number(),
    maxUses: z.number().nullable(),
    state: z.enum(['open', 'used', 'expired', 'revoked']),
  })
  .meta({ id: 'LabLink' })

const list = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/links',
  tags,
  security,
  middleware: writes,
  description:
    'Links to this lab without their secrets; those that are over for a week. For who started it, and who teaches here.',
  request: { params: labId },
  responses: { 200: json(z.object({ links: z.array(link) }), 'Oldest first'), ...labProblems },
})

const add = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/links',
  tags,
  security,
  middleware: [writes, jsonBody],
  description:
    'Makes a link for people of this organisation: an invitation to watch or to work until it ends, or the lab as it was at a moment. The token is shown here and never again; a person opens `path` in the browser.',
  request: { params: labId, body: body(newLink) },
  responses: {
    201: json(link.extend({ token: z.string(), path: z.string() }).meta({ id: 'LabLinkWithSecret' }), 'Made'),
    ...labProblems,
    ...problems(413, 415, 429),
  },
})

const revoke = createRoute({
  method: 'delete',
  path: '/v1/labs/{id}/links/{link}',
  tags,
  security,
  middleware: writes,
  description: 'Ends a link and what it has given; whoever is here by it alone is disconnected.',
  request: { params: labId.extend({ link: z.string().max(64) }) },
  responses: { 204: { description: 'Ended' }, ...labProblems },
})

const opened = z
  .object({
    lab: z.string().describe('what is to be opened now: the lab, what it was, or the fork'),
    kind: z.enum(['invite', 'moment']),
    part: z.enum(['watch', 'work', 'teach', 'read', 'fork']),
    title: z.string(),
  })
  .meta({ id: 'OpenedLink' })

const open = createRoute({
  method: 'post',
  path: '/v1/links/open',
  tags,
  security,
  middleware: [allow('labs:read'), jsonBody],
  description:
    'Opens a link as the person who is signed in. An invitation gives a part in the lab until it ends; a moment makes what is to be looked at, or a fork.',
  request: { body: body(z.strictObject({ token: z.string().min(1).max(128) }).meta({ id: 'OpenLink' })) },
  responses: { 200: json(opened, 'Open'), ...labProblems, ...problems(413, 415, 422, 429) },
})

const view = z.strictObject({ line: z.number().int().min(0).optional(), at: labTime.optional() })
const openMoment = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/views',
  tags,
  security,
  middleware: [openLab('labs:read'), jsonBody],
  description:
    'The lab as it was right after a line, or at a lab time, to be looked at: a frozen lab for whoever asks, gone after eight hours. The lab itself is only read.',
  request: {
    params: labId,
    body: body(
      view
        .refine((one) => (one.line === undefined) !== (one.at === undefined), {
          path: ['line'],
          message: 'Give either `line` or `at`.',
        })
        .meta({ id: 'NewView' }),
    ),
  },
  responses: {
    201: json(z.object({ lab: z.string(), expiresAt: time }).meta({ id: 'View' }), 'What is to be opened'),
    ...labProblems,
    ...problems(413, 415, 422, 429),
  },
})

const viewOf = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/view',
  tags,
  security,
  middleware: openLab('labs:read'),
  description: 'Of a lab that shows another one as it was: which, and until when. 404 for any other lab.',
  request: { params: labId },
  responses: {
    200: json(
      z
        .object({ of: z.string(), line: z.number().nullable(), at: z.number().nullable(), expiresAt: time })
        .meta({ id: 'ViewOf' }),
      'What it shows',
    ),
    ...labProblems,
  },
})

function stateOf({ revokedAt, expiresAt, uses, maxUses }: LinkRow, now: number): 'open' | 'used' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt <= now) return 'expired'
  return maxUses !== null && uses >= maxUses ? 'used' : 'open'
}

const shown = (row: LinkRow, now = Date.now()): z.infer<typeof link> => {
  const { id, kind, role, mode, line, at, label, uses, maxUses } = row
  const times = { createdAt: toTime(row.createdAt), expiresAt: toTime(row.expiresAt) }
  return {
    id,
    kind,
    role,
    mode,
    line,
    at,
    label,
    uses,
    maxUses,
    createdBy: row.createdByName,
    ...times,
    state: stateOf(row, now),
  }
}

type Vars = { actor: { readonly id: string }; lab: { readonly kind: string; readonly createdBy: string }; access: Access }
/** A student shares what they started, nobody's copy: in a course, groups are for that. */
function refuseSharing({ actor, lab, access }: Vars): void {
  if (access === 'teach' || (lab.kind === 'own' && lab.createdBy === actor.id)) return
  throw new Problem(403, 'not-allowed', 'Only who started this lab, or who teaches here, may share it by links.')
}
const over = () => new Problem(404, 'link-over', 'This link is not valid, or not any more. Ask whoever sent it for a new one.')

export const linkRoutes = newRoutes()
  .openapi(list, async (c) => {
    refuseSharing(c.var)
    const rows = await c.get('tenant').links.list(c.get('lab').id)
    return c.json({ links: rows.map((row) => shown(row)) }, 200)
  })
  .openapi(add, async (c) => {
    const { actor, tenant, lab } = c.var
    refuseSharing(c.var)
    const wish = c.req.valid('json')
    const moment = wish.kind === 'moment' ? { mode: wish.mode, line: wish.line ?? null, at: wish.at ?? null } : null
    // Whether it can be had is found out now, not by whoever opens it.
    if (moment) await fileAt(c.env, lab, moment)
    const token = randomToken('srl_')
    const now = Date.now()
    const row = {
      ...{ id: randomId(), tokenHash: await sha256(token), labId: lab.id, kind: wish.kind, label: wish.label },
      role: wish.kind === 'invite' ? wish.role : null,
      ...{ mode: moment?.mode ?? null, line: moment?.line ?? null, at: moment?.at ?? null },
      ...{ createdBy: actor.id, createdByName: actor.name, createdAt: now, expiresAt: now + wish.minutes * 60_000 },
      maxUses: wish.maxUses ?? null,
    }
    if (!(await tenant.links.insert(row, MOST_LINKS, now - LISTED_MS)))
      throw new Problem(429, 'too-many-links', `This lab has ${MOST_LINKS} links that still count. End some.`)
    const what = moment ? `${moment.mode} ${momentWords(moment)}` : (row.role ?? '')
    await audit(c, 'lab-link.made', { kind: 'lab', id: lab.id, name: lab.title }, what)
    const made = { ...row, organisationId: tenant.organisationId, uses: 0, revokedAt: null }
    // In the fragment, which browsers do not send: it is in no log.
    return c.json({ ...shown(made, now), token, path: `/open#${token}` }, 201)
  })
  .openapi(revoke, async (c) => {
    const { tenant, lab } = c.var
    refuseSharing(c.var)
    const { link: id } = c.req.valid('param')
    const now = Date.now()
    if (!(await tenant.links.revoke(lab.id, id, now))) throw new Problem(404, 'not-found', 'There is no such link.')
    await tenant.views.endOfLink(id, now)
    await closeGuests(c.env, tenant, lab, id)
    await audit(c, 'lab-link.ended', { kind: 'lab', id: lab.id, name: lab.title })
    return c.body(null, 204)
  })
  .openapi(open, async (c) => {
    const { actor, tenant } = c.var
    const now = Date.now()
    const found = await tenant.links.byToken(await sha256(c.req.valid('json').token), now)
    if (found === undefined) throw over()
    const { link: row } = found
    const lab = await usableLab(c.env, tenant, found.lab).catch((error: unknown) => {
      throw error instanceof Problem && error.status === 404 ? over() : error
    })
    if (actor.role === null || actor.id.startsWith('key:'))
      throw new Problem(403, 'not-allowed', 'A link is opened by a person, not by a key that acts for nobody.')
    const again = await tenant.links.hasOpened(row.id, actor.id)

    if (row.kind === 'invite') {
      const role = row.role ?? 'watch'
      // Who may do as much anyway is not bound by it.
      const before = async () =>
        (await tenant.labs.hasOpened(lab.id, actor.id)) && (await tenant.links.guestOf(lab.id, actor.id, now)) === undefined
      const theirs = lab.createdBy === actor.id || atLeast(actor.role, 'assistant')
      const without = theirs || (await before()) ? accessUntil(actor, lab, NO_TIE, now).access : 'none'
      if (allows(without, role)) {
        const part = without === 'teach' ? ('teach' as const) : without === 'work' ? ('work' as const) : ('watch' as const)
        return c.json({ lab: lab.id, kind: row.kind, part, title: lab.title }, 200)
      }
      if (!again) {
        if (!(await tenant.links.use(row.id, now))) throw over()
        const guest = { labId: lab.id, personId: actor.id, linkId: row.id, role, openedAt: now, expiresAt: row.expiresAt }
        await tenant.links.addGuest(guest)
      }
      return c.json({ lab: lab.id, kind: row.kind, part: role, title: lab.title }, 200)
    }

    const moment = { line: row.line, at: row.at }
    if (row.mode === 'fork') {
      if (!atLeast(actor.role, 'student')) throw new Problem(403, 'not-allowed', 'You may look at labs, not start one.')
      if (!(await tenant.links.use(row.id, now))) throw over()
      const file = await fileAt(c.env, lab, moment)
      const title = `${lab.title}, ${momentWords(moment)}`.slice(0, 120)
      const wish = { input: { from: 'export', file }, slug: lab.slug, title, keepTitle: true, seed: lab.seed } as const
      const made = await createLab(c.env, tenant, actor, wish)
      c.executionCtx.waitUntil(sweepTombstones(c.env, tenant))
      return c.json({ lab: made.row.id, kind: row.kind, part: 'fork' as const, title }, 200)
    }
    const known = await tenant.views.known({ ofLab: lab.id, actorId: actor.id, ...moment }, now)
    if (known === undefined && !(await tenant.links.use(row.id, now))) throw over()
    const { labId: shownLab } = await openView(c.env, tenant, actor, lab, moment, row)
    c.executionCtx.waitUntil(sweepTombstones(c.env, tenant))
    return c.json({ lab: shownLab, kind: row.kind, part: 'read' as const, title: lab.title }, 200)
  })
  .openapi(openMoment, async (c) => {
    const { actor, tenant, lab, caller } = c.var
    const { line, at } = c.req.valid('json')
    const moment = { line: line ?? null, at: at ?? null }
    const { labId: shownLab, expiresAt } = await openView(c.env, tenant, actor, lab, moment, null, caller.until)
    c.executionCtx.waitUntil(sweepTombstones(c.env, tenant))
    return c.json({ lab: shownLab, expiresAt: toTime(expiresAt) }, 201)
  })
  .openapi(viewOf, async (c) => {
    const row = await c.get('tenant').views.find(c.get('lab').id)
    if (row === undefined) throw noSuchLab()
    return c.json({ of: row.ofLab, line: row.line, at: row.at, expiresAt: toTime(row.expiresAt) }, 200)
  })
