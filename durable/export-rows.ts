import { z } from 'zod'
import type { LabClockRow } from './engine/lab/lab-api.ts'
import { handAction, LIMITS } from './protocol.ts'
import { LINE_KINDS } from './store/schema.ts'

// The rows of a lab's file, one line of JSON each. What was added later has a default, so that older files are still read.

export const FORMAT = 'switchroom-lab'
/** 1: without hashes, or with some. 2: every line of the journal has its hash, and the head has the last one. */
export const VERSION = 2

const whole = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const header = z.discriminatedUnion('version', [
  z.strictObject({ format: z.literal(FORMAT), version: z.literal(1) }),
  z.strictObject({ format: z.literal(FORMAT), version: z.literal(VERSION), lines: whole, chain: hash }),
])
export type Header = z.output<typeof header>
const clock = z.custom<LabClockRow>((value) => clockShape.safeParse(value).success)
const clockShape = z.object({
  engine: whole,
  now: whole,
  nextPart: whole,
  lastPacket: whole,
  nextSighting: whole,
  seen: z.object({ second: whole, bytes: whole }).optional(),
  numbers: z.record(z.string(), whole),
  places: z.array(z.tuple([z.string(), z.string(), z.enum(['ethernet', 'raw-ip'])])).optional(),
})
export const labLine = z.strictObject({
  row: z.literal('lab'),
  definition: z.string().max(LIMITS.definition),
  brief: z.string().max(LIMITS.definition),
  seed: z.int(),
  createdAt: whole,
  clock,
})
const partLine = z.strictObject({
  row: z.literal('part'),
  name: z.string().min(1).max(200),
  kind: z.string().min(1).max(64),
  version: whole,
  data: z.string(),
})

/** An operation is run again when somebody rewinds, so it must be one. */
const operation = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('hand'), hand: handAction }),
  z.strictObject({ do: z.literal('mode'), mode: z.enum(['instant', 'live']) }),
  z.strictObject({ do: z.literal('advance'), to: z.number() }),
  z.strictObject({ do: z.literal('step'), kind: z.enum(['event', 'packet']) }),
  z.strictObject({
    do: z.literal('plug-in'),
    port: z.string().max(128),
    mac: z.string().max(32).nullable(),
    spoofing: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('plug-out'), port: z.string().max(128) }),
])
const isOperation = (text: string): boolean => {
  try {
    return operation.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
const journalLine = z.strictObject({
  row: z.literal('journal'),
  id: z.int().min(1),
  kind: z.enum(LINE_KINDS),
  console: z.string().max(64),
  byPerson: z.string().max(128),
  byName: z.string().max(256),
  wall: whole,
  started: whole,
  ended: whole.nullable(),
  prompt: z.string().max(1_024),
  line: z.string().max(LIMITS.line),
  output: z.string(),
  exitStatus: z.int().nullable(),
  status: z.enum(['done', 'running', 'queued']),
  clientId: z.string().max(64).nullable(),
  answer: z.strictObject({
    prompt: z.string(),
    packets: z.array(whole),
    unsettled: z.array(z.string()),
    endedAt: z.int().min(-1),
    noted: z.record(z.string(), z.array(z.string()).readonly()).readonly().optional(),
  }),
  at: whole.optional(),
  branch: whole.default(0),
  engine: whole.default(1),
  operation: z.string().max(1_024).refine(isOperation).nullable().default(null),
  digest: z.string().max(64).default(''),
  /** Of the line and all before it, see grading/chain.ts. */
  hash: hash.optional(),
})
export const framesLine = z.strictObject({
  row: z.literal('frames'),
  firstSequence: whole,
  lastSequence: whole,
  firstTime: whole,
  lastTime: whole,
  bytes: z.base64(),
})
const branchLine = z.strictObject({
  row: z.literal('branch'),
  id: z.int().min(1),
  parent: whole,
  after: whole,
  line: z.int().min(1),
  leftFrom: whole,
  firstSequence: whole,
  lastPacket: whole,
})
const snapshotLine = z.strictObject({
  row: z.literal('snapshot'),
  line: z.int().min(1),
  name: z.string().min(1).max(64),
  automatic: z.boolean(),
  at: whole,
  state: z.base64(),
})

const inputsLine = z.strictObject({
  row: z.literal('inputs'),
  id: z.int().min(1),
  line: whole,
  branch: whole,
  frames: whole,
  bytes: z.base64(),
})

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullable()
const change = z.strictObject({ at: whole, part: z.string(), field: z.string(), before: scalar, after: scalar })
const changesLine = z.strictObject({ row: z.literal('changes'), id: z.int().min(1), line: whole, changes: z.array(change) })

export const rowLine = z.discriminatedUnion('row', [
  labLine,
  partLine,
  journalLine,
  framesLine,
  branchLine,
  snapshotLine,
  inputsLine,
  changesLine,
])
export type RowLine = z.output<typeof rowLine>
