import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'
import { lab } from './labs.ts'

const courseId = () =>
  text('course_id')
    .notNull()
    .references(() => course.id, { onDelete: 'cascade' })
const assignmentId = () =>
  text('assignment_id')
    .notNull()
    .references(() => assignment.id, { onDelete: 'cascade' })

export const course = sqliteTable(
  'course',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    title: text('title').notNull(),
    /** What students type to join; null: nobody may. */
    joinCode: text('join_code').unique(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    archivedAt: integer('archived_at'),
  },
  (t) => [index('course_organisation').on(t.organisationId)],
)

/** A person in a course. Owners and teachers of the organisation are in every course without it. */
export const enrolment = sqliteTable(
  'enrolment',
  {
    courseId: courseId(),
    personId: personId(),
    role: text('role', { enum: ['assistant', 'student', 'observer'] }).notNull(),
    createdAt: createdAt(),
    /** Every assignment of the course is due so much later for this student. */
    extraMinutes: integer('extra_minutes').notNull().default(0),
    /** And by so many percent of the time between opening and due. */
    extraPercent: integer('extra_percent').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.personId] }), index('enrolment_person').on(t.personId)],
)

/** Students who share one lab in group assignments of the course. */
export const courseGroup = sqliteTable(
  'course_group',
  { id: text('id').primaryKey(), courseId: courseId(), name: text('name').notNull(), createdAt: createdAt() },
  (t) => [index('course_group_course').on(t.courseId)],
)

export const groupMember = sqliteTable(
  'group_member',
  {
    groupId: text('group_id')
      .notNull()
      .references(() => courseGroup.id, { onDelete: 'cascade' }),
    personId: personId(),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.personId] }), index('group_member_person').on(t.personId)],
)

/** What a late submission loses. */
export type LatePolicy = {
  /** Percent of the points for each day or part of one; 100: nothing late counts. */
  readonly percentPerDay: number
  readonly graceMinutes: number
  /** No submission is taken later than so many days; null: until it closes. */
  readonly mostDays: number | null
}

export const assignment = sqliteTable(
  'assignment',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    courseId: courseId(),
    title: text('title').notNull(),
    /** Markdown; null: the brief of the lab. */
    brief: text('brief'),
    /** Where the definition came from; the text itself is below, so that it stays what it was. */
    catalogueSlug: text('catalogue_slug'),
    /** The version of an authored lab that it is made of. */
    authoredVersionId: text('authored_version_id'),
    definition: text('definition').notNull(),
    labBrief: text('lab_brief').notNull(),
    /** YAML that replaces the checks of the definition; null: those of the definition. */
    rubric: text('rubric'),
    rubricVersion: integer('rubric_version').notNull(),
    state: text('state', { enum: ['draft', 'published', 'archived'] }).notNull(),
    opensAt: integer('opens_at'),
    dueAt: integer('due_at'),
    /** Nothing is taken after it, extensions aside. */
    closesAt: integer('closes_at'),
    /** Submissions a student may make; null: any number. */
    attempts: integer('attempts'),
    late: text('late', { mode: 'json' }).$type<LatePolicy>().notNull(),
    /** same: one seed for all; each: one for every student or group. */
    variants: text('variants', { enum: ['same', 'each'] }).notNull(),
    /** Groups share one lab. */
    forGroups: integer('for_groups', { mode: 'boolean' }).notNull(),
    selfChecks: integer('self_checks', { mode: 'boolean' }).notNull(),
    /** Which of several submissions counts. */
    counts: text('counts', { enum: ['last', 'best'] }).notNull(),
    /** Draws the seeds; never shown. */
    seedSecret: text('seed_secret').notNull(),
    /** The built lab that copies are made of, when all have the same seed. */
    templateLabId: text('template_lab_id').references(() => lab.id, { onDelete: 'set null' }),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('assignment_course').on(t.courseId), index('assignment_organisation').on(t.organisationId)],
)

/** More time or attempts for one student. */
export const extension = sqliteTable(
  'extension',
  {
    assignmentId: assignmentId(),
    personId: personId(),
    dueAt: integer('due_at'),
    extraAttempts: integer('extra_attempts').notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.assignmentId, t.personId] })],
)

/** A state that students can be put back or on to: the start, a stage, or one that a teacher gave to catch up. */
export const stage = sqliteTable(
  'stage',
  {
    id: text('id').primaryKey(),
    assignmentId: assignmentId(),
    name: text('name').notNull(),
    labId: text('lab_id')
      .notNull()
      .references(() => lab.id, { onDelete: 'cascade' }),
    /** Only for those a teacher gave it to; false: anybody may go to it. */
    given: integer('given', { mode: 'boolean' }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('stage_assignment').on(t.assignmentId)],
)

/** To whom a stage was given. */
export const stageGift = sqliteTable(
  'stage_gift',
  {
    stageId: text('stage_id')
      .notNull()
      .references(() => stage.id, { onDelete: 'cascade' }),
    /** As in `copy`. */
    holder: text('holder').notNull(),
    givenBy: text('given_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.stageId, t.holder] })],
)

/** The lab of one student or one group for an assignment. */
export const copy = sqliteTable(
  'copy',
  {
    id: text('id').primaryKey(),
    assignmentId: assignmentId(),
    /** `person:ID` or `group:ID`: one copy each. */
    holder: text('holder').notNull(),
    personId: text('person_id'),
    groupId: text('group_id').references(() => courseGroup.id, { onDelete: 'set null' }),
    /** Null while it is being made, or after a reset that has not ended. */
    labId: text('lab_id').references(() => lab.id, { onDelete: 'set null' }),
    seed: integer('seed').notNull(),
    createdAt: createdAt(),
    /** When somebody last typed or opened it, to the minute. */
    lastActiveAt: integer('last_active_at').notNull(),
    /** The lab that it had before it was put to another state: one step back is possible. */
    previousLabId: text('previous_lab_id').references(() => lab.id, { onDelete: 'set null' }),
  },
  (t) => [uniqueIndex('copy_holder').on(t.assignmentId, t.holder), index('copy_lab').on(t.labId)],
)

/** One check of the rubric, as the class table shows it. */
export type CheckStanding = {
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'could-not-run'
  readonly points: number
  readonly of: number
  /** When it was first found passed. */
  readonly passedAt: number | null
}

/** How far a copy is, as its self-checks and its lab told last. */
export const copyProgress = sqliteTable('copy_progress', {
  copyId: text('copy_id')
    .primaryKey()
    .references(() => copy.id, { onDelete: 'cascade' }),
  checks: text('checks', { mode: 'json' }).$type<readonly CheckStanding[]>().notNull(),
  checkedAt: integer('checked_at'),
  /** When a check was last found passed that was not before. */
  progressAt: integer('progress_at'),
  /** When the lab was last asked. */
  askedAt: integer('asked_at'),
  /** The command that fails again and again, since when and how often; null: the last one did not fail. */
  failingLine: text('failing_line'),
  failingSince: integer('failing_since'),
  failingTimes: integer('failing_times').notNull().default(0),
})
