// A line of cmd.exe from its text to the error level.
import type { Kernel } from '../../../engine/machine/kernel.ts'
import { resolvePath } from '../path.ts'
import { done, type Gen, Interrupted, type Program } from '../program.ts'
import { commands, NOT_SIMULATED } from './commands.ts'
import { expanded, parseLine, type Redirect, type Simple, wordsOf } from './line.ts'

/** What a console of cmd.exe keeps between its lines. Names of variables in lower case. */
export type CmdState = {
  cwd: string
  env: Record<string, { name: string; value: string }>
  errorLevel: number
  echo: boolean
  /** `exit` was typed. */
  left: boolean
}

export type CmdContext = {
  readonly kernel: Kernel
  readonly state: CmdState
  /** Text straight to the terminal. */
  readonly print: (text: string) => void
  readonly program: (name: string) => Program | undefined
  readonly openLinux?: (() => void) | undefined
  readonly ask?: ((question: string) => Gen<string | undefined>) | undefined
}

/** Where the lines of a command go, and what it reads. */
export type CmdIo = CmdContext & {
  readonly line: (text: string) => Gen
  /** As `line`, for what went wrong. */
  readonly fault: (text: string) => Gen
  readonly show: ((text: string) => void) | undefined
  readonly input: readonly string[] | undefined
}

const MOST_LENGTH = 8_191
const MOST_LINES = 20_000
const NO_COMMAND = 9009

export const variable = ({ kernel, state }: CmdContext, name: string): string | undefined => {
  const lower = name.toLowerCase()
  const own = state.env[lower]?.value
  if (own !== undefined) return own
  if (lower === 'cd') return state.cwd
  if (lower === 'errorlevel') return String(state.errorLevel)
  if (lower === 'cmdcmdline') return 'C:\\Windows\\system32\\cmd.exe'
  return lower === 'computername' ? kernel.identity().hostname.toUpperCase() : undefined
}

/** Runs a line; `sink` takes the lines of its output. Answers the error level. */
export function* runCmd(line: string, context: CmdContext, sink: (text: string) => Gen): Gen<number> {
  const { state } = context
  if (line.length > MOST_LENGTH) return yield* failed(context, sink, 'The input line is too long.')
  const parsed = parseLine(expanded(line, (name) => variable(context, name)))
  if ('fault' in parsed) return yield* failed(context, sink, parsed.fault)
  for (const { after, pipeline } of parsed.steps) {
    if ((after === '&&' && state.errorLevel !== 0) || (after === '||' && state.errorLevel === 0)) continue
    yield* runPipeline(pipeline, context, sink)
    if (state.left) break
  }
  return state.errorLevel
}

function* failed({ state }: CmdContext, sink: (text: string) => Gen, text: string): Gen<number> {
  yield* sink(text)
  state.errorLevel = 255
  return 255
}

function* runPipeline(pipeline: readonly Simple[], context: CmdContext, sink: (text: string) => Gen): Gen {
  let input: string[] | undefined
  for (const [at, simple] of pipeline.entries()) {
    const isLast = at === pipeline.length - 1
    const kept: string[] = []
    const out = isLast
      ? sink
      : (text: string) => {
          if (kept.length < MOST_LINES) kept.push(...text.split('\n'))
          return done()
        }
    yield* runSimple(simple, context, input, out, sink, isLast)
    input = kept
  }
}

function* runSimple(
  { name, tail, redirects }: Simple,
  context: CmdContext,
  piped: readonly string[] | undefined,
  out: (text: string) => Gen,
  screen: (text: string) => Gen,
  isLast: boolean,
): Gen {
  const { state, kernel } = context
  const files = new Files(redirects, context)
  const stopped = files.open()
  if (stopped !== undefined) {
    yield* screen(stopped)
    state.errorLevel = 1
    return
  }
  const io: CmdIo = {
    ...context,
    line: files.sink(1) ?? out,
    fault: files.sink(2) ?? screen,
    show: isLast && files.sink(1) === undefined ? (text) => context.print(`${text}\n`) : undefined,
    input: files.input ?? piped,
  }
  const lower = name.toLowerCase()
  const own = commands.get(lower)
  try {
    if (own) state.errorLevel = yield* own(tail, io)
    else if (NOT_SIMULATED.has(lower)) {
      yield* io.fault(`${lower}: this is a real command of cmd.exe, but it is not simulated here yet.`)
      state.errorLevel = 1
    } else if (/^[a-z]:$/.test(lower)) {
      if (lower !== 'c:') yield* io.fault('The system cannot find the drive specified.')
      state.errorLevel = lower === 'c:' ? 0 : 1
    } else state.errorLevel = yield* runProgram(lower, wordsOf(tail), io)
  } finally {
    files.close(kernel)
  }
}

function* runProgram(name: string, args: readonly string[], io: CmdIo): Gen<number> {
  const { kernel, state } = io
  const program = io.program(name)
  if (program === undefined) {
    yield* io.fault(`'${name}' is not recognized as an internal or external command,`)
    yield* io.fault('operable program or batch file.')
    return NO_COMMAND
  }
  try {
    return yield* program.run(args, {
      kernel,
      line: io.line,
      show: io.show,
      input: io.input,
      path: (file) => resolvePath(state.cwd, file),
      program: io.program,
      openLinux: io.show && io.openLinux,
      ask: io.show && io.ask,
    })
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    io.print('^C\n')
    state.left = true
    return 1
  }
}

/** Files that a command writes instead of its screen, and reads. */
class Files {
  input: readonly string[] | undefined
  private readonly redirects: readonly Redirect[]
  private readonly context: CmdContext
  private readonly written = new Map<string, { text: string; readonly append: boolean }>()
  private readonly targets = new Map<number, string>()

  constructor(redirects: readonly Redirect[], context: CmdContext) {
    this.redirects = redirects
    this.context = context
  }

  /** Answers what is wrong. */
  open(): string | undefined {
    const { kernel, state } = this.context
    for (const { stream, target, append } of this.redirects) {
      if (target.startsWith('&')) {
        const same = this.targets.get(Number(target.slice(1)))
        if (same === undefined) this.targets.delete(stream)
        else this.targets.set(stream, same)
        continue
      }
      const path = /^nul$/i.test(target) ? '' : resolvePath(state.cwd, target)
      if (stream === 0) {
        const text = path === '' ? '' : kernel.readFile(path)
        if (text === undefined) return 'The system cannot find the file specified.'
        this.input = text.replace(/\r?\n$/, '').split(/\r?\n/)
        continue
      }
      this.targets.set(stream, path)
      if (path === '' || this.written.has(path)) continue
      if (kernel.stat(path)?.kind === 'directory') return 'Access is denied.'
      this.written.set(path, { text: '', append })
    }
    return undefined
  }

  /** Undefined: where it goes without a file. */
  sink(stream: 1 | 2): ((text: string) => Gen) | undefined {
    const path = this.targets.get(stream)
    if (path === undefined) return undefined
    return (text) => {
      const file = this.written.get(path)
      if (file) file.text += `${text}\n`
      return done()
    }
  }

  close(kernel: Kernel): void {
    for (const [path, { text, append }] of this.written) {
      const done = append ? kernel.appendFile(path, text) : kernel.writeFile(path, text)
      if (!done.ok) this.context.print('The system cannot find the path specified.\n')
    }
  }
}
