import type { Memory, Shell } from '../../engine/machine/console.ts'
import type { Kernel, Outcome } from '../../engine/machine/kernel.ts'
import type { Json } from '../../engine/sim/json.ts'
import { terminalInput, textInput } from './bash/channels.ts'
import { drive } from './bash/drive.ts'
import { complain } from './bash/faults.ts'
import { Grammar, parseText } from './bash/grammar.ts'
import { reportJobs } from './bash/jobs.ts'
import { endShell, runList } from './bash/run.ts'
import { startTools } from './bash/tools.ts'
import { JOB_BUDGET, Work } from './bash/work.ts'
import { complete } from './complete.ts'
import { openPlace } from './files.ts'
import type { Command, Io, Place, Run, Tools } from './io.ts'
import { promptDirectory } from './prompt.ts'
import { loadSession, type Session, saveSession } from './session.ts'

export type ShellOptions = {
  /** What the shell calls itself in messages: `-bash`. */
  readonly name: string
  readonly path: string
  readonly commands: readonly Command[]
  /** What follows a name that is no command. */
  readonly missing: string
  prompt(user: string, host: string, directory: string): string
}

export function createShell(options: ShellOptions): Shell {
  const commands = new Map<string, Command>()
  for (const command of options.commands)
    for (const name of [command.name, ...(command.aliases ?? [])]) commands.set(name, command)
  return {
    jobControl: true,
    *run(typed, context) {
      // Ctrl-D at the prompt leaves the shell, Ctrl-Z means nothing there.
      const line = typed === '\u0004' ? 'exit' : typed === '\u001a' ? '' : typed
      const { memory } = context
      const job = jobOf(memory)
      const work = new Work(context.kernel, job?.jobs ?? JOB_BUDGET, job?.level)
      const kernel = flushing(context.kernel, work)
      const identity = kernel.identity()
      const session = loadSession(memory, identity, options.path, options.name)
      const print = (text: string) => context.print(text)
      const tools = startTools(options, commands, new Grammar())
      const io = begin(kernel, session, job, work, tools, print)
      if (job) return yield* drive(runJob(line, io), io, false)
      if (line.trim() !== '') session.history.push(line)
      session.status = yield* drive(runLine(line, io), io, true)
      if (work.alone) return session.status
      reportJobs(io)
      // Only at the end: a line that is run again after a sleep of the lab must find what it found the first time.
      saveSession(session, memory)
      return session.status
    },
    prompt({ kernel, memory }) {
      const identity = kernel.identity()
      const session = loadSession(memory, identity, options.path, options.name)
      return options.prompt(identity.user, identity.hostname.split('.')[0] ?? '', promptDirectory(session))
    },
    complete: (line, { kernel, memory }) =>
      complete(line, kernel, loadSession(memory, kernel.identity(), options.path, options.name), commands),
    incomplete(line) {
      const parsed = parseText(line)
      return !parsed.ok && parsed.fault.kind === 'incomplete'
    },
  }
}

type JobStart = {
  readonly level: number
  readonly jobs: number
  readonly out: Place
  readonly err: Place
  readonly root: boolean
}

function jobOf(memory: Memory): JobStart | undefined {
  const job = memory['job']
  if (typeof job !== 'object' || job === null || Array.isArray(job)) return undefined
  const { level, jobs, out, err, root } = job as { readonly [key: string]: Json | undefined }
  const place = (value: Json | undefined): Place => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && 'file' in value)
      return { file: String(value['file']) }
    return value === 'nowhere' ? 'nowhere' : 'terminal'
  }
  return { level: Number(level), jobs: Number(jobs), out: place(out), err: place(err), root: root === true }
}

const DONE: Outcome = { ok: true }

/** Whoever looks at files sees what open ones were given; what became a job of its own is left alone. */
function flushing(kernel: Kernel, work: Work): Kernel {
  const own =
    <A extends unknown[], T>(call: (...args: A) => T, otherwise: T) =>
    (...args: A): T =>
      work.parted ? otherwise : call(...args)
  const first =
    <A extends unknown[], T>(call: (...args: A) => T) =>
    (...args: A): T => {
      work.flush()
      return call(...args)
    }
  const { linux } = kernel
  return {
    ...kernel,
    kill: own((pid: number) => kernel.kill(pid), undefined),
    signal: own((pid: number, number: number) => kernel.signal(pid, number), DONE),
    write: own((pid: number, octets: string) => kernel.write(pid, octets), DONE),
    closeInput: own((pid: number) => kernel.closeInput(pid), DONE),
    readFile: first((path: string) => kernel.readFile(path)),
    listFiles: first((path: string) => kernel.listFiles(path)),
    stat: first((path: string, follow?: boolean) => kernel.stat(path, follow)),
    writeFile: first((path: string, text: string) => kernel.writeFile(path, text)),
    removeFile: first((path: string) => kernel.removeFile(path)),
    renameFile: first((from: string, to: string) => kernel.renameFile(from, to)),
    // Services and the system read files when they begin.
    unit: first((name: string, action: Parameters<Kernel['unit']>[1], args?: Json) => kernel.unit(name, action, args)),
    reboot: first(() => kernel.reboot()),
    ...(linux === undefined ? {} : { linux: { ...linux, applyNetplan: first(() => linux.applyNetplan()) } }),
  }
}

function begin(
  kernel: Kernel,
  session: Session,
  job: JobStart | undefined,
  work: Work,
  tools: Tools,
  print: (text: string) => void,
): Io {
  const place = { out: job?.out ?? 'terminal', err: job?.err ?? 'terminal' } as const
  const io: Io = {
    kernel,
    session,
    root: job?.root ?? session.user === 'root',
    piped: job !== undefined,
    terminal: place.out === 'terminal',
    tools,
    input: job ? textInput('') : terminalInput(),
    channels: new Map(),
    place,
    pipe: undefined,
    base: undefined,
    source: '',
    work,
    out: print,
    err: print,
  }
  const at = (where: Place) => (where === 'terminal' ? print : openPlace(where, io))
  return { ...io, out: at(place.out), err: at(place.err) }
}

/** A line of the console. */
function* runLine(line: string, io: Io): Run {
  const { session } = io
  const parsed = io.tools.grammar.parse(line)
  session.scope.at = { source: line, position: 0 }
  if (!parsed.ok && !(parsed.fault.kind === 'incomplete' && parsed.fault.what === 'here-document')) {
    yield* io.tools.evaluate(line, io)
    return session.status
  }
  if (!parsed.ok) complain(io, 'warning: here-document delimited by end-of-file')
  yield* runList(parsed.script.commands, { ...io, source: line })
  const { flow } = session.scope
  if (flow?.kind === 'exit' && !io.work.alone) {
    const status = yield* endShell(session, io)
    session.status = status
    const left = session.jobs.some((job) => job.status === null && job.stopped > 0)
    io.err(left ? 'There are stopped jobs.\n' : 'logout is real, but this console stays open\n')
  }
  return session.status
}

/** What stood before `&`. */
function* runJob(line: string, io: Io): Run {
  const { session } = io
  session.scope.at = { source: line, position: 0 }
  const parsed = io.tools.grammar.parse(line)
  yield* runList(parsed.script.commands, { ...io, source: line })
  return yield* endShell(session, io)
}
