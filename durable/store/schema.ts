import { sql } from 'drizzle-orm'
import { customType, index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

/** One row at most: how long time has gone on by itself, and whether there is any such time left this month. */
export const meter = sqliteTable('meter', {
  id: integer('id').primaryKey(),
  liveMs: integer('live_ms').notNull(),
  liveAllowed: integer('live_allowed', { mode: 'boolean' }).notNull(),
  /** Until `live_ms` is so much; null: there is more left than could be used before it is told again. */
  liveUntil: integer('live_until'),
})

/** The state of the lab: machines, switches, leases, NAT tables, processes, consoles; many parts a row, see groups.ts. */
export const partGroup = sqliteTable('part_group', {
  name: text('name').primaryKey(),
  /** JSON: the parts by name. */
  data: text('data').notNull(),
})

/** One row a part, as labs were stored before there were groups. Emptied when such a lab is opened. */
export const part = sqliteTable('part', {
  name: text('name').primaryKey(),
  kind: text('kind').notNull(),
  version: integer('version').notNull(),
  data: text('data').notNull(),
})

export const LINE_KINDS = [
  'exec',
  'hand',
  'interrupt',
  'mode',
  'advance',
  'step',
  'notice',
  'reset',
  'snapshot',
  'rewind',
  'undo',
  'plug',
  'frames',
  'answer',
  'hint',
  'owner',
] as const

/** Everything that was ever put into the lab, in order. The key is the command number in the engine and is never reused. */
export const journal = sqliteTable(
  'journal',
  {
    id: integer('id').primaryKey(),
    kind: text('kind', { enum: LINE_KINDS }).notNull(),
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
    /** Lab time at which it was given; a queued line starts later. */
    at: integer('at').notNull().default(0),
    /** Of `branch`. */
    branch: integer('branch').notNull().default(0),
    /** The engine that ran it. */
    engine: integer('engine').notNull().default(1),
    /** Operation, JSON; null where kind, console and line say it, or where nothing was put into the lab. */
    operation: text('operation'),
    /** Of everything seen up to its end. Empty when it was not noted. */
    digest: text('digest').notNull().default(''),
  },
  // Partial, so that a line which is done at once costs no entry.
  (table) => [index('journal_open').on(table.id).where(sql`status <> 'done'`)],
)

/**
 * What a rewind or an undo began. Branch 0 has no row. Packets keep their numbers for ever: a branch begins with numbers that
 * none has had, and those between belong to what was left.
 */
export const branch = sqliteTable('branch', {
  id: integer('id').primaryKey(),
  parent: integer('parent').notNull(),
  /** The last line of the parent that counts here; 0 for none. */
  after: integer('after').notNull(),
  /** The line that opened it, its first one. */
  line: integer('line').notNull(),
  /** Sightings from `leftFrom` up to, not including, `firstSequence` are of what was left. */
  leftFrom: integer('left_from').notNull(),
  firstSequence: integer('first_sequence').notNull(),
  /** The last packet id that somebody else has had. */
  lastPacket: integer('last_packet').notNull(),
})

/** Whole states of the lab, each as it was right after a line. */
export const snapshot = sqliteTable('snapshot', {
  line: integer('line').primaryKey(),
  name: text('name').notNull(),
  automatic: integer('automatic', { mode: 'boolean' }).notNull(),
  at: integer('at').notNull(),
  /** See history/snapshots.ts. */
  state: bytes('state').notNull(),
})

/** One row at most: nobody puts anything into this lab any more. */
export const freeze = sqliteTable('freeze', {
  id: integer('id').primaryKey(),
  reason: text('reason').notNull(),
  by: text('by').notNull(),
  /** Milliseconds since 1970. */
  at: integer('at').notNull(),
})

/** Sightings, oldest first, packed by frame-block.ts. */
export const frameBlock = sqliteTable('frame_block', {
  firstSequence: integer('first_sequence').primaryKey(),
  lastSequence: integer('last_sequence').notNull(),
  firstTime: integer('first_time').notNull(),
  lastTime: integer('last_time').notNull(),
  bytes: bytes('bytes').notNull(),
})

/**
 * Frames that machines from outside sent into the lab, for when it is run again: one row a commit, packed by inputs.ts. They came
 * after the journal line `line` and before the next one. When the oldest go, one of them stays without its bytes, and says
 * up to where something is missing.
 */
export const inputBlock = sqliteTable('input_block', {
  id: integer('id').primaryKey(),
  line: integer('line').notNull(),
  branch: integer('branch').notNull(),
  frames: integer('frames').notNull(),
  bytes: bytes('bytes').notNull(),
})

export type InputBlockRow = typeof inputBlock.$inferSelect
export type LabRow = typeof lab.$inferSelect
export type PartTableRow = typeof part.$inferSelect
export type JournalRow = typeof journal.$inferSelect
export type BranchRow = typeof branch.$inferSelect
export type SnapshotRow = typeof snapshot.$inferSelect
export type FrameBlockRow = typeof frameBlock.$inferSelect

/** What changed, in a person's words: one row a commit in which something did, the newest ones only. */
export const changeLog = sqliteTable('change_log', {
  id: integer('id').primaryKey(),
  /** The last line of the journal when it was noted. */
  line: integer('line').notNull(),
  /** Change[] of the engine, JSON. */
  changes: text('changes').notNull(),
})
export type ChangeRow = typeof changeLog.$inferSelect

/**
 * Who types in a terminal. Those at the lab page own it as long as they are there; a line that was given over HTTP owns it until it has
 * ended. Whether it still counts is compared when it is read, see terminals.ts.
 */
export const terminal = sqliteTable('terminal', {
  console: text('console').primaryKey(),
  personId: text('person_id').notNull(),
  name: text('name').notNull(),
  role: text('role').notNull(),
  /** Milliseconds since 1970, written once a minute at most: when its owner last typed. */
  usedAt: integer('used_at').notNull(),
  /** The line that it is held for; null: for somebody at the lab page. */
  line: integer('line'),
})

/** Who asks the owner of a terminal for it. */
export const terminalAsk = sqliteTable(
  'terminal_ask',
  {
    console: text('console').notNull(),
    personId: text('person_id').notNull(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    /** Milliseconds since 1970. */
    askedAt: integer('asked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.console, table.personId] })],
)

/** What people at the lab say to each other. It is beside the lab: no rewind, reset, fork or file touches it. */
export const chat = sqliteTable('chat', {
  id: integer('id').primaryKey(),
  personId: text('person_id').notNull(),
  name: text('name').notNull(),
  role: text('role').notNull(),
  /** Milliseconds since 1970. */
  wall: integer('wall').notNull(),
  /** Lab time, and the last line of the journal, when it was said. */
  at: integer('at').notNull(),
  line: integer('line').notNull(),
  /** Empty once it was removed. */
  text: text('text').notNull(),
  removedBy: text('removed_by'),
  removedByName: text('removed_by_name'),
})
export type TerminalRow = typeof terminal.$inferSelect
export type TerminalAskRow = typeof terminalAsk.$inferSelect
export type ChatRow = typeof chat.$inferSelect
