import { sql } from 'drizzle-orm'
import { customType, index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

// The lab host's own SQLite. Rows written are what the platform bills, so: no AUTOINCREMENT, the journal has one index
// beside its key, sightings are stored many to a row, and parts are WITHOUT ROWID (drizzle-kit cannot say that; it is
// written into the migration by hand).

const bytes = customType<{ data: Uint8Array; driverData: ArrayBuffer | Uint8Array }>({
  dataType: () => 'blob',
  toDriver: (value) => value,
  fromDriver: (value) => new Uint8Array(value as ArrayBuffer),
})

/** One row: what the lab was made from. It never changes. */
export const lab = sqliteTable('lab', {
  id: integer('id').primaryKey(),
  /** The lab.yaml. */
  definition: text('definition').notNull(),
  /** The same as the engine takes it, JSON, in the format of that number: parsing takes longer than waking should. */
  parsed: text('parsed').notNull(),
  parsedFormat: integer('parsed_format').notNull(),
  brief: text('brief').notNull(),
  seed: integer('seed').notNull(),
  createdAt: integer('created_at').notNull(),
})

/** One row: where time and counters stand. Apart from the lab, whose long texts would be written again with every command. */
export const clock = sqliteTable('clock', {
  id: integer('id').primaryKey(),
  engine: integer('engine').notNull(),
  /** LabClockRow, JSON. */
  state: text('state').notNull(),
})

/** One row at most: how live time goes. A lab without it has the defaults. Whether time is live at all is the engine's to know. */
export const pace = sqliteTable('pace', {
  id: integer('id').primaryKey(),
  running: integer('running', { mode: 'boolean' }).notNull(),
  /** Lab seconds a second. */
  speed: real('speed').notNull(),
  absence: text('absence', { enum: ['frozen', 'catch-up'] }).notNull(),
  /** Milliseconds since 1970: since when time stands still because nobody watches. Null while it goes on. */
  leftAt: integer('left_at'),
})

/** The state of the lab: machines, switches, leases, NAT tables, processes, consoles. One row a part. */
export const part = sqliteTable('part', {
  name: text('name').primaryKey(),
  kind: text('kind').notNull(),
  version: integer('version').notNull(),
  data: text('data').notNull(),
})

/** Everything that was ever put into the lab, in order. The key is the command number in the engine and is never reused. */
export const journal = sqliteTable(
  'journal',
  {
    id: integer('id').primaryKey(),
    kind: text('kind', { enum: ['exec', 'hand', 'interrupt', 'reset', 'notice', 'mode', 'advance', 'step'] }).notNull(),
    console: text('console').notNull(),
    byPerson: text('by_person').notNull(),
    byName: text('by_name').notNull(),
    /** Milliseconds since 1970. */
    wall: integer('wall').notNull(),
    /** Lab time. `ended` is null until the command has ended. */
    started: integer('started').notNull(),
    ended: integer('ended'),
    /** The prompt that stood before the line. */
    prompt: text('prompt').notNull(),
    line: text('line').notNull(),
    /** Packed text, see text.ts. */
    output: bytes('output').notNull(),
    exitStatus: integer('exit_status'),
    status: text('status', { enum: ['done', 'running', 'queued'] }).notNull(),
    clientId: text('client_id').unique(),
    /** What else the answer said: StoredAnswer. */
    answer: text('answer').notNull(),
  },
  // Partial, so that a line which is done at once costs no entry.
  (table) => [index('journal_open').on(table.id).where(sql`status <> 'done'`)],
)

/** Sightings, oldest first, packed by frame-block.ts. */
export const frameBlock = sqliteTable('frame_block', {
  firstSequence: integer('first_sequence').primaryKey(),
  lastSequence: integer('last_sequence').notNull(),
  firstTime: integer('first_time').notNull(),
  lastTime: integer('last_time').notNull(),
  bytes: bytes('bytes').notNull(),
})

export type LabRow = typeof lab.$inferSelect
export type PartTableRow = typeof part.$inferSelect
export type JournalRow = typeof journal.$inferSelect
export type FrameBlockRow = typeof frameBlock.$inferSelect
