// Jobs in the background: what a shell started with `&` and left running. A job is a console session of its own that nobody
// types into, so it is stored and put back as every running line is; what it prints shows on the console it came from.
import type { Memory } from './console.ts'
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

/** Starts a job; answers its process id, 0 when there are too many. */
export function startJob(machine: Machine, console: string, command: number, line: string, memory: Memory): number {
  if (jobs(machine).length >= JOBS_LIMIT) return 0
  const pid = machine.takePid()
  const session = machine.session(`${screenOf(console)}:${MARK}${pid}`)
  if (!session) return 0
  session.job = { pid, text: line, command, startedAt: machine.sim.now, status: null }
  session.memory = memory
  session.enter(line, command)
  return pid
}

export const findJob = (machine: Machine, pid: number) => jobs(machine).find((session) => session.job?.pid === pid)

/** A job has ended: those who wait for it look. */
export function jobEnded(machine: Machine): void {
  for (const session of machine.sessions.values()) machine.sim.touch(session)
}

/** A job whose end was told is forgotten. */
export function reapJob(machine: Machine, pid: number): void {
  const session = findJob(machine, pid)
  if (session?.job && session.job.status !== null) machine.forgetSession(session)
}

export const jobViews = (machine: Machine): JobView[] =>
  jobs(machine).flatMap((session) => (session.job ? [{ ...session.job, console: screenOf(session.console) }] : []))

/** A signal to a process or a job, by its number; false: there is none. */
export function signal(machine: Machine, pid: number, number: number): boolean {
  const job = findJob(machine, pid)
  if (job) {
    if (number === 2) job.interrupt()
    else if (number !== 0) job.terminate(128 + number)
    return true
  }
  const process = machine.process(pid)
  if (!process || process.exitCode !== null) return false
  if (number !== 0) process.interrupt()
  return true
}
