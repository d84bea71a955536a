import { launched } from '../../bash/simple.ts'
import { type Command, type Io, notSimulated, type Run, type Steps } from '../../io.ts'
import { compileGlob } from '../../regex/glob.ts'
import { parseMode } from './modes.ts'
import { baseName, below, full, removeName } from './trees.ts'

export const find: Command = {
  name: 'find',
  summary: 'files below a directory that answer a description',
  usage: 'find [PATH]... [-name GLOB] [-type f|d|l] [-maxdepth N] [-size N] [-exec COMMAND ;] [-delete]',
  completions: ['-name', '-type', '-maxdepth', '-exec'],
  run: runFind,
}

type Found = {
  readonly path: string
  readonly name: string
  readonly stat: { kind: string; size: number; mode: number }
  readonly depth: number
}
type Test = (found: Found) => Steps<boolean>
type Parsed = { readonly test: Test; readonly acts: boolean }

const REAL = [
  '-mtime',
  '-atime',
  '-ctime',
  '-newer',
  '-user',
  '-group',
  '-regex',
  '-printf',
  '-ls',
  '-prune',
  '-ok',
  '-xdev',
  '-mmin',
]

function* runFind(args: readonly string[], io: Io): Run {
  const first = args.findIndex((arg) => /^[-(!]./.test(arg) || arg === '(' || arg === '!')
  const paths = first < 0 ? args : args.slice(0, first)
  const reader = new Reader(first < 0 ? [] : args.slice(first), io)
  let parsed: Parsed
  try {
    parsed = reader.all()
  } catch (fault) {
    if (!(fault instanceof FindFault)) throw fault
    io.err(`${fault.message}\n`)
    return 1
  }
  let status = 0
  for (const name of paths.length === 0 ? ['.'] : paths) {
    const path = full(name, io)
    if (io.kernel.stat(path, false) === undefined) {
      io.err(`find: ‘${name}’: No such file or directory\n`)
      status = 1
      continue
    }
    const found = [...below(path, name, io)].map((one) => ({ ...one, depth: depthOf(one.path) - depthOf(path) }))
    // What is deleted is looked at from the bottom.
    for (const one of reader.deletes ? found.reverse() : found) {
      if (one.depth > reader.most || one.depth < reader.least) continue
      if ((yield* parsed.test(one)) && !parsed.acts) io.out(`${one.name}\n`)
      if (reader.ended) return reader.failed ? 1 : status
    }
  }
  return reader.failed ? 1 : status
}

const depthOf = (path: string): number => (path === '/' ? 0 : path.split('/').length - 1)

class FindFault extends Error {}

class Reader {
  most = Number.POSITIVE_INFINITY
  least = 0
  deletes = false
  failed = false
  /** `-quit` was reached. */
  ended = false
  private at = 0
  private acts = false
  private readonly words: readonly string[]
  private readonly io: Io

  constructor(words: readonly string[], io: Io) {
    this.words = words
    this.io = io
  }

  all(): Parsed {
    const test = this.words.length === 0 ? everything : this.either()
    const rest = this.words[this.at]
    if (rest !== undefined)
      throw new FindFault(
        rest === ')'
          ? 'find: invalid expression; you have used a binary operator...'
          : `find: paths must precede expression: \`${rest}'`,
      )
    return { test, acts: this.acts }
  }

  private either(): Test {
    let left = this.both()
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at++
      const [a, b] = [left, this.both()]
      left = function* (found) {
        return (yield* a(found)) || (yield* b(found))
      }
    }
    return left
  }

  private both(): Test {
    let left = this.one()
    for (;;) {
      const word = this.words[this.at]
      if (word === undefined || word === '-o' || word === '-or' || word === ')') return left
      if (word === '-a' || word === '-and') this.at++
      const [a, b] = [left, this.one()]
      left = function* (found) {
        return (yield* a(found)) && (yield* b(found))
      }
    }
  }

  private one(): Test {
    const word = this.words[this.at++]
    if (word === '!' || word === '-not') {
      const inner = this.one()
      return function* (found) {
        return !(yield* inner(found))
      }
    }
    if (word === '(') {
      const inner = this.either()
      if (this.words[this.at++] !== ')')
        throw new FindFault("find: invalid expression; expected to find a ')' but didn't see one.")
      return inner
    }
    return this.primary(word ?? '')
  }

  private value(word: string): string {
    const value = this.words[this.at++]
    if (value === undefined) throw new FindFault(`find: missing argument to \`${word}'`)
    return value
  }

  private number(word: string): number {
    const value = this.value(word)
    if (!/^\d{1,6}$/.test(value))
      throw new FindFault(`find: Expected a positive decimal integer argument to ${word}, but got ‘${value}’`)
    return Number(value)
  }

  private primary(word: string): Test {
    switch (word) {
      case '-name':
      case '-iname':
      case '-path':
      case '-wholename': {
        const glob = compileGlob(this.value(word), { ignoreCase: word === '-iname', spend: this.io.work.spend })
        return pure((found) => glob.matches(word.endsWith('name') && word !== '-wholename' ? baseName(found.name) : found.name))
      }
      case '-type': {
        const value = this.value(word)
        if (!/^[fdlbcps](,[fdlbcps])*$/.test(value)) throw new FindFault(`find: Unknown argument to -type: ${value}`)
        const kinds = value.split(',')
        return pure(({ stat }) => kinds.includes(stat.kind === 'file' ? 'f' : stat.kind === 'directory' ? 'd' : 'l'))
      }
      case '-maxdepth':
        this.most = this.number(word)
        return everything
      case '-mindepth':
        this.least = this.number(word)
        return everything
      case '-depth':
        this.deletes = true
        return everything
      case '-empty':
        return pure(({ stat, path }) =>
          stat.kind === 'directory' ? (this.io.kernel.listFiles(path) ?? []).length === 0 : stat.size === 0,
        )
      case '-size':
        return this.size(this.value(word))
      case '-perm': {
        const value = this.value(word)
        const how = /^[-/]/.exec(value)?.[0]
        const mode = parseMode(value.slice(how === undefined ? 0 : 1), 0, false)
        if (mode === undefined) throw new FindFault(`find: invalid mode ‘${value}’`)
        // `-`: all of these bits, `/`: any of them, or none asked for.
        if (how === '-') return pure(({ stat }) => (stat.mode & mode) === mode)
        if (how === '/') return pure(({ stat }) => mode === 0 || (stat.mode & mode) !== 0)
        return pure(({ stat }) => (stat.mode & 0o7777) === mode)
      }
      case '-print':
      case '-print0':
        this.acts = true
        return pure(({ name }) => {
          this.io.out(`${name}${word === '-print' ? '\n' : '\0'}`)
          return true
        })
      case '-quit':
        return pure(() => {
          this.ended = true
          return true
        })
      case '-true':
        return everything
      case '-false':
        return pure(() => false)
      case '-delete':
        this.deletes = true
        this.acts = true
        return pure((found) => this.remove(found))
      case '-exec':
        return this.exec()
      default:
        if (REAL.includes(word)) throw new FindFault(notSimulated(`find: ${word}`).trimEnd())
        throw new FindFault(
          word.startsWith('-') ? `find: unknown predicate \`${word}'` : `find: paths must precede expression: \`${word}'`,
        )
    }
  }

  private size(value: string): Test {
    const found = /^([-+]?)(\d{1,9})([cwbkMG]?)$/.exec(value)
    if (!found) throw new FindFault(`find: Invalid argument \`${value}' to -size`)
    const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1_048_576, G: 1_073_741_824 }[found[3] || 'b'] ?? 512
    const wanted = Number(found[2])
    return pure(({ stat }) => {
      const size = Math.ceil(stat.size / unit)
      return found[1] === '+' ? size > wanted : found[1] === '-' ? size < wanted : size === wanted
    })
  }

  private remove({ path, name }: Found): boolean {
    const fault = removeName(path, this.io)
    if (fault === undefined) return true
    this.io.err(`find: cannot delete ‘${name}’: ${fault}\n`)
    this.failed = true
    return false
  }

  private exec(): Test {
    const words: string[] = []
    for (;;) {
      const word = this.words[this.at++]
      if (word === undefined) throw new FindFault("find: missing argument to `-exec'")
      if (word === ';' || (word === '+' && words.at(-1) === '{}')) break
      words.push(word)
    }
    this.acts = true
    const { io } = this
    return function* ({ name }) {
      io.work.step(10)
      const run = io.tools.launch(
        words.map((word) => word.replaceAll('{}', name)),
        io,
      )
      return (yield* launched(run, io)) === 0
    }
  }
}

const everything: Test = function* () {
  yield* []
  return true
}

const pure = (test: (found: Found) => boolean): Test =>
  function* (found) {
    yield* []
    return test(found)
  }
