// The only file that knows the auth library. It is a tenth of a second of work to load, so nothing imports it but by `import()`
// when somebody signs in with a password, a mailed link or a provider.
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { betterAuth } from 'better-auth/minimal'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { magicLink } from 'better-auth/plugins/magic-link'
import { authTables } from '../db/auth-tables.ts'
import type { Db } from '../db/database.ts'
import { log } from '../log.ts'
import type { OidcProvider } from './oidc-config.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts'

/** Somebody who has proved to be this user of the auth library. */
export type Proved = { readonly userId: string; readonly email: string; readonly name: string; readonly verified: boolean }
export type Returned =
  | { readonly ok: true; readonly proved: Proved; readonly created: boolean; readonly cookies: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly cookies: readonly string[] }

export const MAIL_LINK_SECONDS = 20 * 60
const BASE = '/auth/proof'
const LANDED = '/auth/proof/landed'

type Options = {
  readonly origin: string
  readonly secret: string
  readonly provider?: OidcProvider
  /** Called whenever a password goes through scrypt, which is what takes the time. */
  readonly onWork?: () => void
}

type NewUser = {
  readonly email: string
  readonly name: string
  readonly verified: boolean
  readonly password?: string
  readonly passwordHash?: string
}
export type Prover = ReturnType<typeof openProver>

export function openProver(db: Db, { origin, secret, provider, onWork }: Options) {
  let mailed = ''
  const auth = betterAuth({
    baseURL: origin,
    basePath: BASE,
    secret,
    trustedOrigins: [origin],
    database: drizzleAdapter(db, { provider: 'sqlite', schema: authTables }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      password: {
        hash: (text) => {
          onWork?.()
          return hashPassword(text)
        },
        verify: (pair) => {
          onWork?.()
          return verifyPassword(pair)
        },
      },
    },
    // Its sessions last for the request in which they are made: ours are in `session`.
    session: { expiresIn: 60, disableSessionRefresh: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: { cookiePrefix: 'switchroom_proof', useSecureCookies: origin.startsWith('https:') },
    // Its messages may have what people typed.
    logger: { log: (level, message) => level === 'error' && log.warn('auth-library', { message: message.slice(0, 120) }) },
    databaseHooks: {
      // Nobody calls a provider again on a person's behalf, so what would allow it is not kept.
      account: { create: { before: withoutTokens }, update: { before: withoutTokens } },
    },
    plugins: [
      magicLink({
        expiresIn: MAIL_LINK_SECONDS,
        storeToken: 'hashed',
        disableSignUp: true,
        sendMagicLink: async ({ token }) => {
          mailed = token
        },
      }),
      ...(provider === undefined
        ? []
        : [
            genericOAuth({
              config: [
                {
                  providerId: provider.id,
                  name: provider.name,
                  discoveryUrl: provider.discovery,
                  clientId: provider.clientId,
                  clientSecret: provider.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  requireIdTokenVerification: true,
                  pkce: true,
                },
              ],
            }),
          ]),
    ],
  })

  const toProved = (user: { id: string; email: string; name: string; emailVerified: boolean }): Proved => {
    return { userId: user.id, email: user.email, name: user.name, verified: user.emailVerified }
  }
  const endSession = async (token: string) => (await auth.$context).internalAdapter.deleteSession(token)
  const asRequest = () => new Headers({ origin })
  async function isFree(email: string, proved: boolean, own?: string): Promise<boolean> {
    const { internalAdapter } = await auth.$context
    const user = (await internalAdapter.findUserByEmail(email))?.user
    if (user === undefined || user.id === own) return true
    if (!proved || user.emailVerified) return false
    await internalAdapter.deleteUser(user.id)
    return true
  }

  return {
    /** Takes as long for an address that nobody has as for a wrong password. */
    async password(email: string, password: string): Promise<Proved | null> {
      try {
        const { user, token } = await auth.api.signInEmail({ body: { email, password }, headers: asRequest() })
        await endSession(token)
        return toProved(user)
      } catch (error) {
        if (isRefusal(error)) return null
        throw error
      }
    },

    /** A token that proves the address when it comes back, or null when nobody has proved it before. It takes as long either way. */
    async mailToken(email: string): Promise<string | null> {
      const context = await auth.$context
      const known = await context.internalAdapter.findUserByEmail(email.toLowerCase())
      await auth.api.signInMagicLink({ body: { email: email.toLowerCase() }, headers: asRequest() })
      // Whose mailbox an unproved address is, nobody knows: a letter to it would let a stranger in.
      return known?.user.emailVerified ? mailed : null
    },

    /** Once. */
    async openMail(token: string): Promise<Proved | null> {
      try {
        const { user, token: made } = await auth.api.magicLinkVerify({ query: { token }, headers: asRequest() })
        await endSession(made)
        return toProved(user)
      } catch (error) {
        if (isRefusal(error)) return null
        throw error
      }
    },

    /** Null: somebody has the address. Who has only claimed it gives it up to who has proved it, with what they had set. */
    async makeUser(wish: NewUser): Promise<Proved | null> {
      const { internalAdapter, password } = await auth.$context
      const email = wish.email.toLowerCase()
      if (!(await isFree(email, wish.verified))) return null
      const user = await internalAdapter.createUser({ email, name: wish.name, emailVerified: wish.verified }, { method: 'email' })
      const hash = wish.password === undefined ? wish.passwordHash : await password.hash(wish.password)
      if (hash !== undefined) {
        await internalAdapter.linkAccount({ userId: user.id, providerId: 'credential', accountId: user.id, password: hash })
      }
      return toProved(user)
    },

    /** Another address for a user, proved. False: somebody else has it. */
    async changeAddress(userId: string, address: string): Promise<boolean> {
      const email = address.toLowerCase()
      if (!(await isFree(email, true, userId))) return false
      await (await auth.$context).internalAdapter.updateUser(userId, { email, emailVerified: true })
      return true
    },
    hash: async (password: string): Promise<string> => (await auth.$context).password.hash(password),
    /** Whether it is the password of the user; true for a user without one. */
    async mayChange(userId: string, typed: string | undefined): Promise<boolean> {
      const { internalAdapter, password } = await auth.$context
      const has = (await internalAdapter.findAccounts(userId)).find((one) => one.providerId === 'credential')?.password
      return !has || password.verify({ hash: has, password: typed ?? '' })
    },

    /** False: `old` is not the password that there is. */
    async setPassword(userId: string, old: string | undefined, fresh: string): Promise<boolean> {
      const { internalAdapter, password } = await auth.$context
      const has = (await internalAdapter.findAccounts(userId)).find((one) => one.providerId === 'credential')?.password
      if (has && !(await password.verify({ hash: has, password: old ?? '' }))) return false
      const hash = await password.hash(fresh)
      if (has) await internalAdapter.updatePassword(userId, hash)
      else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash })
      return true
    },

    /** Where the browser is sent, and the cookies by which it is known again. */
    async toProvider(): Promise<{ readonly url: string; readonly cookies: readonly string[] } | null> {
      if (provider === undefined) return null
      try {
        const body = { provider: provider.id as 'google', callbackURL: LANDED, errorCallbackURL: LANDED, disableRedirect: true }
        const { response, headers } = await auth.api.signInSocial({ body, headers: asRequest(), returnHeaders: true })
        return response.url === undefined ? null : { url: response.url, cookies: headers.getSetCookie() }
      } catch (error) {
        if (isRefusal(error)) return null
        throw error
      }
    },

    /** The browser is back. The library's own session is given up for the one that it stands for. */
    async fromProvider(request: Request): Promise<Returned> {
      const before = Date.now()
      const answer = await auth.handler(request)
      const cookies = answer.headers.getSetCookie()
      const why = new URL(answer.headers.get('location') ?? LANDED, origin).searchParams.get('error')
      const made = cookies.find((one) => /switchroom_proof\.session_token=[^;]/.test(one))
      // None of its cookies outlives this, least of all a session.
      const spent = cookies.map((one) => `${one.split('=')[0]}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`)
      if (answer.status >= 400 || why !== null || made === undefined) return { ok: false, why: why ?? 'refused', cookies: spent }
      const cookie = made.split(';')[0]
      const token = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1)).split('.')[0]
      const { internalAdapter } = await auth.$context
      const found = await internalAdapter.findSession(token)
      if (found === null) return { ok: false, why: 'refused', cookies: spent }
      await endSession(token)
      const created = found.user.createdAt.getTime() >= before - 1000
      return { ok: true, proved: toProved(found.user), created, cookies: spent }
    },

    async removeUser(userId: string): Promise<void> {
      await (await auth.$context).internalAdapter.deleteUser(userId)
    },
  }
}

/** The library's no, also in the form of a redirect to a page that says it. */
const isRefusal = (error: unknown) => error instanceof Error && error.name === 'APIError'

const withoutTokens = async <T extends object>(account: T) => ({
  data: { ...account, accessToken: null, refreshToken: null, idToken: null } as T,
})
