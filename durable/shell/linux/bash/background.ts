// `&`: a job of the machine where its output outlives the line, else something that runs beside the rest of the list.
import { forEachChild, type Statement, type SyntaxNode } from 'unbash'
import type { Json } from '../../../engine/sim/json.ts'
import type { Io, Place } from '../io.ts'
import { forkSession, type Job, saveSession } from '../session.ts'
import { textInput } from './channels.ts'
import { complain } from './faults.ts'
import { addJob } from './jobs.ts'
import { inSubshell, runNode, subshell } from './run.ts'
import { newTask, type Task } from './together.ts'

/** Jobs in jobs in jobs: each level may start fewer. */
const DEEPEST = 3
const FEWER = 4

/** Starts what stands before `&`. A task: it must be run beside the rest of the list. */
export function background(statement: Statement, io: Io): Task | undefined {
  const { session, work } = io
  const text = io.source.slice(statement.command.pos, statement.command.end).trim()
  if (--work.jobs < 0) {
    work.jobs = 0
    complain(io, 'fork: retry: Resource temporarily unavailable')
    if (!work.warned) io.err('Switchroom: the budget of jobs that one line may start is used up.\n')
    work.warned = true
    session.status = 254
    return undefined
  }
  if (!outlives(io) || hasHereDoc(statement)) return beside(statement, text, io)
  work.flush()
  const pid = io.kernel.startJob(text, jobMemory(io))
  if (pid === 0) {
    complain(io, 'fork: retry: Resource temporarily unavailable')
    session.status = 254
    return undefined
  }
  const job = remember(pid, text, io)
  if (session.script === undefined && !session.scope.sub && io.place.err === 'terminal') io.err(`[${job.id}] ${pid}\n`)
  session.status = 0
  return undefined
}

const outlives = (io: Io): boolean =>
  io.place.out !== 'held' && io.place.err !== 'held' && (io.input.terminal || io.work.job) && io.channels.size === 0

/** The memory a job begins with: that of a subshell, and where its output goes. */
function jobMemory(io: Io): { [key: string]: Json } {
  const memory: { [key: string]: Json } = {}
  const session = forkSession(io.session)
  session.history = []
  saveSession(session, memory)
  const level = io.work.level + 1
  memory['job'] = {
    level,
    jobs: level >= DEEPEST ? 0 : FEWER,
    out: placeOf(io.place.out),
    err: placeOf(io.place.err),
    root: io.root,
  }
  return memory
}

const placeOf = (place: Place): string | { readonly file: string } => (typeof place === 'string' ? place : { file: place.file })

function hasHereDoc(node: SyntaxNode): boolean {
  if (node.type === 'HereDoc') return true
  let found = false
  forEachChild(node, (child) => {
    found ||= hasHereDoc(child)
  })
  return found
}

function remember(pid: number, text: string, io: Io): Job {
  io.session.lastJob = pid
  return addJob(pid, text, io)
}

/** Process numbers of what runs beside a list; the machine knows nothing of it. */
const FIRST_BESIDE = 30_001

function beside(statement: Statement, text: string, io: Io): Task {
  const inner = subshell(io)
  const job = remember(FIRST_BESIDE + io.work.beside++, text, io)
  const quiet: Io = io.input.terminal ? { ...inner, input: textInput(''), piped: true } : inner
  const task = newTask(
    inSubshell(quiet, (shell) => runNode(statement.command, shell)),
    (status) => {
      job.status = status
    },
  )
  io.work.tasks.set(job.pid, task)
  io.session.status = 0
  return task
}
