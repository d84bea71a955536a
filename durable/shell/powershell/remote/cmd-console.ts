// A console of Windows that `cmd` has made one of cmd.exe: its lines are cmd's until it is left.
import type { Memory, ShellContext } from '../../../engine/machine/console.ts'
import type { Json } from '../../../engine/sim/json.ts'
import { type CmdState, runCmd } from '../../windows/cmd/run.ts'
import { newCmdState } from '../../windows/cmd.ts'
import { programs } from '../../windows/index.ts'
import { done, type Gen, type Program } from '../../windows/program.ts'
import { refusedProgram } from '../elevation.ts'
import { readLine } from '../eval/prompt.ts'
import { otherCommands } from '../real-commands.ts'
import { openLinux } from './linux-console.ts'

type Context = Omit<ShellContext, 'print'>

export const inCmd = ({ memory }: Context): boolean => memory['cmd'] !== undefined

export function openCmd(memory: Memory, cwd: string, environment: Readonly<Record<string, string>>): void {
  memory['cmd'] = newCmdState(cwd, environment) as unknown as Json
}

const stateOf = (memory: Memory): CmdState => {
  const state = memory['cmd'] as unknown as CmdState
  return { ...state, env: { ...state.env } }
}

/** A program by its name, refused in its own words where its rights do not do. */
export const programFor =
  (kernel: ShellContext['kernel']) =>
  (name: string): Program | undefined => {
    const bare = name
      .toLowerCase()
      .replace(/^.*\\/, '')
      .replace(/\.exe$/, '')
    const found = programs.find((one) => one.name === bare)
    if (found) return { ...found, run: (args, io) => guarded(found, args, io, kernel) }
    const real = otherCommands.programs.find((one) => one === bare)
    return real === undefined ? undefined : notSimulated(real)
  }

const notSimulated = (name: string): Program => ({
  name,
  synopsis: '',
  options: [],
  refuses: [],
  *run(_, io) {
    yield* io.line(`${name}: this is a real command, but it is not simulated here yet.`)
    return 1
  },
})

function* guarded(
  program: Program,
  args: readonly string[],
  io: Parameters<Program['run']>[1],
  kernel: ShellContext['kernel'],
): Gen<number> {
  const refused = refusedProgram(program.name, args, kernel)
  if (refused === undefined) return yield* program.run(args, io)
  for (const line of refused.split('\n')) yield* io.line(line)
  return 1
}

export function* runInCmd(line: string, { kernel, memory, print }: ShellContext): Gen<number> {
  const state = stateOf(memory)
  const context = {
    kernel,
    state,
    print: (text: string) => print(text),
    program: programFor(kernel),
    openLinux: () => openLinux(memory),
    *ask(question: string) {
      print(question)
      return yield* readLine()
    },
  }
  const code = yield* runCmd(line, context, (text) => {
    print(`${text}\n`)
    return done()
  })
  if (state.left) {
    delete memory['cmd']
    memory['exit'] = code
    return code === 0 ? 0 : 1
  }
  // A blank line between what a line says and the next prompt.
  if (line.trim() !== '') print('\n')
  memory['cmd'] = state as unknown as Json
  return code === 0 ? 0 : 1
}

/** Undefined: the console is not in cmd. */
export function cmdPrompt({ memory }: Context): string | undefined {
  if (memory['cmd'] === undefined) return undefined
  const { cwd, echo } = stateOf(memory)
  return echo ? `${cwd}>` : ''
}

/** Programs at the beginning of a command, files elsewhere. */
export function cmdCompletions(line: string, { kernel, memory }: Context): { from: number; candidates: readonly string[] } {
  const from = Math.max(line.lastIndexOf(' '), line.lastIndexOf('&'), line.lastIndexOf('|')) + 1
  const word = line.slice(from).toLowerCase()
  const folder = stateOf(memory).cwd
  const first = /(^|[&|])\s*$/.test(line.slice(0, from))
  const files = (kernel.listFiles(folder) ?? []).map(({ name }) => name)
  const names = first ? [...programs.map(({ name }) => name), ...files] : files
  return { from, candidates: names.filter((name) => name.toLowerCase().startsWith(word)).sort() }
}
