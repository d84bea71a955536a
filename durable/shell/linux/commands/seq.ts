import type { Command, Io, Run } from '../io.ts'
import { wrongOption } from '../options.ts'

export const seq: Command = {
  name: 'seq',
  summary: 'numbers in order',
  usage: 'seq [-w] [-s TEXT] [FIRST [STEP]] LAST',
  run: runSeq,
}

const MOST = 100_000

function* runSeq(args: readonly string[], io: Io): Run {
  let [separator, wide, at] = ['\n', false, 0]
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (!/^-[^\d.]/.test(arg)) break
    if (arg === '-w' || arg === '--equal-width') wide = true
    else if (arg.startsWith('-s')) separator = arg.length > 2 ? arg.slice(2) : (args[++at] ?? '')
    else if (arg.startsWith('--separator=')) separator = arg.slice(12)
    else return wrongOption('seq', arg, io)
  }
  const words = args.slice(at)
  const wrong = words.find((word) => !/^[-+]?(\d{1,15}\.?\d{0,9}|\.\d{1,9})$/.test(word))
  if (words.length === 0 || words.length > 3) {
    const what = words.length === 0 ? 'missing operand' : `extra operand '${words[3]}'`
    io.err(`seq: ${what}\nTry 'seq --help' for more information.\n`)
    return 1
  }
  if (wrong !== undefined) {
    io.err(`seq: invalid floating point argument: '${wrong}'\nTry 'seq --help' for more information.\n`)
    return 1
  }
  const digits = Math.max(...words.slice(0, 2).map((word) => word.split('.')[1]?.length ?? 0))
  const scale = Number(`1${'0'.repeat(digits)}`)
  const scaled = (word: string) => Math.round(Number(word) * scale)
  const [first, step, last] =
    words.length === 1
      ? [scale, scale, Math.floor(Number(words[0]) * scale)]
      : words.length === 2
        ? [scaled(words[0] ?? ''), scale, Math.floor(Number(words[1]) * scale)]
        : [scaled(words[0] ?? ''), scaled(words[1] ?? ''), scaled(words[2] ?? '')]
  if (step === 0) {
    io.err(`seq: invalid Zero increment value: '${words[1]}'\nTry 'seq --help' for more information.\n`)
    return 1
  }
  const text = (n: number) => (digits === 0 ? String(n) : (n / scale).toFixed(digits))
  const width = wide ? Math.max(text(first).length, text(last).length) : 0
  const padded = (n: number) => (n < 0 ? `-${text(-n).padStart(width - 1, '0')}` : text(n).padStart(width, '0'))
  let printed = 0
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) {
    if (++printed > MOST) {
      io.err(`seq: more than ${MOST} numbers are not printed here\n`)
      return 1
    }
    io.out(`${printed > 1 ? separator : ''}${padded(n)}`)
    if (printed % 256 === 0) yield { pass: true }
  }
  if (printed > 0) io.out('\n')
  return 0
}
