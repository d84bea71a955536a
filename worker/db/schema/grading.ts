import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId } from './columns.ts'
import { assignment, copy } from './courses.ts'
import { lab } from './labs.ts'

const submissionId = () =>
  text('submission_id')
    .notNull()
    .references(() => submission.id, { onDelete: 'cascade' })

/** A frozen fork of a copy, handed in. */
export const submission = sqliteTable(
  'submission',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    assignmentId: text('assignment_id')
      .notNull()
      .references(() => assignment.id, { onDelete: 'cascade' }),
    copyId: text('copy_id')
      .notNull()
      .references(() => copy.id, { onDelete: 'cascade' }),
    holder: text('holder').notNull(),
    /** 1, 2, … of this holder. */
    attempt: integer('attempt').notNull(),
    /** The frozen lab; null once it was let go by retention. */
    labId: text('lab_id').references(() => lab.id, { onDelete: 'set null' }),
    submittedBy: text('submitted_by').notNull(),
    submittedAt: integer('submitted_at').notNull(),
    /** Milliseconds after its time, extension included; 0: in time. */
    lateMs: integer('late_ms').notNull(),
    /** Percent that is taken off for it. */
    latePercent: real('late_percent').notNull(),
    state: text('state', { enum: ['making', 'submitted', 'grading', 'graded', 'failed'] }).notNull(),
  },
  (t) => [
    uniqueIndex('submission_attempt').on(t.assignmentId, t.holder, t.attempt),
    index('submission_organisation').on(t.organisationId, t.submittedAt),
    index('submission_lab').on(t.labId),
  ],
)

/** What the checks of an assignment were, in each version. Version 1 is that of the definition, unless it is here. */
export const rubricVersion = sqliteTable(
  'rubric_version',
  {
    assignmentId: text('assignment_id')
      .notNull()
      .references(() => assignment.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    /** YAML; null: the checks of the definition. */
    rubric: text('rubric'),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.assignmentId, t.version] })],
)

/** What one version of a rubric gave a submission. */
export const grade = sqliteTable(
  'grade',
  {
    id: text('id').primaryKey(),
    submissionId: submissionId(),
    rubricVersion: integer('rubric_version').notNull(),
    engineVersion: integer('engine_version').notNull(),
    points: real('points').notNull(),
    of: real('of').notNull(),
    /** SHA-256 over the report in its canonical form. */
    digest: text('digest').notNull(),
    /** Per check: id, outcome, points, message. Evidence is in the frozen lab. */
    report: text('report', { mode: 'json' }).$type<unknown>().notNull(),
    gradedAt: integer('graded_at').notNull(),
    /** The one that counts. */
    current: integer('current', { mode: 'boolean' }).notNull(),
  },
  (t) => [index('grade_submission').on(t.submissionId)],
)

/** Points that a person gave or took, with the reason. */
export const override = sqliteTable(
  'override',
  {
    submissionId: submissionId(),
    /** Empty: the whole submission. */
    checkId: text('check_id').notNull(),
    points: real('points').notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.submissionId, t.checkId] })],
)

export const comment = sqliteTable(
  'comment',
  {
    id: text('id').primaryKey(),
    submissionId: submissionId(),
    checkId: text('check_id'),
    text: text('text').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('comment_submission').on(t.submissionId)],
)

export const regradeRequest = sqliteTable(
  'regrade_request',
  {
    id: text('id').primaryKey(),
    submissionId: submissionId(),
    checkId: text('check_id'),
    text: text('text').notNull(),
    state: text('state', { enum: ['open', 'accepted', 'refused'] }).notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredAt: integer('answered_at'),
  },
  (t) => [index('regrade_request_submission').on(t.submissionId)],
)
