import type { FileStat } from '../../../engine/machine/views.ts'
import { momentOf, written } from '../calendar.ts'
import { absolute, allowed } from '../files.ts'
import { type Command, type Io, instant } from '../io.ts'
import { type Options, parseOptions } from '../options.ts'
import { modeText } from './files/modes.ts'
import { join } from './files/trees.ts'

export const ls: Command = { name: 'ls', summary: 'lists files', completions: ['-1', '-a', '-l'], run: instant(runLs) }

const WIDTH = 80
/** Half a year: what is older is shown with its year. */
const RECENT = 15_778_476_000_000

type Entry = { readonly name: string; readonly path: string; readonly stat: FileStat }

function runLs(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'ls',
    args,
    {
      flags: '1aAFldhrRtSnpgoU',
      real: 'imxXcuCbBDGHIkLNqQTsvwZ',
      status: 2,
      long: { all: 'a', 'almost-all': 'A', directory: 'd', recursive: 'R', reverse: 'r', 'human-readable': 'h' },
      realLong: ['color', 'sort', 'time'],
    },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  let status = 0
  const files: Entry[] = []
  const folders: Entry[] = []
  for (const name of operands.length === 0 ? ['.'] : operands) {
    const path = absolute(name, io.session.cwd)
    const long = flags.has('l') || flags.has('d') || flags.has('F')
    const stat = (long ? undefined : io.kernel.stat(path)) ?? io.kernel.stat(path, false)
    if (stat === undefined) {
      io.err(`ls: cannot access '${name}': No such file or directory\n`)
      status = 2
    } else if (stat.kind === 'directory' && !flags.has('d')) folders.push({ name, path, stat })
    else files.push({ name, path, stat })
  }
  show(sorted(files, flags), options, io)
  let begun = files.length > 0
  const titled = files.length + folders.length > 1 || flags.has('R') || status === 2
  const list = (folder: Entry): void => {
    if (titled) io.out(`${begun ? '\n' : ''}${folder.name}:\n`)
    begun = true
    if (!allowed(folder.stat, 4, io)) {
      io.err(`ls: cannot open directory '${folder.name}': Permission denied\n`)
      status = 2
      return
    }
    const entries = inside(folder, options, io)
    if (flags.has('l')) io.out(`total ${entries.reduce((sum, { stat }) => sum + Math.ceil(stat.size / 4096) * 4, 0)}\n`)
    show(entries, options, io)
    if (!flags.has('R')) return
    for (const entry of entries) {
      if (entry.stat.kind !== 'directory' || entry.name === '.' || entry.name === '..') continue
      io.work.step()
      list({ ...entry, name: join(folder.name, entry.name) })
    }
  }
  for (const folder of sorted(folders, flags)) list(folder)
  return status
}

function inside(folder: Entry, { flags }: Options, io: Io): Entry[] {
  const names = (io.kernel.listFiles(folder.path) ?? [])
    .map((entry) => entry.name)
    .filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'))
  if (flags.has('a')) names.push('.', '..')
  const entries = names.flatMap((name): Entry[] => {
    const path = absolute(name, folder.path)
    const stat = io.kernel.stat(path, false)
    return stat ? [{ name, path, stat }] : []
  })
  return sorted(entries, flags)
}

function sorted(entries: readonly Entry[], flags: ReadonlySet<string>): Entry[] {
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const order = (a: Entry, b: Entry) =>
    flags.has('t')
      ? b.stat.changed - a.stat.changed || byName(a, b)
      : flags.has('S')
        ? b.stat.size - a.stat.size || byName(a, b)
        : byName(a, b)
  const all = [...entries].sort(order)
  return flags.has('r') ? all.reverse() : all
}

function show(entries: readonly Entry[], { flags }: Options, io: Io): void {
  if (flags.has('l') || flags.has('n') || flags.has('g') || flags.has('o')) {
    for (const line of longLines(entries, flags, io)) io.out(`${line}\n`)
    return
  }
  const names = entries.map((entry) => entry.name + mark(entry, flags))
  io.out(io.terminal && !flags.has('1') ? inColumns(names) : names.map((each) => `${each}\n`).join(''))
}

function mark({ stat }: Entry, flags: ReadonlySet<string>): string {
  if (stat.kind === 'directory') return flags.has('F') || flags.has('p') ? '/' : ''
  if (!flags.has('F')) return ''
  return stat.kind === 'link' ? '@' : (stat.mode & 0o111) !== 0 ? '*' : ''
}

function longLines(entries: readonly Entry[], flags: ReadonlySet<string>, io: Io): string[] {
  const owner = (name: string) => (flags.has('n') ? (name === 'root' ? '0' : '1000') : name)
  const rows = entries.map(({ name, stat }) => ({
    mode: modeText(stat.kind, stat.mode),
    links: stat.kind === 'directory' ? '2' : '1',
    owner: owner(stat.owner),
    size: flags.has('h') ? human(stat.size) : String(stat.size),
    time: timeText(stat, io),
    name: stat.target === undefined ? name + mark({ name, path: '', stat }, flags) : `${name} -> ${stat.target}`,
  }))
  const width = (pick: (row: (typeof rows)[number]) => string) => Math.max(0, ...rows.map((row) => pick(row).length))
  const [wide, far] = [width((row) => row.owner), width((row) => row.size)]
  return rows.map((row) => {
    const who = `${flags.has('g') ? '' : `${row.owner.padEnd(wide)} `}${flags.has('o') ? '' : `${row.owner.padEnd(wide)} `}`
    return `${row.mode} ${row.links} ${who}${row.size.padStart(far)} ${row.time} ${row.name}`
  })
}

function timeText(stat: FileStat, io: Io): string {
  const clock = io.kernel.clock()
  const recent = clock.now - stat.changed < RECENT
  return written(recent ? '%b %e %H:%M' : '%b %e  %Y', momentOf(clock, stat.changed))
}

/** `1.5K`, as `-h` rounds: up. */
export function human(size: number): string {
  if (size < 1024) return String(size)
  let [value, unit] = [size, 0]
  while (value >= 1024 && unit < 4) {
    value /= 1024
    unit++
  }
  const letter = ' KMGT'.charAt(unit)
  return value < 10 ? `${(Math.ceil(value * 10) / 10).toFixed(1)}${letter}` : `${Math.ceil(value)}${letter}`
}

/** Columns filled downwards, two spaces between them, as few rows as fit the terminal. */
function inColumns(entries: readonly string[]): string {
  if (entries.length === 0) return ''
  for (let rows = 1; ; rows++) {
    const columns: string[][] = []
    for (let i = 0; i < entries.length; i += rows) columns.push(entries.slice(i, i + rows))
    const widths = columns.map((column) => Math.max(...column.map((entry) => entry.length)))
    const total = widths.reduce((sum, width) => sum + width + 2, -2)
    if (total > WIDTH && rows < entries.length) continue
    let text = ''
    for (let row = 0; row < rows; row++) {
      const cells = columns.flatMap((column, i) => {
        const cell = column[row]
        if (cell === undefined) return []
        return [columns[i + 1]?.[row] === undefined ? cell : cell.padEnd((widths[i] ?? 0) + 2)]
      })
      text += `${cells.join('')}\n`
    }
    return text
  }
}
