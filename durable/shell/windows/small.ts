import { dashed } from './network.ts'
import type { Program } from './program.ts'
import { PatternError, regex } from './regex/regex.ts'

export const hostname: Program = {
  name: 'hostname',
  synopsis: 'Shows the name of this computer.',
  *run(args, io) {
    if (args.length > 0 && args[0] !== '/?') {
      yield* io.line('sethostname: Use the Network Control Panel Applet to set hostname.')
      yield* io.line('hostname -s is not supported.')
      return 1
    }
    yield* io.line(args.length === 0 ? io.kernel.identity().hostname : '\nPrints the name of the current host.\n\nhostname')
    return 0
  },
}

export const whoami: Program = {
  name: 'whoami',
  synopsis: 'Shows the user of this console.',
  *run(args, io) {
    if (args.length > 0) {
      yield* io.line(`whoami ${args[0]}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    const { hostname: name, user } = io.kernel.identity()
    yield* io.line(`${name}\\${user}`.toLowerCase())
    return 0
  },
}

export const getmac: Program = {
  name: 'getmac',
  synopsis: 'Shows the physical addresses of the adapters.',
  *run(args, io) {
    const verbose = args.some((arg) => /^[-/]v$/i.test(arg))
    const other = args.find((arg) => !/^[-/]v$/i.test(arg))
    if (other !== undefined) {
      yield* io.line(`getmac ${other}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    const head = verbose
      ? ([
          ['Connection Name', 15],
          ['Network Adapter', 15],
        ] as const)
      : []
    const columns = [...head, ['Physical Address', 19], ['Transport Name', 58]] as const
    const line = (cells: readonly string[]) => columns.map(([, width], i) => cells[i].slice(0, width).padEnd(width)).join(' ')
    yield* io.line('')
    yield* io.line(line(columns.map(([label]) => label)))
    yield* io.line(line(columns.map(([, width]) => '='.repeat(width))))
    for (const one of io.kernel.interfaces()) {
      if (one.kind === 'loopback' || one.kind === 'ppp') continue
      const transport = !one.enabled
        ? 'Disconnected'
        : one.up
          ? `\\Device\\Tcpip_${one.guid.startsWith('{') ? one.guid : `{${one.guid}}`}`
          : 'Media disconnected'
      yield* io.line(
        line([...(verbose ? [one.name, one.description] : []), one.enabled ? dashed(one.mac) : 'Disabled', transport]),
      )
    }
    return 0
  },
}

export const findstr: Program = {
  name: 'findstr',
  synopsis: 'Shows the lines that contain a text or match a pattern.',
  *run(args, io) {
    const on = new Set<string>()
    const patterns: string[] = []
    const files: string[] = []
    for (const arg of args) {
      const m = /^\/([a-z])(?::(.*))?$/i.exec(arg)
      if (m !== null && m[1].toLowerCase() === 'c' && m[2] !== undefined) patterns.push(m[2].replace(/^"(.*)"$/, '$1'))
      else if (m !== null && /[invrlbexm]/i.test(m[1]) && m[2] === undefined) on.add(m[1].toLowerCase())
      else if (m !== null) {
        yield* io.line(`findstr ${arg}: this option is real, but it is not simulated here yet.`)
        return 2
      } else if (patterns.length === 0) patterns.push(...arg.split(' ').filter((word) => word !== ''))
      else files.push(arg)
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
