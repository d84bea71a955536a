// What a shell tells of its jobs, and how it waits for them.
import { INTERRUPTED, type Io, type Steps } from '../io.ts'
import type { Job } from '../session.ts'

const SIGNALS = [
  '',
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  'STKFLT',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'WINCH',
  'IO',
  'PWR',
  'SYS',
]

export const signalNames: readonly string[] = SIGNALS

/** The number of a signal given by number or name; undefined: there is none. */
export function signalNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text) < SIGNALS.length ? Number(text) : undefined
  const at = SIGNALS.indexOf(text.toUpperCase().replace(/^SIG/, ''))
  return at > 0 ? at : undefined
}

/** Learns what became of jobs. */
export function refreshJobs(io: Io): void {
  const { session, work } = io
  if (session.jobs.length === 0) return
  const known = session.jobs.some((job) => job.status === null && !work.tasks.has(job.pid)) ? io.kernel.jobs() : []
  for (const job of session.jobs) {
    if (job.status !== null || work.tasks.has(job.pid)) continue
    const found = known.find((each) => each.pid === job.pid)
    if (found === undefined) job.status = 0
    else if (found.status !== null) {
      job.status = found.status
      io.kernel.reapJob(job.pid)
    }
  }
}

/** `[1]+  Running                 sleep 5 &`. */
export function jobLine(job: Job, io: Io, withPid = false): string {
  const ids = io.session.jobs.map((each) => each.id)
  const mark = job.id === ids.at(-1) ? '+' : job.id === ids.at(-2) ? '-' : ' '
  const state = job.status === null ? 'Running' : stateOf(job.status)
  const pid = withPid ? `${job.pid} ` : ''
  return `[${job.id}]${mark}  ${pid}${state.padEnd(24)}${job.text}${job.status === null ? ' &' : ''}\n`
}

function stateOf(status: number): string {
  if (status === 0) return 'Done'
  if (status === INTERRUPTED) return 'Interrupt'
  if (status === 143) return 'Terminated'
  if (status === 137) return 'Killed'
  return `Exit ${status}`
}

/** Before the prompt: which jobs have ended. */
export function reportJobs(io: Io): void {
  const { session } = io
  if (session.jobs.length === 0) return
  refreshJobs(io)
  for (const job of session.jobs) if (job.status !== null) io.err(jobLine(job, io))
  session.jobs = session.jobs.filter((job) => job.status === null)
}

/** `%1`, `%+`, `%-`, `%name`, or the number of a process. */
export function findJob(text: string, io: Io): Job | undefined {
  const { jobs } = io.session
  if (/^\d+$/.test(text)) return jobs.find((job) => job.pid === Number(text))
  const name = text.startsWith('%') ? text.slice(1) : text
  if (name === '' || name === '+' || name === '%') return jobs.at(-1)
  if (name === '-') return jobs.at(-2) ?? jobs.at(-1)
  if (/^\d+$/.test(name)) return jobs.find((job) => job.id === Number(name))
  return name.startsWith('?')
    ? jobs.find((job) => job.text.includes(name.slice(1)))
    : jobs.find((job) => job.text.startsWith(name))
}

/** Waits until a job has ended; undefined: Ctrl-C came. With `front`, Ctrl-C is for the job. */
export function* awaitJob(job: Job, io: Io, front = false): Steps<number | undefined> {
  refreshJobs(io)
  while (job.status === null) {
    const task = io.work.tasks.get(job.pid)
    const got = yield task ? { task } : { wait: job.pid }
    if (got.kind === 'interrupt') {
      io.work.interrupted = true
      if (!front) return undefined
      io.kernel.signal(job.pid, 2)
    }
    if (got.kind === 'exit') {
      job.status = got.code
      io.kernel.reapJob(job.pid)
    }
  }
  return job.status
}

export function dropJob(job: Job, io: Io): void {
  io.session.jobs = io.session.jobs.filter((each) => each !== job)
}
