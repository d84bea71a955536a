// The shell of a console: its computer's own, or that of the guest that it has entered.
import type { ShellContext } from '../../../engine/machine/console.ts'
import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { Gen } from '../../windows/program.ts'
import { runLine } from '../run-line.ts'
import { inCmd, runInCmd } from './cmd-console.ts'
import { inLinux, runInLinux } from './linux-console.ts'
import { enteredSession, leave, type RemoteSession } from './remote-sessions.ts'

/** A shell without the rights of an administrator, and the way back: both take the place of this one, as there are no windows here. */
const DROPS = /^\s*runas(\.exe)?\s+\/trustlevel:(0x20000|131072)\s+"?(powershell|cmd)(\.exe)?"?\s*$/i
const RAISES = /^\s*(exit|(start-process|start|saps)\s+(-FilePath\s+)?"?powershell(\.exe)?"?\s+-verb\s+runas)\s*;?\s*$/i

type Context = Omit<ShellContext, 'print'>

const runs = (kernel: Kernel, { vmId }: RemoteSession): boolean =>
  kernel.hyperV?.vms().some(({ id, state }) => id === vmId && state === 'Running') === true

/** Where a line belongs: the guest that was entered, while it runs. */
export function placeOf(context: Context): { readonly context: Context; readonly name: string } {
  const entered = enteredSession(context.memory)
  const kernel = entered && context.kernel.guest(entered.vmId)
  return entered && kernel ? { context: { kernel, memory: entered.memory }, name: entered.vmName } : { context, name: '' }
}

export function* runConsole(line: string, context: ShellContext): Gen<number> {
  if (inLinux(context)) return yield* runInLinux(line, context)
  if (inCmd(context)) return yield* runInCmd(line, context)
  const entered = enteredSession(context.memory)
  if (entered === undefined && DROPS.test(line)) {
    context.memory['elevated'] = false
    return 0
  }
  if (context.memory['elevated'] === false && RAISES.test(line)) {
    delete context.memory['elevated']
    return 0
  }
  if (entered === undefined) return yield* runLine(line, context)
  const inner = { kernel: context.kernel.guest(entered.vmId) ?? context.kernel, memory: entered.memory }
  if (inLinux(inner) && runs(context.kernel, entered))
    return yield* runInLinux(line, { ...inner, print: (text) => context.print(text) })
  if (inCmd(inner) && runs(context.kernel, entered))
    return yield* runInCmd(line, { ...inner, print: (text) => context.print(text) })
  if (/^\s*(exit|exit-pssession|exsn)\s*;?\s*$/i.test(line)) {
    leave(context.memory)
    return 0
  }
  const kernel = runs(context.kernel, entered) ? context.kernel.guest(entered.vmId) : undefined
  if (kernel) return yield* runLine(line, { kernel, memory: entered.memory, print: (text) => context.print(text) })
  leave(context.memory)
  context.print('An error has occurred which Windows PowerShell cannot handle. A remote session might have ended.\n')
  return 1
}
