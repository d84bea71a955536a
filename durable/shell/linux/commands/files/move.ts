import type { FileStat } from '../../../../engine/machine/views.ts'
import { allowed, errorText, folderFault, isDirectory, saveFile } from '../../files.ts'
import { type Command, type Io, instant, type Run } from '../../io.ts'
import { type Options, parseOptions } from '../../options.ts'
import { baseName, full, gnuFault, join, removeName } from './trees.ts'

// cp, mv, rm.

export const cp: Command = { name: 'cp', summary: 'copies files', completions: ['-r'], run: instant(runCp) }

function runCp(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'cp',
    args,
    { flags: 'rRafnvpTd', real: 'bHilLPstuxZ', long: { recursive: 'r', archive: 'a', verbose: 'v', 'no-clobber': 'n' } },
    io,
  )
  if (typeof options === 'number') return options
  const deep = ['r', 'R', 'a'].some((letter) => options.flags.has(letter))
  return each('cp', options, io, (from, to, shown) => {
    const stat = io.kernel.stat(from, !deep)
    if (!stat) return `cannot stat '${shown.from}': No such file or directory`
    if (stat.kind === 'directory' && !deep) return `-r not specified; omitting directory '${shown.from}'`
    if (options.flags.has('n') && io.kernel.stat(to)) return undefined
    if (stat.kind === 'directory' && `${to}/`.startsWith(`${from}/`))
      return `cannot copy a directory, '${shown.from}', into itself, '${shown.to}'`
    if (from === to) return `'${shown.from}' and '${shown.to}' are the same file`
    return copy(from, to, stat, shown, options, io)
  })
}

type Shown = { readonly from: string; readonly to: string }

function copy(from: string, to: string, stat: FileStat, shown: Shown, options: Options, io: Io): string | undefined {
  io.work.step()
  const there = io.kernel.stat(to)
  if (stat.kind === 'directory') {
    if (there && there.kind !== 'directory') return `cannot overwrite non-directory '${shown.to}' with directory '${shown.from}'`
    if (!there) {
      const fault = folderFault(io, to)
      const outcome = fault === undefined ? io.kernel.makeDirectory(to, stat.mode) : undefined
      if (!outcome?.ok) return `cannot create directory '${shown.to}': ${fault ?? errorText(outcome?.error ?? 'invalid')}`
    }
    tell(shown, options, io)
    for (const { name } of io.kernel.listFiles(from) ?? []) {
      const inner = io.kernel.stat(join(from, name), false)
      const both = { from: join(shown.from, name), to: join(shown.to, name) }
      const fault = inner && copy(join(from, name), join(to, name), inner, both, options, io)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  if (there?.kind === 'directory') return `cannot overwrite directory '${shown.to}' with non-directory`
  if (stat.kind === 'link') {
    if (there) removeName(to, io)
    const outcome = io.kernel.linkFile(stat.target ?? '', to)
    return outcome.ok ? undefined : `cannot create symbolic link '${shown.to}': ${errorText(outcome.error)}`
  }
  if (!allowed(stat, 4, io)) return `cannot open '${shown.from}' for reading: Permission denied`
  const fault = saveFile(io, to, io.kernel.readFile(from) ?? '')
  if (fault !== undefined) return `cannot create regular file '${shown.to}': ${fault}`
  if (!there) io.kernel.changeFile(to, { mode: stat.mode })
  tell(shown, options, io)
  return undefined
}

const tell = ({ from, to }: Shown, options: Options, io: Io): void => {
  if (options.flags.has('v')) io.out(`'${from}' -> '${to}'\n`)
}

/** Does something with each source and its target; a message ends in status 1. */
function each(
  name: string,
  { operands }: Options,
  io: Io,
  act: (from: string, to: string, shown: Shown) => string | undefined,
): number {
  const [first] = operands
  if (first === undefined) return gnuFault(name, 'missing file operand', io)
  if (operands.length === 1) return gnuFault(name, `missing destination file operand after '${first}'`, io)
  const last = operands.at(-1) ?? ''
  const into = isDirectory(io, full(last, io))
  if (operands.length > 2 && !into) {
    io.err(`${name}: target '${last}': ${io.kernel.stat(full(last, io)) ? 'Not a directory' : 'No such file or directory'}\n`)
    return 1
  }
  let status = 0
  for (const from of operands.slice(0, -1)) {
    const to = into ? join(last, baseName(from)) : last
    const fault = act(full(from, io), full(to, io), { from, to })
    if (fault === undefined) continue
    io.err(`${name}: ${fault}\n`)
    status = 1
  }
  return status
}

export const mv: Command = { name: 'mv', summary: 'moves and renames files', run: instant(runMv) }

function runMv(args: readonly string[], io: Io): number {
  const options = parseOptions('mv', args, { flags: 'fnv', real: 'bistTuZ', long: { verbose: 'v', 'no-clobber': 'n' } }, io)
  if (typeof options === 'number') return options
  return each('mv', options, io, (from, to, shown) => {
    const stat = io.kernel.stat(from, false)
    if (!stat) return `cannot stat '${shown.from}': No such file or directory`
    if (from === to) return `'${shown.from}' and '${shown.to}' are the same file`
    if (options.flags.has('n') && io.kernel.stat(to)) return undefined
    if (to.startsWith(`${from}/`)) return `cannot move '${shown.from}' to a subdirectory of itself, '${shown.to}'`
    const fault = folderFault(io, from) ?? folderFault(io, to)
    const outcome = fault === undefined ? io.kernel.renameFile(from, to) : undefined
    if (outcome?.ok) {
      if (options.flags.has('v')) io.out(`renamed '${shown.from}' -> '${shown.to}'\n`)
      return undefined
    }
    const error = outcome?.error
    if (error === 'is-directory') return `cannot overwrite directory '${shown.to}' with non-directory`
    return `cannot move '${shown.from}' to '${shown.to}': ${fault ?? errorText(error ?? 'invalid')}`
  })
}

export const rm: Command = { name: 'rm', summary: 'removes files', completions: ['-r', '-f'], run: runRm }

function* runRm(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'rm',
    args,
    { flags: 'rRfvdi', real: 'I', long: { recursive: 'r', force: 'f', verbose: 'v', dir: 'd' } },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  if (operands.length === 0 && !flags.has('f')) return gnuFault('rm', 'missing operand', io)
  const deep = flags.has('r') || flags.has('R')
  let status = 0
  for (const name of operands) {
    const path = full(name, io)
    const stat = io.kernel.stat(path, false)
    if (/(^|\/)\.{1,2}\/*$/.test(name)) {
      io.err(`rm: refusing to remove '.' or '..' directory: skipping '${name}'\n`)
      status = 1
    } else if (path === '/') {
      io.err("rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n")
      status = 1
    } else if (stat === undefined) {
      if (flags.has('f')) continue
      io.err(`rm: cannot remove '${name}': No such file or directory\n`)
      status = 1
    } else if (stat.kind === 'directory' && !deep && !flags.has('d')) {
      io.err(`rm: cannot remove '${name}': Is a directory\n`)
      status = 1
    } else {
      if (flags.has('i') && !flags.has('f')) {
        io.err(`rm: remove ${stat.kind === 'file' ? `regular ${stat.size === 0 ? 'empty ' : ''}file` : stat.kind} '${name}'? `)
        const got = yield { read: true }
        if (got.kind !== 'line' || !/^[yY]/.test(got.line)) continue
      }
      if (!remove(path, name, flags.has('v'), io)) status = 1
    }
  }
  return status
}

function remove(path: string, name: string, tells: boolean, io: Io): boolean {
  io.work.step()
  const stat = io.kernel.stat(path, false)
  let whole = true
  if (stat?.kind === 'directory')
    for (const entry of io.kernel.listFiles(path) ?? [])
      whole = remove(join(path, entry.name), join(name, entry.name), tells, io) && whole
  if (!whole) return false
  const fault = removeName(path, io)
  if (fault === undefined && tells) io.out(`removed ${stat?.kind === 'directory' ? 'directory ' : ''}'${name}'\n`)
  if (fault !== undefined) io.err(`rm: cannot remove '${name}': ${fault}\n`)
  return fault === undefined
}
