import { gunzipSync, gzipSync } from 'node:zlib'
import type { z } from 'zod'
import type { StoredLab } from './engine/lab/lab-api.ts'
import { fromBase64, toBase64 } from './engine/link/base64.ts'
import { FORMAT, type Header, header, type RowLine, type rowLine, rowLine as rows, VERSION } from './export-rows.ts'
import { Chain, FIRST, linkOf } from './grading/chain.ts'
import { branches, insertBranch } from './store/branches.ts'
import { changeRows, changesIn } from './store/changes.ts'
import type { Db } from './store/database.ts'
import { unpackFrames } from './store/frame-block.ts'
import { inputBlocks, unpack } from './store/inputs.ts'
import { insertLine, type Line, linesAfter } from './store/journal.ts'
import { type NewLab, readStored } from './store/parts.ts'
import {
  type BranchRow,
  type ChangeRow,
  changeLog,
  type FrameBlockRow,
  frameBlock,
  type InputBlockRow,
  inputBlock,
  type SnapshotRow,
} from './store/schema.ts'
import { insertSnapshot, snapshots } from './store/snapshots.ts'

// A lab as one file: gzip around lines of JSON, so that `zcat` shows what is in it. The first line says what it is, each
// further one is a row.

/** What a file may unfold to. */
const LARGEST = 48 * 1024 * 1024
/** With packets and snapshots, all must go into one file. */
const MOST_INPUTS = 2 * 1024 * 1024
const PAGE = 500

/** Everything in a file. */
export type LabFile = NewLab & {
  readonly stored: StoredLab
  readonly branches: readonly BranchRow[]
  readonly journal: Iterable<Line>
  readonly frames: Iterable<FrameBlockRow>
  readonly snapshots: Iterable<SnapshotRow>
  readonly inputs: Iterable<InputBlockRow>
  readonly changes: Iterable<ChangeRow>
}

/**
 * A file as it was read. `chained`: every line of its journal fits the hash of it, and the last one is that of the head. Files of
 * before have no hashes, and of one that says it is of before nobody can tell whether somebody has taken them out.
 */
export type ReadFile = LabFile & { readonly chained: boolean }

/** The whole lab, as its rows have it. */
export const wholeLab = (db: Db, made: NewLab): LabFile => ({
  ...made,
  stored: readStored(db),
  branches: branches(db),
  journal: allLines(db),
  frames: db.select().from(frameBlock).all(),
  snapshots: snapshots(db),
  inputs: newestInputs(inputBlocks(db)),
  changes: changeRows(db),
})

/** What came from outside as far as it fits into a file; where something is left out, a row without bytes says so. */
export function newestInputs(all: readonly InputBlockRow[]): InputBlockRow[] {
  let size = 0
  const fits = all.findLastIndex(({ bytes }) => (size += bytes.length) > MOST_INPUTS)
  if (fits < 0) return [...all]
  const last = all[fits] as InputBlockRow
  return [{ ...last, frames: 0, bytes: new Uint8Array() }, ...all.slice(fits + 1)]
}

function* allLines(db: Db): Generator<Line> {
  for (let page = linesAfter(db, 0, PAGE); page.length > 0; page = linesAfter(db, page.at(-1)?.id ?? 0, PAGE)) yield* page
}

export function packFile({ definition, brief, seed, createdAt, stored, ...file }: LabFile): Uint8Array {
  const lines: string[] = []
  const put = (value: z.input<typeof rowLine>) => lines.push(JSON.stringify(value))
  put({ row: 'lab', definition, brief, seed, createdAt, clock: stored.clock })
  for (const part of stored.parts) put({ row: 'part', ...part })
  for (const branch of file.branches) put({ row: 'branch', ...branch })
  let hash = FIRST
  let count = 0
  for (const one of file.journal) {
    hash = linkOf(hash, one)
    count++
    const { answer, ...line } = one
    put({ row: 'journal', ...line, answer: { ...answer, packets: [...answer.packets], unsettled: [...answer.unsettled] }, hash })
  }
  for (const block of file.frames) put({ row: 'frames', ...block, bytes: toBase64(block.bytes) })
  for (const one of file.snapshots) put({ row: 'snapshot', ...one, state: toBase64(one.state) })
  for (const one of file.inputs) put({ row: 'inputs', ...one, bytes: toBase64(one.bytes) })
  for (const one of file.changes) put({ row: 'changes', ...one, changes: changesIn(one) })
  const head: z.input<typeof header> = { format: FORMAT, version: VERSION, lines: count, chain: hash }
  return new Uint8Array(gzipSync(new TextEncoder().encode(`${JSON.stringify(head)}\n${lines.join('\n')}\n`)))
}

/** The contents of a file, or why it is none, in a sentence. */
export function readExport(file: Uint8Array): ReadFile | string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(gunzipSync(file, { maxOutputLength: LARGEST }))
  } catch {
    return 'The file is not a lab that was exported, or it is too large.'
  }
  const [first = '', ...rest] = text.trimEnd().split('\n')
  const head = header.safeParse(json(first))
  if (!head.success) return 'The file is not a lab that was exported by a version we know.'
  const parts: StoredLab['parts'][number][] = []
  const made = {
    branches: [] as BranchRow[],
    journal: [] as Line[],
    frames: [] as FrameBlockRow[],
    snapshots: [] as SnapshotRow[],
    inputs: [] as InputBlockRow[],
    changes: [] as ChangeRow[],
  }
  let lab: Extract<RowLine, { row: 'lab' }> | undefined
  const chain = new Chain()
  for (const [at, line] of rest.entries()) {
    const damaged = (why: string) => `Line ${at + 2} of the file is damaged: ${why}`
    const parsed = rows.safeParse(json(line))
    if (!parsed.success) return damaged(`${parsed.error.issues[0].path.join('.')} ${parsed.error.issues[0].message}`)
    const { data } = parsed
    if (data.row === 'lab') lab = data
    else if (data.row === 'part') parts.push(withoutRow(data))
    else if (data.row === 'branch') made.branches.push(withoutRow(data))
    else if (data.row === 'journal') {
      const { hash, ...row } = withoutRow(data)
      const line: Line = { ...row, at: row.at ?? row.started }
      chain.add(line, hash)
      made.journal.push(line)
    } else if (data.row === 'snapshot') {
      const state = fromBase64(data.state)
      if (!state) return damaged('its snapshot cannot be read.')
      made.snapshots.push({ ...withoutRow(data), state })
    } else if (data.row === 'changes') made.changes.push({ ...withoutRow(data), changes: JSON.stringify(data.changes) })
    else if (data.row === 'inputs') {
      const bytes = sound(data)
      if (!bytes) return damaged('what came from outside cannot be read.')
      made.inputs.push({ ...withoutRow(data), bytes })
    } else {
      const block = readable(withoutRow(data))
      if (!block) return damaged('its packets cannot be read.')
      made.frames.push(block)
    }
  }
  if (!lab) return 'The file holds no lab.'
  const { branches, journal, frames, snapshots, inputs, changes } = made
  const keys = [branches.map(({ id }) => id), journal.map(({ id }) => id), frames.map((one) => one.firstSequence)]
  if (![...keys, snapshots.map((one) => one.line), inputs.map(({ id }) => id), changes.map(({ id }) => id)].every(rising))
    return 'Rows of the file are not in order.'
  const lines = new Set(journal.map(({ id }) => id))
  const known = new Set([0, ...branches.map(({ id }) => id)])
  const whole = branches.every(
    (one) => one.parent < one.id && known.has(one.parent) && lines.has(one.line) && one.after < one.line,
  )
  if (!whole || ![...journal, ...inputs].every((one) => known.has(one.branch)))
    return 'The branches of the file do not fit together.'
  const changed = chain.broken ?? promised(head.data, chain)
  if (changed !== undefined) return changed
  const { definition, brief, seed, createdAt } = lab
  return { definition, brief, seed, createdAt, stored: { clock: lab.clock, parts }, ...made, chained: head.data.version > 1 }
}

/** The head of a file promises so many hashes, and which one is the last. */
function promised(head: Header, chain: Chain): string | undefined {
  if (head.version === 1) return undefined
  const begin = 'The journal was changed after the file was written:'
  if (chain.hashed < chain.count) return `${begin} lines have lost their hashes.`
  if (chain.count !== head.lines) return `${begin} it has ${chain.count} lines, not ${head.lines}.`
  return chain.hash === head.chain ? undefined : `${begin} it ends otherwise than the file says.`
}

export function writeHistory(db: Db, file: LabFile): void {
  for (const branch of file.branches) insertBranch(db, branch)
  for (const line of file.journal) insertLine(db, line)
  for (const block of file.frames) db.insert(frameBlock).values(block).run()
  for (const one of file.snapshots) insertSnapshot(db, one)
  for (const one of file.inputs) db.insert(inputBlock).values(one).run()
  for (const one of file.changes) db.insert(changeLog).values(one).run()
}

const rising = (numbers: readonly number[]) => numbers.every((number, at) => at === 0 || number > numbers[at - 1])

function withoutRow<T extends { readonly row: string }>({ row: _, ...rest }: T): Omit<T, 'row'> {
  return rest
}

function readable({ bytes, ...rest }: Omit<Extract<RowLine, { row: 'frames' }>, 'row'>): FrameBlockRow | undefined {
  const packed = fromBase64(bytes)
  try {
    if (packed && unpackFrames(packed).every((one) => one.sequence >= rest.firstSequence && one.sequence <= rest.lastSequence))
      return { ...rest, bytes: packed }
  } catch {}
  return undefined
}

function sound({ frames, bytes }: Extract<RowLine, { row: 'inputs' }>): Uint8Array | undefined {
  const packed = fromBase64(bytes)
  try {
    if (packed && (frames === 0 ? packed.length === 0 : unpack(packed).length === frames)) return packed
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
