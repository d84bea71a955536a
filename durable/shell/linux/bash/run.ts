// Runs what was parsed: lists, pipelines, groups. Simple commands are in simple.ts, loops and conditions in compound.ts.
import type { AndOr, CommandNode, Pipeline, PipelineNode, Statement } from 'unbash'
import { INTERRUPTED, type Io, type Run } from '../io.ts'
import { forkSession, type Session } from '../session.ts'
import { background } from './background.ts'
import { endPipe, newPipe, type Pipe, pipeInput, writePipe } from './channels.ts'
import { runArithmetic, runCase, runCount, runFor, runIf, runSelect, runTest, runWhile } from './compound.ts'
import { complain, ShellFault, Stopped } from './faults.ts'
import type { Script } from './grammar.ts'
import { addJob, jobStopped } from './jobs.ts'
import { redirected } from './redirect.ts'
import { define, runSimple } from './simple.ts'
import { durationText } from './times.ts'
import { newTask, type Task, together } from './together.ts'
import { runTrap } from './traps.ts'
import { setArray } from './variables.ts'
import { DEAR } from './work.ts'

export function* runScript(script: Script, io: Io): Run {
  const inner = script.source === undefined ? io : { ...io, source: script.source, base: io }
  return yield* runList(script.commands, inner)
}

/** A list. Where output outlives the line, what follows `&` is a job of the machine; elsewhere it runs beside the rest of the list. */
export function* runList(list: readonly Statement[], io: Io): Run {
  const { session } = io
  for (const [i, statement] of list.entries()) {
    if (statement.background) {
      const task = background(statement, io)
      if (task) return yield* together([task, newTask(runList(list.slice(i + 1), io))], io.work)
      continue
    }
    session.status = yield* runNode(statement.command, io)
    if (session.scope.flow !== undefined) break
  }
  return session.status
}

export function* runNode(node: PipelineNode | AndOr, io: Io): Run {
  const { session } = io
  io.work.step()
  if (session.options.has('noexec') && (session.script !== undefined || session.scope.sub)) return session.status
  const main = session.script === undefined && !session.scope.sub
  const { front } = io.work
  if (main) io.work.front = io.source.slice(node.pos, node.end).trim()
  try {
    if (node.type === 'AndOr') return yield* runAndOr(node, io)
    const status = yield* node.type === 'Pipeline' ? runPipeline(node, io) : runCommand(node, io)
    const ended = yield* settled(node, status, io)
    if (main && io.work.alone) session.scope.flow = { kind: 'exit' }
    return ended
  } catch (fault) {
    if (fault instanceof Stopped && main && node.type !== 'AndOr') return stopped(fault.pid, io)
    if (!(fault instanceof ShellFault)) throw fault
    complain(io, fault.message)
    session.status = fault.status === 127 && session.script === undefined && !session.scope.sub ? 1 : fault.status
    session.scope.flow = fault.fatal && (session.script !== undefined || session.scope.sub) ? { kind: 'exit' } : { kind: 'abort' }
    return session.status
  } finally {
    io.work.front = front
  }
}

/** What was in front is a job now; loops end, and the rest of the list goes on. */
function stopped(pid: number, io: Io): number {
  const { session, work } = io
  work.parted = false
  const job = addJob(pid, work.front, io)
  jobStopped(job, io)
  session.status = 148
  if (session.scope.loops > 0) session.scope.flow = { kind: 'break', levels: session.scope.loops }
  return 148
}

/** What follows the end of a command: Ctrl-C, the traps, `set -e`. */
function* settled(node: PipelineNode, status: number, io: Io): Run {
  const { session } = io
  const { scope } = session
  session.status = status
  if (status === INTERRUPTED && io.work.interrupted && scope.flow === undefined) {
    if (session.traps.has('INT')) {
      io.work.interrupted = false
      yield* runTrap('INT', io)
    } else scope.flow = { kind: 'abort' }
    return session.status
  }
  const counts = node.type !== 'If' && node.type !== 'For' && node.type !== 'While' && node.type !== 'BraceGroup'
  const negated = node.type === 'Pipeline' && node.prefixes.some((prefix) => prefix.type === 'Negation')
  if (status === 0 || scope.tested > 0 || !counts || negated || scope.flow !== undefined) return status
  yield* runTrap('ERR', io)
  if (session.options.has('errexit')) {
    session.status = status
    scope.flow = { kind: 'exit' }
  }
  return status
}

function* runAndOr({ commands, operators }: AndOr, io: Io): Run {
  const { session } = io
  for (const [i, command] of commands.entries()) {
    const before = operators[i - 1]
    if (before !== undefined && (before === '&&') !== (session.status === 0)) continue
    const last = i === commands.length - 1
    if (!last) session.scope.tested++
    try {
      session.status = yield* runNode(command, io)
    } finally {
      if (!last) session.scope.tested--
    }
    if (session.scope.flow !== undefined) break
  }
  return session.status
}

function* runPipeline({ prefixes, commands, operators }: Pipeline, io: Io): Run {
  const { session } = io
  const timed = prefixes.find((prefix) => prefix.type === 'Time')
  const negated = prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1
  const begun = timed ? io.kernel.clock().now : 0
  if (negated) session.scope.tested++
  let status: number
  try {
    const [only] = commands
    if (only === undefined) status = 0
    else if (commands.length === 1) status = yield* runCommand(only, io)
    else status = yield* runStages(commands, operators, io)
  } finally {
    if (negated) session.scope.tested--
  }
  if (timed) io.err(durationText(io.kernel.clock().now - begun, timed.posix !== undefined))
  return negated ? (status === 0 ? 1 : 0) : status
}

/** The stages run side by side, each in a subshell of its own, and lines go from one to the next as they come. */
function* runStages(commands: readonly CommandNode[], operators: readonly string[], io: Io): Run {
  const pipes = operators.map(newPipe)
  const tasks: Task[] = commands.map((command, i) => {
    const [from, to] = [pipes[i - 1], pipes[i]]
    const stage = subshell(io)
    const input = from === undefined ? {} : { input: pipeInput(from), piped: true }
    const output = to === undefined ? {} : into(to, operators[i] === '|&')
    return newTask(runStage(command, { ...stage, ...input, ...output }), () => {
      if (to) endPipe(to)
      if (from) from.broken = true
    })
  })
  const status = yield* together(tasks, io.work)
  const all = tasks.map((task) => task.status ?? 0)
  setArray('PIPESTATUS', all.map(String), io)
  if (!io.session.options.has('pipefail')) return status
  return all.findLast((each) => each !== 0) ?? 0
}

function into(pipe: Pipe, both: boolean): Partial<Io> {
  const out = (text: string) => writePipe(pipe, text)
  return { out, ...(both ? { err: out } : {}), pipe, terminal: false }
}

function* runStage(command: CommandNode, io: Io): Run {
  const held: Io = { ...io, place: { ...io.place, out: io.pipe ? 'held' : io.place.out } }
  return yield* inSubshell(held, (inner) => runNode(command, inner))
}

/** A copy of the shell: what changes in it stays in it. */
export const subshell = (io: Io): Io => ({ ...io, session: forkSession(io.session), base: undefined })

/** Runs to the end of a subshell: `exit` ends here, and its EXIT trap runs. */
export function* inSubshell(io: Io, body: (io: Io) => Run): Run {
  const { session, work } = io
  work.step(DEAR)
  work.enter()
  work.outside++
  try {
    session.status = yield* body(io)
    return yield* endShell(session, io)
  } finally {
    work.outside--
    work.leave()
  }
}

/** The end of a shell: its EXIT trap, then its status. */
export function* endShell(session: Session, io: Io): Run {
  session.scope.flow = undefined
  const { status } = session
  if (!session.traps.has('EXIT')) return status
  yield* runTrap('EXIT', io)
  const ended = session.scope.flow !== undefined
  return ended ? session.status : status
}

function* runCommand(node: CommandNode, io: Io): Run {
  switch (node.type) {
    case 'Command':
      return yield* runSimple(node, io)
    case 'Redirected': {
      const inner = yield* redirected(node.redirects, io)
      return inner === undefined ? 1 : yield* runCommand(node.command, inner)
    }
    case 'Subshell':
      return yield* inSubshell(subshell(io), (inner) => runList(node.body.commands, inner))
    case 'BraceGroup':
      return yield* runList(node.body.commands, io)
    case 'If':
      return yield* runIf(node, io)
    case 'For':
      return yield* runFor(node, io)
    case 'ArithmeticFor':
      return yield* runCount(node, io)
    case 'While':
      return yield* runWhile(node, io)
    case 'Case':
      return yield* runCase(node, io)
    case 'TestCommand':
      return yield* runTest(node, io)
    case 'ArithmeticCommand':
      return yield* runArithmetic(node, io)
    case 'Function':
      return define(node, io)
    case 'Select':
      return yield* runSelect(node, io)
    case 'Coproc':
      complain(io, `\`${node.type.toLowerCase()}' is real, but not simulated here yet`)
      return 2
    default:
      node satisfies never
      return 1
  }
}
