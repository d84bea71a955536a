import { errorText, folderFault, isDirectory, saveFile } from '../../files.ts'
import { type Command, type Io, instant } from '../../io.ts'
import { parseOptions } from '../../options.ts'
import { parseMode } from './modes.ts'
import { baseName, full, gnuOptions, join, removeName } from './trees.ts'

// mkdir, rmdir, touch, ln, mktemp.

export const mkdir: Command = {
  name: 'mkdir',
  summary: 'makes directories',
  completions: ['-p'],
  run: instant((args, io) => {
    const options = gnuOptions(
      'mkdir',
      args,
      { flags: 'pv', values: 'm', real: 'Z', long: { parents: 'p', verbose: 'v', 'mode=': 'm' } },
      io,
    )
    if (typeof options === 'number') return options
    const given = options.values.get('m')
    const mode = given === undefined ? 0o755 : parseMode(given, 0o777, true)
    if (mode === undefined) {
      io.err(`mkdir: invalid mode ‘${given}’\n`)
      return 1
    }
    let status = 0
    for (const name of options.operands) {
      const fault = options.flags.has('p') ? makeAll(name, mode, options.flags.has('v'), io) : makeOne(full(name, io), mode, io)
      if (fault !== undefined) {
        io.err(`mkdir: cannot create directory ‘${name}’: ${fault}\n`)
        status = 1
      } else if (options.flags.has('v') && !options.flags.has('p')) io.out(`mkdir: created directory '${name}'\n`)
    }
    return status
  }),
}

function makeOne(path: string, mode: number, io: Io): string | undefined {
  if (io.kernel.stat(path)) return 'File exists'
  const fault = folderFault(io, path)
  if (fault !== undefined) return fault
  const outcome = io.kernel.makeDirectory(path, mode)
  return outcome.ok ? undefined : errorText(outcome.error)
}

function makeAll(name: string, mode: number, tells: boolean, io: Io): string | undefined {
  const parts = full(name, io).split('/')
  for (let i = 2; i <= parts.length; i++) {
    const path = parts.slice(0, i).join('/')
    const stat = io.kernel.stat(path)
    if (stat?.kind === 'directory') continue
    if (stat) return i === parts.length ? 'File exists' : 'Not a directory'
    const fault = makeOne(path, mode, io)
    if (fault !== undefined) return fault
    if (tells) io.out(`mkdir: created directory '${path}'\n`)
  }
  return undefined
}

export const rmdir: Command = {
  name: 'rmdir',
  summary: 'removes empty directories',
  run: instant((args, io) => {
    const options = gnuOptions('rmdir', args, { flags: 'v', real: 'p', long: { verbose: 'v' } }, io)
    if (typeof options === 'number') return options
    let status = 0
    for (const name of options.operands) {
      const path = full(name, io)
      const stat = io.kernel.stat(path, false)
      const fault =
        stat === undefined ? 'No such file or directory' : stat.kind !== 'directory' ? 'Not a directory' : removeName(path, io)
      if (fault === undefined) continue
      io.err(`rmdir: failed to remove '${name}': ${fault}\n`)
      status = 1
    }
    return status
  }),
}

export const touch: Command = {
  name: 'touch',
  summary: 'makes empty files, or marks files as changed now',
  run: instant((args, io) => {
    const options = gnuOptions('touch', args, { flags: 'acm', real: 'dhrt' }, io, 'missing file operand')
    if (typeof options === 'number') return options
    let status = 0
    for (const name of options.operands) {
      const path = full(name, io)
      if (io.kernel.stat(path)) {
        io.kernel.changeFile(path, { touch: true })
        continue
      }
      if (options.flags.has('c')) continue
      const fault = saveFile(io, path, '')
      if (fault === undefined) continue
      io.err(`touch: cannot touch '${name}': ${fault}\n`)
      status = 1
    }
    return status
  }),
}

export const ln: Command = {
  name: 'ln',
  summary: 'makes links',
  completions: ['-s'],
  run: instant(runLn),
}

function runLn(args: readonly string[], io: Io): number {
  const options = gnuOptions(
    'ln',
    args,
    { flags: 'sfnv', real: 'bdiLPrStT', long: { symbolic: 's', force: 'f' } },
    io,
    'missing file operand',
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  if (!flags.has('s')) {
    io.err('ln: hard links are real, but not simulated here yet: ln -s makes a symbolic one\n')
    return 1
  }
  const last = operands.length === 1 ? '.' : (operands.at(-1) ?? '')
  const sources = operands.length === 1 ? operands : operands.slice(0, -1)
  const into = isDirectory(io, full(last, io))
  if (sources.length > 1 && !into) {
    io.err(`ln: target '${last}': ${io.kernel.stat(full(last, io)) ? 'Not a directory' : 'No such file or directory'}\n`)
    return 1
  }
  let status = 0
  for (const target of sources) {
    const name = into ? join(last, baseName(target)) : last
    const path = full(name, io)
    if (flags.has('f') && io.kernel.stat(path, false)) removeName(path, io)
    const fault = folderFault(io, path)
    const outcome = fault === undefined ? io.kernel.linkFile(target, path) : undefined
    if (outcome?.ok) continue
    io.err(`ln: failed to create symbolic link '${name}': ${fault ?? (outcome && !outcome.ok ? errorText(outcome.error) : '')}\n`)
    status = 1
  }
  return status
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

export const mktemp: Command = {
  name: 'mktemp',
  summary: 'makes a file or directory with a name of its own',
  run: instant((args, io) => {
    const options = parseOptions('mktemp', args, { flags: 'dqu', values: 'p', real: 't', long: { directory: 'd' } }, io)
    if (typeof options === 'number') return options
    const template = options.operands[0] ?? 'tmp.XXXXXXXXXX'
    const marks = /X+(?=[^X]*$)/.exec(template)
    if (!marks || marks[0].length < 3) {
      io.err(`mktemp: too few X's in template ‘${template}’\n`)
      return 1
    }
    const folder = options.operands.length === 0 || options.values.has('p') ? (options.values.get('p') ?? '/tmp') : ''
    // Names follow from what is there, not from chance: the same lab makes the same ones.
    for (let n = Math.floor(io.kernel.clock().now / 7) % 1_000_003; ; n += 7919) {
      let rest = n
      const letters = [...marks[0]].map(() => {
        const c = LETTERS.charAt(rest % LETTERS.length)
        rest = Math.floor(rest / 3) + 17
        return c
      })
      const name = template.slice(0, marks.index) + letters.join('') + template.slice(marks.index + marks[0].length)
      const path = full(folder === '' ? name : join(folder, name), io)
      io.work.step()
      if (io.kernel.stat(path)) continue
      if (!options.flags.has('u')) {
        const fault = options.flags.has('d') ? makeOne(path, 0o700, io) : saveFile(io, path, '')
        if (fault !== undefined) {
          io.err(
            `mktemp: failed to create ${options.flags.has('d') ? 'directory' : 'file'} via template ‘${template}’: ${fault}\n`,
          )
          return 1
        }
        if (!options.flags.has('d')) io.kernel.changeFile(path, { mode: 0o600 })
      }
      io.out(`${folder === '' ? name : join(folder, name)}\n`)
      return 0
    }
  }),
}
