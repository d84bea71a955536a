import { z } from 'zod'
import type { Env } from '../env.ts'
import { log } from '../log.ts'
import { roles } from './actor.ts'

const provider = z.strictObject({
  /** Part of the address that the provider sends people back to: `/auth/proof/callback/ID`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** On the button. */
  name: z.string().min(1).max(60),
  /** `https://…/.well-known/openid-configuration` */
  discovery: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** For the people of one organisation only; without it, for the whole installation. */
  organisation: z.string().optional(),
  /** Who is new becomes this in `organisation`; without it, only who is a member already may come in. */
  newcomers: z.enum(roles).optional(),
  /** E-mail domains that are let in; without it, all. */
  domains: z.array(z.string()).optional(),
})
export type OidcProvider = z.infer<typeof provider>

const list = z.array(provider).superRefine((all, context) => {
  for (const [at, one] of all.entries()) {
    const path = [at, 'newcomers']
    if (one.newcomers !== undefined && one.organisation === undefined) {
      context.addIssue({ code: 'custom', path, message: 'Newcomers need an `organisation`.' })
    }
  }
})

/** The providers of the installation: OIDC_PROVIDERS, a JSON list. One that is wrong is not offered, and the log says why. */
export function oidcProviders(env: Env): readonly OidcProvider[] {
  if (!env.OIDC_PROVIDERS) return []
  const parsed = list.safeParse(parse(env.OIDC_PROVIDERS))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  // The text itself has secrets.
  log.error('oidc-configuration', { path: issue.path.join('.'), message: issue.message })
  return []
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
