// Sessions in guests (PowerShell Direct) as a console keeps them, and which one it has entered.
import type { Memory } from '../../../engine/machine/console.ts'
import type { Json } from '../../../engine/sim/json.ts'

export type RemoteSession = {
  readonly id: number
  readonly name: string
  readonly vmId: string
  readonly vmName: string
  readonly runspace: string
  /** Made by Enter-PSSession alone: it ends when it is left. */
  readonly passing: boolean
  /** What the shell in the guest remembers: variables, functions, where it is. */
  readonly memory: Memory
}

const MOST = 16

export const remoteSessions = (memory: Memory): RemoteSession[] => (memory['sessions'] ?? []) as unknown as RemoteSession[]

export const enteredSession = (memory: Memory): RemoteSession | undefined =>
  remoteSessions(memory).find(({ id }) => id === memory['entered'])

/** Undefined: a console holds as many as it may. */
export function openSession(
  memory: Memory,
  vm: { readonly id: string; readonly name: string },
  user: string,
  more: { readonly name?: string; readonly passing?: boolean; readonly runspace: string },
): RemoteSession | undefined {
  const all = remoteSessions(memory)
  if (all.length >= MOST) return undefined
  const id = Number(memory['lastSession'] ?? 0) + 1
  memory['lastSession'] = id
  const made: RemoteSession = {
    id,
    name: more.name ?? `Runspace${id}`,
    vmId: vm.id,
    vmName: vm.name,
    runspace: more.runspace,
    passing: more.passing === true,
    memory: { cwd: `C:\\Users\\${user}\\Documents` },
  }
  memory['sessions'] = [...all, made] as unknown as Json
  return made
}

export function closeSession(memory: Memory, id: number): void {
  memory['sessions'] = remoteSessions(memory).filter((one) => one.id !== id) as unknown as Json
  if (memory['entered'] === id) delete memory['entered']
}

/** Back to the computer's own shell. */
export function leave(memory: Memory): void {
  const entered = enteredSession(memory)
  delete memory['entered']
  if (entered?.passing) closeSession(memory, entered.id)
}
