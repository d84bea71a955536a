import { and, count, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { course, courseGroup, enrolment, groupMember, membership, person } from '../schema/index.ts'

export type CourseRow = typeof course.$inferSelect
export type EnrolmentRow = typeof enrolment.$inferSelect
export type CourseRole = EnrolmentRow['role']
export type NewEnrolment = { readonly personId: string; readonly role: CourseRole; readonly now: number }

/** Ids of courses of the organisation, for rows that hang on a course: another tenant's course is none. */
export const courseOf = (db: Db, organisationId: string, courseId: string) =>
  db
    .select({ id: course.id })
    .from(course)
    .where(and(eq(course.organisationId, organisationId), eq(course.id, courseId)))

export function coursesOf(db: Db, organisationId: string) {
  const one = (id: string, ...also: (SQL | undefined)[]) =>
    and(eq(course.organisationId, organisationId), eq(course.id, id), ...also)
  const inCourse = (courseId: string, personId: string) =>
    and(inArray(enrolment.courseId, courseOf(db, organisationId, courseId)), eq(enrolment.personId, personId))
  const students = sql<number>`(select count(*) from ${enrolment} where ${enrolment.courseId} = ${course.id} and ${enrolment.role} = 'student')`

  /** Only members of the organisation, and only into its courses. Who is in the course already keeps their part. */
  const enrol = (courseId: string, { personId, role, now }: NewEnrolment) =>
    db
      .insert(enrolment)
      .select(
        db
          .select({
            courseId: course.id,
            personId: membership.personId,
            role: sql<CourseRole>`${role}`.as('role'),
            createdAt: sql<number>`${now}`.as('created_at'),
            extraMinutes: sql<number>`0`.as('extra_minutes'),
            extraPercent: sql<number>`0`.as('extra_percent'),
          })
          .from(course)
          .innerJoin(membership, and(eq(membership.organisationId, course.organisationId), eq(membership.personId, personId)))
          .where(one(courseId)),
      )
      .onConflictDoNothing()

  return {
    /** All of the organisation, or with a person only those that they are in; newest first. */
    list(personId?: string) {
      const fields = { course, role: enrolment.role, students: students.as('students') }
      const mine = and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId ?? ''))
      return db
        .select(fields)
        .from(course)
        .leftJoin(enrolment, mine)
        .where(
          and(
            eq(course.organisationId, organisationId),
            personId === undefined ? undefined : sql`${enrolment.personId} is not null and ${course.archivedAt} is null`,
          ),
        )
        .orderBy(desc(course.createdAt), desc(course.id))
        .all()
    },
    /** The course, and which part a person has in it. */
    find: (id: string, personId: string) =>
      db
        .select({ course, role: enrolment.role })
        .from(course)
        .leftJoin(enrolment, and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId)))
        .where(one(id))
        .get(),
    insert: (row: Omit<typeof course.$inferInsert, 'organisationId'>) => db.insert(course).values({ ...row, organisationId }),
    update: (id: string, set: Partial<Pick<CourseRow, 'title' | 'joinCode' | 'archivedAt'>>) =>
      db.update(course).set(set).where(one(id)),

    /** Students first, then by name. Whoever has left the organisation is not among them. */
    people: (courseId: string) =>
      db
        .select({
          id: person.id,
          name: person.name,
          role: enrolment.role,
          extraMinutes: enrolment.extraMinutes,
          extraPercent: enrolment.extraPercent,
          createdAt: enrolment.createdAt,
        })
        .from(enrolment)
        .innerJoin(person, eq(person.id, enrolment.personId))
        .innerJoin(membership, and(eq(membership.personId, person.id), eq(membership.organisationId, organisationId)))
        .where(inArray(enrolment.courseId, courseOf(db, organisationId, courseId)))
        .orderBy(sql`case ${enrolment.role} when 'student' then 0 when 'assistant' then 1 else 2 end`, person.name, person.id)
        .all(),
    /** Members of the organisation who are not in the course. */
    others: (courseId: string) =>
      db
        .select({ id: person.id, name: person.name, role: membership.role })
        .from(membership)
        .innerJoin(person, eq(person.id, membership.personId))
        .leftJoin(enrolment, and(eq(enrolment.personId, person.id), eq(enrolment.courseId, courseId)))
        .where(and(eq(membership.organisationId, organisationId), isNull(enrolment.personId)))
        .orderBy(person.name, person.id)
        .all(),
    personIn: (courseId: string, personId: string) => db.select().from(enrolment).where(inCourse(courseId, personId)).get(),
    countStudents: async (courseId: string) =>
      (
        await db
          .select({ n: count() })
          .from(enrolment)
          .where(and(inArray(enrolment.courseId, courseOf(db, organisationId, courseId)), eq(enrolment.role, 'student')))
          .get()
      )?.n ?? 0,
    /** False: no such member, or in the course already. */
    async enrol(courseId: string, row: NewEnrolment): Promise<boolean> {
      return (await enrol(courseId, row).returning({ id: enrolment.personId })).length > 0
    },
    /** For a batch with other statements. */
    enrolling: enrol,
    async updatePerson(
      courseId: string,
      personId: string,
      set: Partial<Pick<EnrolmentRow, 'role' | 'extraMinutes' | 'extraPercent'>>,
    ) {
      const done = await db.update(enrolment).set(set).where(inCourse(courseId, personId)).returning({ id: enrolment.personId })
      return done.length > 0
    },
    /** False: they were not in it. Their groups of the course lose them too. */
    async removePerson(courseId: string, personId: string): Promise<boolean> {
      const [, gone] = await db.batch([
        db.delete(groupMember).where(
          and(
            eq(groupMember.personId, personId),
            inArray(
              groupMember.groupId,
              db
                .select({ id: courseGroup.id })
                .from(courseGroup)
                .where(inArray(courseGroup.courseId, courseOf(db, organisationId, courseId))),
            ),
          ),
        ),
        db.delete(enrolment).where(inCourse(courseId, personId)).returning({ id: enrolment.personId }),
      ])
      return gone.length > 0
    },
  }
}
