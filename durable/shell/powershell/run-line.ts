import type { ShellContext } from '../../engine/machine/console.ts'
import { done, type Gen, Interrupted } from '../windows/program.ts'
import { type ErrorRecord, ExitSignal, errorText, FlowSignal, Halt, NotSimulated, ParseError, PsError } from './errors.ts'
import { boundText, type Frame, type Scope, type Session, type Sink, write } from './eval/session.ts'
import { runStatements } from './eval/statements.ts'
import { report } from './eval/streams.ts'
import { Formatter } from './format/render.ts'
import { keep, recall, recallErrors, recallFunctions, remember } from './memory.ts'
import type { Block } from './syntax/ast.ts'
import { parse } from './syntax/parse.ts'
import type { PsValue } from './values/value.ts'

const LONGEST_LINE = 20_000

/** One command line from its text to the exit status: 0 when `$?` is true. `looked`: for tests, the parameters that were looked at. */
export function* runLine(line: string, context: ShellContext & { readonly looked?: Set<string> }): Gen<number> {
  const globals: Scope = { vars: recall(context.memory), parent: undefined }
  const session: Session = {
    kernel: context.kernel,
    memory: context.memory,
    print: (text) => context.print(text),
    globals,
    ok: context.memory['ok'] !== false,
    lastExitCode: typeof context.memory['exit'] === 'number' ? context.memory['exit'] : undefined,
    cwd: typeof context.memory['cwd'] === 'string' ? context.memory['cwd'] : homeOf(context),
    steps: 0,
    depth: 0,
    written: 0,
    errors: recallErrors(context.memory),
    functions: recallFunctions(context.memory),
    ...(context.looked === undefined ? {} : { read: context.looked }),
  }
  const formatter = new Formatter((text) => write(session, text))
  const frame: Frame = { session, scope: globals, line }
  const sink: Sink = Object.assign(
    (value: PsValue) => {
      formatter.push(value)
      return done()
    },
    { show: (text: string) => context.print(`${text}\n`) },
  )
  try {
    if (line.length > LONGEST_LINE)
      throw new Halt(`The line is longer than ${LONGEST_LINE} characters: this lab bounds the length of one command line.`)
    boundText(line.length)
    yield* runStatements(wholeLine(line), frame, sink)
  } catch (error) {
    finish(formatter, session)
    failed(error, session, line)
  }
  finish(formatter, session)
  remember(context.memory, line)
  keep(context.memory, session)
  return session.ok ? 0 : 1
}

/** What is left of tables and lists may be too much for the line. */
function finish(formatter: Formatter, session: Session): void {
  try {
    formatter.end()
  } catch (error) {
    if (!(error instanceof Halt)) throw error
    session.print(`${error.message}\n`)
    session.ok = false
  }
}

/** A line that begins with `param` is run as a block of its own is. */
const wholeLine = (line: string): Block => parse(/^\s*param\s*\(/i.test(line) ? `. {${line}\n}` : line)

const homeOf = (context: ShellContext): string => `C:\\Users\\${context.kernel.identity().user}`

function failed(error: unknown, session: Session, line: string): void {
  if (error instanceof FlowSignal) return
  session.ok = error instanceof ExitSignal && error.code === 0
  if (error instanceof ExitSignal) return
  if (error instanceof Interrupted) session.print('^C\n')
  else if (error instanceof NotSimulated) session.print(`${error.message}\n`)
  else if (error instanceof Halt) session.print(`${error.message}\n`)
  else if (error instanceof PsError) report(session, error.record)
  else if (error instanceof ParseError) session.print(parseErrorText(error, line))
  else throw error
}

/** A line that does not parse shows the place first and then the reason. */
function parseErrorText(error: ParseError, line: string): string {
  const record: ErrorRecord = {
    message: '',
    command: '',
    category: 'ParserError',
    target: '',
    exception: 'ParentContainsErrorRecordException',
    id: error.id,
    extent: { line, start: Math.min(error.start, Math.max(0, line.length - 1)), end: error.end },
  }
  const [, ...rows] = errorText(record).split('\n')
  return [...rows.slice(0, 3), error.message, ...rows.slice(3)].join('\n')
}
