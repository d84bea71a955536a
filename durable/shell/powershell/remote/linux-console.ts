// A console of Windows that `wsl` has made a Linux one: its lines are bash's until it is left.
import type { Memory, ShellContext } from '../../../engine/machine/console.ts'
import { bash } from '../../linux/index.ts'
import type { Gen } from '../../windows/program.ts'
import { wslKernel } from '../../windows/wsl-kernel.ts'

type Context = Omit<ShellContext, 'print'>

const LEAVES = /^\s*(exit|logout)(\s+(\d{1,3}))?\s*;?\s*$/
const CTRL_D = '\u0004'

export const inLinux = ({ memory }: Context): boolean => memory['linux'] !== undefined

export function openLinux(memory: Memory): void {
  memory['linux'] = {}
}

/** What the Linux shell gets instead; undefined: its machine has gone. */
export function linuxContext({ kernel, memory }: Context): Context | undefined {
  const within = wslKernel(kernel)
  return within && { kernel: within, memory: memory['linux'] as Memory }
}

export function* runInLinux(line: string, context: ShellContext): Gen<number> {
  const left = line === CTRL_D ? ['', '', '', '0'] : LEAVES.exec(line)
  if (left !== null) {
    const { memory } = context
    const last = (memory['linux'] as Memory)['status']
    const status = left[3] === undefined ? Number(last ?? 0) : Number(left[3]) % 256
    context.print('logout\n')
    delete memory['linux']
    memory['exit'] = status
    return status === 0 ? 0 : 1
  }
  const within = linuxContext(context)
  if (within) return yield* bash.run(line, { ...within, print: (text) => context.print(text) })
  delete context.memory['linux']
  context.print('[process exited with code 1 (0x00000001)]\n')
  return 1
}

/** The same methods of the shell for a console that is in Linux; undefined: it is not. */
export function linuxPrompt(context: Context): string | undefined {
  const within = inLinux(context) ? linuxContext(context) : undefined
  return within && bash.prompt(within)
}

export function linuxCompletions(line: string, context: Context): ReturnType<typeof bash.complete> | undefined {
  const within = inLinux(context) ? linuxContext(context) : undefined
  return within && bash.complete(line, within)
}
