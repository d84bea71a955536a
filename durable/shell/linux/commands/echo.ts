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
  io.out(`${escapes ? unescaped(text) : text}${newline ? '\n' : ''}`)
  return 0
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ['0', ''],
])

/** Backslash sequences as printf and echo -e know them. Those that steer the terminal stay as they are. */
export function unescaped(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i)
    const known = c === '\\' ? ESCAPES.get(text.charAt(i + 1)) : undefined
    if (known !== undefined) i++
    out += known ?? c
  }
  return out
}
