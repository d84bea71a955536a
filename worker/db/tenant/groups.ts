import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { course, courseGroup, enrolment, groupMember, person } from '../schema/index.ts'
import { courseOf } from './courses.ts'

/** Groups of a course. A student is in one group of a course at most: whoever comes into another leaves the first. */
export function groupsOf(db: Db, organisationId: string) {
  const inCourse = (courseId: string) => inArray(courseGroup.courseId, courseOf(db, organisationId, courseId))
  const one = (courseId: string, id: string) => and(inCourse(courseId), eq(courseGroup.id, id))

  const removing = (courseId: string, personIds: readonly string[]) =>
    db
      .delete(groupMember)
      .where(
        and(
          inArray(groupMember.groupId, db.select({ id: courseGroup.id }).from(courseGroup).where(inCourse(courseId))),
          inArray(groupMember.personId, [...personIds]),
        ),
      )
  /** Only students of the course. */
  const adding = (courseId: string, groupId: string, personId: string) =>
    db
      .insert(groupMember)
      .select(
        db
          .select({ groupId: courseGroup.id, personId: enrolment.personId })
          .from(courseGroup)
          .innerJoin(course, and(eq(course.id, courseGroup.courseId), eq(course.organisationId, organisationId)))
          .innerJoin(
            enrolment,
            and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId), eq(enrolment.role, 'student')),
          )
          .where(one(courseId, groupId)),
      )
      .onConflictDoNothing()
  const inserting = (row: { id: string; courseId: string; name: string; now: number }) =>
    db.insert(courseGroup).select(
      db
        .select({
          id: sql<string>`${row.id}`.as('id'),
          courseId: course.id,
          name: sql<string>`${row.name}`.as('name'),
          createdAt: sql<number>`${row.now}`.as('created_at'),
        })
        .from(course)
        .where(and(eq(course.organisationId, organisationId), eq(course.id, row.courseId))),
    )

  return {
    /** One row a member; a group without members has one without a person. */
    list: (courseId: string) =>
      db
        .select({ id: courseGroup.id, name: courseGroup.name, personId: person.id, personName: person.name })
        .from(courseGroup)
        .leftJoin(groupMember, eq(groupMember.groupId, courseGroup.id))
        .leftJoin(person, eq(person.id, groupMember.personId))
        .where(inCourse(courseId))
        .orderBy(courseGroup.name, courseGroup.id, person.name)
        .all(),
    find: (courseId: string, id: string) => db.select().from(courseGroup).where(one(courseId, id)).get(),
    inserting,
    adding,
    removing,
    /** A new group, or new members of one. */
    async save(courseId: string, group: { id: string; name: string; now: number; isNew: boolean }, members: readonly string[]) {
      const { id, name, now, isNew } = group
      const head = isNew ? inserting({ id, courseId, name, now }) : db.update(courseGroup).set({ name }).where(one(courseId, id))
      const gone = db
        .delete(groupMember)
        .where(inArray(groupMember.groupId, db.select({ id: courseGroup.id }).from(courseGroup).where(one(courseId, id))))
      await db.batch([head, gone, removing(courseId, members), ...members.map((personId) => adding(courseId, id, personId))])
    },
    async remove(courseId: string, id: string): Promise<boolean> {
      return (await db.delete(courseGroup).where(one(courseId, id)).returning({ id: courseGroup.id })).length > 0
    },
  }
}
