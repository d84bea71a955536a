// The parameters that every command takes: what happens to its errors, warnings and output.
import type { Gen } from '../../windows/program.ts'
import { Interrupted } from '../../windows/program.ts'
import type { Bound, Fault } from '../cmdlet.ts'
import { type ErrorRecord, PsError } from '../errors.ts'
import { errorObject } from '../values/error-object.ts'
import { object, type PsValue } from '../values/value.ts'
import { choose, inquiries } from './prompt.ts'
import { assign, type Frame, lookup, noted, type Sink } from './session.ts'
import { inform, report, type Streams, tell } from './streams.ts'
import { preference } from './variables.ts'

export type Streamed = {
  readonly verbose: boolean
  error(record: ErrorRecord): void
  /** An error that ends the command, on its way out. */
  ended(record: ErrorRecord): PsError
  warn(message: string): void
  tellVerbose(message: string): void
  tellDebug(message: string): void
  host(message: string): void
  /** Asks what is to be asked under `Inquire`. */
  settle(): Gen
  readonly emit: Sink
  flush(): Gen
}

/** `e` makes a variable of what comes, `+e` adds to it. */
function gathered(name: string | undefined, frame: Frame): PsValue[] | undefined {
  if (name === undefined) return undefined
  const plain = name.replace(/^\+/, '')
  const before = name.startsWith('+') ? lookup(frame.scope, plain) : undefined
  const list = before === undefined || before === null ? [] : Array.isArray(before) ? [...before] : [before]
  assign(frame.scope, plain, list)
  return list
}

const quiet = (action: string): boolean => /^(SilentlyContinue|Ignore)$/i.test(action)

/** `sink`: where the command's output goes. `streams`: where the rest goes, past the terminal. */
export function streamed(bound: Bound, frame: Frame, streams: Streams | undefined, sink: Sink): Streamed {
  const { session } = frame
  const effective = (parameter: string, variable: string): string => bound.text(parameter) ?? preference(frame, variable)
  const errors = effective('ErrorAction', 'ErrorActionPreference')
  const warnings = effective('WarningAction', 'WarningPreference')
  const information = effective('InformationAction', 'InformationPreference')
  const verbose = bound.has('Verbose')
    ? bound.flag('Verbose')
    : /^(Continue|Inquire|Stop)$/i.test(preference(frame, 'VerbosePreference'))
  const debug = bound.has('Debug') ? bound.flag('Debug') : /^(Continue|Inquire)$/i.test(preference(frame, 'DebugPreference'))
  const kept = {
    errors: gathered(bound.text('ErrorVariable'), frame),
    warnings: gathered(bound.text('WarningVariable'), frame),
    information: gathered(bound.text('InformationVariable'), frame),
    out: gathered(bound.text('OutVariable'), frame),
  }
  const piped = bound.text('PipelineVariable')
  const room = bound.number('OutBuffer') ?? 0
  const buffer: PsValue[] = []
  let waiting: { readonly text: string; readonly record: ErrorRecord | undefined }[] = []
  let all = false
  const send = function* (value: PsValue): Gen {
    if (piped !== undefined) assign(frame.scope, piped, value)
    yield* sink(value)
  }
  const flush = function* (): Gen {
    for (const value of buffer.splice(0)) yield* send(value)
  }
  const settle = function* (): Gen {
    const now = waiting
    waiting = []
    for (const { text, record } of now) {
      if (all) continue
      const answer = yield* choose(session, `\nConfirm\n${text}`, inquiries, 0)
      if (answer === 1) all = true
      if (answer !== 2) continue
      if (record !== undefined) throw new PsError({ ...record, thrown: true })
      throw new Interrupted('halt')
    }
  }
  return {
    verbose,
    error(record) {
      const held = errors.toLowerCase()
      if (held !== 'ignore') kept.errors?.push(errorObject(record))
      if (held === 'stop') throw new PsError({ ...record, thrown: true })
      if (held === 'ignore') session.ok = false
      else if (held === 'silentlycontinue') noted(session, record)
      else {
        if (held === 'inquire') waiting.push({ text: record.message, record })
        report(session, record, streams)
      }
    },
    ended(record) {
      kept.errors?.push(errorObject(record))
      return new PsError(/^stop$/i.test(errors) ? { ...record, thrown: true } : record)
    },
    warn(message) {
      kept.warnings?.push(object('System.Management.Automation.WarningRecord', { Message: message }, message))
      if (quiet(warnings)) return
      tell(session, streams, 3, message)
      if (/^stop$/i.test(warnings)) throw new PsError(stopped(message, 'WarningPreference', frame))
      if (/^inquire$/i.test(warnings)) waiting.push({ text: 'Continue with this operation?', record: undefined })
    },
    tellVerbose(message) {
      if (verbose) tell(session, streams, 4, message)
    },
    tellDebug(message) {
      if (!debug) return
      tell(session, streams, 5, message)
      if (bound.flag('Debug')) waiting.push({ text: 'Continue with this operation?', record: undefined })
    },
    host(message) {
      kept.information?.push(object('System.Management.Automation.InformationRecord', { MessageData: message }, message))
      if (bound.has('InformationAction') && information.toLowerCase() === 'ignore') return
      inform(session, streams, message, false)
    },
    settle,
    emit: Object.assign(
      function* (value: PsValue): Gen {
        if (waiting.length > 0) yield* settle()
        kept.out?.push(value)
        if (room === 0) {
          yield* send(value)
          return
        }
        buffer.push(value)
        if (buffer.length > room) yield* flush()
      },
      sink.show === undefined || piped !== undefined || kept.out !== undefined ? {} : { show: sink.show },
    ),
    flush,
  }
}

const stopped = (message: string, variable: string, frame: Frame): ErrorRecord => ({
  message: `The running command stopped because the preference variable "${variable}" or common parameter is set to Stop: ${message}`,
  command: '',
  category: 'OperationStopped',
  target: '',
  exception: 'ActionPreferenceStopException',
  id: 'ActionPreferenceStop',
  thrown: true,
  extent: { line: frame.line, start: 0, end: frame.line.length },
})

export type { Fault }
