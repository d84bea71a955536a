// The streams beside the output: errors 2, warnings 3, verbose 4, debug 5, information 6, and where each goes.
import { type ErrorRecord, errorText } from '../errors.ts'
import { errorObject } from '../values/error-object.ts'
import { object, type PsValue } from '../values/value.ts'
import { type Frame, noted, type Session, write } from './session.ts'
import { preference } from './variables.ts'

export type StreamNumber = 2 | 3 | 4 | 5 | 6
/** Shown on the terminal when there is none; `hide`; or handed on as an object. */
export type Route = 'hide' | ((value: PsValue) => void)
export type Streams = { readonly [stream in StreamNumber]?: Route }

const kinds = {
  3: ['Warning', 'WARNING: '],
  4: ['Verbose', 'VERBOSE: '],
  5: ['Debug', 'DEBUG: '],
} as const

/** A line of a warning, verbose or debug stream. */
export function tell(session: Session, streams: Streams | undefined, stream: 3 | 4 | 5, message: string): void {
  const route = streams?.[stream]
  const [kind, mark] = kinds[stream]
  if (route === undefined) write(session, `${mark}${message}\n`)
  else if (route !== 'hide') route(object(`System.Management.Automation.${kind}Record`, { Message: message }, message))
}

/** What Write-Host writes. */
export function inform(session: Session, streams: Streams | undefined, message: string, newline: boolean): void {
  const route = streams?.[6]
  if (route === undefined) write(session, newline ? `${message}\n` : message)
  else if (route !== 'hide')
    route(object('System.Management.Automation.InformationRecord', { MessageData: message, Source: 'Write-Host' }, message))
}

/** Notes an error and shows it where errors go. */
export function report(session: Session, record: ErrorRecord, streams?: Streams): void {
  noted(session, record)
  const route = streams?.[2]
  if (route === undefined) write(session, errorText(record))
  else if (route !== 'hide') route(errorObject(record))
}

/** An error that ended a statement, under `$ErrorActionPreference`. */
export function reportStatement(frame: Frame, record: ErrorRecord): void {
  const action = preference(frame, 'ErrorActionPreference')
  if (/^(SilentlyContinue|Ignore)$/i.test(action)) noted(frame.session, record)
  else report(frame.session, record, frame.streams)
}
