import type { FileStat } from '../../../../engine/machine/views.ts'
import { momentOf, written } from '../../calendar.ts'
import { errorText } from '../../files.ts'
import { type Command, type Io, instant } from '../../io.ts'
import { modeText, parseMode } from './modes.ts'
import { below, full, gnuFault, gnuOptions } from './trees.ts'

// chmod, chown, stat.

export const chmod: Command = {
  name: 'chmod',
  summary: 'changes permissions',
  completions: ['+x'],
  run: instant((args, io) => {
    // `-x` is a mode, not an option.
    const words = args.map((arg) => (/^-[rwxXst]+$/.test(arg) ? `a${arg}` : arg))
    const options = gnuOptions('chmod', words, { flags: 'Rv', real: 'cf', long: { recursive: 'R', verbose: 'v' } }, io)
    if (typeof options === 'number') return options
    const [mode = '', ...names] = options.operands
    if (names.length === 0) return gnuFault('chmod', `missing operand after ‘${mode}’`, io)
    if (parseMode(mode, 0, false) === undefined) return gnuFault('chmod', `invalid mode: ‘${mode}’`, io)
    return onEach('chmod', names, options.flags.has('R'), io, (path, stat) =>
      io.kernel.changeFile(path, { mode: parseMode(mode, stat.mode, stat.kind === 'directory') ?? stat.mode }),
    )
  }),
}

function onEach(
  command: string,
  names: readonly string[],
  deep: boolean,
  io: Io,
  act: (path: string, stat: FileStat) => ReturnType<Io['kernel']['changeFile']>,
): number {
  let status = 0
  for (const name of names) {
    const path = full(name, io)
    const stat = io.kernel.stat(path)
    if (stat === undefined) {
      io.err(`${command}: cannot access '${name}': No such file or directory\n`)
      status = 1
      continue
    }
    const all = deep && stat.kind === 'directory' ? [...below(path, name, io)] : [{ path, name, stat }]
    for (const one of all) {
      if (one.stat.kind === 'link') continue
      const mine = io.root || one.stat.owner === io.session.user
      const outcome = mine ? act(one.path, one.stat) : undefined
      if (outcome?.ok) continue
      const what = command === 'chmod' ? 'changing permissions of' : 'changing ownership of'
      io.err(`${command}: ${what} '${one.name}': ${outcome ? errorText(outcome.error) : 'Operation not permitted'}\n`)
      status = 1
    }
  }
  return status
}

const OWNERS = ['root', 'daemon', 'nobody', 'dnsmasq', 'www-data']

export const chown: Command = {
  name: 'chown',
  summary: 'changes the owner of files',
  run: instant((args, io) => {
    const options = gnuOptions('chown', args, { flags: 'Rv', real: 'cfhHLP', long: { recursive: 'R' } }, io)
    if (typeof options === 'number') return options
    const [owner = '', ...names] = options.operands
    if (names.length === 0) return gnuFault('chown', `missing operand after ‘${owner}’`, io)
    const [given = ''] = owner.split(/[:.]/)
    const user = given === '0' ? 'root' : given === '1000' ? io.session.user : given
    if (user !== '' && user !== io.session.user && !OWNERS.includes(user)) {
      io.err(`chown: invalid user: ‘${owner}’\n`)
      return 1
    }
    return onEach('chown', names, options.flags.has('R'), io, (path, stat) => {
      if (!io.root && user !== stat.owner) return { ok: false, error: 'access-denied' }
      return io.kernel.changeFile(path, { owner: user === '' ? stat.owner : user })
    })
  }),
}

export const stat: Command = {
  name: 'stat',
  summary: 'what a file is',
  completions: ['-c'],
  run: instant((args, io) => {
    const options = gnuOptions('stat', args, { flags: 'L', values: 'c', real: 'ft', long: { 'format=': 'c' } }, io)
    if (typeof options === 'number') return options
    const format = options.values.get('c')
    let status = 0
    for (const name of options.operands) {
      const found = io.kernel.stat(full(name, io), options.flags.has('L'))
      if (found === undefined) {
        io.err(`stat: cannot statx '${name}': No such file or directory\n`)
        status = 1
      } else io.out(format === undefined ? describe(name, found, io) : `${formatted(format, name, found, io)}\n`)
    }
    return status
  }),
}

const kindText = ({ kind, size }: FileStat): string =>
  kind === 'link' ? 'symbolic link' : kind === 'directory' ? kind : size === 0 ? 'regular empty file' : 'regular file'

const idOf = (owner: string): string => (owner === 'root' ? '0' : owner === 'nobody' ? '65534' : '1000')

function formatted(format: string, name: string, found: FileStat, io: Io): string {
  const clock = io.kernel.clock()
  const seconds = String(Math.floor((clock.epochMicros + found.changed) / 1_000_000))
  const values: { readonly [letter: string]: string } = {
    a: (found.mode & 0o7777).toString(8),
    A: modeText(found.kind, found.mode),
    f: ((found.kind === 'directory' ? 0o40000 : found.kind === 'link' ? 0o120000 : 0o100000) | found.mode).toString(16),
    F: kindText(found),
    g: idOf(found.owner),
    G: found.owner,
    h: '1',
    n: name,
    N: found.target === undefined ? `'${name}'` : `'${name}' -> '${found.target}'`,
    s: String(found.size),
    u: idOf(found.owner),
    U: found.owner,
    y: timeText(found, io),
    Y: seconds,
    z: timeText(found, io),
    Z: seconds,
    '%': '%',
  }
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => values[letter] ?? all)
}

function timeText(found: FileStat, io: Io): string {
  return written('%Y-%m-%d %H:%M:%S.000000000 %z', momentOf(io.kernel.clock(), found.changed))
}

function describe(name: string, found: FileStat, io: Io): string {
  const access = `(${(found.mode & 0o7777).toString(8).padStart(4, '0')}/${modeText(found.kind, found.mode)})`
  const owner = `( ${idOf(found.owner).padStart(4)}/${found.owner.padStart(8)})`
  const time = timeText(found, io)
  const link = found.target === undefined ? '' : ` -> ${found.target}`
  const blocks = Math.ceil(found.size / 4096) * 8
  return [
    `  File: ${name}${link}`,
    `  Size: ${String(found.size).padEnd(10)}\tBlocks: ${String(blocks).padEnd(10)} IO Block: 4096   ${kindText(found)}`,
    `Access: ${access}  Uid: ${owner}   Gid: ${owner}`,
    `Access: ${time}`,
    `Modify: ${time}`,
    `Change: ${time}`,
    ' Birth: -',
    '',
  ].join('\n')
}
