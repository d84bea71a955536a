import type { Memory } from '../../engine/machine/console.ts'
import type { Identity } from '../../engine/machine/views.ts'
import type { Json } from '../../engine/sim/json.ts'

/** An array: its elements by subscript, in order. The subscripts of one that is not `keyed` are numbers. */
export type BashArray = { readonly keyed: boolean; readonly items: Map<string, string> }

/** A job as its shell knows it. */
export type Job = {
  readonly id: number
  readonly pid: number
  readonly text: string
  /** Null: it has not ended, as far as this shell was told. */
  status: number | null
  /** 0: it runs; else it is stopped, and was so later than those of lower numbers. */
  stopped: number
  /** The terminal was told that it is stopped. */
  told: boolean
}

/** Why commands are left out until somebody takes it. */
export type Flow =
  | { readonly kind: 'break' | 'continue'; levels: number }
  | { readonly kind: 'return' }
  /** The shell ends: `exit`, `set -e`. */
  | { readonly kind: 'exit' }
  /** The rest of the line is left out: a wrong expansion, Ctrl-C. */
  | { readonly kind: 'abort' }

/** What belongs to one run of one shell or subshell, and is not remembered. */
export type Scope = {
  flow: Flow | undefined
  loops: number
  /** Functions under way, each with what its locals hide. */
  readonly frames: Map<string, Hidden>[]
  /** Above zero where `set -e` does not look: conditions. */
  tested: number
  /** Subshell of something. */
  readonly sub: boolean
  /** Where the command under way stands, for messages of scripts. */
  at: { readonly source: string; readonly position: number }
  /** Status of the last `$( )` of the command under way. */
  substituted: number | undefined
  /** A trap is being run. */
  trapping: boolean
  /** Files that `.` reads, sources in sources. */
  sourcing: number
  /** The script came as an argument: `bash -c`. */
  inline: boolean
  /** Names of the functions under way, the innermost last. */
  readonly names: string[]
  /** How many subshells deep. */
  level: number
  /** Lab time at which this shell began. */
  begun: number
}

export type Hidden = { readonly value: string | undefined; readonly array: BashArray | undefined; readonly exported: boolean }

/** What a shell remembers between two lines. A pipeline's stages and `$( )` work on copies, as subshells do. */
export type Session = {
  cwd: string
  readonly home: string
  readonly user: string
  readonly hostname: string
  variables: Map<string, string>
  exported: Set<string>
  arrays: Map<string, BashArray>
  /** Names that `readonly` holds, and those that `declare -i` made numbers. */
  locked: Set<string>
  whole: Set<string>
  /** The text of each function's body. */
  functions: Map<string, string>
  aliases: Map<string, string>
  /** `set -o` and `shopt` options that are on. */
  options: Set<string>
  traps: Map<string, string>
  positional: string[]
  /** `$0`. */
  zero: string
  /** The script that runs; undefined at the console. */
  script: string | undefined
  status: number
  history: string[]
  jobs: Job[]
  lastJob: number | undefined
  /** Where the next number of RANDOM comes from. */
  random: number | undefined
  scope: Scope
}

const HISTORY = 500
/** Characters of all of them together: a console is stored as one row. */
const HISTORY_TEXT = 131_072
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** `$$` of a console. */
export const SHELL_PID = 1177

export const homeOf = (user: string): string => (user === 'root' ? '/root' : `/home/${user}`)

export const newScope = (sub: boolean): Scope => ({
  flow: undefined,
  loops: 0,
  frames: [],
  tested: 0,
  sub,
  at: { source: '', position: 0 },
  substituted: undefined,
  trapping: false,
  sourcing: 0,
  inline: false,
  names: [],
  level: 0,
  begun: 0,
})

/** What a shell begins with; what of it was unset is told apart from what was never there. */
const givenVariables = (identity: Identity, shellPath: string): Map<string, string> =>
  new Map([
    ['HOME', homeOf(identity.user)],
    ['HOSTNAME', identity.hostname],
    ['LANG', 'C.UTF-8'],
    ['LOGNAME', identity.user],
    ['PATH', PATH],
    ['SHELL', shellPath],
    ['TERM', 'xterm-256color'],
    ['USER', identity.user],
    ...OWN,
  ])

/** Variables that every shell sets for itself. */
const OWN: readonly (readonly [string, string])[] = [
  ['IFS', ' \t\n'],
  ['OPTIND', '1'],
  ['PS4', '+ '],
]
const GIVEN: readonly string[] = [
  'HOME',
  'HOSTNAME',
  'LANG',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'USER',
  ...OWN.map(([name]) => name),
]

export function loadSession(memory: Memory, identity: Identity, shellPath: string, name: string): Session {
  const home = homeOf(identity.user)
  const variables = givenVariables(identity, shellPath)
  const exported = new Set(['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'])
  for (const [key, value] of pairs(memory['variables'])) variables.set(key, value)
  for (const key of texts(memory['exported'])) exported.add(key)
  for (const key of texts(memory['unset'])) {
    variables.delete(key)
    exported.delete(key)
  }
  return {
    cwd: typeof memory['cwd'] === 'string' ? memory['cwd'] : home,
    home,
    user: identity.user,
    hostname: identity.hostname,
    variables,
    exported,
    arrays: new Map(list(memory['arrays']).flatMap(loadArray)),
    locked: new Set(texts(memory['locked'])),
    whole: new Set(texts(memory['whole'])),
    functions: new Map(pairs(memory['functions'])),
    aliases: new Map(pairs(memory['aliases'])),
    options: new Set(texts(memory['options'])),
    traps: new Map(pairs(memory['traps'])),
    positional: texts(memory['positional']),
    zero: typeof memory['zero'] === 'string' ? memory['zero'] : name,
    script: typeof memory['script'] === 'string' ? memory['script'] : undefined,
    status: typeof memory['status'] === 'number' ? memory['status'] : 0,
    history: texts(memory['history']),
    jobs: list(memory['jobs']).flatMap(loadJob),
    lastJob: typeof memory['lastJob'] === 'number' ? memory['lastJob'] : undefined,
    random: typeof memory['random'] === 'number' ? memory['random'] : undefined,
    scope: newScope(false),
  }
}

export function saveSession(session: Session, memory: Memory): void {
  memory['cwd'] = session.cwd
  memory['variables'] = [...session.variables]
  memory['exported'] = [...session.exported]
  memory['unset'] = GIVEN.filter((name) => !session.variables.has(name))
  memory['arrays'] = [...session.arrays].map(([name, { keyed, items }]) => [name, keyed, [...items]])
  memory['locked'] = [...session.locked]
  memory['whole'] = [...session.whole]
  memory['functions'] = [...session.functions]
  memory['aliases'] = [...session.aliases]
  memory['options'] = [...session.options]
  memory['traps'] = [...session.traps]
  memory['positional'] = session.positional
  if (session.script !== undefined) {
    memory['zero'] = session.zero
    memory['script'] = session.script
  }
  memory['status'] = session.status
  memory['history'] = newest(session.history)
  memory['jobs'] = session.jobs.map(({ id, pid, text, status, stopped, told }) => [id, pid, text, status, stopped, told])
  if (session.lastJob !== undefined) memory['lastJob'] = session.lastJob
  if (session.random !== undefined) memory['random'] = session.random
}

function newest(history: readonly string[]): string[] {
  let [first, size] = [history.length, 0]
  while (first > 0 && history.length - first < HISTORY) {
    size += history[first - 1]?.length ?? 0
    if (size > HISTORY_TEXT) break
    first--
  }
  return history.slice(first)
}

export const forkSession = (session: Session): Session => ({
  ...session,
  variables: new Map(session.variables),
  exported: new Set(session.exported),
  arrays: new Map([...session.arrays].map(([name, { keyed, items }]) => [name, { keyed, items: new Map(items) }])),
  locked: new Set(session.locked),
  whole: new Set(session.whole),
  functions: new Map(session.functions),
  aliases: new Map(session.aliases),
  options: new Set(session.options),
  // A subshell begins without the traps of its parent (bash manual, 3.7.3).
  traps: new Map(),
  positional: [...session.positional],
  history: [...session.history],
  jobs: [],
  scope: {
    ...newScope(true),
    loops: session.scope.loops,
    frames: session.scope.frames.map((frame) => new Map(frame)),
    inline: session.scope.inline,
    names: [...session.scope.names],
    level: session.scope.level + 1,
    begun: session.scope.begun,
    tested: session.scope.tested,
    at: session.scope.at,
  },
})

/** The variable by which `export -f` hands a function on. */
export const functionVariable = (name: string): string => `BASH_FUNC_${name}%%`

/** What a script of its own inherits: what is exported, the working directory, and nothing else. */
export function freshSession(session: Session, zero: string, args: readonly string[], script: string | undefined): Session {
  const variables = new Map([...session.variables].filter(([name]) => session.exported.has(name)))
  for (const [name, value] of OWN) variables.set(name, value)
  return {
    ...session,
    variables,
    exported: new Set(session.exported),
    arrays: new Map(),
    locked: new Set(),
    whole: new Set(),
    functions: new Map([...session.functions].filter(([name]) => session.exported.has(functionVariable(name)))),
    aliases: new Map(),
    options: new Set(),
    traps: new Map(),
    positional: [...args],
    zero,
    script,
    status: 0,
    history: [],
    jobs: [],
    lastJob: undefined,
    scope: newScope(true),
  }
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])
const texts = (value: Json | undefined): string[] => list(value).filter((each) => typeof each === 'string')

function pairs(value: Json | undefined): [string, string][] {
  return list(value).flatMap((pair) => {
    const [name, text] = list(pair)
    return typeof name === 'string' && typeof text === 'string' ? [[name, text] as [string, string]] : []
  })
}

function loadArray(value: Json): [string, BashArray][] {
  const [name, keyed, items] = list(value)
  return typeof name === 'string' ? [[name, { keyed: keyed === true, items: new Map(pairs(items)) }]] : []
}

function loadJob(value: Json): Job[] {
  const [id, pid, text, status, stopped, told] = list(value)
  if (typeof id !== 'number' || typeof pid !== 'number' || typeof text !== 'string') return []
  return [
    {
      id,
      pid,
      text,
      status: typeof status === 'number' ? status : null,
      stopped: typeof stopped === 'number' ? stopped : 0,
      told: told !== false,
    },
  ]
}
