import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { LabClockRow, StoredLab } from './engine/lab/lab-api.ts'
import { fromBase64, toBase64 } from './engine/link/base64.ts'
import { LIMITS } from './protocol.ts'
import type { Db } from './store/database.ts'
import { unpackFrames } from './store/frame-block.ts'
import { insertLine, type Line, linesAfter } from './store/journal.ts'
import { type NewLab, readStored } from './store/parts.ts'
import { type FrameBlockRow, frameBlock } from './store/schema.ts'

// A lab as one file: gzip around lines of JSON, so that `zcat` shows what is in it. The first line says what it is, each
// further one is a row.

const FORMAT = 'switchroom-lab'
const VERSION = 1
/** What a file may unfold to. */
const LARGEST = 48 * 1024 * 1024
const PAGE = 500

const whole = z.int().min(0)
const header = z.strictObject({ format: z.literal(FORMAT), version: z.literal(VERSION) })
const clock = z.custom<LabClockRow>((value) => clockShape.safeParse(value).success)
const clockShape = z.object({
  engine: whole,
  now: whole,
  nextPart: whole,
  lastPacket: whole,
  nextSighting: whole,
  numbers: z.record(z.string(), whole),
})
const labLine = z.strictObject({
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
const journalLine = z.strictObject({
  row: z.literal('journal'),
  id: z.int().min(1),
  kind: z.enum(['exec', 'hand', 'interrupt', 'reset', 'notice', 'mode', 'advance', 'step']),
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
  answer: z.strictObject({ prompt: z.string(), packets: z.array(whole), unsettled: z.array(z.string()), endedAt: whole }),
})
const framesLine = z.strictObject({
  row: z.literal('frames'),
  firstSequence: whole,
  lastSequence: whole,
  firstTime: whole,
  lastTime: whole,
  bytes: z.base64(),
})
const rowLine = z.discriminatedUnion('row', [labLine, partLine, journalLine, framesLine])

/** Everything in a file, checked; `write` puts what is not the lab's own state into the rows. */
export type Brought = {
  readonly definition: string
  readonly brief: string
  readonly seed: number
  readonly createdAt: number
  readonly stored: StoredLab
  readonly journal: readonly Line[]
  readonly frames: readonly FrameBlockRow[]
}

export function writeExport(db: Db, { definition, brief, seed, createdAt }: NewLab): Uint8Array {
  const stored = readStored(db)
  const lines: string[] = []
  const put = (value: z.input<typeof header> | z.input<typeof rowLine>) => lines.push(JSON.stringify(value))
  put({ format: FORMAT, version: VERSION })
  put({ row: 'lab', definition, brief, seed, createdAt, clock: stored.clock })
  for (const part of stored.parts) put({ row: 'part', ...part })
  for (let page = linesAfter(db, 0, PAGE); page.length > 0; page = linesAfter(db, page.at(-1)?.id ?? 0, PAGE)) {
    for (const { answer, ...line } of page)
      put({ row: 'journal', ...line, answer: { ...answer, packets: [...answer.packets], unsettled: [...answer.unsettled] } })
  }
  for (const block of db.select().from(frameBlock).all()) put({ row: 'frames', ...block, bytes: toBase64(block.bytes) })
  return new Uint8Array(gzipSync(new TextEncoder().encode(`${lines.join('\n')}\n`)))
}

/** The contents of a file, or why it is none, in a sentence. */
export function readExport(file: Uint8Array): Brought | string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(gunzipSync(file, { maxOutputLength: LARGEST }))
  } catch {
    return 'The file is not a lab that was exported, or it is too large.'
  }
  const [first = '', ...rest] = text.trimEnd().split('\n')
  if (!header.safeParse(json(first)).success) return 'The file is not a lab that was exported by a version we know.'
  const parts: StoredLab['parts'][number][] = []
  const journal: Line[] = []
  const frames: FrameBlockRow[] = []
  let lab: z.output<typeof labLine> | undefined
  for (const [at, line] of rest.entries()) {
    const parsed = rowLine.safeParse(json(line))
    if (!parsed.success)
      return `Line ${at + 2} of the file is damaged: ${parsed.error.issues[0].path.join('.')} ${parsed.error.issues[0].message}`
    if (parsed.data.row === 'lab') lab = parsed.data
    else if (parsed.data.row === 'part') parts.push(withoutRow(parsed.data))
    else if (parsed.data.row === 'journal') journal.push(withoutRow(parsed.data))
    else {
      const block = readable(withoutRow(parsed.data))
      if (!block) return `Line ${at + 2} of the file is damaged: its packets cannot be read.`
      frames.push(block)
    }
  }
  if (!lab) return 'The file holds no lab.'
  if (!rising(journal.map(({ id }) => id)) || !rising(frames.map((block) => block.firstSequence)))
    return 'Rows of the file are not in order.'
  const { definition, brief, seed, createdAt } = lab
  return { definition, brief, seed, createdAt, stored: { clock: lab.clock, parts }, journal, frames }
}

export function writeHistory(db: Db, { journal, frames }: Brought): void {
  for (const line of journal) insertLine(db, line)
  for (const block of frames) db.insert(frameBlock).values(block).run()
}

const rising = (numbers: readonly number[]) => numbers.every((number, at) => at === 0 || number > numbers[at - 1])

function withoutRow<T extends { readonly row: string }>({ row: _, ...rest }: T): Omit<T, 'row'> {
  return rest
}

function readable({ bytes, ...rest }: Omit<z.output<typeof framesLine>, 'row'>): FrameBlockRow | undefined {
  const packed = fromBase64(bytes)
  try {
    if (packed && unpackFrames(packed).every((one) => one.sequence >= rest.firstSequence && one.sequence <= rest.lastSequence))
      return { ...rest, bytes: packed }
  } catch {}
  return undefined
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
