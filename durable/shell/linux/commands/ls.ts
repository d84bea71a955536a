import { absolute, isDirectory } from '../files.ts'
import { type Command, type Io, instant } from '../io.ts'
import { parseOptions } from '../options.ts'

export const ls: Command = { name: 'ls', summary: 'lists files', completions: ['-1', '-a'], run: instant(runLs) }

const WIDTH = 80

function runLs(args: readonly string[], io: Io): number {
  const options = parseOptions('ls', args, { flags: '1aAF', real: 'lhtrRSdisnogpmxXcuCbBDGHIkLNqQTUvwZ', status: 2 }, io)
  if (typeof options === 'number') return options
  const { flags, operands } = options
  let status = 0
  const files: string[] = []
  const folders: { name: string; entries: string[] }[] = []
  for (const name of operands.length === 0 ? ['.'] : operands) {
    const path = absolute(name, io.session.cwd)
    if (io.kernel.readFile(path) !== undefined) files.push(name)
    else if (isDirectory(io, path)) {
      const entries = (io.kernel.listFiles(path) ?? [])
        .filter((entry) => flags.has('a') || flags.has('A') || !entry.name.startsWith('.'))
        .map((entry) => (flags.has('F') && entry.directory ? `${entry.name}/` : entry.name))
      if (flags.has('a')) entries.push('.', '..')
      folders.push({ name, entries: entries.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) })
    } else {
      io.err(`ls: cannot access '${name}': No such file or directory\n`)
      status = 2
    }
  }
  const list = (entries: readonly string[]) =>
    io.out(io.terminal && !flags.has('1') ? inColumns(entries) : entries.map((each) => `${each}\n`).join(''))
  if (files.length > 0) list(files)
  for (const [i, { name, entries }] of folders.entries()) {
    if (files.length + folders.length > 1) io.out(`${i > 0 || files.length > 0 ? '\n' : ''}${name}:\n`)
    list(entries)
  }
  return status
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
