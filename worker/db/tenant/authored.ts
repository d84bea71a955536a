import { and, desc, eq, exists, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { authoredDraft, authoredLab, authoredTrial, authoredVersion, type Solution } from '../schema/index.ts'

export type { Solution } from '../schema/index.ts'

/** What a lab is made of, as it is written. */
export type LabTexts = { readonly definition: string; readonly brief: string; readonly solutions: readonly Solution[] }
export type AuthoredLab = typeof authoredLab.$inferSelect
export type AuthoredDraft = typeof authoredDraft.$inferSelect
export type AuthoredVersion = typeof authoredVersion.$inferSelect
export type AuthoredState = AuthoredLab['state']
type Saved = LabTexts & Pick<AuthoredDraft, 'savedBy' | 'savedByName' | 'savedAt'>
type Headline = Pick<AuthoredLab, 'title' | 'summary'>

/** Labs that the organisation writes: drafts that change, versions that never do. */
export function authoredOf(db: Db, organisationId: string) {
  const ours = (...also: (SQL | undefined)[]) => and(eq(authoredLab.organisationId, organisationId), ...also)
  const one = (id: string) => ours(eq(authoredLab.id, id))
  /** For tables that hang on the lab. */
  const isOurs = (id: string) => exists(db.select({ one: sql`1` }).from(authoredLab).where(one(id)))
  const draftOf = (id: string) => and(eq(authoredDraft.labId, id), isOurs(id))
  const versionsOf = (...also: (SQL | undefined)[]) => and(eq(authoredVersion.organisationId, organisationId), ...also)
  const headOfVersion = {
    id: authoredVersion.id,
    labId: authoredVersion.labId,
    number: authoredVersion.number,
    title: authoredVersion.title,
    summary: authoredVersion.summary,
    sha256: authoredVersion.sha256,
    note: authoredVersion.note,
    publishedByName: authoredVersion.publishedByName,
    publishedAt: authoredVersion.publishedAt,
  }

  return {
    /** Without texts, the last changed first. */
    list: (states: readonly AuthoredState[], limit: number) =>
      db
        .select({ lab: authoredLab, revision: authoredDraft.revision })
        .from(authoredLab)
        .leftJoin(authoredDraft, eq(authoredDraft.labId, authoredLab.id))
        .where(ours(inArray(authoredLab.state, [...states])))
        .orderBy(desc(authoredLab.updatedAt), desc(authoredLab.id))
        .limit(limit)
        .all(),
    count: async () =>
      (
        await db
          .select({ n: sql<number>`count(*)` })
          .from(authoredLab)
          .where(ours(ne(authoredLab.state, 'deleted')))
          .get()
      )?.n ?? 0,
    /** The newest version of each lab, without its texts. */
    latest: () =>
      db
        .select(headOfVersion)
        .from(authoredVersion)
        .where(
          versionsOf(
            sql`${authoredVersion.number} = (select max(v.number) from ${authoredVersion} v where v.lab_id = ${authoredVersion.labId})`,
          ),
        )
        .all(),

    find: (id: string) =>
      db
        .select({ lab: authoredLab, draft: authoredDraft })
        .from(authoredLab)
        .leftJoin(authoredDraft, eq(authoredDraft.labId, authoredLab.id))
        .where(one(id))
        .get(),

    insert: (row: Omit<AuthoredLab, 'organisationId'>, draft: Saved) =>
      db.batch([
        db.insert(authoredLab).values({ ...row, organisationId }),
        db.insert(authoredDraft).values({ ...draft, labId: row.id, revision: 1 }),
      ]),

    /** Only over the revision that its writer has read; false: somebody else was faster, and nothing is changed. */
    async saveDraft(id: string, revision: number, draft: Saved, headline: Headline): Promise<boolean> {
      const saved = await db
        .update(authoredDraft)
        .set({ ...draft, revision: revision + 1 })
        .where(and(draftOf(id), eq(authoredDraft.revision, revision)))
        .returning({ labId: authoredDraft.labId })
      if (saved.length === 0) return false
      await db
        .update(authoredLab)
        .set({ ...headline, updatedAt: draft.savedAt })
        .where(one(id))
      return true
    },
    /** Where there is none any more; false: somebody else has made one. */
    async newDraft(id: string, draft: Saved, revision: number, state: AuthoredState, headline: Headline): Promise<boolean> {
      const [made] = await db.batch([
        db
          .insert(authoredDraft)
          .select(
            sql`select ${id}, ${revision}, ${draft.definition}, ${draft.brief}, ${JSON.stringify(draft.solutions)}, ${draft.savedBy}, ${draft.savedByName}, ${draft.savedAt}
              where ${isOurs(id)}`,
          )
          .onConflictDoNothing()
          .returning({ labId: authoredDraft.labId }),
        db
          .update(authoredLab)
          .set({ ...headline, state, updatedAt: draft.savedAt })
          .where(and(one(id), eq(authoredLab.state, 'deleted'))),
      ])
      return made.length === 1
    },
    setState: (id: string, state: AuthoredState, updatedAt: number) =>
      db.update(authoredLab).set({ state, updatedAt }).where(one(id)),
    /** The draft goes; versions stay, and with none of them nothing of the lab does. */
    remove: (id: string, updatedAt: number) =>
      db.batch([
        db.delete(authoredDraft).where(draftOf(id)),
        db
          .delete(authoredLab)
          .where(
            and(one(id), sql`not exists (select 1 from ${authoredVersion} where ${authoredVersion.labId} = ${authoredLab.id})`),
          ),
        db.update(authoredLab).set({ state: 'deleted', updatedAt }).where(one(id)),
      ]),

    versions: (id: string) =>
      db
        .select(headOfVersion)
        .from(authoredVersion)
        .where(versionsOf(eq(authoredVersion.labId, id)))
        .orderBy(desc(authoredVersion.number))
        .all(),
    versionOf: (id: string, number: number) =>
      db
        .select()
        .from(authoredVersion)
        .where(versionsOf(eq(authoredVersion.labId, id), eq(authoredVersion.number, number)))
        .get(),
    /** What an assignment is made of. `state` says whether the lab may still be picked. */
    version: (versionId: string) =>
      db
        .select({ version: authoredVersion, state: authoredLab.state })
        .from(authoredVersion)
        .innerJoin(authoredLab, eq(authoredLab.id, authoredVersion.labId))
        .where(versionsOf(eq(authoredVersion.id, versionId)))
        .get(),
    /** False: somebody else has published that number. */
    async publish(row: Omit<AuthoredVersion, 'organisationId'>): Promise<boolean> {
      const made = await db
        .insert(authoredVersion)
        .values({ ...row, organisationId })
        .onConflictDoNothing()
        .returning({ id: authoredVersion.id })
      if (made.length === 0) return false
      await db.update(authoredLab).set({ state: 'published', updatedAt: row.publishedAt }).where(one(row.labId))
      return true
    },

    trialOf: (id: string, actorId: string) =>
      db
        .select()
        .from(authoredTrial)
        .where(and(eq(authoredTrial.labId, id), eq(authoredTrial.actorId, actorId), isOurs(id)))
        .get(),
    setTrial: (row: typeof authoredTrial.$inferInsert) => {
      const { labId, actorId, ...set } = row
      return db
        .insert(authoredTrial)
        .values({ labId, actorId, ...set })
        .onConflictDoUpdate({ target: [authoredTrial.labId, authoredTrial.actorId], set })
    },
  }
}
