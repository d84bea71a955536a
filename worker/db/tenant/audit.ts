import { and, desc, eq, gte, like, lt, type SQL } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { audit } from '../schema/index.ts'

export type AuditRow = Omit<typeof audit.$inferInsert, 'id' | 'organisationId'>
export type AuditQuery = {
  readonly limit: number
  readonly before?: number
  readonly actorId?: string
  /** `member` finds `member.added` and its siblings. */
  readonly action?: string
  readonly objectId?: string
  readonly from?: number
  readonly to?: number
}

/** Who did what. There is no way to change a row but erasing a person, who then has no name in it. */
export const auditOf = (db: Db, organisationId: string) => ({
  add: (row: AuditRow) => db.insert(audit).values({ ...row, organisationId }),
  /** Newest first. */
  list(query: AuditQuery) {
    const where: (SQL | undefined)[] = [
      eq(audit.organisationId, organisationId),
      query.before === undefined ? undefined : lt(audit.id, query.before),
      query.actorId === undefined ? undefined : eq(audit.actorId, query.actorId),
      query.action === undefined ? undefined : like(audit.action, `${query.action}%`),
      query.objectId === undefined ? undefined : eq(audit.objectId, query.objectId),
      query.from === undefined ? undefined : gte(audit.at, query.from),
      query.to === undefined ? undefined : lt(audit.at, query.to),
    ]
    return db
      .select()
      .from(audit)
      .where(and(...where))
      .orderBy(desc(audit.id))
      .limit(query.limit)
      .all()
  },
})
