import { time, z } from '../openapi.ts'
import { keptCheck } from './report.ts'

const check = z.string().nullable().describe('the check that it is about; null: the whole submission')

export const remark = z
  .object({ id: z.string(), check, text: z.string(), by: z.string(), mine: z.boolean(), createdAt: time })
  .meta({ id: 'Comment' })

export const override = z
  .object({ check, points: z.number(), reason: z.string(), by: z.string(), createdAt: time })
  .meta({ id: 'Override' })

export const regradeRequest = z
  .object({
    id: z.string(),
    check,
    text: z.string(),
    state: z.enum(['open', 'accepted', 'refused']),
    by: z.string(),
    createdAt: time,
    answer: z.string().nullable(),
    answeredAt: time.nullable(),
  })
  .meta({ id: 'RegradeRequest' })

export const gradeOfSubmission = z
  .object({
    earned: z.number().describe('by the checks, with what people changed'),
    of: z.number(),
    lost: z.number().describe('for lateness'),
    final: z.number(),
    digest: z.string(),
    rubricVersion: z.number(),
    engineVersion: z.number(),
    gradedAt: time,
    chain: z.string().describe('end of the hash chain over the journal of the submitted lab'),
    at: z.number().describe('lab time'),
    checks: z.array(keptCheck),
  })
  .meta({ id: 'GradeOfSubmission' })

export const submissionDetails = z
  .object({
    id: z.string(),
    name: z.string().describe('of the student or group'),
    holder: z.string(),
    attempt: z.number(),
    state: z.enum(['making', 'submitted', 'grading', 'graded', 'failed']),
    submittedAt: time,
    lateMs: z.number(),
    latePercent: z.number(),
    lab: z.string().nullable().describe('the frozen lab; null when it is no longer kept'),
    assignment: z.object({ id: z.string(), title: z.string(), rubricVersion: z.number() }),
    course: z.object({ id: z.string(), title: z.string() }),
    may: z
      .object({ grade: z.boolean(), speak: z.boolean(), ask: z.boolean() })
      .describe('what you may do: grade and change; comment; ask for another look'),
    grade: gradeOfSubmission.nullable(),
    history: z.array(
      z.object({
        id: z.string(),
        rubricVersion: z.number(),
        engineVersion: z.number(),
        points: z.number(),
        of: z.number(),
        digest: z.string(),
        gradedAt: time,
        current: z.boolean(),
      }),
    ),
    overrides: z.array(override),
    comments: z.array(remark),
    requests: z.array(regradeRequest),
  })
  .meta({ id: 'SubmissionDetails' })

export type SubmissionDetails = z.infer<typeof submissionDetails>
