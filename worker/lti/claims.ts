import type { JWTPayload } from 'jose'
import { z } from 'zod'
import { CLAIM, CUSTOM_ASSIGNMENT, VERSION } from './names.ts'
import { refuse } from './refusal.ts'

// What of a launch message is read. Fields that are not read may be anything; those that are read and wrong are named.

const isHere = (url: string) => /^(localhost|127\.0\.0\.1)$/.test(URL.parse(url)?.hostname ?? '')
const text = z.string().max(2_000)
/** Platforms send empty text and null for what they do not want to say. */
const maybe = z.preprocess((value) => (value === '' || value === null ? undefined : value), text.optional())
const flag = z.preprocess((value) => value === true || value === 'true', z.boolean())
const list = z.preprocess((value) => (typeof value === 'string' ? value.split(',') : (value ?? [])), z.array(text).max(200))

const common = {
  sub: z.string().max(255, 'longer than 255 characters').optional(),
  nonce: text,
  name: maybe,
  given_name: maybe,
  family_name: maybe,
  [CLAIM.messageType]: z.string(),
  [CLAIM.version]: z.string(),
  [CLAIM.deploymentId]: z.string().min(1).max(255),
  [CLAIM.roles]: z.preprocess((value) => value ?? [], z.array(text).max(200)),
  [CLAIM.context]: z.object({ id: z.string().min(1).max(255), label: maybe, title: maybe }).nullish(),
  [CLAIM.custom]: z.record(z.string(), z.unknown()).nullish(),
  [CLAIM.endpoint]: z.object({ scope: list, lineitems: maybe, lineitem: maybe }).nullish(),
  [CLAIM.roster]: z.object({ context_memberships_url: maybe }).nullish(),
}
const resourceLink = z.object({
  ...common,
  [CLAIM.targetLinkUri]: text,
  [CLAIM.resourceLink]: z.object({ id: z.string().min(1).max(255), title: maybe }),
})
const deepLinking = z.object({
  ...common,
  [CLAIM.targetLinkUri]: maybe,
  [CLAIM.deepLinking]: z.object({
    deep_link_return_url: z
      .url({ protocol: /^https?$/, error: 'not an address' })
      .max(4_000)
      // Without TLS only to this computer, for trying it out.
      .refine((url) => url.startsWith('https:') || isHere(url), 'not an https address'),
    accept_types: list,
    accept_presentation_document_targets: list,
    accept_multiple: flag,
    accept_lineitem: z.preprocess((value) => value !== false && value !== 'false', z.boolean()),
    // Opaque: it goes back as it came.
    data: z.string().max(100_000).nullish(),
  }),
})

type Shared = {
  readonly subject: string
  readonly nonce: string
  readonly name: string | null
  readonly deploymentId: string
  readonly roles: readonly string[]
  readonly context: { readonly id: string; readonly title: string | null } | null
  /** The assignment that a link of ours names. */
  readonly assignmentId: string | null
  readonly targetLinkUri: string | null
  readonly services: {
    readonly scopes: readonly string[]
    readonly lineItemsUrl: string | null
    readonly lineItemUrl: string | null
    readonly membershipsUrl: string | null
  }
}
export type Launch = Shared &
  (
    | { readonly type: 'LtiResourceLinkRequest'; readonly link: { readonly id: string; readonly title: string | null } }
    | {
        readonly type: 'LtiDeepLinkingRequest'
        readonly settings: {
          readonly returnUrl: string
          readonly data: string | null
          readonly acceptTypes: readonly string[]
          readonly acceptMultiple: boolean
          readonly acceptLineItem: boolean
          readonly acceptTargets: readonly string[]
        }
      }
  )

function parseAs<T extends z.ZodType>(schema: T, payload: unknown): z.infer<T> {
  const parsed = schema.safeParse(payload)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue.path.join('.').replace(/^https:\/\/purl\.imsglobal\.org\/spec\//, '')
  throw refuse.badClaim(field, issue.message.includes('received undefined') ? 'is missing.' : `${issue.message}.`)
}

function nameOf(payload: { name?: string; given_name?: string; family_name?: string }): string | null {
  const parts = [payload.given_name, payload.family_name].filter((part) => part !== undefined).join(' ')
  const name = (payload.name ?? parts).trim().slice(0, 120)
  return name === '' ? null : name
}

/** Reads a message whose signature, issuer, audience and times have been checked. */
export function readLaunch(payload: JWTPayload): Launch {
  const version = payload[CLAIM.version]
  if (version !== undefined && version !== VERSION) throw refuse.wrongVersion([['Version', String(version).slice(0, 100)]])
  const type = payload[CLAIM.messageType]
  if (type !== 'LtiResourceLinkRequest' && type !== 'LtiDeepLinkingRequest' && type !== undefined)
    throw refuse.unknownMessage([['Message', String(type).slice(0, 100)]])
  if (payload.sub === undefined || payload.sub === '') throw refuse.noPerson()
  const linked = type === 'LtiDeepLinkingRequest' ? null : parseAs(resourceLink, payload)
  const picking = linked === null ? parseAs(deepLinking, payload) : null
  const read = linked ?? picking
  if (read === null) throw refuse.badClaim(CLAIM.messageType, 'is missing.')
  const context = read[CLAIM.context]
  const endpoint = read[CLAIM.endpoint]
  const assignment = read[CLAIM.custom]?.[CUSTOM_ASSIGNMENT]
  const shared: Shared = {
    subject: payload.sub,
    nonce: read.nonce,
    name: nameOf(read),
    deploymentId: read[CLAIM.deploymentId],
    roles: read[CLAIM.roles],
    context: context ? { id: context.id, title: context.title ?? context.label ?? null } : null,
    assignmentId: typeof assignment === 'string' && assignment !== '' ? assignment.slice(0, 64) : null,
    targetLinkUri: read[CLAIM.targetLinkUri] ?? null,
    services: {
      scopes: endpoint?.scope ?? [],
      lineItemsUrl: endpoint?.lineitems ?? null,
      lineItemUrl: endpoint?.lineitem ?? null,
      membershipsUrl: read[CLAIM.roster]?.context_memberships_url ?? null,
    },
  }
  if (linked !== null) {
    const { id, title } = linked[CLAIM.resourceLink]
    return { ...shared, type: 'LtiResourceLinkRequest', link: { id, title: title ?? null } }
  }
  const settings = (picking as z.infer<typeof deepLinking>)[CLAIM.deepLinking]
  return {
    ...shared,
    type: 'LtiDeepLinkingRequest',
    settings: {
      returnUrl: settings.deep_link_return_url,
      data: settings.data ?? null,
      acceptTypes: settings.accept_types,
      acceptMultiple: settings.accept_multiple,
      acceptLineItem: settings.accept_lineitem,
      acceptTargets: settings.accept_presentation_document_targets,
    },
  }
}
