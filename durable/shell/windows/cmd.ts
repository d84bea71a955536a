// cmd.exe: a console of its own, or one line of it.
import { commands, NOT_SIMULATED, versionLine } from './cmd/commands.ts'
import { type CmdContext, type CmdState, runCmd } from './cmd/run.ts'
import type { Program } from './program.ts'

const REAL = ['/a', '/u', '/q', '/d', '/e:on', '/f:on', '/v:on'] as const

export const COPYRIGHT = '(c) Microsoft Corporation. All rights reserved.'

/** Names that Windows does not write in capitals. */
const MIXED: ReadonlyMap<string, string> = new Map(
  ['ComSpec', 'Path', 'ProgramData', 'ProgramFiles', 'SystemDrive', 'SystemRoot', 'windir'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
)

/** A state to begin with. */
export const newCmdState = (cwd: string, environment: Readonly<Record<string, string>>): CmdState => ({
  cwd,
  env: Object.fromEntries(
    Object.entries({ ...environment, prompt: '$P$G' }).map(([name, value]) => {
      const lower = name.toLowerCase()
      return [lower, { name: MIXED.get(lower) ?? name.toUpperCase(), value }]
    }),
  ),
  errorLevel: 0,
  echo: true,
  left: false,
})

export const cmd: Program = {
  name: 'cmd',
  synopsis: 'Opens a console of the old command interpreter, or runs one line of it.',
  options: ['/c ver', '/c "cd & echo one"', '/s /c "echo one"'],
  refuses: REAL,
  *run(args, io) {
    const words = args.map((word) => word.toLowerCase())
    const at = words.findIndex((word) => word === '/c' || word === '/k' || word === '/r')
    const before = at < 0 ? words : words.slice(0, at)
    if (before.includes('/?')) {
      yield* io.line('Starts a new instance of the Windows command interpreter')
      yield* io.line('')
      yield* io.line('CMD [/S] [[/C | /K] string]')
      yield* io.line('')
      yield* io.line('/C      Carries out the command specified by string and then terminates')
      yield* io.line('/K      Carries out the command specified by string but remains')
      yield* io.line('')
      yield* io.line(`Its own commands here: ${[...commands.keys()].sort().join(' ')}.`)
      yield* io.line(`Real, but not simulated here yet: ${[...NOT_SIMULATED].sort().join(' ')}; batch files.`)
      return 0
    }
    const real = before.find((word) => (REAL as readonly string[]).includes(word) || /^\/[efvt]:/.test(word))
    if (real !== undefined) {
      yield* io.line(`cmd ${real}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    const state = newCmdState(io.path('.'), io.environment?.() ?? {})
    const context: CmdContext = {
      kernel: io.kernel,
      state,
      print: (text) => io.show?.(text.replace(/\n$/, '')),
      program: io.program ?? (() => undefined),
      ask: io.ask,
    }
    const stays = words[at] === '/k'
    if (at < 0 && io.input !== undefined) {
      yield* io.line('cmd: what is piped into it is real, but it is not simulated here yet.')
      return 1
    }
    const line =
      at < 0
        ? ''
        : args
            .slice(at + 1)
            .map(spaced)
            .join(' ')
    // Without a person it reads nothing, and ends at once.
    const code = line === '' ? 0 : yield* runCmd(line, context, io.line)
    if ((at >= 0 && !stays) || state.left || io.openCmd === undefined) return code === 9009 ? 1 : code
    if (at < 0) {
      yield* io.line(versionLine(io.kernel))
      yield* io.line(COPYRIGHT)
      yield* io.line('')
    }
    io.openCmd()
    return 0
  },
}

/** What PowerShell took as one of several words stays one. */
const spaced = (word: string, _at: number, all: readonly string[]): string =>
  all.length > 1 && (word === '' || /\s/.test(word)) ? `"${word}"` : word
