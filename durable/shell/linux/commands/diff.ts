import { momentOf, written } from '../calendar.ts'
import { absolute, isDirectory, openFile } from '../files.ts'
import { type Command, type Io, instant } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'

export const diff: Command = { name: 'diff', summary: 'how two files differ', completions: ['-u', '-q'], run: instant(runDiff) }

/** A stretch that differs: lines `from` up to `to` of each side, counted from 0. */
type Change = { readonly a: number; readonly aEnd: number; readonly b: number; readonly bEnd: number }

const MOST_CELLS = 4_000_000

function runDiff(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'diff',
    args,
    { flags: 'uqsiwbB', values: 'U', real: 'acdefnprtyNEZ', status: 2, long: { brief: 'q', unified: 'u', 'unified=': 'U' } },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  const [first, second, extra] = operands
  if (first === undefined || second === undefined || extra !== undefined) {
    const what = extra !== undefined ? `extra operand '${extra}'` : `missing operand after '${first ?? 'diff'}'`
    io.err(`diff: ${what}\ndiff: Try 'diff --help' for more information.\n`)
    return 2
  }
  const names = [first, second].map((name, i) => {
    const other = [second, first][i] as string
    const folder = isDirectory(io, absolute(name, io.session.cwd))
    return folder && !isDirectory(io, absolute(other, io.session.cwd)) ? `${name}/${other.split('/').at(-1)}` : name
  })
  const texts: string[] = []
  for (const name of names) {
    const file = openFile(io, name)
    if ('fault' in file) {
      io.err(`diff: ${name}: ${file.fault}\n`)
      return 2
    }
    texts.push(file.text)
  }
  const [a, b] = texts.map(linesOf) as [string[], string[]]
  const key = (line: string) => {
    let text = flags.has('i') ? line.toLowerCase() : line
    if (flags.has('w')) text = text.replace(/\s+/g, '')
    else if (flags.has('b')) text = text.replace(/\s+/g, ' ').trimEnd()
    return text
  }
  const changes = compare(a.map(key), b.map(key), io)
  if (changes.length === 0) {
    if (flags.has('s')) io.out(`Files ${names[0]} and ${names[1]} are identical\n`)
    return 0
  }
  if (flags.has('q')) io.out(`Files ${names[0]} and ${names[1]} differ\n`)
  else if (flags.has('u') || options.values.has('U'))
    unified(a, b, changes, names, wholeNumber(options.values.get('U') ?? '3', 0, 1e6) ?? 3, io)
  else normal(a, b, changes, io)
  return 1
}

/** Lines with their line feeds. */
function linesOf(text: string): string[] {
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const all = lines.map((line) => `${line}\n`)
  return last === '' ? all : [...all, last]
}

/** Longest common subsequence, by the table; what is equal at both ends is left out of it. */
function compare(a: readonly string[], b: readonly string[], io: Io): Change[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const [n, m] = [a.length - head - tail, b.length - head - tail]
  if (n === 0 && m === 0) return []
  if (n === 0 || m === 0 || n * m > MOST_CELLS) return [{ a: head, aEnd: head + n, b: head, bEnd: head + m }]
  io.work.step(1 + ((n * m) >> 8))
  const width = m + 1
  const table = new Uint32Array((n + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j] as number
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      table[i * width + j] = a[head + i] === b[head + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const changes: Change[] = []
  for (let [i, j] = [0, 0]; i < n || j < m; ) {
    if (i < n && j < m && a[head + i] === b[head + j]) {
      i++
      j++
      continue
    }
    const [fromA, fromB] = [i, j]
    while ((i < n || j < m) && !(i < n && j < m && a[head + i] === b[head + j])) {
      if (j >= m || (i < n && at(i + 1, j) >= at(i, j + 1))) i++
      else j++
    }
    changes.push({ a: head + fromA, aEnd: head + i, b: head + fromB, bEnd: head + j })
  }
  return changes
}

function write(mark: string, lines: readonly string[], io: Io): void {
  for (const line of lines) io.out(line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`)
}

const range = (from: number, to: number): string =>
  to - from === 1 ? String(to) : to === from ? String(from) : `${from + 1},${to}`

function normal(a: readonly string[], b: readonly string[], changes: readonly Change[], io: Io): void {
  for (const one of changes) {
    const letter = one.a === one.aEnd ? 'a' : one.b === one.bEnd ? 'd' : 'c'
    io.out(`${range(one.a, one.aEnd)}${letter}${range(one.b, one.bEnd)}\n`)
    write('< ', a.slice(one.a, one.aEnd), io)
    if (letter === 'c') io.out('---\n')
    write('> ', b.slice(one.b, one.bEnd), io)
  }
}

function unified(
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  names: readonly string[],
  around: number,
  io: Io,
): void {
  for (const [i, name] of names.entries()) {
    const changed = io.kernel.stat(absolute(name, io.session.cwd))?.changed ?? 0
    const time = written('%Y-%m-%d %H:%M:%S.000000000 %z', momentOf(io.kernel.clock(), changed))
    io.out(`${i === 0 ? '---' : '+++'} ${name}\t${time}\n`)
  }
  for (let i = 0; i < changes.length; ) {
    let last = i
    while (last + 1 < changes.length && (changes[last + 1] as Change).a - (changes[last] as Change).aEnd <= 2 * around) last++
    const group = changes.slice(i, last + 1)
    const [begin, end] = [group[0] as Change, group.at(-1) as Change]
    const before = Math.min(around, begin.a)
    const after = Math.min(around, a.length - end.aEnd)
    const span = (from: number, to: number) =>
      to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`
    io.out(`@@ -${span(begin.a - before, end.aEnd + after)} +${span(begin.b - before, end.bEnd + after)} @@\n`)
    let at = begin.a - before
    for (const one of group) {
      write(' ', a.slice(at, one.a), io)
      write('-', a.slice(one.a, one.aEnd), io)
      write('+', b.slice(one.b, one.bEnd), io)
      at = one.aEnd
    }
    write(' ', a.slice(at, end.aEnd + after), io)
    i = last + 1
  }
}
