import { z } from 'zod'
import { checkResult, packetRow } from '../protocol.ts'

// What grading answers. The same schemas are in the OpenAPI document, and the console is typed by them.

export const shownPacket = packetRow
  .omit({ cause: true, command: true })
  .extend({ bytes: z.string().describe('hexadecimal; empty where the packet is kept in the lab') })
  .meta({ id: 'ShownPacket' })

export const evidence = z
  .object({
    trial: z.boolean().describe('the packets are of a copy of the lab that was made for the check, and stand here whole'),
    packets: z.array(shownPacket),
    rows: z.array(z.object({ machine: z.string(), table: z.string(), row: z.string() })),
    lines: z.array(z.number()).describe('lines of the journal'),
    at: z.number().describe('lab time of what was looked at'),
  })
  .meta({ id: 'Evidence' })

export const hintsTaken = z.object({
  taken: z.number(),
  of: z.number(),
  cost: z.number().describe('points that they cost, at most all of the check'),
})

export const gradedCheck = checkResult
  .extend({
    hints: hintsTaken,
    expected: z.string().nullable().describe('the right answer to a task; null where nothing is asked'),
    evidence,
  })
  .meta({ id: 'GradedCheck' })

/** What a student is told who runs the checks. */
export const checkedReport = z
  .object({ score: z.number(), of: z.number(), results: z.array(gradedCheck) })
  .meta({ id: 'CheckReport' })

export const gradeReport = z
  .object({
    format: z.literal(1),
    engine: z.number(),
    /** Lab time. */
    at: z.number(),
    score: z.number(),
    of: z.number(),
    rubric: z.string().nullable().describe('SHA-256 of the rubric; null: the checks of the lab itself'),
    chain: z.string().describe('end of the hash chain over the journal'),
    state: z.string().describe('SHA-256 of the state that was graded'),
    results: z.array(gradedCheck),
    digest: z.string().describe('SHA-256 over all of the above: equal digests are equal grades'),
  })
  .meta({ id: 'GradeReport' })

export const gradeRequest = z
  .strictObject({
    rubric: z
      .string()
      .max(256 * 1024)
      .optional(),
  })
  .meta({ id: 'GradeRequest' })

export const frozenState = z
  .object({ reason: z.string(), by: z.string(), at: z.number().describe('milliseconds since 1970') })
  .meta({ id: 'Frozen' })

const hintStep = z.object({ text: z.string(), cost: z.number() })
export const task = z
  .object({
    id: z.string(),
    title: z.string(),
    points: z.number(),
    ask: z
      .object({
        question: z.string(),
        list: z.boolean().describe('several values are asked for, in any order'),
        choices: z.array(z.object({ id: z.string(), text: z.string() })).nullable(),
        tries: z.number(),
        most: z.number().nullable().describe('answers that are taken; null: any number'),
      })
      .nullable()
      .describe('null: it is checked in the lab itself'),
    answer: z
      .object({ value: z.string(), by: z.string(), line: z.number(), at: z.number() })
      .nullable()
      .describe('the one that counts, with its line in the journal'),
    hints: z.object({ of: z.number(), read: z.array(hintStep), next: z.number().nullable().describe('what the next one costs') }),
  })
  .meta({ id: 'Task' })
export const lesson = z
  .object({
    minutes: z.number().describe('what it takes who has not done it before'),
    objectives: z.array(z.string()).describe('what a student can do afterwards'),
    tasks: z.array(z.object({ title: z.string(), checks: z.array(z.string()) })).describe('numbered from 1, as in the brief'),
  })
  .meta({ id: 'Lesson' })
export const tasks = z
  .object({ tasks: z.array(task), lesson: lesson.nullable().describe('null: the lab does not say') })
  .meta({ id: 'Tasks' })

const checkId = z.string().min(1).max(48)
export const answerRequest = z
  .strictObject({
    check: checkId,
    value: z.string().max(500),
    clientId: z.string().min(8).max(64).optional().describe('names this answer: a retry with the same id counts once'),
  })
  .meta({ id: 'AnswerRequest' })
export const answerGiven = z.object({ line: z.number(), tries: z.number() }).meta({ id: 'AnswerGiven' })
export const hintRequest = z
  .strictObject({ check: checkId, number: z.int().min(1).max(20).describe('the next one, or one that was read') })
  .meta({ id: 'HintRequest' })
export const hint = z.object({ number: z.number(), of: z.number(), text: z.string(), cost: z.number() }).meta({ id: 'Hint' })

export type Task = z.infer<typeof task>
export type Lesson = z.infer<typeof lesson>
export type Tasks = z.infer<typeof tasks>
export type AnswerRequest = z.infer<typeof answerRequest>
export type AnswerGiven = z.infer<typeof answerGiven>
export type HintRequest = z.infer<typeof hintRequest>
export type Hint = z.infer<typeof hint>
export type Evidence = z.infer<typeof evidence>
export type ShownPacket = z.infer<typeof shownPacket>
export type GradedCheck = z.infer<typeof gradedCheck>
export type CheckedReport = z.infer<typeof checkedReport>
export type GradeReport = z.infer<typeof gradeReport>
export type GradeRequest = z.infer<typeof gradeRequest>
export type Frozen = z.infer<typeof frozenState>
