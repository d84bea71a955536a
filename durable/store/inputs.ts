import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { and, asc, eq, gte, lt, ne } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type InputBlockRow, inputBlock, journal } from './schema.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/** A frame that a machine from outside sent, at this lab time. */
export type Came = { readonly at: number; readonly port: string; readonly bytes: Uint8Array }

/** What is kept of them, packed; and after so much of it the state of the lab is stored, so that what is older can go. */
export const RECORDED = { bytes: 8 * 1024 * 1024, between: 4 * 1024 * 1024, frames: 100_000 } as const
/** Bytes that are packed into one row at most: a row holds two megabytes. */
const BLOCK = 1024 * 1024
const LARGEST = 4 * BLOCK

/** What machines send, from the moment it came to the commit that writes it: one row, however many frames. */
export class InputLog {
  private readonly db: Db
  private held: Came[] = []
  private total: number | undefined
  /** Since the state of the lab was last stored for their sake. */
  private since = { bytes: 0, frames: 0 }

  constructor(db: Db) {
    this.db = db
  }

  hold(one: Came): void {
    this.held.push(one)
  }

  get waiting(): number {
    return this.held.length
  }

  forget(): void {
    this.held = []
    this.total = undefined
  }

  /** Writes what came after `line`. */
  write(line: number, branch: number): void {
    const { held } = this
    if (held.length === 0) return
    this.held = []
    for (let from = 0; from < held.length; ) {
      let to = from
      for (let size = 0; to < held.length && (size === 0 || size + (held[to]?.bytes.length ?? 0) <= BLOCK); to++)
        size += held[to]?.bytes.length ?? 0
      const bytes = pack(held.slice(from, to))
      const frames = to - from
      this.db.insert(inputBlock).values({ line, branch, frames, bytes }).run()
      this.total = this.totals() + bytes.length
      this.since = { bytes: this.since.bytes + bytes.length, frames: this.since.frames + frames }
      from = to
    }
  }

  /** How many frames came since the state of the lab was stored, when it is time to store it again; else 0. */
  get due(): number {
    const { bytes, frames } = this.since
    return bytes > RECORDED.between || frames > RECORDED.frames ? frames : 0
  }

  /** The state after `line` is stored: what is older may go, and does, when there is too much of it. */
  stored(line: number): void {
    this.since = { bytes: 0, frames: 0 }
    if (this.totals() <= RECORDED.bytes) return
    const rows = this.db
      .select({ id: inputBlock.id, line: inputBlock.line })
      .from(inputBlock)
      .where(and(lt(inputBlock.line, line), ne(inputBlock.frames, 0)))
      .orderBy(asc(inputBlock.id))
      .all()
    let last = -1
    for (const row of rows) {
      if (this.totals() <= RECORDED.bytes / 2) break
      this.total = this.totals() - sizeOf(this.db, row.id)
      last = row.id
    }
    if (last < 0) return
    this.db.delete(inputBlock).where(lt(inputBlock.id, last)).run()
    this.db.update(inputBlock).set({ frames: 0, bytes: new Uint8Array() }).where(eq(inputBlock.id, last)).run()
  }

  private totals(): number {
    this.total ??= this.db.$client.sql.exec<{ n: number }>('SELECT coalesce(sum(length(bytes)), 0) AS n FROM input_block').one().n
    return this.total
  }
}

const sizeOf = (db: Db, id: number): number =>
  db.$client.sql.exec<{ n: number }>('SELECT length(bytes) AS n FROM input_block WHERE id = ?', id).one().n

export const inputBlocks = (db: Db): InputBlockRow[] => db.select().from(inputBlock).orderBy(asc(inputBlock.id)).all()

/** What came on a branch after the line `from` and before the line `before`, in order. */
export function* inputsBetween(db: Db, branch: number, from: number, before: number): Generator<Came> {
  const its = and(
    eq(inputBlock.branch, branch),
    gte(inputBlock.line, from),
    lt(inputBlock.line, before),
    ne(inputBlock.frames, 0),
  )
  const ids = db.select({ id: inputBlock.id }).from(inputBlock).where(its).orderBy(asc(inputBlock.id)).all()
  for (const { id } of ids) {
    const row = db.select({ bytes: inputBlock.bytes }).from(inputBlock).where(eq(inputBlock.id, id)).get()
    if (row) yield* unpack(row.bytes)
  }
}

export const anyInputs = (db: Db, from: number): boolean =>
  db.select({ id: inputBlock.id }).from(inputBlock).where(gte(inputBlock.line, from)).limit(1).get() !== undefined

/** Lines between which something that came is not kept any more: run again from before `upTo` to after `from`, it is missing. */
export function missing(db: Db): { readonly from: number; readonly upTo: number } | undefined {
  const gone = db.select({ line: inputBlock.line }).from(inputBlock).where(eq(inputBlock.frames, 0)).get()
  if (!gone) return undefined
  const first = db
    .select({ id: journal.id })
    .from(journal)
    .where(eq(journal.kind, 'plug'))
    .orderBy(asc(journal.id))
    .limit(1)
    .get()
  return { from: first?.id ?? 0, upTo: gone.line }
}

export function pack(came: readonly Came[]): Uint8Array {
  const ports = [...new Set(came.map(({ port }) => port))]
  const body = new ByteWriter()
  let last = 0
  for (const { at, port, bytes } of came) {
    body.number(at - last)
    last = at
    body.number(ports.indexOf(port))
    body.number(bytes.length)
    body.bytes(bytes)
  }
  const head = new TextEncoder().encode(JSON.stringify({ v: 1, ports }))
  const whole = new ByteWriter()
  whole.number(head.length)
  whole.bytes(head)
  whole.number(came.length)
  whole.bytes(body.taken())
  return new Uint8Array(deflateRawSync(whole.taken(), { level: 1 }))
}

export function unpack(packed: Uint8Array): Came[] {
  const reader = new ByteReader(inflateRawSync(packed, { maxOutputLength: LARGEST }))
  const head = JSON.parse(new TextDecoder().decode(reader.bytes(reader.number()))) as { v: number; ports: string[] }
  if (head.v !== 1) throw new Error(`frames from outside of version ${head.v}`)
  const came: Came[] = []
  let at = 0
  for (let left = reader.number(); left > 0; left--) {
    at += reader.number()
    const port = head.ports[reader.number()]
    if (port === undefined) throw new Error('a frame came in at no port')
    came.push({ at, port, bytes: reader.bytes(reader.number()) })
  }
  return came
}
