// net.exe: one program, a word for each of its works.
import { netServices } from './net-services.ts'
import { netShares } from './net-shares.ts'
import type { Gen, Program, ProgramIo } from './program.ts'

export type NetWord = {
  readonly word: string
  readonly options: readonly string[]
  run(args: readonly string[], io: ProgramIo): Gen<number>
}

/** What `net` does here. A new one is a file and a line. */
const words: readonly NetWord[] = [...netServices, ...netShares]

const real = [
  'accounts',
  'computer',
  'config',
  'continue',
  'file',
  'group',
  'help',
  'helpmsg',
  'localgroup',
  'pause',
  'session',
  'share',
  'statistics',
  'time',
  'use',
  'user',
  'view',
]

const syntax = [
  'The syntax of this command is:',
  '',
  'NET',
  '    [ ACCOUNTS | COMPUTER | CONFIG | CONTINUE | FILE | GROUP | HELP |',
  '      HELPMSG | LOCALGROUP | PAUSE | SESSION | SHARE | START |',
  '      STATISTICS | STOP | TIME | USE | USER | VIEW ]',
]

export const net: Program = {
  name: 'net',
  synopsis: 'Starts and stops services, shows those that run; shares folders and uses those of others.',
  options: words.flatMap(({ word, options }) => options.map((option) => `${word} ${option}`.trim())),
  refuses: real.filter((word) => !words.some((one) => one.word === word)),
  *run(args, io) {
    const word = args[0]?.toLowerCase() ?? ''
    const found = words.find((one) => one.word === word)
    if (found) return yield* found.run(args.slice(1), io)
    if (this.refuses.includes(word)) yield* io.line(`net ${word}: this command is real, but it is not simulated here yet.`)
    else for (const line of syntax) yield* io.line(line)
    return 1
  },
}
