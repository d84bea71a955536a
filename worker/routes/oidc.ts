import type { Context } from 'hono'
import { findCaller } from '../auth/allow.ts'
import { comeIn, comeInto } from '../auth/come-in.ts'
import { type OidcProvider, oidcProviders } from '../auth/oidc-config.ts'
import { openProver } from '../auth/open-prover.ts'
import { speaksForAll } from '../auth/own-proof.ts'
import type { Returned } from '../auth/prover.ts'
import { slowed } from '../auth/throttle.ts'
import { randomId } from '../auth/tokens.ts'
import { openDatabase } from '../db/database.ts'
import { linkIdentity, personOfUser } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { log } from '../log.ts'
import { createRoute, newRoutes, problems, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['sign-in']
const params = z.strictObject({ provider: z.string().regex(/^[a-z0-9-]{1,40}$/) })

const start = createRoute({
  method: 'get',
  path: '/auth/oidc/{provider}',
  tags,
  description: 'Opened by a person in the browser: goes to an OpenID Connect provider to sign in there.',
  request: { params },
  responses: { 302: { description: 'To the provider' }, ...problems(404, 429, 503) },
})
const back = createRoute({
  method: 'get',
  path: '/auth/proof/callback/{provider}',
  tags,
  description: 'Where a provider sends people back to, with what proves them. Goes to the console.',
  request: { params },
  responses: { 302: { description: 'Signed in, or back to the sign-in page with the reason' }, ...problems(404, 429) },
})

function providerOf(c: Context<AppEnv>, id: string): OidcProvider {
  const found = oidcProviders(c.env).find((one) => one.id === id)
  if (found === undefined) throw new Problem(404, 'not-found', 'There is no such way to sign in here.')
  return found
}

const proverFor = (c: Context<AppEnv>, provider: OidcProvider) =>
  openProver(c.env, openDatabase(c.env.DB), new URL(c.req.url).origin, provider)

/** What the page says is chosen from a list by this word, so that nobody can put a text into it. */
const refused = (why: 'not-a-member' | 'other-account' | 'domain' | 'failed') => `/?sign-in=${why}`

/** Makes the session that a proof stands for; where the browser goes then. */
async function settle(c: Context<AppEnv>, provider: OidcProvider, { proved, created }: Extract<Returned, { ok: true }>) {
  const db = openDatabase(c.env.DB)
  const undo = async () => {
    if (created) await (await proverFor(c, provider)).removeUser(proved.userId)
  }
  const { domains, organisation, newcomers } = provider
  if (domains !== undefined && !domains.includes(proved.email.split('@')[1] ?? '')) {
    await undo()
    return refused('domain')
  }
  if ((await personOfUser(db, proved.userId)) === undefined) {
    // Somebody who is signed in, and has no identity yet, connects it with what they are.
    const here = await findCaller(c)
    if (here !== null && here.actor.via === 'session') {
      const may = await speaksForAll(c, here.actor)
      if (may && (await linkIdentity(db, proved.userId, here.actor.id, Date.now()))) return '/account'
      await undo()
      return refused('other-account')
    }
    if (organisation !== undefined && newcomers !== undefined) {
      const who = { id: randomId(), name: proved.name || proved.email.split('@')[0] }
      await tenantDb(db, organisation).people.insert({ ...who, role: newcomers, now: Date.now() })
      await linkIdentity(db, proved.userId, who.id, Date.now())
      await comeInto(c, db, who, organisation, 'oidc')
      return '/'
    }
  }
  if ((await comeIn(c, proved, 'oidc', organisation)) !== null) return '/'
  await undo()
  return refused('not-a-member')
}

export const oidcRoutes = newRoutes()
  .openapi(start, async (c) => {
    const provider = providerOf(c, c.req.valid('param').provider)
    const to = await (await proverFor(c, provider)).toProvider()
    if (to === null) {
      throw new Problem(503, 'provider-unreachable', `${provider.name} does not answer.`, {}, { 'retry-after': '10' })
    }
    for (const cookie of to.cookies) c.header('set-cookie', cookie, { append: true })
    return c.redirect(to.url, 302)
  })
  .openapi(back, async (c) => {
    const provider = providerOf(c, c.req.valid('param').provider)
    const returned = await slowed(c, 'link', null, async () => {
      const got = await (await proverFor(c, provider)).fromProvider(c.req.raw)
      for (const cookie of got.cookies) c.header('set-cookie', cookie, { append: true })
      if (!got.ok) log.warn('oidc-refused', { provider: provider.id, why: got.why.slice(0, 60) })
      return got.ok ? got : null
    })
    const to = returned === null ? refused('failed') : await settle(c, provider, returned)
    return c.redirect(to, 302)
  })
