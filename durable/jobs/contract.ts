// The queue of an organisation as the Worker sees it. A job is what somebody can follow; it consists of tasks, each done, retried and
// given up by itself.

/** What can be put into JSON. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain | undefined }

export type NewJob = {
  readonly kind: string
  /** The same key again is the same job, for as long as it is kept. */
  readonly key: string
  /** For people: `Grade 200 submissions of “One-way traffic”`. */
  readonly label: string
  /** `Actor.id`; null: the service itself. Its own jobs are not in the list of jobs. */
  readonly by: string | null
  /** What all tasks have in common. */
  readonly data?: Plain
  readonly tasks: readonly { readonly key: string; readonly payload: Plain }[]
  /** Not before this time, in milliseconds since 1970. */
  readonly notBefore?: number
}

export type JobState = 'running' | 'done' | 'cancelled'
export type JobView = {
  readonly id: string
  /** In the order in which they came. */
  readonly number: number
  readonly kind: string
  readonly label: string
  readonly by: string | null
  readonly state: JobState
  readonly total: number
  readonly done: number
  /** Given up. */
  readonly failed: number
  readonly cancelled: number
  readonly createdAt: number
  readonly endedAt: number | null
}

export type TaskState = 'waiting' | 'running' | 'done' | 'dead' | 'cancelled'
export type TaskView = {
  readonly id: number
  readonly job: string
  readonly kind: string
  readonly key: string
  readonly state: TaskState
  readonly attempts: number
  /** Why the last attempt failed. */
  readonly error: string | null
  readonly result: Plain
  /** When it is tried next, or was tried last. */
  readonly at: number
}

export type Named = { readonly id: string; readonly name: string }

/** The RPC methods of the object. What it does not know is null: never an exception, which would break the stub. */
export interface JobsCalls {
  /** `organisation` is whose queue this is: the object does not know its own name in an alarm of every runtime. */
  enqueue(
    organisation: Owner,
    job: NewJob,
  ): Promise<{ readonly job: JobView; readonly fresh: boolean } | { readonly full: string }>
  job(id: string): Promise<JobView | null>
  jobs(query: { readonly before: number | null; readonly limit: number }): Promise<readonly JobView[]>
  /** `brief`: without the evidence in reports, for answers that take all tasks of a job. */
  tasks(
    id: string,
    query: { readonly after: number; readonly limit: number; readonly state?: TaskState; readonly brief?: boolean },
  ): Promise<readonly TaskView[]>
  /** What waits is not begun any more; what is under way ends. */
  cancel(id: string): Promise<JobView | null>
  /** Dead letters of all jobs, the newest first. */
  dead(query: { readonly before: number | null; readonly limit: number }): Promise<readonly TaskView[]>
  /** Tasks that were given up begin again; how many. */
  retry(which: { readonly job: string } | { readonly task: number }): Promise<number>
  /** Somebody is erased: wherever jobs and what came of them name a person, they name the alias. */
  forget(person: Named, alias: Named): Promise<void>
  /** Everything is gone, with the organisation. */
  destroy(): Promise<void>
}
export type Owner = { readonly organisationId: string; readonly jurisdiction: 'eu' | 'fedramp' | 'us' | null }
