import type { AuthoredLab, AuthoredVersion } from '../db/tenant/authored.ts'
import { time, toTime, z } from '../openapi.ts'
import { seed } from '../schemas.ts'
import { solution, solutions, TEXT_LIMITS } from './texts.ts'

const who = z.object({ id: z.string(), name: z.string() })

export const authoredVersion = z
  .object({
    id: z.string().describe('what an assignment names'),
    number: z.number(),
    title: z.string(),
    summary: z.string(),
    sha256: z.string().describe('over `[definition, brief, [[name, text], …]]` as JSON without spaces'),
    note: z.string(),
    publishedBy: z.string(),
    publishedAt: time,
  })
  .meta({ id: 'AuthoredVersion' })

export const authoredLab = z
  .object({
    id: z.string(),
    title: z.string(),
    summary: z.string(),
    state: z
      .enum(['draft', 'published', 'withdrawn', 'deleted'])
      .describe('published: assignments can pick it. withdrawn: no new ones. deleted: only its versions are left'),
    origin: z.string().nullable().describe('what it was made of'),
    owner: who,
    createdAt: time,
    updatedAt: time,
    revision: z.number().nullable().describe('of the draft'),
    latest: authoredVersion.nullable(),
  })
  .meta({ id: 'AuthoredLab' })

const texts = {
  definition: z.string().meta({ description: `a lab.yaml, at most ${TEXT_LIMITS.definition} bytes` }),
  brief: z.string().meta({ description: `Markdown, at most ${TEXT_LIMITS.brief} bytes` }),
}

export const draft = z
  .object({ ...texts, revision: z.number(), solutions: z.array(solution), savedBy: who, savedAt: time })
  .meta({ id: 'AuthoredDraft' })

export const authoredLabDetails = authoredLab
  .extend({
    draft: draft.nullable(),
    versions: z.array(authoredVersion),
    trial: z
      .object({ lab: z.string(), current: z.boolean().describe('the draft has not changed since') })
      .nullable()
      .describe('the lab in which the caller has tried it last'),
  })
  .meta({ id: 'AuthoredLabDetails' })

export const versionTexts = authoredVersion
  .extend({ ...texts, lab: z.string(), solutions: z.array(solution) })
  .meta({ id: 'AuthoredVersionTexts' })

export const newAuthoredLab = z
  .strictObject({
    catalogue: z.string().min(1).max(64).optional().meta({ description: 'slug of a lab of the catalogue to duplicate' }),
    lab: z.string().min(1).max(64).optional().meta({ description: 'an authored lab to duplicate' }),
    version: z.int().min(1).optional().meta({ description: 'of that lab; default: its draft' }),
    title: z.string().trim().min(1).max(100).optional(),
  })
  .superRefine((value, context) => {
    if (value.catalogue !== undefined && value.lab !== undefined)
      context.addIssue({ code: 'custom', path: ['lab'], message: 'Give either `catalogue` or `lab`, or none for a new lab.' })
    if (value.version !== undefined && value.lab === undefined)
      context.addIssue({ code: 'custom', path: ['version'], message: 'Goes only with `lab`.' })
  })
  .meta({ id: 'NewAuthoredLab' })

export const revision = z
  .int()
  .min(1)
  .meta({ description: 'of the draft that the change was made to: when it is not the newest, nothing is changed' })

export const draftChange = z
  .strictObject({
    revision,
    definition: texts.definition.optional(),
    brief: texts.brief.optional(),
    solutions: solutions.optional(),
  })
  .meta({ id: 'AuthoredDraftChange' })

export const textsToExamine = z
  .strictObject({
    definition: texts.definition,
    brief: texts.brief.default(''),
    solutions: solutions.default([]),
    seed: seed.default(0),
  })
  .meta({ id: 'LabTexts' })

export const fault = z
  .object({
    file: z.string().describe('`definition`, `brief`, or the name of a solution'),
    line: z.number(),
    field: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'TextFault' })
export const examination = z
  .object({
    faults: z.array(fault),
    lab: z
      .object({
        title: z.string(),
        summary: z.string(),
        machines: z.array(z.object({ name: z.string(), os: z.string(), terminal: z.boolean() })),
        checks: z.array(z.object({ id: z.string(), title: z.string(), points: z.number() })),
        points: z.number(),
        variants: z.number().describe('how many different labs the seed can draw; 1: all are the same'),
        values: z.array(z.object({ name: z.string(), kind: z.string(), value: z.string(), title: z.string() })),
        brief: z.string().describe('as somebody with this seed reads it'),
      })
      .nullable()
      .describe('what is in it with this seed; null when it cannot be read'),
  })
  .meta({ id: 'Examination' })

const change = z.object({
  kind: z.enum(['same', 'added', 'removed']),
  from: z.number().nullable().describe('line in the older text'),
  to: z.number().nullable().describe('line in the newer text'),
  text: z.string(),
})
export const textDiff = z
  .object({
    files: z.array(
      z.object({
        file: z.string(),
        added: z.number(),
        removed: z.number(),
        hunks: z.array(z.array(change)).describe('changed lines with three around them'),
        tooDifferent: z.boolean().describe('so much differs that lines are not compared'),
      }),
    ),
  })
  .meta({ id: 'TextDiff' })

type VersionHead = Omit<AuthoredVersion, 'organisationId' | 'definition' | 'brief' | 'solutions' | 'publishedBy'>

export const toVersion = (row: VersionHead): z.infer<typeof authoredVersion> => ({
  id: row.id,
  number: row.number,
  title: row.title,
  summary: row.summary,
  sha256: row.sha256,
  note: row.note,
  publishedBy: row.publishedByName,
  publishedAt: toTime(row.publishedAt),
})

export const toAuthored = (
  row: AuthoredLab,
  revision: number | null,
  latest: VersionHead | undefined,
): z.infer<typeof authoredLab> => ({
  id: row.id,
  title: row.title,
  summary: row.summary,
  state: row.state,
  origin: row.origin,
  owner: { id: row.ownerId, name: row.ownerName },
  createdAt: toTime(row.createdAt),
  updatedAt: toTime(row.updatedAt),
  revision,
  latest: latest ? toVersion(latest) : null,
})
