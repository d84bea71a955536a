import type { Program } from './program.ts'
import { PatternError, regex } from './regex/regex.ts'

export const findstr: Program = {
  name: 'findstr',
  synopsis: 'Shows the lines that contain a text or match a pattern.',
  options: ['/b', '/e', '/l', '/r', '/i', '/x', '/v', '/n', '/m', '/c:'],
  refuses: ['/?', '/s', '/o', '/p', '/offline', '/a:07', '/f:list', '/g:words', '/d:folder'],
  *run(args, io) {
    const on = new Set<string>()
    const patterns: string[] = []
    const files: string[] = []
    for (const arg of args) {
      const [, name, value] = /^[-/]([a-z?]+)(?::(.*))?$/i.exec(arg) ?? []
      const letters = [...(name ?? '').toLowerCase()]
      if (name === undefined) {
        if (patterns.length === 0) patterns.push(...arg.split(' ').filter((word) => word !== ''))
        else files.push(arg)
      } else if (/^c$/i.test(name) && value !== undefined) patterns.push(value.replace(/^"(.*)"$/, '$1'))
      else if (value === undefined && letters.every((letter) => 'belrixvnm'.includes(letter)))
        for (const one of letters) on.add(one)
      else if (/^([?sop]|offline)$/i.test(name) || (/^[afgd]$/i.test(name) && value !== undefined)) {
        yield* io.line(`findstr ${arg}: this option is real, but it is not simulated here yet.`)
        return 2
      } else yield* io.line(`FINDSTR: /${letters.find((letter) => !'belrixvnm'.includes(letter)) ?? name} ignored`)
    }
    if (patterns.length === 0) {
      yield* io.line('FINDSTR: Bad command line')
      return 2
    }
    let tests: ((line: string) => boolean)[]
    try {
      tests = patterns.map((pattern) => lineTest(pattern, on))
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      yield* io.line(`findstr: ${error.message}`)
      return 2
    }
    let found = false
    for (const [name, lines] of sources(files, io.input, (file) => io.kernel.readFile(io.path(file)))) {
      if (lines === undefined) {
        yield* io.line(`FINDSTR: Cannot open ${name}`)
        continue
      }
      for (const [i, line] of lines.entries()) {
        if (tests.some((test) => test(line)) === on.has('v')) continue
        found = true
        if (on.has('m')) {
          yield* io.line(name)
          break
        }
        yield* io.line(`${files.length > 1 ? `${name}:` : ''}${on.has('n') ? `${i + 1}:` : ''}${line}`)
      }
    }
    return found ? 0 : 1
  },
}

function lineTest(pattern: string, on: ReadonlySet<string>): (line: string) => boolean {
  // findstr knows only . * ^ $ [] \< \> and backslash; the other marks are plain characters there.
  const source = on.has('l')
    ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    : pattern.replace(/\\[<>]/g, '\\b').replace(/[+?(){}|]/g, '\\$&')
  const anchored = `${on.has('b') || on.has('x') ? '^' : ''}(?:${source})${on.has('e') || on.has('x') ? '$' : ''}`
  const matcher = regex(anchored, on.has('i'))
  return (line) => matcher.match(line) !== undefined
}

function sources(
  files: readonly string[],
  input: readonly string[] | undefined,
  read: (file: string) => string | undefined,
): [string, readonly string[] | undefined][] {
  if (files.length === 0) return [['', input ?? []]]
  return files.map((file) => [
    file,
    read(file)
      ?.replace(/\r?\n$/, '')
      .split(/\r?\n/),
  ])
}
