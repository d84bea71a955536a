import type { Context } from 'hono'
import type { TenantDb } from './db/tenant/index.ts'
import type { AppEnv } from './env.ts'

/** What something was done to. The name is what a person calls it; never a secret. */
export type AuditObject = { readonly kind: string; readonly id: string; readonly name?: string }

/** The network address of whoever asks, as the edge saw it. */
export const addressOf = (c: Context): string => c.req.header('cf-connecting-ip') ?? 'local'

/**
 * Notes that the caller of this route has done something: `await audit(c, 'member.removed', { kind: 'person', id, name })`.
 * Called after it is done; `detail` says what else a reader would ask, in words.
 */
export async function audit(c: Context<AppEnv>, action: string, object: AuditObject, detail = ''): Promise<void> {
  const { id, name, via } = c.get('actor')
  await auditAs(c, c.get('tenant'), { id, name, via }, action, object, detail)
}

/** For what is done before there is a caller, or by none: signing in, an operator, a sweep. */
export async function auditAs(
  c: Context<AppEnv> | null,
  tenant: TenantDb,
  by: { readonly id: string; readonly name: string; readonly via: 'session' | 'key' | 'operator' | 'system' },
  action: string,
  object: AuditObject,
  detail = '',
): Promise<void> {
  await tenant.audit.add({
    at: Date.now(),
    actorId: by.id,
    actorName: by.name,
    via: by.via,
    action,
    objectKind: object.kind,
    objectId: object.id,
    objectName: object.name ?? '',
    detail,
    address: c === null ? '' : addressOf(c),
  })
}
