// Jobs in the background: what a shell started with `&` and left running. A job is a console session of its own that nobody
// types into, so it is stored and put back as every running line is; what it prints shows on the console it came from.
import type { Memory } from './console.ts'
import type { ConsoleJobs, JobState, PartedLine } from './console-jobs.ts'
import type { ConsoleSession } from './console-session.ts'
import type { Machine } from './machine.ts'
import type { JobView } from './views.ts'

/** Jobs of one machine at a time. */
export const JOBS_LIMIT = 16
const MARK = '&'

/** The console that a job's output shows on; a console's own name otherwise. */
export const screenOf = (console: string): string => console.split(`:${MARK}`)[0] as string
export const isJob = (console: string): boolean => console.includes(`:${MARK}`)

/** The part of a console's name that tells it from the machine's others. */
export const terminalOf = (console: string): string => console.split(':').slice(1).join(':') || '1'

const jobs = (machine: Machine) => [...machine.sessions.values()].filter((session) => session.job !== undefined)

/** The jobs of a machine as its consoles have them. */
export const jobCalls = (machine: Machine): ConsoleJobs => ({
  awaited: (pid) => findJob(machine, pid)?.awaited,
  signal: (pid, number) => void signal(machine, pid, number),
  part: (session, line, text) => partLine(machine, session, line, text),
  frontOf: (job) => frontOf(machine, job),
  typedFor: (pid) => findJob(machine, pid)?.poll(),
})

/** Starts a job; answers its process id, 0 when there are too many. */
export function startJob(machine: Machine, console: string, command: number, line: string, memory: Memory): number {
  const session = newJob(machine, console, { text: line, command, startedAt: machine.sim.now, stopped: false, parted: false })
  if (!session?.job) return 0
  session.memory = memory
  session.enter(line, command)
  return session.job.pid
}

/** Work of a service, as root, of which the journal keeps what is said; answers its process id, 0 when there are too many jobs. */
export function startUnitJob(machine: Machine, unit: string, text: string): number {
  const { now } = machine.sim
  const session = newJob(machine, machine.name, { text, command: 0, startedAt: now, stopped: false, parted: false, unit })
  if (!session?.job) return 0
  const { pid } = session.job
  session.enter(`sudo ${text}`, 0)
  return pid
}

/** A job has ended: one of a service is forgotten, of any other its shell is told. */
export function jobEnded(machine: Machine, session: ConsoleSession, exitStatus: number): void {
  const { job } = session
  if (job?.unit !== undefined) {
    machine.forgetSession(session)
    machine.units.workEnded(job.unit, job.pid, exitStatus)
  }
  jobsChanged(machine)
}

/** Whether what a session prints is the journal's; then it is there. */
export function toJournal(machine: Machine, { job }: ConsoleSession, text: string): boolean {
  if (job?.unit === undefined) return false
  for (const line of text.split('\n')) if (line.trim() !== '') machine.units.work(job.unit, job.pid, line)
  return true
}

function newJob(machine: Machine, console: string, what: Omit<JobState, 'pid' | 'status'>): ConsoleSession | undefined {
  if (jobs(machine).length >= JOBS_LIMIT) return undefined
  const pid = machine.takePid()
  const session = machine.session(`${screenOf(console)}:${MARK}${pid}`)
  if (session) session.job = { ...what, pid, status: null }
  return session
}

/** What a line has in front becomes a job that is stopped; answers its process id, -1 when there are too many. */
function partLine(machine: Machine, from: ConsoleSession, line: PartedLine, text: string): number {
  const own = machine.running.filter((each) => each.console === from.console && each.origin === line.command)
  const startedAt = Math.min(machine.sim.now, ...own.map((each) => each.startedAt))
  const session = newJob(machine, from.console, { text, command: line.command, startedAt, stopped: true, parted: true })
  if (!session?.job) return -1
  for (const process of own) {
    process.console = session.console
    process.stop()
  }
  session.take(line)
  return session.job.pid
}

export const findJob = (machine: Machine, pid: number) => jobs(machine).find((session) => session.job?.pid === pid)

/** A job has ended, was stopped or goes on, or something was typed for it: those who wait look. */
export function jobsChanged(machine: Machine): void {
  for (const session of machine.sessions.values()) machine.sim.touch(session)
}

/** A job whose end was told is forgotten. */
export function reapJob(machine: Machine, pid: number): void {
  const session = findJob(machine, pid)
  if (session?.job && session.job.status !== null) machine.forgetSession(session)
}

export const jobViews = (machine: Machine): JobView[] =>
  jobs(machine).flatMap(({ job, console }) => {
    if (!job) return []
    const { pid, text, startedAt, status, stopped } = job
    return [{ pid, text, startedAt, status, stopped, console: screenOf(console) }]
  })

/** The console in which a job runs in front, if it does: that is where it reads. */
function frontOf(machine: Machine, job: ConsoleSession): ConsoleSession | undefined {
  const screen = machine.sessions.get(screenOf(job.console))
  return screen?.hasInFront(job.job?.pid ?? 0) ? screen : undefined
}

const [INT, KILL, CONT] = [2, 9, 18]
/** STOP, TSTP, TTIN, TTOU. */
const STOPPING: readonly number[] = [19, 20, 21, 22]
/** CHLD, URG, WINCH: nothing happens, unless somebody waits for them. */
const IGNORED: readonly number[] = [0, 17, 23, 28]

/** A signal to a process or a job, by its number; false: there is none. */
export function signal(machine: Machine, pid: number, number: number): boolean {
  const job = findJob(machine, pid)
  if (job) {
    signalJob(machine, job, number)
    return true
  }
  const process = machine.process(pid)
  if (!process || process.exitCode !== null) return false
  if (IGNORED.includes(number)) return true
  const session = machine.sessions.get(process.console)
  // What stops one process of a pipeline is told to all of it here.
  if (number === CONT || STOPPING.includes(number)) {
    if (session?.job) signalJob(machine, session, number)
    else if (number !== CONT) session?.suspend()
  } else process.interrupt()
  return true
}

function signalJob(machine: Machine, session: ConsoleSession, number: number): void {
  const { job } = session
  if (!job || job.status !== null || IGNORED.includes(number)) return
  if (STOPPING.includes(number)) setStopped(machine, session, job, true)
  else if (number === CONT) {
    if (!job.stopped) return
    setStopped(machine, session, job, false)
    const { pending } = job
    job.pending = undefined
    if (pending !== undefined) signalJob(machine, session, pending)
  } else if (job.stopped && number !== KILL) job.pending = number
  else if (number === INT) session.interrupt()
  else session.terminate(128 + number)
}

function setStopped(machine: Machine, session: ConsoleSession, job: JobState, stopped: boolean): void {
  if (job.stopped === stopped) return
  job.stopped = stopped
  for (const process of machine.running) {
    if (process.console !== session.console) continue
    if (stopped) process.stop()
    else process.goOn()
  }
  jobsChanged(machine)
}
