import { openFile, splitLines } from '../files.ts'
import { type Command, type Io, instant, type Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { chomp, readAll, sources } from '../text-input.ts'

// tac, rev, nl, paste, comm, cmp.

export const tac: Command = {
  name: 'tac',
  summary: 'lines in reverse order',
  *run(args, io): Run {
    const options = parseOptions('tac', args, { real: 'brs' }, io)
    if (typeof options === 'number') return options
    const { list, failed } = sources('tac', options.operands, io)
    const lines = yield* readAll(list)
    for (const line of lines.reverse()) io.out(line.endsWith('\n') ? line : `${line}\n`)
    return failed ? 1 : 0
  },
}

export const rev: Command = {
  name: 'rev',
  summary: 'each line backwards',
  *run(args, io): Run {
    const options = parseOptions('rev', args, {}, io)
    if (typeof options === 'number') return options
    const { list, failed } = sources('rev', options.operands, io)
    for (const source of list)
      for (let line = yield* source.next(); line !== undefined; line = yield* source.next())
        io.out(`${[...chomp(line)].reverse().join('')}\n`)
    return failed ? 1 : 0
  },
}

export const nl: Command = {
  name: 'nl',
  summary: 'numbers lines',
  *run(args, io): Run {
    const options = parseOptions('nl', args, { values: 'bwsv', real: 'dfhilnp' }, io)
    if (typeof options === 'number') return options
    const { values } = options
    const width = wholeNumber(values.get('w') ?? '6', 1, 50) ?? 6
    let number = wholeNumber(values.get('v') ?? '1', 0, 1e9) ?? 1
    const { list, failed } = sources('nl', options.operands, io)
    for (const source of list) {
      for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
        const text = chomp(line)
        const counts = values.get('b') === 'a' || (values.get('b') !== 'n' && text !== '')
        io.out(
          counts ? `${String(number++).padStart(width)}${values.get('s') ?? '\t'}${text}\n` : `${' '.repeat(width + 1)}${text}\n`,
        )
      }
    }
    return failed ? 1 : 0
  },
}

export const paste: Command = {
  name: 'paste',
  summary: 'lines of files side by side',
  *run(args, io): Run {
    const options = parseOptions('paste', args, { flags: 's', values: 'd', real: 'z', long: { 'delimiters=': 'd' } }, io)
    if (typeof options === 'number') return options
    const marks = [...(options.values.get('d') ?? '\t').replace(/\\t/g, '\t').replace(/\\n/g, '\n').replace(/\\0/g, '')]
    const { list, failed } = sources('paste', options.operands, io)
    if (options.flags.has('s')) {
      for (const source of list) {
        const lines = (yield* readAll([source])).map(chomp)
        io.out(`${lines.reduce((text, line, i) => (i === 0 ? line : text + (marks[(i - 1) % marks.length] ?? '') + line), '')}\n`)
      }
      return failed ? 1 : 0
    }
    for (;;) {
      const cells: (string | undefined)[] = []
      for (const source of list) cells.push(yield* source.next())
      if (cells.every((cell) => cell === undefined)) return failed ? 1 : 0
      io.out(
        `${cells.reduce<string>((text, cell, i) => (i === 0 ? '' : text + (marks[(i - 1) % marks.length] ?? '')) + chomp(cell ?? ''), '')}\n`,
      )
    }
  },
}

/** Two files, or undefined after a complaint. */
function twoFiles(name: string, names: readonly string[], io: Io): [string[], string[]] | undefined {
  const found: string[][] = []
  for (const each of names) {
    const file = openFile(io, each)
    if ('fault' in file) {
      io.err(`${name}: ${each}: ${file.fault}\n`)
      return undefined
    }
    found.push(splitLines(file.text))
  }
  return [found[0] ?? [], found[1] ?? []]
}

export const comm: Command = {
  name: 'comm',
  summary: 'lines that two sorted files share',
  *run(args, io): Run {
    const options = parseOptions('comm', args, { flags: '123', real: 'z' }, io)
    if (typeof options === 'number') return options
    const { flags, operands } = options
    if (operands.length !== 2) {
      io.err(
        `comm: ${operands.length === 0 ? 'missing operand' : operands.length === 1 ? `missing operand after ‘${operands[0]}’` : `extra operand ‘${operands[2]}’`}\nTry 'comm --help' for more information.\n`,
      )
      return 1
    }
    const both = twoFiles('comm', operands, io)
    if (!both) return 1
    const [a, b] = both.map((lines) => lines.map(chomp)) as [string[], string[]]
    const columns = ['1', '2', '3'].filter((one) => !flags.has(one))
    const show = (column: string, line: string) => {
      if (!flags.has(column)) io.out(`${'\t'.repeat(columns.indexOf(column))}${line}\n`)
    }
    for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
      const [left, right] = [a[i], b[j]]
      if (right === undefined || (left !== undefined && left < right)) {
        show('1', left ?? '')
        i++
      } else if (left === undefined || right < left) {
        show('2', right)
        j++
      } else {
        show('3', left)
        i++
        j++
      }
    }
    return 0
  },
}

export const cmp: Command = {
  name: 'cmp',
  summary: 'where two files differ first',
  run: instant((args, io) => {
    const options = parseOptions('cmp', args, { flags: 's', real: 'bilnv', status: 2 }, io)
    if (typeof options === 'number') return options
    const [first, second = '-'] = options.operands
    if (first === undefined) {
      io.err("cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.\n")
      return 2
    }
    const texts: string[] = []
    for (const name of [first, second]) {
      const file = openFile(io, name)
      if ('fault' in file) {
        if (!options.flags.has('s')) io.err(`cmp: ${name}: ${file.fault}\n`)
        return 2
      }
      texts.push(file.text)
    }
    const [a = '', b = ''] = texts
    if (a === b) return 0
    let at = 0
    while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
    if (options.flags.has('s')) return 1
    const line = a.slice(0, at).split('\n').length
    if (at === a.length || at === b.length) {
      const short = at === a.length ? first : second
      io.err(at === 0 ? `cmp: EOF on ${short} which is empty\n` : `cmp: EOF on ${short} after byte ${at}, in line ${line}\n`)
    } else io.out(`${first} ${second} differ: byte ${at + 1}, line ${line}\n`)
    return 1
  }),
}
