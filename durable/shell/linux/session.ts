import type { Memory } from '../../engine/machine/console.ts'
import type { Identity } from '../../engine/machine/views.ts'
import type { Json } from '../../engine/sim/json.ts'

/** What a shell remembers between two lines. A pipeline's stages and `$( )` work on copies, as subshells do. */
export type Session = {
  cwd: string
  readonly home: string
  readonly user: string
  readonly hostname: string
  variables: Map<string, string>
  exported: Set<string>
  status: number
  history: string[]
}

const HISTORY = 500
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export const homeOf = (user: string): string => (user === 'root' ? '/root' : `/home/${user}`)

export function loadSession(memory: Memory, identity: Identity, shellPath: string): Session {
  const home = homeOf(identity.user)
  const variables = new Map([
    ['HOME', home],
    ['HOSTNAME', identity.hostname],
    ['LANG', 'C.UTF-8'],
    ['LOGNAME', identity.user],
    ['PATH', PATH],
    ['SHELL', shellPath],
    ['TERM', 'xterm-256color'],
    ['USER', identity.user],
  ])
  const exported = new Set(['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'])
  for (const pair of list(memory['variables'])) {
    const [name, value] = list(pair)
    if (typeof name === 'string' && typeof value === 'string') variables.set(name, value)
  }
  for (const name of list(memory['exported'])) if (typeof name === 'string') exported.add(name)
  return {
    cwd: typeof memory['cwd'] === 'string' ? memory['cwd'] : home,
    home,
    user: identity.user,
    hostname: identity.hostname,
    variables,
    exported,
    status: typeof memory['status'] === 'number' ? memory['status'] : 0,
    history: list(memory['history']).filter((line) => typeof line === 'string'),
  }
}

export function saveSession(session: Session, memory: Memory): void {
  memory['cwd'] = session.cwd
  memory['variables'] = [...session.variables]
  memory['exported'] = [...session.exported]
  memory['status'] = session.status
  memory['history'] = session.history.slice(-HISTORY)
}

export const forkSession = (session: Session): Session => ({
  ...session,
  variables: new Map(session.variables),
  exported: new Set(session.exported),
  history: [...session.history],
})

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])
