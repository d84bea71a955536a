// reg.exe: query, add, delete.
import type { RegistryKeyView, RegistryKind } from '../../engine/machine/windows/windows-views.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { wildcard } from './regex/wildcard.ts'
import { HIVES, isHive, regData, registryPath, regText } from './registry-text.ts'

const KINDS: readonly RegistryKind[] = [
  'REG_SZ',
  'REG_MULTI_SZ',
  'REG_EXPAND_SZ',
  'REG_DWORD',
  'REG_QWORD',
  'REG_BINARY',
  'REG_NONE',
]

const long = (path: string): string => {
  const [hive = '', ...rest] = path.split('\\')
  return [HIVES[hive] ?? hive, ...rest].join('\\')
}

type Options = { readonly flags: ReadonlySet<string>; readonly values: ReadonlyMap<string, string>; readonly unknown?: string }

function read(args: readonly string[], flags: string, values: string): Options {
  const found = new Set<string>()
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const word = (args[i] as string).toLowerCase().replace(/^-/, '/')
    if (flags.split(' ').includes(word)) found.add(word)
    else if (values.split(' ').includes(word) && args[i + 1] !== undefined) given.set(word, args[++i] as string)
    else return { flags: found, values: given, unknown: args[i] }
  }
  return { flags: found, values: given }
}

function* fault(io: ProgramIo, text: string): Gen<number> {
  yield* io.line(`ERROR: ${text}`)
  return 1
}

const NOT_FOUND = 'The system was unable to find the specified registry key or value.'
const invalid = (word: string): string => `Invalid syntax.\nType "REG ${word.toUpperCase()} /?" for usage.`

function* printed(io: ProgramIo, key: RegistryKeyView, wanted: (name: string) => boolean, withKeys: boolean): Gen<number> {
  const values = key.values.filter(({ name }) => wanted(name))
  let count = 0
  if (values.length > 0 || withKeys) {
    yield* io.line('')
    yield* io.line(long(key.path))
    for (const { name, kind, data } of values) {
      count++
      yield* io.line(`    ${name === '' ? '(Default)' : name}    ${kind}    ${regText(kind, data)}`)
    }
  }
  return count
}

function* query(args: readonly string[], io: ProgramIo): Gen<number> {
  const path = registryPath(args[0] ?? '')
  const options = read(args.slice(1), '/s /ve', '/v /t /f')
  if (options.unknown !== undefined || options.values.has('/f') || options.values.has('/t'))
    return yield* fault(io, options.unknown === undefined ? 'reg query /f and /t are not simulated here yet.' : invalid('query'))
  const { windows } = io.kernel
  const key = isHive(path) ? windows?.registryKey(path) : undefined
  if (!key || !windows) return yield* fault(io, isHive(path) ? NOT_FOUND : 'Invalid key name.')
  const name = options.flags.has('/ve') ? '' : options.values.get('/v')
  const wanted = (each: string) => name === undefined || (name === '' ? each === '' : wildcard(name)(each))
  let count = 0
  const walk = function* (one: RegistryKeyView, depth: number): Gen {
    count += yield* printed(io, one, wanted, name === undefined && (depth > 0 || one.values.length > 0))
    if (!options.flags.has('/s') || depth > 32) return
    for (const child of one.keys) {
      const below = windows.registryKey(`${one.path}\\${child}`)
      if (below) yield* walk(below, depth + 1)
    }
  }
  yield* walk(key, 0)
  if (name !== undefined && count === 0) return yield* fault(io, NOT_FOUND)
  if (name === undefined && !options.flags.has('/s')) {
    yield* io.line('')
    for (const child of key.keys) yield* io.line(`${long(key.path)}\\${child}`)
  } else yield* io.line('')
  if (options.flags.has('/s') && name !== undefined) yield* io.line(`End of search: ${count} match(es) found.`)
  return 0
}

/** Nobody there means no. */
function* agreed(io: ProgramIo, question: string): Gen<boolean> {
  if (io.ask === undefined) {
    yield* io.line(question)
    return false
  }
  return /^\s*y(es)?\s*$/i.test((yield* io.ask(question)) ?? '')
}

function* cancelled(io: ProgramIo): Gen<number> {
  yield* io.line('The operation was canceled by the user.')
  return 1
}

function* add(args: readonly string[], io: ProgramIo): Gen<number> {
  const path = registryPath(args[0] ?? '')
  const options = read(args.slice(1), '/f /ve', '/v /t /d /s')
  if (options.unknown !== undefined) return yield* fault(io, invalid('add'))
  const { windows } = io.kernel
  if (!isHive(path) || !windows) return yield* fault(io, 'Invalid key name.')
  const name = options.flags.has('/ve') ? '' : options.values.get('/v')
  const kind = (options.values.get('/t') ?? 'REG_SZ').toUpperCase() as RegistryKind
  if (!KINDS.includes(kind)) return yield* fault(io, invalid('add'))
  const data = regData(kind, options.values.get('/d') ?? (kind === 'REG_DWORD' ? '0' : ''), options.values.get('/s'))
  if (data === undefined) return yield* fault(io, invalid('add'))
  const before = windows.registryKey(path)
  if (
    name !== undefined &&
    !options.flags.has('/f') &&
    before?.values.some((one) => one.name.toLowerCase() === name.toLowerCase())
  ) {
    if (!(yield* agreed(io, `Value ${name} exists, overwrite(Yes/No)? `))) return yield* cancelled(io)
  }
  if (!before) {
    const made = windows.makeRegistryKey(path)
    if (!made.ok) return yield* fault(io, 'Access is denied.')
  }
  if (name !== undefined) {
    const done = windows.setRegistryValue(path, name, kind, data)
    if (!done.ok) return yield* fault(io, 'Access is denied.')
  }
  yield* io.line('The operation completed successfully.')
  return 0
}

function* remove(args: readonly string[], io: ProgramIo): Gen<number> {
  const path = registryPath(args[0] ?? '')
  const options = read(args.slice(1), '/f /ve /va', '/v')
  if (options.unknown !== undefined) return yield* fault(io, invalid('delete'))
  const { windows } = io.kernel
  const key = isHive(path) ? windows?.registryKey(path) : undefined
  if (!key || !windows) return yield* fault(io, isHive(path) ? NOT_FOUND : 'Invalid key name.')
  if (!options.flags.has('/f')) {
    const what = options.values.get('/v')
    const question =
      what === undefined
        ? `Permanently delete the registry key ${long(path)} (Yes/No)? `
        : `Delete the registry value ${what} (Yes/No)? `
    if (!(yield* agreed(io, question))) return yield* cancelled(io)
  }
  const name = options.flags.has('/ve') ? '' : options.values.get('/v')
  const names = options.flags.has('/va') ? key.values.map((one) => one.name) : name === undefined ? undefined : [name]
  const all = names === undefined ? [windows.removeRegistryKey(path)] : names.map((one) => windows.removeRegistryValue(path, one))
  const failed = all.find(({ ok }) => !ok)
  if (failed && !failed.ok) return yield* fault(io, failed.error === 'not-found' ? NOT_FOUND : 'Access is denied.')
  yield* io.line('The operation completed successfully.')
  return 0
}

const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

export const reg: Program = {
  name: 'reg',
  synopsis: 'Reads and changes the registry.',
  options: [
    `query ${TCPIP}`,
    `query ${TCPIP} /v IPEnableRouter`,
    `add ${TCPIP} /v IPEnableRouter /t REG_DWORD /d 1 /f`,
    `delete ${TCPIP} /v IPEnableRouter /f`,
  ],
  refuses: ['copy', 'save', 'restore', 'load', 'unload', 'compare', 'export', 'import', 'flags'],
  *run(args, io) {
    const word = args[0]?.toLowerCase() ?? ''
    if (word === 'query') return yield* query(args.slice(1), io)
    if (word === 'add') return yield* add(args.slice(1), io)
    if (word === 'delete') return yield* remove(args.slice(1), io)
    if (this.refuses.includes(word)) {
      yield* io.line(`reg ${word}: this command is real, but it is not simulated here yet.`)
      return 1
    }
    yield* io.line('ERROR: Invalid syntax.')
    yield* io.line('Type "REG /?" for usage.')
    return 1
  },
}
