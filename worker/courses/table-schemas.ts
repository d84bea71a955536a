import { time, z } from '../openapi.ts'

// The class table, stages and extensions.

const date = time.nullable()
const outcome = z.enum(['pass', 'fail', 'could-not-run'])

export const classTable = z
  .object({
    at: time,
    checks: z.array(z.object({ id: z.string(), title: z.string(), of: z.number() })),
    rows: z.array(
      z.object({
        holder: z.string().describe('`person:ID` or `group:ID`'),
        name: z.string(),
        members: z.array(z.object({ id: z.string(), name: z.string() })),
        labId: z.string().nullable().describe('null: not opened yet'),
        openedAt: date,
        lastActiveAt: date,
        stuck: z
          .object({
            since: time,
            minutes: z.number(),
            line: z.string().nullable().describe('the command that fails again and again; null: no check passed in that time'),
            times: z.number(),
          })
          .nullable()
          .describe('at work, and getting nowhere'),
        checks: z.array(z.object({ id: z.string(), outcome, points: z.number(), of: z.number() })),
        checksFrom: z.enum(['grade', 'self-check']).nullable(),
        submissions: z.number(),
        submission: z
          .object({
            id: z.string(),
            attempt: z.number(),
            labId: z.string().nullable(),
            submittedAt: time,
            lateMs: z.number(),
            state: z.string(),
            points: z.number().nullable().describe('as they count, with lateness and what was changed by hand; null: not graded'),
            of: z.number().nullable(),
          })
          .nullable()
          .describe('the one that counts'),
        dueAt: date,
        closesAt: date,
        extended: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ClassTable' })

export const stage = z
  .object({
    id: z.string(),
    name: z.string(),
    labId: z.string(),
    forAll: z.boolean().describe('anybody may go to it; else those whom it was given to'),
    given: z.number().describe('how many it was given to'),
    createdAt: time,
  })
  .meta({ id: 'Stage' })

export const extension = z
  .object({
    person: z.object({ id: z.string(), name: z.string() }),
    dueAt: date,
    extraAttempts: z.number(),
    reason: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Extension' })
