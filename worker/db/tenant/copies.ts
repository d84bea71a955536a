import { and, eq, getTableColumns, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../database.ts'
import {
  assignment,
  copy,
  copyProgress,
  course,
  courseGroup,
  enrolment,
  groupMember,
  lab,
  person,
  submission,
} from '../schema/index.ts'
import { assignmentOf } from './assignments.ts'
import type { LabRow } from './labs.ts'

export type { CheckStanding } from '../schema/courses.ts'
export type CopyRow = typeof copy.$inferSelect
export type ProgressRow = typeof copyProgress.$inferSelect

/** A row of literals, so that it can be inserted on a condition. */
const literal = <T>(value: T, name: string) => sql<T>`${value}`.as(name)

/** All columns of a row as literals, in the order of the table. */
function literals<T extends typeof lab>(table: T, row: T['$inferSelect']) {
  const columns = Object.entries(getTableColumns(table)) as [keyof typeof row & string, SQLiteColumn][]
  const fields = columns.map(([key, column]) => [key, sql`${sql.param(row[key], column)}`.as(column.name)])
  return Object.fromEntries(fields) as { [K in keyof typeof row]: SQL.Aliased<(typeof row)[K]> }
}

/** What is written at most once a minute. */
const MINUTE = 60_000

export function copiesOf(db: Db, organisationId: string) {
  const ours = inArray(
    copy.assignmentId,
    db.select({ id: assignment.id }).from(assignment).where(eq(assignment.organisationId, organisationId)),
  )
  const one = (id: string) => and(ours, eq(copy.id, id))

  /** The row of a lab for a copy, inserted only if the copy has the lab that it is believed to have. */
  const insertLab = (row: LabRow, condition: ReturnType<typeof sql>) =>
    db.insert(lab).select(
      db
        .select(literals(lab, row))
        .from(assignment)
        .where(
          and(eq(assignment.organisationId, organisationId), eq(assignment.id, row.assignmentId ?? ''), sql`(${condition})`),
        ),
    )

  return {
    /**
     * All that opening asks, in one statement: the assignment without its texts, the person's part in its course, their group
     * there, their copy or their group's, and the lab of it.
     */
    async standing(assignmentId: string, personId: string) {
      const group = sql<string | null>`(select ${groupMember.groupId} from ${groupMember}
        inner join ${courseGroup} on ${courseGroup.id} = ${groupMember.groupId}
        where ${groupMember.personId} = ${personId} and ${courseGroup.courseId} = ${assignment.courseId} limit 1)`
      const holder = sql`case when ${assignment.forGroups} then 'group:' || ${group} else ${`person:${personId}`} end`
      return db
        .select({
          assignment: {
            id: assignment.id,
            courseId: assignment.courseId,
            title: assignment.title,
            state: assignment.state,
            opensAt: assignment.opensAt,
            variants: assignment.variants,
            forGroups: assignment.forGroups,
            seedSecret: assignment.seedSecret,
            catalogueSlug: assignment.catalogueSlug,
            templateLabId: assignment.templateLabId,
            updatedAt: assignment.updatedAt,
          },
          archivedAt: course.archivedAt,
          role: enrolment.role,
          groupId: group.as('group_id'),
          copy,
          lab,
        })
        .from(assignment)
        .innerJoin(course, eq(course.id, assignment.courseId))
        .leftJoin(enrolment, and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId)))
        .leftJoin(copy, and(eq(copy.assignmentId, assignment.id), eq(copy.holder, holder)))
        .leftJoin(lab, and(eq(lab.id, copy.labId), eq(lab.organisationId, organisationId)))
        .where(and(eq(assignment.organisationId, organisationId), eq(assignment.id, assignmentId)))
        .get()
    },
    ofHolder: (assignmentId: string, holder: string) =>
      db
        .select({ copy, lab })
        .from(copy)
        .leftJoin(lab, eq(lab.id, copy.labId))
        .where(and(ours, eq(copy.assignmentId, assignmentId), eq(copy.holder, holder)))
        .get(),
    ofLab: (labId: string) =>
      db
        .select()
        .from(copy)
        .where(and(ours, eq(copy.labId, labId)))
        .get(),
    /** Whose lab it is, by name: a copy, the one before it, or what was handed in of one. */
    async holderName(labId: string): Promise<string | null> {
      const name = sql<string | null>`coalesce((select ${person.name} from ${person} where ${person.id} = ${copy.personId}),
        (select ${courseGroup.name} from ${courseGroup} where ${courseGroup.id} = ${copy.groupId}))`
      const handedIn = db.select({ id: submission.copyId }).from(submission).where(eq(submission.labId, labId))
      const found = await db
        .select({ name: name.as('holder_name') })
        .from(copy)
        .where(and(ours, or(eq(copy.labId, labId), eq(copy.previousLabId, labId), inArray(copy.id, handedIn))))
        .get()
      return found?.name ?? null
    },
    list: (assignmentId: string) =>
      db
        .select({
          ...getTableColumns(copy),
          lab: { state: lab.state, objectId: lab.objectId, jurisdiction: lab.jurisdiction },
          progress: copyProgress,
        })
        .from(copy)
        .leftJoin(lab, eq(lab.id, copy.labId))
        .leftJoin(copyProgress, eq(copyProgress.copyId, copy.id))
        .where(inArray(copy.assignmentId, assignmentOf(db, organisationId, assignmentId)))
        .all(),

    /**
     * The first copy of a holder with the lab that is to be made for it, both or neither. False: somebody was sooner.
     */
    async claim(row: Omit<typeof copy.$inferInsert, 'labId'>, labRow: LabRow): Promise<boolean> {
      const none = sql`not exists (select 1 from ${copy} where ${copy.assignmentId} = ${row.assignmentId} and ${copy.holder} = ${row.holder})`
      const [, made] = await db.batch([
        insertLab(labRow, none),
        db
          .insert(copy)
          .select(
            db
              .select({
                id: literal(row.id, 'id'),
                assignmentId: literal(row.assignmentId, 'assignment_id'),
                holder: literal(row.holder, 'holder'),
                personId: literal(row.personId ?? null, 'person_id'),
                groupId: literal(row.groupId ?? null, 'group_id'),
                labId: lab.id,
                seed: literal(row.seed, 'seed'),
                createdAt: literal(row.createdAt, 'created_at'),
                lastActiveAt: literal(row.lastActiveAt, 'last_active_at'),
                previousLabId: literal(null as string | null, 'previous_lab_id'),
              })
              .from(lab)
              .where(and(eq(lab.organisationId, organisationId), eq(lab.id, labRow.id))),
          )
          .returning({ id: copy.id }),
      ])
      return made.length > 0
    },
    /** Another lab for a copy, if it still has the one that is believed; with `keep`, that one can be gone back to. */
    async change(id: string, from: string | null, labRow: LabRow, keep: boolean): Promise<boolean> {
      const still = sql`select 1 from ${copy} where ${copy.id} = ${id} and ${copy.labId} is ${from}`
      const [, changed] = await db.batch([
        insertLab(labRow, sql`exists (${still})`),
        db
          .update(copy)
          .set({ labId: labRow.id, ...(keep && { previousLabId: from }) })
          .where(and(one(id), sql`${copy.labId} is ${from}`, sql`exists (select 1 from ${lab} where ${lab.id} = ${labRow.id})`))
          .returning({ id: copy.id }),
      ])
      return changed.length > 0
    },
    /** Back to the lab before, and that lab in its place. */
    async swap(id: string): Promise<boolean> {
      const back = db
        .update(copy)
        .set({ labId: sql`${copy.previousLabId}`, previousLabId: sql`${copy.labId}` })
        .where(and(one(id), sql`${copy.previousLabId} is not null`))
      return (await back.returning({ id: copy.id })).length > 0
    },
    /** The lab could not be made: whoever opens next makes another. */
    release: (id: string, labId: string) =>
      db
        .update(copy)
        .set({ labId: null })
        .where(and(one(id), eq(copy.labId, labId))),
    restore: (id: string, labId: string, previous: string | null) =>
      db
        .update(copy)
        .set({ labId: previous, previousLabId: null })
        .where(and(one(id), eq(copy.labId, labId))),

    /** At most once a minute, whoever asks how often. */
    touch: (which: { readonly labId: string } | { readonly id: string }, now: number) =>
      db
        .update(copy)
        .set({ lastActiveAt: now })
        .where(
          and(ours, 'id' in which ? eq(copy.id, which.id) : eq(copy.labId, which.labId), lt(copy.lastActiveAt, now - MINUTE)),
        ),
    progress: (id: string) =>
      db
        .select()
        .from(copyProgress)
        .where(inArray(copyProgress.copyId, db.select({ id: copy.id }).from(copy).where(one(id))))
        .get(),
    /** Only of a copy that this tenant has. */
    saveProgress(id: string, set: Partial<Omit<ProgressRow, 'copyId'>>) {
      const row = { checks: [] as ProgressRow['checks'], failingTimes: 0, ...set }
      return db
        .insert(copyProgress)
        .select(
          db
            .select({
              copyId: copy.id,
              checks: sql<ProgressRow['checks']>`${JSON.stringify(row.checks)}`.as('checks'),
              checkedAt: literal(row.checkedAt ?? null, 'checked_at'),
              progressAt: literal(row.progressAt ?? null, 'progress_at'),
              askedAt: literal(row.askedAt ?? null, 'asked_at'),
              failingLine: literal(row.failingLine ?? null, 'failing_line'),
              failingSince: literal(row.failingSince ?? null, 'failing_since'),
              failingTimes: literal(row.failingTimes, 'failing_times'),
            })
            .from(copy)
            .where(one(id)),
        )
        .onConflictDoUpdate({ target: copyProgress.copyId, set })
    },
    /** People of a holder who are students of the course now. */
    members: (courseId: string, groupId: string) =>
      db
        .select({ personId: groupMember.personId })
        .from(groupMember)
        .innerJoin(courseGroup, eq(courseGroup.id, groupMember.groupId))
        .innerJoin(course, and(eq(course.id, courseGroup.courseId), eq(course.organisationId, organisationId)))
        .where(and(eq(groupMember.groupId, groupId), eq(course.id, courseId)))
        .all(),
    /** Labs of an assignment that have not gone, for when it ends. */
    labs: (assignmentId: string) =>
      db
        .select()
        .from(lab)
        .where(
          and(
            eq(lab.organisationId, organisationId),
            eq(lab.assignmentId, assignmentId),
            or(ne(lab.state, 'tombstone'), isNull(lab.destroyedAt)),
          ),
        )
        .all(),
  }
}
