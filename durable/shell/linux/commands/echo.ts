import { type Command, type Io, instant } from '../io.ts'

export const echo: Command = {
  name: 'echo',
  summary: 'prints its words',
  usage: 'echo [-neE] [WORD]...',
  builtin: true,
  run: instant(runEcho),
}

function runEcho(args: readonly string[], io: Io): number {
  let at = 0
  let [newline, escapes] = [true, false]
  for (; /^-[neE]+$/.test(args[at] ?? ''); at++) {
    for (const letter of (args[at] ?? '').slice(1)) {
      if (letter === 'n') newline = false
      else escapes = letter === 'e'
    }
  }
  const text = args.slice(at).join(' ')
  const done = escapes ? unescaped(text) : { text, cut: false }
  io.out(`${done.text}${newline && !done.cut ? '\n' : ''}`)
  return 0
}

const ESCAPES = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['E', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
])

/**
 * Backslash sequences as `echo -e` and `%b` know them; those of printf's format with `format`: octal digits need no zero there,
 * and quotes may have a backslash. `cut`: `\c` ended it.
 */
export function unescaped(text: string, format = false): { readonly text: string; readonly cut: boolean } {
  let out = ''
  for (let i = 0; i < text.length; ) {
    const c = text.charAt(i)
    if (c !== '\\') {
      out += c
      i++
      continue
    }
    const rest = text.slice(i + 1, i + 10)
    const octal = (format ? /^[0-7]{1,3}/ : /^0[0-7]{0,3}/).exec(rest)?.[0]
    const hex = /^(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8})/.exec(rest)?.[0]
    const next = rest.charAt(0)
    const known = ESCAPES.get(next)
    if (octal !== undefined) {
      out += String.fromCharCode(Number.parseInt(octal, 8) & 255)
      i += 1 + octal.length
    } else if (hex !== undefined) {
      const code = Number.parseInt(hex.slice(1), 16)
      out += code <= 0x10ffff ? String.fromCodePoint(code) : ''
      i += 1 + hex.length
    } else if (next === 'c' && !format) return { text: out, cut: true }
    else if (known !== undefined) {
      out += known
      i += 2
    } else if (format && (next === '"' || next === "'" || next === '?')) {
      out += next
      i += 2
    } else {
      out += c
      i++
    }
  }
  return { text: out, cut: false }
}
