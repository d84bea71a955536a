import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { ltiDeployment, ltiPlatform } from '../schema/index.ts'

export type LtiPlatformRow = typeof ltiPlatform.$inferSelect
export type LtiPlatform = LtiPlatformRow & { readonly deploymentIds: readonly string[] }
type Settings = Pick<
  LtiPlatformRow,
  'name' | 'issuer' | 'clientId' | 'authUrl' | 'tokenUrl' | 'jwksUrl' | 'tokenAudience' | 'frameOrigins' | 'instructorRole'
>

export function ltiPlatformsOf(db: Db, organisationId: string) {
  const ours = eq(ltiPlatform.organisationId, organisationId)
  const one = (id: string) => and(ours, eq(ltiPlatform.id, id))

  async function withDeployments(rows: LtiPlatformRow[]): Promise<LtiPlatform[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const found = await db
      .select()
      .from(ltiDeployment)
      .where(inArray(ltiDeployment.platformId, ids))
      .orderBy(ltiDeployment.createdAt, ltiDeployment.deploymentId)
      .all()
    const of = (id: string) => found.filter(({ platformId }) => platformId === id).map(({ deploymentId }) => deploymentId)
    return rows.map((row) => ({ ...row, deploymentIds: of(row.id) }))
  }
  const deployments = (platformId: string, ids: readonly string[], now: number) =>
    ids.map((deploymentId) => db.insert(ltiDeployment).values({ platformId, deploymentId, createdAt: now }).onConflictDoNothing())

  return {
    list: async () => withDeployments(await db.select().from(ltiPlatform).where(ours).orderBy(ltiPlatform.createdAt).all()),
    find: async (id: string): Promise<LtiPlatform | undefined> =>
      (await withDeployments(await db.select().from(ltiPlatform).where(one(id)).all()))[0],
    /** Several clients of one issuer may be registered: a platform that does not say which one it is has to have only one. */
    byIssuer: async (issuer: string, clientId: string | undefined): Promise<LtiPlatform[]> => {
      const where = and(
        ours,
        eq(ltiPlatform.issuer, issuer),
        clientId === undefined ? undefined : eq(ltiPlatform.clientId, clientId),
      )
      return withDeployments(await db.select().from(ltiPlatform).where(where).all())
    },
    /** False: this client of this issuer is registered already. */
    async insert(row: Settings & { id: string; createdBy: string; createdAt: number }, ids: readonly string[]): Promise<boolean> {
      const values = { ...row, organisationId, lastLaunchAt: null }
      const made = await db.insert(ltiPlatform).values(values).onConflictDoNothing().returning({ id: ltiPlatform.id })
      if (made.length === 0) return false
      const [first, ...rest] = deployments(row.id, ids, row.createdAt)
      if (first !== undefined) await db.batch([first, ...rest])
      return true
    },
    /** All settings at once. The caller has seen that the platform is of this organisation. */
    async update(id: string, set: Partial<Settings>, ids: readonly string[] | undefined, now: number): Promise<void> {
      if (Object.keys(set).length > 0) await db.update(ltiPlatform).set(set).where(one(id))
      if (ids === undefined || (await db.select({ id: ltiPlatform.id }).from(ltiPlatform).where(one(id)).get()) === undefined)
        return
      await db.batch([db.delete(ltiDeployment).where(eq(ltiDeployment.platformId, id)), ...deployments(id, ids, now)])
    },
    remove: async (id: string): Promise<boolean> =>
      (await db.delete(ltiPlatform).where(one(id)).returning({ id: ltiPlatform.id })).length > 0,
    launched: (id: string, now: number) => db.update(ltiPlatform).set({ lastLaunchAt: now }).where(one(id)),
  }
}
