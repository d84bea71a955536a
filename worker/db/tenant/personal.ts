import { and, count, eq, getTableColumns, inArray, ne, or, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../database.ts'
import { holderOf, isSecret, personalTables, rowsOf } from '../personal-columns.ts'
import {
  audit,
  authUser,
  authVerification,
  copy,
  erasure,
  identity,
  invitation,
  lab,
  labSocket,
  membership,
  person,
  submission,
  webhook,
  webhookDelivery,
} from '../schema/index.ts'

import { forgettingHolder } from './proofs.ts'

export type Alias = { readonly id: string; readonly name: string }

/** Everything that is known of one person in the organisation, to be handed out and to be erased. */
export function personalOf(db: Db, organisationId: string) {
  const ourLabs = eq(lab.organisationId, organisationId)

  return {
    /** By table, without what is secret. */
    async rows(personId: string): Promise<Record<string, unknown[]>> {
      const found: Record<string, unknown[]> = {}
      for (const one of personalTables) {
        const where = rowsOf(one, organisationId, personId)
        if (where === undefined) continue
        const columns = Object.fromEntries(Object.entries(getTableColumns(one.table)).filter(([, column]) => !isSecret(column)))
        const rows = await db.select(columns).from(one.table).where(where).limit(10_000).all()
        if (rows.length > 0) found[one.name] = rows
      }
      return found
    },

    /** Labs that are theirs alone: what they started, their copies and what they handed in. */
    labsOf: (personId: string) =>
      db
        .select()
        .from(lab)
        .where(
          and(
            ourLabs,
            ne(lab.state, 'tombstone'),
            or(
              and(eq(lab.createdBy, personId), inArray(lab.kind, ['own', 'trial'])),
              inArray(lab.id, sql`(select ${copy.labId} from ${copy} where ${copy.holder} = ${holderOf(personId)})`),
              inArray(
                lab.id,
                sql`(select ${submission.labId} from ${submission} where ${submission.holder} = ${holderOf(personId)})`,
              ),
            ),
          ),
        )
        .all(),

    /** What is still to be done in labs; done again until it is, whatever happens in between. */
    remember: (personId: string, alias: Alias, now: number) =>
      db.insert(erasure).select(
        sql`select ${organisationId}, ${lab.id}, ${personId}, ${alias.id}, ${alias.name}, ${now} from ${lab}
          where ${lab.organisationId} = ${organisationId} and ${lab.state} <> 'tombstone'`,
      ),
    /** Those first in which the person is known to have been: forks and submissions of them have their lines too. */
    remaining: (limit: number) =>
      db
        .select({ erasure, lab })
        .from(erasure)
        .innerJoin(lab, eq(lab.id, erasure.labId))
        .where(and(eq(erasure.organisationId, organisationId), ourLabs))
        .orderBy(
          sql`not exists (select 1 from ${labSocket} where ${labSocket.labId} = ${erasure.labId} and ${labSocket.actorId} in (${erasure.personId}, ${erasure.aliasId}))`,
        )
        .limit(limit)
        .all(),
    countRemaining: async () =>
      (await db.select({ n: count() }).from(erasure).where(eq(erasure.organisationId, organisationId)).get())?.n ?? 0,
    done: (labId: string, personId: string) =>
      db
        .delete(erasure)
        .where(and(eq(erasure.organisationId, organisationId), eq(erasure.labId, labId), eq(erasure.personId, personId))),

    /**
     * Takes the person out of all rows of the organisation, in one transaction. Who belongs to no other organisation is gone
     * altogether, address and password too.
     */
    async erase({ id: personId, name }: Alias, alias: Alias): Promise<{ readonly altogether: boolean }> {
      const elsewhere = await db
        .select({ id: membership.organisationId })
        .from(membership)
        .where(and(eq(membership.personId, personId), ne(membership.organisationId, organisationId)))
        .all()
      const altogether = elsewhere.length === 0
      const user = await db
        .select({ id: authUser.id, email: authUser.email })
        .from(identity)
        .innerJoin(authUser, eq(authUser.id, identity.userId))
        .where(eq(identity.personId, personId))
        .get()
      const email = user?.email ?? ''

      const audited = and(eq(audit.organisationId, organisationId), eq(audit.objectId, personId))
      const invited = and(
        eq(invitation.organisationId, organisationId),
        or(eq(invitation.acceptedBy, personId), email === '' ? undefined : eq(sql`lower(${invitation.email})`, email)),
      )
      const hooks = sql`(select ${webhook.id} from ${webhook} where ${webhook.organisationId} = ${organisationId})`
      const told = and(inArray(webhookDelivery.webhookId, hooks), sql`instr(${webhookDelivery.payload}, ${personId}) > 0`)
      const statements: BatchItem<'sqlite'>[] = [
        db.update(audit).set({ objectId: alias.id, objectName: alias.name, detail: '' }).where(audited),
        db
          .update(audit)
          .set({ address: '' })
          .where(and(eq(audit.organisationId, organisationId), eq(audit.actorId, personId))),
        // Entries about what they took or were sent name them.
        db
          .update(audit)
          .set({ objectName: alias.name })
          .where(
            and(
              eq(audit.organisationId, organisationId),
              inArray(audit.objectId, sql`(select ${invitation.id} from ${invitation} where ${invited})`),
            ),
          ),
        db.delete(invitation).where(invited),
        db.delete(webhookDelivery).where(told),
        forgettingHolder(db, organisationId, holderOf(personId)),
        // Entries about a course or a submission can say whose it was: by id, or by the name before a comma.
        db
          .update(audit)
          .set({ detail: sql`replace(replace(${audit.detail}, ${personId}, ${alias.id}), ${name}, ${alias.name})` })
          .where(and(eq(audit.organisationId, organisationId), sql`instr(${audit.detail}, ${personId}) > 0`)),
        db
          .update(audit)
          .set({ objectName: sql`replace(${audit.objectName}, ${name}, ${alias.name})` })
          .where(
            and(
              eq(audit.organisationId, organisationId),
              inArray(
                audit.objectId,
                sql`(select ${submission.id} from ${submission} where ${submission.organisationId} = ${organisationId} and ${submission.holder} = ${holderOf(personId)})`,
              ),
            ),
          ),
      ]
      for (const one of personalTables) {
        if (one.within === null || one.table === erasure) continue
        const ours = one.within(organisationId)
        const columns = Object.entries(getTableColumns(one.table))
        if (one.holder !== null) statements.push(db.delete(one.table).where(and(ours, eq(one.holder, holderOf(personId)))))
        for (const column of one.own) statements.push(db.delete(one.table).where(and(ours, eq(column, personId))))
        for (const { id, name } of one.mentions) {
          const keyOf = (column: SQLiteColumn) => columns.find(([, one]) => one === column)?.[0] ?? ''
          const set = { [keyOf(id)]: alias.id, ...(name !== null && { [keyOf(name)]: alias.name }) }
          statements.push(
            db
              .update(one.table)
              .set(set)
              .where(and(ours, eq(id, personId))),
          )
        }
      }
      if (altogether) {
        if (user !== undefined) {
          statements.push(db.delete(authVerification).where(sql`instr(${authVerification.value}, ${user.email}) > 0`))
          statements.push(db.delete(authUser).where(eq(authUser.id, user.id)))
        }
        statements.push(db.delete(person).where(eq(person.id, personId)))
      }
      const [first, ...rest] = statements
      if (first !== undefined) await db.batch([first, ...rest])
      return { altogether }
    },
  }
}
