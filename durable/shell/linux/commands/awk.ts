import { absolute, openFile, openPlace, saveFile } from '../files.ts'
import type { Command, Io, Run, Steps } from '../io.ts'
import { chomp, type Source, sources } from '../text-input.ts'
import { Exit, type Frame, type Out, type Signal, type Statement } from './awk/expressions.ts'
import { AwkFault } from './awk/lexer.ts'
import { Given, Machine, truth } from './awk/machine.ts'
import { Parser, type Program, type Rule } from './awk/parser.ts'

export const awk: Command = {
  name: 'awk',
  aliases: ['gawk', 'mawk'],
  summary: 'a program over lines and their fields',
  usage: "awk [-F SEPARATOR] [-v NAME=VALUE]... [-f FILE | 'PROGRAM'] [FILE | NAME=VALUE]...",
  completions: ['-F', '-v', '-f'],
  run: runAwk,
}

const USAGE = 'Usage: mawk [Options] [Program] [file ...]\n'

function* runAwk(args: readonly string[], io: Io): Run {
  const machine = new Machine(io)
  const programs: string[] = []
  let at = 0
  for (; at < args.length && /^-./.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      at++
      break
    }
    const found = /^-([Fvf])(.*)$/s.exec(arg)
    if (!found) {
      io.err(`awk: not an option: ${arg}\n`)
      return 2
    }
    const value = found[2] === '' ? args[++at] : (found[2] ?? '')
    if (value === undefined) {
      io.err(`awk: option ${arg} lacks argument\n`)
      return 2
    }
    if (found[1] === 'F') machine.set('FS', value === 't' ? '\t' : unslashed(value))
    else if (found[1] === 'v') {
      if (!assign(value, machine)) {
        io.err(`awk: improper assignment: -v ${value}\n`)
        return 2
      }
    } else {
      const file = openFile(io, value)
      if ('fault' in file) {
        io.err(`awk: cannot open "${value}" (${file.fault})\n`)
        return 2
      }
      programs.push(file.text)
    }
  }
  const operands = args.slice(at)
  if (programs.length === 0) {
    const first = operands.shift()
    if (first === undefined) {
      io.err(USAGE)
      return 2
    }
    programs.push(first)
  }
  try {
    const program = new Parser(programs.join('\n'), outlets(io)).program()
    return yield* run(program, operands, machine, io)
  } catch (fault) {
    if (!(fault instanceof AwkFault)) throw fault
    io.err(`awk: ${fault.message}\n`)
    return 2
  }
}

const unslashed = (text: string): string => text.replace(/\\t/g, '\t').replace(/\\n/g, '\n').replace(/\\\\/g, '\\')

function assign(text: string, machine: Machine): boolean {
  const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(text)
  if (found) machine.set(found[1] ?? '', new Given(unslashed(found[2] ?? '')))
  return found !== null
}

/** Where `print > NAME` writes: a file is emptied when it is opened first. */
function outlets(io: Io): (kind: string, name: string, frame: Frame) => Out {
  const open = new Map<string, Out>()
  return (kind, name) => {
    if (kind === '') return (text) => io.out(text)
    const path = absolute(name, io.session.cwd)
    if (path === '/dev/stdout') return (text) => io.out(text)
    if (path === '/dev/stderr') return (text) => io.err(text)
    const known = open.get(path)
    if (known) return known
    const fault = saveFile(io, path, '', kind === '>>')
    if (fault !== undefined) throw new AwkFault(`cannot open "${name}" for output (${fault})`)
    const write = path === '/dev/null' ? () => {} : openPlace({ file: path }, io)
    open.set(path, write)
    return write
  }
}

function* run(program: Program, operands: readonly string[], machine: Machine, io: Io): Run {
  const frame: Frame = { machine, locals: new Map(), result: undefined, depth: 0 }
  const all = (list: readonly Statement[]): Signal => {
    for (const one of list) {
      const signal = perform(one, frame)
      if (signal === 'exit') return signal
    }
    return undefined
  }
  let over = all(program.begin) === 'exit'
  let status = 0
  if (!over && (program.rules.length > 0 || program.end.length > 0)) {
    const names = operands.filter((one) => !/^[A-Za-z_]\w*=/.test(one))
    for (const operand of names.length === 0 ? [...operands, '-'] : operands) {
      if (/^[A-Za-z_]\w*=/.test(operand)) {
        assign(operand, machine)
        continue
      }
      const { list, failed } = sources('awk', [operand], io, (name, fault) => `cannot open "${name}" (${fault})`)
      if (failed) status = 2
      machine.set('FILENAME', operand === '-' ? '' : operand)
      machine.set('FNR', 0)
      for (const source of list) if (!over) over = yield* read(source, program.rules, frame)
      if (over) break
    }
  }
  // What `exit` leaves out are lines, not END; unless it is END that says it.
  if (program.end.length > 0) all(program.end)
  return machine.exit === 0 ? status : ((machine.exit % 256) + 256) % 256
}

function perform(statement: Statement, frame: Frame): Signal {
  try {
    return statement(frame)
  } catch (fault) {
    if (fault instanceof Exit) return 'exit'
    throw fault
  }
}

/** All records of one input; true: the program has said `exit`. */
function* read(source: Source, rules: readonly Rule[], frame: Frame): Steps<boolean> {
  const { machine } = frame
  let paragraph: string[] = []
  for (;;) {
    const line = yield* source.next()
    machine.io.work.step()
    const separator = machine.text(machine.get('RS'))
    let records: string[]
    if (separator === '\n') records = line === undefined ? [] : [chomp(line)]
    else if (separator === '') {
      // Empty lines part paragraphs.
      const blank = line === undefined || line === '\n'
      if (!blank) paragraph.push(chomp(line))
      records = blank && paragraph.length > 0 ? [paragraph.join('\n')] : []
      if (blank) paragraph = []
    } else {
      if (line !== undefined) {
        paragraph.push(line)
        if (!line.includes(separator.charAt(0))) continue
      }
      const parts = paragraph.join('').split(separator.charAt(0))
      const rest = line === undefined ? undefined : parts.pop()
      paragraph = rest === undefined ? [] : [rest]
      if (line === undefined && (parts.at(-1) === '' || parts.at(-1) === '\n')) parts.pop()
      records = parts
    }
    for (const record of records) {
      machine.setRecord(record)
      machine.set('NR', Number(machine.text(machine.get('NR'))) + 1)
      machine.set('FNR', Number(machine.text(machine.get('FNR'))) + 1)
      for (const rule of rules) {
        if (!applies(rule, frame)) continue
        const signal = perform(rule.body, frame)
        if (signal === 'exit') return true
        if (signal === 'next') break
      }
    }
    if (line === undefined) return false
  }
}

function applies(rule: Rule, frame: Frame): boolean {
  if (rule.from === undefined) return true
  if (rule.to === undefined) return truth(rule.from(frame))
  if (!rule.open && !truth(rule.from(frame))) return false
  rule.open = !truth(rule.to(frame))
  return true
}
