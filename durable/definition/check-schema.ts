import { z } from 'zod'
import { combinedVerbs, type InnerSource, innerIs } from './checks/combined.ts'
import { historyVerbs } from './checks/history.ts'
import { stateVerbs } from './checks/state.ts'
import { trialVerbs } from './checks/trials.ts'
import { text } from './names.ts'

const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'must be lower-case letters, digits and dashes, at most 48'),
  title: text(160),
  points: z.int().min(0).max(100).default(1),
  hint: text(500).optional().describe('for a student whose lab fails the check: free, and told with the result'),
  hints: z
    .array(z.strictObject({ text: text(500), cost: z.number().min(0).max(100).multipleOf(0.01).default(0).describe('points') }))
    .min(1)
    .max(6)
    .optional()
    .describe('a ladder: read one after the other on demand, each for its cost'),
  pass: text(300).optional().describe('said when it passes, before what was seen'),
  fail: text(300).optional().describe('said when it fails, before what was seen'),
}

const inside = {
  title: text(160).default(''),
  weight: z.number().positive().max(100).default(1).describe('where parts are counted'),
  worth: z
    .string()
    .regex(/^(100|\d{1,2})%$/, 'must be a share such as 50%')
    .default('100%')
    .transform((share) => Number(share.slice(0, -1)) / 100)
    .describe('of the points, where one is enough: `50%`'),
}

/** Every verb: what it asks is done by the check of the same name in the engine. */
export const verbShapes = { ...stateVerbs, ...trialVerbs, ...historyVerbs, ...combinedVerbs }
export type VerbName = keyof typeof verbShapes

type Around = typeof common | typeof inside
const shapesWith = (around: Around) =>
  Object.entries(verbShapes).map(([name, { about, shape }]) =>
    z.strictObject({ ...around, check: z.literal(name), ...shape }).describe(about),
  ) as unknown as readonly [z.ZodObject<{ check: z.ZodLiteral<string> }>]

/** What is common to checks of every verb; the other fields are those of the verb. */
export type CheckSource = z.output<z.ZodObject<typeof common>> & { readonly check: VerbName } & {
  readonly [field: string]: unknown
}

innerIs(
  z
    .discriminatedUnion('check', shapesWith(inside))
    .meta({ id: 'InnerCheck' })
    .describe('A check inside another one') as unknown as z.ZodType<InnerSource>,
)
/** One shape a verb. */
export const checkShapes = shapesWith(common)
export const check = z.discriminatedUnion('check', checkShapes) as unknown as z.ZodType<CheckSource>
