import { comeIn, comeInto } from '../auth/come-in.ts'
import { refuseForeignOrigin } from '../auth/cookie.ts'
import { oidcProviders } from '../auth/oidc-config.ts'
import { openProver } from '../auth/open-prover.ts'
import { plainCode } from '../auth/return-code.ts'
import { slowed } from '../auth/throttle.ts'
import { sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { openDatabase } from '../db/database.ts'
import { useReturnCode } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import { mailerOf } from '../mail/mail.ts'
import { body, createRoute, json, newRoutes, problems, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// How people come in who have a password, an e-mail address or a return code. What is proved by whom is in auth/prover.ts.

const tags = ['sign-in']
const email = z.email().max(254)
const cameIn = z
  .object({ organisations: z.array(z.object({ id: z.string(), name: z.string() })) })
  .meta({ id: 'CameIn', description: 'a session has begun in the first of them; the others can be changed to' })

const ways = createRoute({
  method: 'get',
  path: '/auth/ways',
  tags,
  description: 'The ways to sign in that are configured here.',
  responses: {
    200: json(
      z
        .object({
          password: z.literal(true),
          mail: z.boolean().describe('a link by e-mail'),
          code: z.literal(true).describe('the join code of a course, and the return code of a person'),
          oidc: z.array(z.object({ id: z.string(), name: z.string() })),
        })
        .meta({ id: 'SignInWays' }),
      'Ways',
    ),
  },
})
const password = createRoute({
  method: 'post',
  path: '/auth/password',
  tags,
  middleware: jsonBody,
  description: 'Signs in with e-mail address and password.',
  request: { body: body(z.strictObject({ email, password: z.string().min(1).max(256) }).meta({ id: 'PasswordSignIn' })) },
  responses: { 200: json(cameIn, 'Signed in'), ...problems(400, 401, 403, 413, 415, 429) },
})
const askMail = createRoute({
  method: 'post',
  path: '/auth/mail',
  tags,
  middleware: jsonBody,
  description: 'Sends a link that signs in once, within twenty minutes. The answer is the same whether anybody has the address.',
  request: { body: body(z.strictObject({ email }).meta({ id: 'MailSignIn' })) },
  responses: {
    202: { description: 'If somebody has the address, a letter is on its way' },
    ...problems(400, 403, 404, 413, 415, 429),
  },
})
const openMail = createRoute({
  method: 'post',
  path: '/auth/mail/open',
  tags,
  middleware: jsonBody,
  description: 'The link of the letter: its token is in the fragment of a page, which sends it here.',
  request: { body: body(z.strictObject({ token: z.string().min(8).max(128) }).meta({ id: 'MailToken' })) },
  responses: { 200: json(cameIn, 'Signed in'), ...problems(400, 401, 403, 413, 415, 429) },
})
const comeBack = createRoute({
  method: 'post',
  path: '/auth/return',
  tags,
  middleware: jsonBody,
  description: 'Brings somebody back who joined without an e-mail address, by the code that was shown to them.',
  request: { body: body(z.strictObject({ code: z.string().min(8).max(64) }).meta({ id: 'ReturnCode' })) },
  responses: { 200: json(cameIn, 'Signed in'), ...problems(400, 401, 403, 413, 415, 429) },
})

const wrong = () => new Problem(401, 'wrong-credentials', 'E-mail address or password is wrong.')
const spent = () => new Problem(401, 'link-over', 'This link was used already, or it is too old. Ask for a new one.')

export const signInRoutes = newRoutes()
  .openapi(ways, async (c) => {
    const oidc = oidcProviders(c.env).map(({ id, name }) => ({ id, name }))
    return c.json({ password: true, mail: mailerOf(c.env) !== null, code: true, oidc } as const, 200)
  })
  .openapi(password, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const { email, password } = c.req.valid('json')
    const proved = await slowed(c, 'password', email, async () => {
      const prover = await openProver(c.env, openDatabase(c.env.DB), new URL(c.req.url).origin)
      return prover.password(email, password)
    })
    const came = proved && (await comeIn(c, proved, 'password'))
    if (!came) throw wrong()
    return c.json({ organisations: [...came.organisations] }, 200)
  })
  .openapi(askMail, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const mailer = mailerOf(c.env)
    if (mailer === null) throw new Problem(404, 'no-mail', 'No letters are sent from here. Ask who teaches you for a link.')
    const { email } = c.req.valid('json')
    await slowed(c, 'mail', email, async () => {
      const { origin } = new URL(c.req.url)
      const token = await (await openProver(c.env, openDatabase(c.env.DB), origin)).mailToken(email)
      const text = `Open this link to sign in to Switchroom. It works once, within twenty minutes.\n\n${origin}/sign-in/mail#${token}\n\nIf you did not ask for it, do nothing.\n`
      // After the answer, so that it does not take longer for those who exist.
      if (token !== null) c.executionCtx.waitUntil(mailer.send({ to: email, subject: 'Your sign-in link', text }))
      return null
    })
    return c.body(null, 202)
  })
  .openapi(openMail, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const { token } = c.req.valid('json')
    const proved = await slowed(c, 'link', null, async () =>
      (await openProver(c.env, openDatabase(c.env.DB), new URL(c.req.url).origin)).openMail(token),
    )
    const came = proved && (await comeIn(c, proved, 'mail'))
    if (!came) throw spent()
    return c.json({ organisations: [...came.organisations] }, 200)
  })
  .openapi(comeBack, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const db = openDatabase(c.env.DB)
    const hash = await sha256(plainCode(c.req.valid('json').code))
    const found = await slowed(c, 'code', null, async () => (await useReturnCode(db, hash)) ?? null)
    const member = found && (await tenantDb(db, found.organisationId).people.find(found.personId))
    if (!found || !member)
      throw new Problem(401, 'wrong-credentials', 'There is no such code. Look at it again, or ask who teaches you.')
    await comeInto(c, db, { id: member.id, name: member.name }, found.organisationId, 'return')
    return c.json({ organisations: [{ id: found.organisationId, name: '' }] }, 200)
  })
