import type { Io } from '../io.ts'
import { complain } from './faults.ts'

/** Letters of a builtin's options, up to the first word that is none; undefined after a complaint (status 2). */
export function builtinOptions(
  name: string,
  args: readonly string[],
  letters: string,
  usage: string,
  io: Io,
): { readonly flags: ReadonlySet<string>; readonly rest: readonly string[] } | undefined {
  const flags = new Set<string>()
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      at++
      break
    }
    if (!/^-./.test(arg)) break
    for (const letter of arg.slice(1)) {
      if (!letters.includes(letter)) {
        refuseOption(name, arg.startsWith('--') ? '--' : `-${letter}`, usage, io)
        return undefined
      }
      flags.add(letter)
    }
  }
  return { flags, rest: args.slice(at) }
}

export function refuseOption(name: string, option: string, usage: string, io: Io, why = 'invalid option'): number {
  complain(io, `${name}: ${option}: ${why}`)
  io.err(`${name}: usage: ${usage}\n`)
  return 2
}
