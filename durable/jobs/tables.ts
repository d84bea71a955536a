/** The tables of the queue. A later version adds statements; none is ever changed. */
export const tables: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, organisation TEXT NOT NULL, jurisdiction TEXT)',
  `CREATE TABLE IF NOT EXISTS job (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE, label TEXT NOT NULL, by TEXT,
    data TEXT NOT NULL, state TEXT NOT NULL, total INTEGER NOT NULL, created INTEGER NOT NULL, ended INTEGER)`,
  `CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    payload TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL, error TEXT, result TEXT)`,
  'CREATE INDEX IF NOT EXISTS task_job ON task (job, state)',
  'CREATE INDEX IF NOT EXISTS task_due ON task (state, due, id)',
]
