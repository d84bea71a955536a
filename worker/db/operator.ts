import { eq, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { lab, membership, organisation } from './schema/index.ts'

// What only the operator of the installation and its sweeps ask: all tenants, and nothing of what is theirs.

export const allOrganisations = (db: Db) =>
  db
    .select({
      id: organisation.id,
      name: organisation.name,
      jurisdiction: organisation.jurisdiction,
      createdAt: organisation.createdAt,
      suspendedAt: organisation.suspendedAt,
      suspendedReason: organisation.suspendedReason,
      retentionDays: organisation.retentionDays,
      quotas: organisation.quotas,
      members: sql<number>`(select count(*) from ${membership} where ${membership.organisationId} = ${organisation.id})`,
      labs: sql<number>`(select count(*) from ${lab} where ${lab.organisationId} = ${organisation.id} and ${lab.state} <> 'tombstone')`,
    })
    .from(organisation)
    .orderBy(organisation.createdAt)
    .all()

export const findOrganisation = (db: Db, id: string) => db.select().from(organisation).where(eq(organisation.id, id)).get()

export const insertOrganisation = (db: Db, row: typeof organisation.$inferInsert) => db.insert(organisation).values(row)
