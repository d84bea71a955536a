import { complain } from '../../bash/faults.ts'
import { refuseOption } from '../../bash/usage.ts'
import { type Command, type Io, instant, type Run } from '../../io.ts'
import type { Flow } from '../../session.ts'

// What leaves loops, functions and shells; what runs text.

function status(name: string, args: readonly string[], io: Io): number | undefined {
  const [given] = args
  if (given === undefined) return io.session.status
  if (!/^-?\d{1,15}$/.test(given)) {
    complain(io, `${name}: ${given}: numeric argument required`)
    return 2
  }
  if (args.length > 1) {
    complain(io, `${name}: too many arguments`)
    return undefined
  }
  return ((Number(given) % 256) + 256) % 256
}

export const exit: Command = {
  name: 'exit',
  aliases: ['logout'],
  summary: 'leaves the shell, or the script',
  usage: 'exit [N]',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const value = status('exit', args, io)
    if (value === undefined) return 1
    io.session.status = value
    io.session.scope.flow = { kind: 'exit' }
    return value
  }),
}

export const returnCommand: Command = {
  name: 'return',
  summary: 'leaves a function or a sourced file',
  usage: 'return [N]',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const { scope } = io.session
    const value = status('return', args, io)
    if (scope.frames.length === 0 && scope.sourcing === 0) {
      complain(io, "return: can only `return' from a function or sourced script")
      return value === undefined ? 1 : 2
    }
    if (value === undefined) return 1
    io.session.status = value
    scope.flow = { kind: 'return' }
    return value
  }),
}

/** A wrong count ends a script, and at the console the line. */
function leave(value: number, io: Io): number {
  const { session } = io
  session.status = value
  session.scope.flow = session.script === undefined && !session.scope.sub ? { kind: 'abort' } : { kind: 'exit' }
  return value
}

const loopEnd = (name: 'break' | 'continue'): Command => ({
  name,
  summary: name === 'break' ? 'leaves a loop' : 'begins the next round of a loop',
  usage: `${name} [N]`,
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const { scope } = io.session
    const [given = '1'] = args
    if (scope.loops === 0) {
      complain(io, `${name}: only meaningful in a \`for', \`while', or \`until' loop`)
      return 0
    }
    if (!/^-?\d{1,9}$/.test(given)) {
      complain(io, `${name}: ${given}: numeric argument required`)
      return leave(128, io)
    }
    if (Number(given) < 1) {
      complain(io, `${name}: ${given}: loop count out of range`)
      scope.flow = { kind: 'break', levels: scope.loops }
      return 1
    }
    scope.flow = { kind: name, levels: Math.min(Number(given), scope.loops) } satisfies Flow
    return 0
  }),
})

export const breakCommand = loopEnd('break')
export const continueCommand = loopEnd('continue')

export const evalCommand: Command = {
  name: 'eval',
  summary: 'runs its arguments as a line',
  usage: 'eval [ARGUMENT]...',
  builtin: true,
  special: true,
  *run(args, io): Run {
    const words = args[0] === '--' ? args.slice(1) : args
    if (/^-./.test(words[0] ?? '')) return refuseOption('eval', (words[0] ?? '').slice(0, 2), 'eval [arg ...]', io)
    const text = words.join(' ')
    if (text.trim() === '') return 0
    io.work.enter()
    try {
      return yield* io.tools.evaluate(text, io)
    } finally {
      io.work.leave()
    }
  },
}

const silent = (name: string, value: number): Command => ({
  name,
  summary: `does nothing, status ${value}`,
  usage: name,
  builtin: true,
  run: instant(() => value),
})

export const trueCommand = silent('true', 0)
export const falseCommand = silent('false', 1)
export const colon: Command = { ...silent(':', 0), special: true }
