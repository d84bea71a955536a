import type { Json } from '../../../../engine/sim/json.ts'
import { type Fields, textOf } from '../../events.ts'
import type { Got, Io, Need } from '../../io.ts'
import { readAll, sources } from '../../text-input.ts'
import { shown } from './exchange.ts'

/** What stands on standard input, if it is no terminal. */
export function* inputOf(command: string, io: Io): Generator<Need, string | undefined, Got> {
  if (!io.piped) return undefined
  return (yield* readAll(sources(command, [], io).list)).join('')
}

/** Runs a program whose `data` goes to standard output; gives it the input there is, and then its end. */
export function* watchWithInput(
  io: Io,
  program: string,
  args: Json,
  input: string | undefined,
  handle: (event: Fields) => void,
  /** True once enough was heard: the program is ended. */
  enough: () => boolean = () => false,
): Generator<Need, { readonly interrupted: boolean; readonly code: number }, Got> {
  let left = utf8(input ?? '')
  const pid = io.kernel.spawn(program, args)
  const feed = (): void => {
    while (left !== '') {
      const piece = left.slice(0, 16_384)
      if (!io.kernel.write(pid, piece).ok) return
      left = left.slice(piece.length)
    }
    if (input !== undefined) io.kernel.closeInput(pid)
  }
  feed()
  const view = (event: Json): boolean => {
    const fields = event as Fields
    if (fields['kind'] !== 'data') return false
    io.out(shown(textOf(fields, 'octets')))
    return true
  }
  const need: Need = io.terminal ? { wait: pid, view } : { wait: pid }
  let [interrupted, running] = [false, true]
  try {
    for (;;) {
      const got = yield need
      if (got.kind === 'exit') {
        running = false
        return { interrupted, code: got.code }
      }
      if (got.kind === 'interrupt') {
        if (interrupted) return { interrupted, code: 130 }
        interrupted = true
        io.kernel.kill(pid)
        continue
      }
      if (got.kind !== 'event') continue
      const fields = got.event as Fields
      if (fields['kind'] === 'drained') feed()
      else if (!view(got.event)) handle(fields)
      if (enough()) return { interrupted, code: 0 }
    }
  } finally {
    if (running && !interrupted) io.kernel.kill(pid)
  }
}

/** Text as octets of UTF-8, one character each; what is octets already stays. */
function utf8(text: string): string {
  let out = ''
  for (const symbol of text) {
    const point = symbol.codePointAt(0) ?? 0
    if (point < 0x100) out += symbol
    else if (point < 0x800) out += String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000) out += String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else
      out += String.fromCharCode(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 63),
        0x80 | ((point >> 6) & 63),
        0x80 | (point & 63),
      )
  }
  return out
}
