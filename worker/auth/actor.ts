export const roles = ['observer', 'student', 'assistant', 'teacher', 'owner'] as const
export type Role = (typeof roles)[number]

/** What a key may be given. */
export const keyScopes = [
  ...(['labs:read', 'labs:write', 'labs:check'] as const),
  ...(['courses:read', 'courses:write', 'grades:read', 'grades:write'] as const),
] as const
export type KeyScope = (typeof keyScopes)[number]
/** People's and keys' administration is for signed-in people only: no key can be given that scope. */
export type Scope = KeyScope | 'organisation:write'
export const everyScope: readonly Scope[] = [...keyScopes, 'organisation:write']

/** Who is asking, in which organisation. */
export type Actor = {
  readonly organisationId: string
  readonly organisationName: string
  readonly jurisdiction: 'eu' | 'fedramp' | 'us' | null
  readonly id: string
  readonly name: string
  /** null: a key that acts for nobody; its scopes alone decide. */
  readonly role: Role | null
  readonly via: 'session' | 'key'
  /** How the session began; see own-proof.ts. */
  readonly way?: string
  readonly scopes: readonly Scope[]
}

/** A key acts for its person, or for itself. */
export const keyActorId = (key: { readonly id: string; readonly personId: string | null }) => key.personId ?? `key:${key.id}`

export const atLeast = (role: Role, wanted: Role) => roles.indexOf(role) >= roles.indexOf(wanted)

/** Both must agree: the key's scopes and the role of the person behind it. */
export function mayDo(actor: Actor, scope: Scope, role: Role): boolean {
  return actor.scopes.includes(scope) && (actor.role === null || atLeast(actor.role, role))
}
