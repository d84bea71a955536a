import type { LabSummary } from '../durable/contract.ts'
import { LIMITS } from '../durable/protocol.ts'
import type { LabRow } from './db/tenant/labs.ts'
import { time, toTime, z } from './openapi.ts'

// Bodies that only the HTTP edge knows; those that the lab knows too are in durable/protocol.ts.

export const seed = z
  .number()
  .int()
  .min(0)
  .max(0xffff_ffff)
  .meta({ description: 'draws everything that chance draws in the lab' })

export const newLab = z
  .strictObject({
    catalogue: z.string().min(1).max(64).optional().meta({ description: 'slug of a lab of the catalogue' }),
    definition: z
      .string()
      .min(1)
      .optional()
      .meta({ description: `a lab.yaml, at most ${LIMITS.definition} bytes` }),
    brief: z.string().optional().meta({ description: 'Markdown, to go with a definition' }),
    seed: seed.optional(),
  })
  .superRefine((value, context) => {
    const given = [value.catalogue, value.definition].filter((one) => one !== undefined).length
    if (given !== 1)
      context.addIssue({ code: 'custom', path: ['catalogue'], message: 'Give either `catalogue` or `definition`.' })
    if (value.brief !== undefined && value.definition === undefined) {
      context.addIssue({ code: 'custom', path: ['brief'], message: 'Goes only with `definition`.' })
    }
  })
  .meta({ id: 'NewLab' })

export const lab = z
  .object({
    id: z.string(),
    title: z.string(),
    catalogue: z.string().nullable(),
    kind: z
      .enum(['own', 'template', 'copy', 'submission', 'trial', 'view'])
      .describe('`view`: shows another lab as it was; the others but `own` belong to an assignment'),
    state: z.enum(['creating', 'ready']),
    seed: z.number(),
    createdBy: z.object({ id: z.string(), name: z.string() }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Lab' })

export const labDetails = lab
  .extend({
    summary: z.string(),
    brief: z.string().describe('Markdown'),
    now: z.number().describe('lab time in microseconds'),
    epochMicros: z.number().describe('the date at lab time 0, in microseconds since 1970'),
    zoneMinutes: z.number().describe('the zone of the consoles, in minutes east of UTC'),
    machines: z.array(z.object({ name: z.string(), hostname: z.string(), os: z.string(), consoles: z.array(z.string()) })),
  })
  .meta({ id: 'LabDetails' })

export function toLab(row: LabRow): z.infer<typeof lab> {
  return {
    id: row.id,
    title: row.title,
    catalogue: row.slug,
    kind: row.kind,
    state: row.state === 'creating' ? 'creating' : 'ready',
    seed: row.seed,
    createdBy: { id: row.createdBy, name: row.createdByName },
    createdAt: toTime(row.createdAt),
    updatedAt: toTime(row.updatedAt),
  }
}

/** What the lab tells of itself, and what its row does: of what both know, the row is right. */
export const toDetails = (row: LabRow, told: LabSummary): z.infer<typeof labDetails> => ({
  ...told,
  ...toLab(row),
  machines: told.machines.map((machine) => ({ ...machine, consoles: [...machine.consoles] })),
})

export const journalEntry = z
  .object({
    id: z.number(),
    at: z.number().describe('lab time in microseconds'),
    wall: z.number().describe('milliseconds since 1970'),
    console: z.string(),
    by: z.string(),
    line: z.string(),
    exitStatus: z.number().nullable(),
    output: z.string(),
  })
  .meta({ id: 'JournalEntry' })
