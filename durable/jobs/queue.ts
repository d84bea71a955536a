import type { JobState, JobView, Named, NewJob, Owner, Plain, TaskState, TaskView } from './contract.ts'
import { tables } from './tables.ts'

/** What an organisation may have in its queue. Jobs that ended leave by and by, the oldest first. */
export const MOST = { waiting: 50_000, tasks: 10_000, jobs: 1_000, bytes: 1_000_000, ageMs: 30 * 24 * 3600_000 } as const

type JobRow = {
  id: string
  number: number
  kind: string
  label: string
  by: string | null
  state: JobState
  total: number
  created: number
  ended: number | null
}
type Counts = { done: number; dead: number; cancelled: number }
export type Due = {
  readonly id: number
  readonly job: string
  readonly kind: string
  readonly key: string
  readonly payload: Plain
  readonly data: Plain
  readonly attempt: number
}
type TaskRow = {
  id: number
  job: string
  kind: string
  key: string
  state: TaskState
  attempts: number
  error: string | null
  result: string | null
  due: number
}

/** A result without what its checks rest on. */
const BRIEF = `CASE WHEN json_type(result, '$.report.results') = 'array' THEN json_set(result, '$.report', json_object('results',
  (SELECT json_group_array(json_remove(one.value, '$.evidence')) FROM json_each(result, '$.report.results') one))) ELSE result END`

/** The rows of the queue, all of it synchronous. */
export class Queue {
  private readonly storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.storage = storage
    for (const statement of tables) storage.sql.exec(statement)
  }

  private all<R extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): R[] {
    return this.storage.sql.exec<R>(query, ...values).toArray()
  }

  get owner(): Owner | undefined {
    const [row] = this.all<{ organisation: string; jurisdiction: Owner['jurisdiction'] }>(
      'SELECT organisation, jurisdiction FROM owner',
    )
    return row && { organisationId: row.organisation, jurisdiction: row.jurisdiction }
  }

  add(owner: Owner, job: NewJob, id: string, now: number): { job: JobView; fresh: boolean } | { full: string } {
    const [known] = this.all<{ id: string }>('SELECT id FROM job WHERE key = ?', job.key)
    if (known) return { job: this.job(known.id) as JobView, fresh: false }
    const data = JSON.stringify(job.data ?? null)
    if (job.tasks.length === 0 || job.tasks.length > MOST.tasks) return { full: `A job has between 1 and ${MOST.tasks} tasks.` }
    if (data.length > MOST.bytes) return { full: 'The job is too large.' }
    const [{ waiting }] = this.all<{ waiting: number }>(
      "SELECT count(*) AS waiting FROM task WHERE state IN ('waiting', 'running')",
    )
    if (waiting + job.tasks.length > MOST.waiting)
      return { full: `The queue holds ${waiting} tasks; wait until some have ended.` }
    return this.storage.transactionSync(() => {
      this.sweep(now)
      this.all(
        'INSERT OR IGNORE INTO owner (id, organisation, jurisdiction) VALUES (1, ?, ?)',
        owner.organisationId,
        owner.jurisdiction,
      )
      this.all(
        "INSERT INTO job (id, kind, key, label, by, data, state, total, created, ended) VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, NULL)",
        ...[id, job.kind, job.key, job.label, job.by, data, job.tasks.length, now],
      )
      for (const { key, payload } of job.tasks)
        this.all(
          "INSERT INTO task (job, kind, key, payload, state, attempts, due) VALUES (?, ?, ?, ?, 'waiting', 0, ?)",
          ...[id, job.kind, key, JSON.stringify(payload), job.notBefore ?? now],
        )
      return { job: this.job(id) as JobView, fresh: true }
    })
  }

  /** The object that was at work is gone: its tasks wait again, with the attempt counted. */
  wake(now: number): void {
    this.all("UPDATE task SET state = 'waiting', due = ? WHERE state = 'running'", now)
  }

  /** Marks the next task of these kinds as running. */
  take(kinds: readonly string[], now: number): Due | undefined {
    const marks = kinds.map(() => '?').join(', ')
    const [row] = this.all<{
      id: number
      job: string
      kind: string
      key: string
      payload: string
      data: string
      attempts: number
    }>(
      `UPDATE task SET state = 'running', attempts = attempts + 1, due = ? WHERE id =
        (SELECT id FROM task WHERE state = 'waiting' AND due <= ? AND kind IN (${marks}) ORDER BY due, id LIMIT 1)
        RETURNING id, job, kind, key, payload, attempts, (SELECT data FROM job WHERE job.id = task.job) AS data`,
      ...[now, now, ...kinds],
    )
    if (!row) return undefined
    const { payload, data, attempts, ...rest } = row
    return { ...rest, payload: JSON.parse(payload), data: JSON.parse(data), attempt: attempts }
  }

  end(id: number, end: { state: 'done'; result: Plain } | { state: 'dead'; error: string }, now: number): void {
    this.storage.transactionSync(() => {
      const text = end.state === 'done' ? JSON.stringify(end.result ?? null) : null
      const error = end.state === 'dead' ? end.error : null
      this.all('UPDATE task SET state = ?, result = ?, error = ?, due = ? WHERE id = ?', end.state, text, error, now, id)
      this.all(
        `UPDATE job SET state = CASE state WHEN 'running' THEN 'done' ELSE state END, ended = ? WHERE id = (SELECT job FROM task WHERE id = ?)
          AND NOT EXISTS (SELECT 1 FROM task WHERE task.job = job.id AND task.state IN ('waiting', 'running'))`,
        ...[now, id],
      )
    })
  }

  /** Once more, then; unless the job was cancelled meanwhile. */
  again(id: number, error: string, due: number): void {
    this.all(
      `UPDATE task SET state = CASE (SELECT state FROM job WHERE job.id = task.job) WHEN 'cancelled' THEN 'cancelled' ELSE 'waiting' END,
        error = ?, due = ? WHERE id = ?`,
      ...[error, due, id],
    )
  }

  /** When something of these kinds is due next; undefined: there is nothing to do. */
  next(kinds: readonly string[]): number | undefined {
    const marks = kinds.map(() => '?').join(', ')
    const query = `SELECT min(due) AS due FROM task WHERE state = 'waiting' AND kind IN (${marks})`
    return this.all<{ due: number | null }>(query, ...kinds)[0].due ?? undefined
  }

  job(id: string): JobView | undefined {
    return this.views('WHERE id = ?', id)[0]
  }

  jobs(before: number | null, limit: number): JobView[] {
    return this.views(
      'WHERE by IS NOT NULL AND number < ? ORDER BY number DESC LIMIT ?',
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    )
  }

  tasks(
    job: string,
    { after, limit, state, brief = false }: { after: number; limit: number; state?: TaskState; brief?: boolean },
  ): TaskView[] {
    const where = `WHERE job = ? AND id > ? ${state === undefined ? '' : 'AND state = ?'} ORDER BY id LIMIT ?`
    return this.taskViews(where, [job, after, ...(state ? [state] : []), limit], brief)
  }

  dead(before: number | null, limit: number): TaskView[] {
    return this.taskViews("WHERE state = 'dead' AND id < ? ORDER BY id DESC LIMIT ?", [before ?? Number.MAX_SAFE_INTEGER, limit])
  }

  cancel(id: string, now: number): JobView | undefined {
    return this.storage.transactionSync(() => {
      this.all("UPDATE job SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'running'", now, id)
      this.all(
        "UPDATE task SET state = 'cancelled', due = ? WHERE job = ? AND state = 'waiting' AND (SELECT state FROM job WHERE job.id = task.job) = 'cancelled'",
        ...[now, id],
      )
      return this.job(id)
    })
  }

  retry(which: { job: string } | { task: number }, now: number): number {
    return this.storage.transactionSync(() => {
      const [column, value] = 'job' in which ? (['job', which.job] as const) : (['id', which.task] as const)
      const begun = this.all<{ job: string }>(
        `UPDATE task SET state = 'waiting', attempts = 0, due = ? WHERE state = 'dead' AND ${column} = ? RETURNING job`,
        ...[now, value],
      )
      for (const { job } of begun) this.all("UPDATE job SET state = 'running', ended = NULL WHERE id = ?", job)
      return begun.length
    })
  }

  /** An id stands anywhere in a text, a name as a whole string of what is JSON. */
  forget(person: Named, alias: Named): void {
    const [name, other] = [JSON.stringify(person.name), JSON.stringify(alias.name)]
    const inJson = (column: string) => `${column} = replace(replace(${column}, ?, ?), ?, ?)`
    const ids = [person.id, alias.id]
    this.storage.transactionSync(() => {
      this.all('UPDATE job SET by = ? WHERE by = ?', alias.id, person.id)
      this.all(`UPDATE job SET key = replace(key, ?, ?), ${inJson('data')}`, ...ids, ...ids, name, other)
      const set = `key = replace(key, ?, ?), error = replace(error, ?, ?), ${inJson('payload')}, ${inJson('result')}`
      this.all(`UPDATE task SET ${set}`, ...ids, ...ids, ...ids, name, other, ...ids, name, other)
    })
  }

  /** Old jobs that have ended, and of those that have, all above the limit. */
  private sweep(now: number): void {
    const old = `SELECT id FROM job WHERE ended IS NOT NULL AND (ended < ? OR id IN
      (SELECT id FROM job WHERE ended IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET ?))`
    this.all(`DELETE FROM task WHERE job IN (${old})`, now - MOST.ageMs, MOST.jobs)
    this.all(`DELETE FROM job WHERE id IN (${old})`, now - MOST.ageMs, MOST.jobs)
  }

  private views(where: string, ...values: SqlStorageValue[]): JobView[] {
    const count = (state: string) => `(SELECT count(*) FROM task WHERE task.job = job.id AND task.state = '${state}') AS ${state}`
    const rows = this.all<JobRow & Counts>(
      `SELECT number, id, kind, label, by, state, total, created, ended, ${count('done')}, ${count('dead')}, ${count('cancelled')} FROM job ${where}`,
      ...values,
    )
    return rows.map(({ created, ended, dead, ...rest }) => ({ ...rest, failed: dead, createdAt: created, endedAt: ended }))
  }

  private taskViews(where: string, values: readonly SqlStorageValue[], brief = false): TaskView[] {
    const result = brief ? BRIEF : 'result'
    const rows = this.all<TaskRow>(
      `SELECT id, job, kind, key, state, attempts, error, ${result} AS result, due FROM task ${where}`,
      ...values,
    )
    return rows.map(({ result, due, ...rest }) => ({ ...rest, result: result === null ? null : JSON.parse(result), at: due }))
  }
}
