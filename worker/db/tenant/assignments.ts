import { and, desc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { assignment, copy, course, courseGroup, enrolment, extension, groupMember, person } from '../schema/index.ts'

export type { LatePolicy } from '../schema/courses.ts'

export type AssignmentRow = typeof assignment.$inferSelect
export type ExtensionRow = typeof extension.$inferSelect
/** Texts are large, and most questions do not need them. */
export type AssignmentHead = Omit<AssignmentRow, 'definition' | 'labBrief' | 'rubric' | 'brief'>

const { definition: _definition, labBrief: _labBrief, rubric: _rubric, brief: _brief, ...head } = getTableColumns(assignment)

export const assignmentOf = (db: Db, organisationId: string, id: string) =>
  db
    .select({ id: assignment.id })
    .from(assignment)
    .where(and(eq(assignment.organisationId, organisationId), eq(assignment.id, id)))

export function assignmentsOf(db: Db, organisationId: string) {
  const one = (id: string) => and(eq(assignment.organisationId, organisationId), eq(assignment.id, id))
  const extensionOf = (id: string, personId: string) =>
    and(inArray(extension.assignmentId, assignmentOf(db, organisationId, id)), eq(extension.personId, personId))
  const listed = (...which: (SQL | undefined)[]) =>
    db
      .select({ ...head, courseTitle: course.title })
      .from(assignment)
      .innerJoin(course, eq(course.id, assignment.courseId))
      .where(and(eq(assignment.organisationId, organisationId), ...which))
      .orderBy(sql`coalesce(${assignment.dueAt}, 9e15)`, desc(assignment.createdAt), assignment.id)

  return {
    list: (courseId: string) => listed(eq(assignment.courseId, courseId)).all(),
    /** What a student has to do, in all courses. */
    listFor: (personId: string) =>
      listed(
        eq(assignment.state, 'published'),
        sql`${course.archivedAt} is null`,
        inArray(
          assignment.courseId,
          db
            .select({ id: enrolment.courseId })
            .from(enrolment)
            .where(and(eq(enrolment.personId, personId), eq(enrolment.role, 'student'))),
        ),
      ).all(),
    /** With the part that a person has in its course. */
    find: (id: string, personId: string) =>
      db
        .select({
          assignment: head,
          courseTitle: course.title,
          archivedAt: course.archivedAt,
          role: enrolment.role,
        })
        .from(assignment)
        .innerJoin(course, eq(course.id, assignment.courseId))
        .leftJoin(enrolment, and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId)))
        .where(one(id))
        .get(),
    /** With its texts. */
    read: (id: string) => db.select().from(assignment).where(one(id)).get(),
    insert: (row: Omit<typeof assignment.$inferInsert, 'organisationId'>) =>
      db.insert(assignment).values({ ...row, organisationId }),
    update: (id: string, set: Partial<Omit<AssignmentRow, 'id' | 'organisationId' | 'courseId'>>) =>
      db.update(assignment).set(set).where(one(id)),
    /** Only what nobody has opened. */
    async remove(id: string): Promise<boolean> {
      const unused = sql`not exists (select 1 from ${copy} where ${copy.assignmentId} = ${assignment.id})`
      return (
        (
          await db
            .delete(assignment)
            .where(and(one(id), unused))
            .returning({ id: assignment.id })
        ).length > 0
      )
    },
    hasCopies: async (id: string) =>
      (await db
        .select({ id: copy.id })
        .from(copy)
        .where(inArray(copy.assignmentId, assignmentOf(db, organisationId, id)))
        .limit(1)
        .get()) !== undefined,

    extensions: (id: string) =>
      db
        .select({ ...getTableColumns(extension), personName: person.name })
        .from(extension)
        .innerJoin(person, eq(person.id, extension.personId))
        .where(inArray(extension.assignmentId, assignmentOf(db, organisationId, id)))
        .orderBy(person.name)
        .all(),
    /** Only for students of the assignment's course; false: they are none. */
    async extend(id: string, row: Omit<ExtensionRow, 'assignmentId'>): Promise<boolean> {
      const { personId, dueAt, extraAttempts, reason, createdBy, createdAt } = row
      const made = await db
        .insert(extension)
        .select(
          db
            .select({
              assignmentId: assignment.id,
              personId: enrolment.personId,
              dueAt: sql<number | null>`${dueAt}`.as('due_at'),
              extraAttempts: sql<number>`${extraAttempts}`.as('extra_attempts'),
              reason: sql<string>`${reason}`.as('reason'),
              createdBy: sql<string>`${createdBy}`.as('created_by'),
              createdAt: sql<number>`${createdAt}`.as('created_at'),
            })
            .from(assignment)
            .innerJoin(
              enrolment,
              and(eq(enrolment.courseId, assignment.courseId), eq(enrolment.personId, personId), eq(enrolment.role, 'student')),
            )
            .where(one(id)),
        )
        .onConflictDoUpdate({
          target: [extension.assignmentId, extension.personId],
          set: { dueAt, extraAttempts, reason, createdBy, createdAt },
        })
        .returning({ id: extension.personId })
      return made.length > 0
    },
    async endExtension(id: string, personId: string): Promise<boolean> {
      return (await db.delete(extension).where(extensionOf(id, personId)).returning({ id: extension.personId })).length > 0
    },

    /** The group of a person in a course, with all who are in it. */
    groupOf: (courseId: string, personId: string) =>
      db
        .select({ id: courseGroup.id, name: courseGroup.name, personId: person.id, personName: person.name })
        .from(courseGroup)
        .innerJoin(course, and(eq(course.id, courseGroup.courseId), eq(course.organisationId, organisationId)))
        .innerJoin(groupMember, eq(groupMember.groupId, courseGroup.id))
        .innerJoin(person, eq(person.id, groupMember.personId))
        .where(
          and(
            eq(courseGroup.courseId, courseId),
            inArray(
              courseGroup.id,
              db.select({ id: groupMember.groupId }).from(groupMember).where(eq(groupMember.personId, personId)),
            ),
          ),
        )
        .orderBy(person.name)
        .all(),
    /** What moves the dates of some people: extensions and extra minutes. */
    moreTime: (id: string, personIds: readonly string[]) =>
      db
        .select({
          personId: enrolment.personId,
          extraMinutes: enrolment.extraMinutes,
          extraPercent: enrolment.extraPercent,
          dueAt: extension.dueAt,
          extraAttempts: extension.extraAttempts,
          reason: extension.reason,
        })
        .from(assignment)
        .innerJoin(enrolment, eq(enrolment.courseId, assignment.courseId))
        .leftJoin(extension, and(eq(extension.assignmentId, assignment.id), eq(extension.personId, enrolment.personId)))
        .where(and(one(id), inArray(enrolment.personId, [...personIds])))
        .all(),
  }
}
