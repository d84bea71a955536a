import { complain } from '../../bash/faults.ts'
import { awaitJobs, dropJob, findJob, jobInFront, jobLine, refreshJobs, signalNames, signalNumber } from '../../bash/jobs.ts'
import { remember } from '../../bash/memory.ts'
import { end } from '../../bash/together.ts'
import { runTrap } from '../../bash/traps.ts'
import { builtinOptions } from '../../bash/usage.ts'
import { type Command, INTERRUPTED, type Io, instant, type Run, type Steps } from '../../io.ts'
import { type Job, SHELL_PID } from '../../session.ts'

// Jobs, signals, traps.

/** The job that is meant, the current one without a name; undefined after a complaint. */
function jobNamed(command: string, name: string | undefined, io: Io): Job | undefined {
  const job = findJob(name ?? '%+', io)
  if (job === undefined) complain(io, `${command}: ${name ?? 'current'}: no such job`)
  return job
}

export const jobs: Command = {
  name: 'jobs',
  summary: 'what runs in the background',
  usage: 'jobs [-lprs] [JOB]...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('jobs', args, 'lnprs', 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]', io)
    if (!options) return 2
    refreshJobs(io)
    const { flags, rest } = options
    const wanted = rest.map((name) => jobNamed('jobs', name, io))
    if (wanted.includes(undefined)) return 1
    for (const job of [...io.session.jobs]) {
      if (wanted.length > 0 && !wanted.includes(job)) continue
      const running = job.status === null && job.stopped === 0
      if ((flags.has('s') && job.stopped === 0) || (flags.has('r') && !running)) continue
      job.told = true
      io.out(flags.has('p') ? `${job.pid}\n` : jobLine(job, io, flags.has('l')))
      if (job.status !== null) dropJob(job, io)
    }
    return 0
  }),
}

function goOn(job: Job, io: Io): void {
  job.stopped = 0
  io.kernel.signal(job.pid, SIGCONT)
}

const [SIGHUP, SIGTERM, SIGCONT] = [1, 15, 18]

export const fg: Command = {
  name: 'fg',
  summary: 'brings a job to the front',
  usage: 'fg [JOB]',
  builtin: true,
  *run(args, io): Run {
    const options = builtinOptions('fg', args, '', 'fg [job_spec]', io)
    if (!options) return 2
    if (io.session.script !== undefined) {
      complain(io, 'fg: no job control')
      return 1
    }
    refreshJobs(io)
    const job = jobNamed('fg', options.rest[0], io)
    if (job === undefined) return 1
    if (job.status !== null && options.rest.length > 0) complain(io, 'fg: job has terminated')
    else io.out(`${job.text}\n`)
    if (job.stopped > 0) goOn(job, io)
    const status = yield* jobInFront(job, io)
    if (status === 'stopped') return 148
    dropJob(job, io)
    return status
  },
}

export const bg: Command = {
  name: 'bg',
  summary: 'lets a stopped job go on',
  usage: 'bg [JOB]',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('bg', args, '', 'bg [job_spec ...]', io)
    if (!options) return 2
    if (io.session.script !== undefined) {
      complain(io, 'bg: no job control')
      return 1
    }
    refreshJobs(io)
    let status = 0
    for (const name of options.rest.length === 0 ? [undefined] : options.rest) {
      const job = jobNamed('bg', name, io)
      if (job === undefined || job.status !== null) {
        if (job) complain(io, 'bg: job has terminated')
        status = 1
      } else if (job.stopped === 0) complain(io, `bg: job ${job.id} already in background`)
      else {
        const mark = jobLine(job, io).charAt(`[${job.id}]`.length)
        io.out(`[${job.id}]${mark} ${job.text} &\n`)
        goOn(job, io)
      }
    }
    return status
  }),
}

export const wait: Command = {
  name: 'wait',
  summary: 'waits for jobs',
  usage: 'wait [-n] [JOB | PID]...',
  builtin: true,
  *run(args, io): Run {
    const options = builtinOptions('wait', args, 'fn', 'wait [-fn] [-p var] [id ...]', io)
    if (!options) return 2
    refreshJobs(io)
    const { flags, rest } = options
    if (flags.has('n') && rest.length === 0) {
      if (io.session.jobs.length === 0) return 127
      const job = yield* awaitJobs(io.session.jobs, io)
      if (job) dropJob(job, io)
      return job?.status ?? INTERRUPTED
    }
    let last = 0
    for (const name of rest.length > 0 ? rest : io.session.jobs.map((job) => `%${job.id}`)) {
      const job = findJob(name, io)
      if (job === undefined) {
        complain(
          io,
          name.startsWith('%')
            ? `wait: ${name}: no such job`
            : /^\d+$/.test(name)
              ? `wait: pid ${name} is not a child of this shell`
              : `wait: \`${name}': not a pid or valid job spec`,
        )
        last = 127
        continue
      }
      const ended = yield* awaitJobs([job], io)
      if (ended === undefined) return INTERRUPTED
      dropJob(job, io)
      last = rest.length > 0 ? (job.status ?? 0) : 0
    }
    return last
  },
}

export const disown: Command = {
  name: 'disown',
  summary: 'forgets jobs without ending them',
  usage: 'disown [-a] [JOB]...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('disown', args, 'ahr', 'disown [-h] [-ar] [jobspec ... | pid ...]', io)
    if (!options) return 2
    if (options.flags.has('a')) io.session.jobs = []
    else {
      const job = jobNamed('disown', options.rest[0], io)
      if (!job) return 1
      if (job.stopped > 0) io.err(`${io.tools.name}: warning: deleting stopped job ${job.id} with process group ${job.pid}\n`)
      dropJob(job, io)
    }
    return 0
  }),
}

const KILL_USAGE = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]'

export const kill: Command = {
  name: 'kill',
  summary: 'sends a signal to processes and jobs',
  usage: 'kill [-s SIGNAL | -SIGNAL] PID | JOB...',
  builtin: true,
  run: runKill,
}

function* runKill(args: readonly string[], io: Io): Run {
  let at = 0
  let number: number | undefined = 15
  const [first = ''] = args
  if (first === '-l' || first === '-L') return listSignals(args.slice(1), io)
  if (first === '-s' || first === '-n') {
    const name = args[1]
    if (name === undefined) {
      complain(io, `kill: ${first}: option requires an argument`)
      return 1
    }
    number = signalNumber(name)
    at = 2
    if (number === undefined) return badSignal(name, io)
  } else if (first === '--') at = 1
  else if (/^-./.test(first)) {
    number = signalNumber(first.slice(1))
    at = 1
    if (number === undefined) return badSignal(first.slice(1), io)
  }
  const names = args.slice(at)
  if (names.length === 0) {
    io.err(`kill: usage: ${KILL_USAGE}\n`)
    return 2
  }
  let status = 0
  for (const name of names) {
    if (Number(name) === SHELL_PID) yield* toShell(number ?? 15, io)
    else if (!send(name, number ?? 15, io)) status = 1
    if (io.session.scope.flow !== undefined) return io.session.status
  }
  return status
}

/** Signals that a shell at a terminal takes no notice of. */
const IGNORED: readonly number[] = [0, 2, 3, 15, 17, 18, 19, 20, 21, 22, 23, 28]

/** A signal to the shell itself: its trap, or what the signal does. */
function* toShell(number: number, io: Io): Steps<void> {
  const { session } = io
  const name = signalNames[number] ?? ''
  if (session.traps.has(name)) {
    yield* runTrap(name, io)
    return
  }
  const script = session.script !== undefined || session.scope.sub
  if (number === 0 || [17, 18, 23, 28].includes(number) || (!script && IGNORED.includes(number))) return
  session.status = 128 + number
  session.scope.flow = script ? { kind: 'exit' } : { kind: 'abort' }
  if (!script) io.err('Switchroom: a console keeps its shell; the rest of the line was left out.\n')
}

function badSignal(name: string, io: Io): number {
  complain(io, `kill: ${name}: invalid signal specification`)
  return 1
}

function send(name: string, number: number, io: Io): boolean {
  refreshJobs(io)
  const job = findJob(name, io)
  if (name.startsWith('%') && !job) {
    complain(io, `kill: ${name}: no such job`)
    return false
  }
  if (!job && !/^-?\d+$/.test(name)) {
    complain(io, `kill: ${name}: arguments must be process or job IDs`)
    return false
  }
  const task = job && io.work.tasks.get(job.pid)
  if (task) {
    if (number !== 0) end(task, 128 + number)
    return true
  }
  const pid = job?.pid ?? Number(name)
  if (job?.status === null || !job) {
    if (io.kernel.signal(pid, number).ok) {
      // What is to end must go on for that.
      if (job && job.stopped > 0 && name.startsWith('%') && (number === SIGTERM || number === SIGHUP))
        io.kernel.signal(pid, SIGCONT)
      return true
    }
  }
  complain(io, `kill: (${pid}) - No such process`)
  return false
}

function listSignals(names: readonly string[], io: Io): number {
  if (names.length === 0) {
    const cells = signalNames.slice(1).map((name, i) => `${String(i + 1).padStart(2)}) SIG${name}`)
    for (let i = 0; i < cells.length; i += 5) io.out(`${cells.slice(i, i + 5).join('\t')}\n`)
    return 0
  }
  for (const name of names) {
    const number = signalNumber(/^\d+$/.test(name) && Number(name) > 128 ? String(Number(name) - 128) : name)
    if (number === undefined) return badSignal(name, io)
    io.out(/^\d+$/.test(name) ? `${signalNames[number]}\n` : `${number}\n`)
  }
  return 0
}

export const trap: Command = {
  name: 'trap',
  summary: 'what is done at the end and on signals',
  usage: 'trap [-lp] [[ACTION] SIGNAL...]',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const options = builtinOptions('trap', args, 'lp', 'trap [-lp] [[arg] signal_spec ...]', io)
    if (!options) return 2
    const { flags, rest } = options
    const { traps } = io.session
    if (flags.has('l')) return listSignals([], io)
    const nameOf = (text: string): string | undefined => {
      const bare = text.toUpperCase().replace(/^SIG/, '')
      if (bare === 'EXIT' || bare === '0') return 'EXIT'
      if (bare === 'ERR' || bare === 'DEBUG' || bare === 'RETURN') return bare
      const number = signalNumber(text)
      return number === undefined ? undefined : signalNames[number]
    }
    const shown = (name: string) =>
      name === 'EXIT' || name === 'ERR' || name === 'DEBUG' || name === 'RETURN' ? name : `SIG${name}`
    if (rest.length === 0 || flags.has('p')) {
      for (const [name, action] of traps)
        if (rest.length === 0 || rest.some((each) => nameOf(each) === name))
          io.out(`trap -- '${action.replaceAll("'", "'\\''")}' ${shown(name)}\n`)
      return 0
    }
    const single = rest.length === 1
    const [action = '', ...names] = single ? ['-', ...rest] : rest
    let status = 0
    for (const text of /^\d+$/.test(action) ? rest : names) {
      const name = nameOf(text)
      if (name === undefined) {
        complain(io, `trap: ${text}: invalid signal specification`)
        status = 1
      } else if (action === '-' || /^\d+$/.test(action)) traps.delete(name)
      else {
        remember(name, action.length, io)
        traps.set(name, action)
      }
    }
    return status
  }),
}
