import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { unescaped } from './echo.ts'

export const printf: Command = {
  name: 'printf',
  summary: 'prints by a format: %s %d %%',
  usage: 'printf FORMAT [WORD]...',
  builtin: true,
  run: instant(runPrintf),
}

function runPrintf(args: readonly string[], io: Io): number {
  const [format, ...values] = args
  if (format === undefined) {
    io.err('-bash: printf: usage: printf [-v var] format [arguments]\n')
    return 2
  }
  const wrong = /%(?!%|-?\d{0,3}[sd])[^%]{0,8}/.exec(format)
  if (wrong) {
    io.err(notSimulated(`printf: the conversion ${wrong[0].slice(0, 4)}`))
    return 1
  }
  let text = ''
  let at = 0
  // The format is used again while there are values left.
  do {
    const begun = at
    text += unescaped(format).replace(
      /%(%|(-?)(\d{0,3})([sd]))/g,
      (_all, whole: string, left: string, width: string, letter: string) => {
        if (whole === '%') return '%'
        const value = values[at++] ?? (letter === 'd' ? '0' : '')
        const shown = letter === 'd' && !/^[+-]?\d+$/.test(value) ? '0' : value
        return left === '' ? shown.padStart(Number(width)) : shown.padEnd(Number(width))
      },
    )
    if (at === begun) break
  } while (at < values.length)
  io.out(text)
  return 0
}
