// What a shell tells of its jobs, and how it waits for them.
import { INTERRUPTED, type Io, type Need, type Steps } from '../io.ts'
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

export function addJob(pid: number, text: string, io: Io): Job {
  const { jobs } = io.session
  const job: Job = { id: Math.max(0, ...jobs.map((each) => each.id)) + 1, pid, text, status: null, stopped: 0, told: true }
  jobs.push(job)
  return job
}

/** A job was stopped: it is the current one, and the terminal is told. */
export function jobStopped(job: Job, io: Io): void {
  job.stopped = nextStop(io)
  job.told = true
  io.err(`\n${jobLine(job, io)}`)
}

const nextStop = (io: Io): number => Math.max(0, ...io.session.jobs.map((each) => each.stopped)) + 1

/** Learns what became of jobs. */
export function refreshJobs(io: Io): void {
  const { session, work } = io
  const outside = session.jobs.filter((job) => job.status === null && !work.tasks.has(job.pid))
  if (outside.length === 0) return
  const known = io.kernel.jobs()
  for (const job of outside) {
    const found = known.find((each) => each.pid === job.pid)
    if (found === undefined) job.status = 0
    else if (found.status !== null) {
      job.status = found.status
      io.kernel.reapJob(job.pid)
    } else if (found.stopped !== job.stopped > 0) {
      job.told = !found.stopped
      job.stopped = found.stopped ? nextStop(io) : 0
    }
  }
}

/** The current job first, then the previous one: what was stopped last, then what runs. */
const ranked = (io: Io): Job[] => io.session.jobs.toSorted((a, b) => b.stopped - a.stopped || b.id - a.id)

/** `[1]+  Running                 sleep 5 &`. */
export function jobLine(job: Job, io: Io, withPid = false): string {
  const [current, previous] = ranked(io)
  const mark = job === current ? '+' : job === previous ? '-' : ' '
  const running = job.status === null && job.stopped === 0
  const state = job.status !== null ? stateOf(job.status) : running ? 'Running' : 'Stopped'
  const pid = withPid ? `${String(job.pid).padStart(5)} ` : ' '
  return `[${job.id}]${mark} ${pid}${state.padEnd(24)}${job.text}${running ? ' &' : ''}\n`
}

function stateOf(status: number): string {
  if (status === 0) return 'Done'
  if (status === INTERRUPTED) return 'Interrupt'
  if (status === 143) return 'Terminated'
  if (status === 137) return 'Killed'
  return `Exit ${status}`
}

/** Before the prompt: which jobs have ended or were stopped. */
export function reportJobs(io: Io): void {
  const { session } = io
  if (session.jobs.length === 0) return
  refreshJobs(io)
  for (const job of session.jobs) {
    if (job.status !== null) io.err(jobLine(job, io))
    else if (!job.told) io.err(`\n${jobLine(job, io)}`)
    job.told = true
  }
  session.jobs = session.jobs.filter((job) => job.status === null)
}

/** `%1`, `%+`, `%-`, `%name`, or the number of a process. */
export function findJob(text: string, io: Io): Job | undefined {
  const { jobs } = io.session
  if (/^\d+$/.test(text)) return jobs.find((job) => job.pid === Number(text))
  const name = text.startsWith('%') ? text.slice(1) : text
  const [current, previous] = ranked(io)
  if (name === '' || name === '+' || name === '%') return current
  if (name === '-') return previous ?? current
  if (/^\d+$/.test(name)) return jobs.find((job) => job.id === Number(name))
  return name.startsWith('?')
    ? jobs.find((job) => job.text.includes(name.slice(1)))
    : jobs.find((job) => job.text.startsWith(name))
}

/** Waits until one of several jobs has ended; undefined: Ctrl-C came. */
export function* awaitJobs(jobs: readonly Job[], io: Io): Steps<Job | undefined> {
  for (;;) {
    refreshJobs(io)
    const ended = jobs.find((job) => job.status !== null)
    if (ended) return ended
    const needs = jobs.map(({ pid }): Need => {
      const task = io.work.tasks.get(pid)
      return task ? { task } : { wait: pid }
    })
    const got = yield needs.length === 1 ? (needs[0] as Need) : { all: needs }
    if (got.kind === 'interrupt') {
      io.work.interrupted = true
      return undefined
    }
    // Who is told of the end has it to himself: the machine is not asked again.
    const [job, told] = got.kind === 'one' ? [jobs[got.at], got.got] : [jobs[0], got]
    if (told.kind === 'exit' && job) jobEnded(job, told.code, io)
  }
}

function jobEnded(job: Job, status: number, io: Io): void {
  job.status = status
  io.kernel.reapJob(job.pid)
}

/** Has a job in front until it has ended, or was stopped, which is told; Ctrl-C and what is typed are for it. */
export function* jobInFront(job: Job, io: Io): Steps<number | 'stopped'> {
  while (job.status === null) {
    const task = io.work.tasks.get(job.pid)
    const got = yield task ? { task } : { wait: job.pid, stop: true }
    if (got.kind === 'interrupt') io.work.interrupted = true
    else if (got.kind === 'exit') jobEnded(job, got.code, io)
    else if (got.kind === 'stopped') {
      jobStopped(job, io)
      return 'stopped'
    }
  }
  return job.status
}

export function dropJob(job: Job, io: Io): void {
  io.session.jobs = io.session.jobs.filter((each) => each !== job)
}
