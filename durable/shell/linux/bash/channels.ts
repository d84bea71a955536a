import type { Got, Need, Place, Steps } from '../io.ts'

/** Standard input: lines one by one, as they come. */
export type Input = {
  readonly terminal: boolean
  read(): Steps<Got>
  /** Puts back what was read too much. */
  unread(text: string): void
}

/** An open file beside the standard three. */
export type Channel =
  | { readonly kind: 'in'; readonly input: Input }
  | { readonly kind: 'out'; readonly write: (text: string) => void; readonly place: Place }

/** Thrown by a write into a pipe whose reader has gone: what SIGPIPE does. */
export class BrokenPipe extends Error {}

export type Pipe = { readonly lines: string[]; rest: string; ended: boolean; broken: boolean }

/** Lines that a pipe takes before its writer must wait. */
const FULL = 512

export const newPipe = (): Pipe => ({ lines: [], rest: '', ended: false, broken: false })
export const isFull = (pipe: Pipe): boolean => pipe.lines.length >= FULL && !pipe.broken
export const isReadable = (pipe: Pipe): boolean => pipe.lines.length > 0 || pipe.ended

export function writePipe(pipe: Pipe, text: string): void {
  if (pipe.broken) throw new BrokenPipe()
  const lines = (pipe.rest + text).split('\n')
  pipe.rest = lines.pop() ?? ''
  for (const line of lines) pipe.lines.push(`${line}\n`)
}

/** Nobody writes any more: what is not a whole line yet is the last one. */
export function endPipe(pipe: Pipe): void {
  if (pipe.rest !== '') pipe.lines.push(pipe.rest)
  pipe.rest = ''
  pipe.ended = true
}

export function pipeInput(pipe: Pipe): Input {
  return {
    terminal: false,
    unread: (text) => void pipe.lines.unshift(text),
    *read(): Steps<Got> {
      while (!isReadable(pipe)) {
        const got = yield { pipe, full: false }
        if (got.kind === 'interrupt') return got
      }
      const line = pipe.lines.shift()
      return line === undefined ? { kind: 'end' } : { kind: 'line', line }
    },
  }
}

export function textInput(text: string): Input {
  let at = 0
  const back: string[] = []
  return {
    terminal: false,
    unread: (piece) => void back.push(piece),
    *read(): Steps<Got> {
      yield* [] as Need[]
      const held = back.pop()
      if (held !== undefined) return { kind: 'line', line: held }
      if (at >= text.length) return { kind: 'end' }
      const end = text.indexOf('\n', at)
      const line = end < 0 ? text.slice(at) : text.slice(at, end + 1)
      at += line.length
      return { kind: 'line', line }
    },
  }
}

/** The terminal: lines that are typed while the command runs. */
export function terminalInput(): Input {
  const back: string[] = []
  return {
    terminal: true,
    unread: (piece) => void back.push(piece),
    *read(): Steps<Got> {
      const held = back.pop()
      return held === undefined ? yield { read: true } : { kind: 'line', line: held }
    },
  }
}
