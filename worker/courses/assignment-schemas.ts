import { LIMITS } from '../../durable/protocol.ts'
import { time, z } from '../openapi.ts'
import { part, title } from './schemas.ts'

// What an assignment says, and what is said about it.

const date = time.nullable()
export const latePolicy = z
  .strictObject({
    percentPerDay: z.number().min(0).max(100).describe('of the points, for each day or part of one; 100: nothing late counts'),
    graceMinutes: z.number().int().min(0).max(10_080).describe('within which nothing is taken off'),
    mostDays: z
      .number()
      .int()
      .min(0)
      .max(365)
      .nullable()
      .describe('no submission is taken later than that; null: until the assignment closes'),
  })
  .meta({ id: 'LatePolicy' })

const text = z.string().max(LIMITS.definition)

/** What can be changed as long as nobody has opened it. */
const content = {
  catalogue: z.string().min(1).max(64).describe('slug of a lab of the catalogue'),
  authoredVersion: z.string().min(1).max(64).describe('id of a published version of a lab that the organisation has written'),
  definition: text.min(1).describe('a lab.yaml'),
  labBrief: text.describe('Markdown, to go with a definition'),
  variants: z.enum(['same', 'each']).describe('same: one seed for all; each: one for every student or group'),
  forGroups: z.boolean().describe('groups of the course share one lab'),
}
/** What can be changed at any time. */
const rules = {
  title,
  brief: text.nullable().describe('Markdown instead of the brief of the lab'),
  rubric: text.nullable().describe('YAML that replaces the checks of the lab'),
  opensAt: date,
  dueAt: date,
  closesAt: date,
  attempts: z.number().int().min(1).max(1_000).nullable().describe('submissions that may be made; null: any number'),
  late: latePolicy,
  selfChecks: z.boolean().describe('students may run the checks before they hand in'),
  counts: z.enum(['last', 'best']).describe('which of several submissions counts'),
}

export const assignmentChange = z
  .strictObject({ ...content, ...rules })
  .partial()
  .meta({ id: 'AssignmentChange' })
export const newAssignment = z
  .strictObject({ ...content, ...rules })
  .partial()
  .superRefine((value, context) => {
    const given = [value.catalogue, value.authoredVersion, value.definition].filter((one) => one !== undefined).length
    if (given === 1) return
    context.addIssue({
      code: 'custom',
      path: ['catalogue'],
      message: 'Give one of `catalogue`, `authoredVersion` and `definition`.',
    })
  })
  .meta({ id: 'NewAssignment' })

export const moment = z
  .object({
    state: z.enum(['early', 'open', 'late', 'closed']),
    lateMs: z.number(),
    latePercent: z.number().describe('what would be taken off now'),
  })
  .meta({ id: 'AssignmentMoment' })

export const submissionShown = z
  .object({
    id: z.string(),
    attempt: z.number(),
    labId: z.string().nullable(),
    by: z.string(),
    submittedAt: time,
    lateMs: z.number(),
    latePercent: z.number(),
    state: z.enum(['making', 'submitted', 'grading', 'graded', 'failed']),
    points: z.number().nullable(),
    of: z.number().nullable(),
    gradedAt: date,
  })
  .meta({ id: 'Submission' })

export const work = z
  .object({
    group: z.object({ id: z.string(), name: z.string() }).nullable(),
    members: z.array(z.object({ id: z.string(), name: z.string() })),
    inNoGroup: z.boolean(),
    opensAt: date,
    dueAt: date,
    closesAt: date,
    extended: z.object({ reason: z.string() }).nullable(),
    moment,
    attempts: z.number().nullable(),
    submissions: z.array(submissionShown),
    nextAttempt: z.number().nullable().describe('the number of the next submission; null: none can be made now'),
    whyNot: z.string().nullable().describe('why nothing can be handed in now'),
    labId: z.string().nullable().describe('the lab that was opened'),
    canUndo: z.boolean().describe('there is a lab from before the last reset'),
    stages: z.array(z.object({ id: z.string(), name: z.string(), givenAt: date })),
  })
  .meta({ id: 'AssignmentWork' })

export const assignmentShort = z
  .object({
    id: z.string(),
    courseId: z.string(),
    courseTitle: z.string(),
    title: z.string(),
    state: z.enum(['draft', 'published', 'archived']),
    opensAt: date,
    dueAt: date,
    closesAt: date,
    forGroups: z.boolean(),
    part,
  })
  .meta({ id: 'AssignmentShort' })

export const assignment = assignmentShort
  .extend({
    catalogue: z.string().nullable(),
    authoredVersion: z.string().nullable().describe('for those who teach: the version that it was made of'),
    brief: z.string().nullable().describe('what students read; null before it opens'),
    ownBrief: z.string().nullable().describe('for those who teach: the brief of the assignment, null when it is the lab’s'),
    definition: z.string().nullable().describe('for those who teach'),
    rubric: z.string().nullable().describe('for those who teach'),
    rubricVersion: z.number(),
    attempts: z.number().nullable(),
    late: latePolicy,
    variants: z.enum(['same', 'each']),
    selfChecks: z.boolean(),
    counts: z.enum(['last', 'best']),
    opened: z.boolean().describe('somebody has opened it: the lab itself cannot be changed any more'),
    work: work.nullable().describe('for students: how it stands for them'),
  })
  .meta({ id: 'Assignment' })

export const variantProof = z
  .object({
    proof: z
      .object({
        state: z
          .enum(['running', 'done', 'stopped', 'failed', 'no-solution'])
          .describe('stopped: too many faults; failed: it came to no end; no-solution: not proved, the lab has no solution'),
        note: z.string().describe('why it was stopped or failed'),
        sha256: z.string().describe('of definition, rubric and solution'),
        capacity: z.number().describe('how many different variants there are'),
        of: z.number().describe('variants to be solved: of each student or group, and further ones, every variant or 1,000'),
        tried: z.number(),
        proved: z.number().describe('not solved at the start, and solved to full points by the lab’s own solution'),
        faults: z
          .array(
            z.object({
              seed: z.number(),
              holder: z.string().nullable().describe('the student or group who would have got it, and gets another one'),
              outcome: z.enum(['unsolved', 'solved-at-start', 'wrong']),
              variant: z.array(z.object({ name: z.string(), value: z.string() })),
              missed: z.array(z.string()).describe('checks without all their points, and what is wrong, a sentence each'),
            }),
          )
          .describe('at most 50'),
        without: z.array(z.string()).describe('students or groups for whom no variant was found that can be solved'),
        startedAt: time,
        finishedAt: date,
      })
      .nullable()
      .describe('null: everybody has the same, or it was not published since variants are solved'),
  })
  .meta({ id: 'VariantProof' })

export const finding = z
  .object({
    in: z.enum(['definition', 'rubric', 'assignment']),
    line: z.number().nullable(),
    field: z.string(),
    message: z.string(),
    blocks: z.boolean().describe('it cannot be published like this'),
  })
  .meta({ id: 'AssignmentFinding' })
export const review = z
  .object({
    findings: z.array(finding),
    variants: z.number(),
    points: z.number(),
    machines: z.array(z.string()),
    checks: z.array(z.object({ id: z.string(), title: z.string(), points: z.number() })),
  })
  .meta({ id: 'AssignmentReview' })
