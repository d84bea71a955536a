import { TEXT_BUDGET } from '../bash/work.ts'
import { absolute, openFile, saveFile, splitLines } from '../files.ts'
import type { Command, Got, Io, Need, Run } from '../io.ts'
import type { Matcher, Span } from '../matcher.ts'
import { chomp, type Source, sources } from '../text-input.ts'
import { type Address, type Piece, parseScript, type Script, type SedCommand, SedFault } from './sed/script.ts'

export const sed: Command = {
  name: 'sed',
  summary: 'changes lines by a script',
  usage: 'sed [-nEsu] [-i[SUFFIX]] [-e SCRIPT]... [-f FILE] [SCRIPT] [FILE]...',
  completions: ['-n', '-i', '-E', '-e'],
  run: runSed,
}

const USAGE = 'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n'

type Settings = {
  readonly scripts: string[]
  readonly files: string[]
  silent: boolean
  extended: boolean
  place: string | undefined
}

/** Options, or the exit status. */
function settingsOf(args: readonly string[], io: Io): Settings | number {
  const found: Settings = { scripts: [], files: [], silent: false, extended: false, place: undefined }
  const wrong = (text: string) => {
    io.err(`sed: ${text}\n${USAGE}`)
    return 1
  }
  const file = (name: string): boolean => {
    const opened = openFile(io, name)
    if ('fault' in opened) io.err(`sed: couldn't open file ${name}: ${opened.fault}\n`)
    else found.scripts.push(opened.text.replace(/\n$/, ''))
    return !('fault' in opened)
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--') {
      found.files.push(...args.slice(i + 1))
      break
    }
    if (!/^-./.test(arg)) {
      found.files.push(arg)
      continue
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s)
      if (name === 'quiet' || name === 'silent') found.silent = true
      else if (name === 'regexp-extended') found.extended = true
      else if (name === 'expression') found.scripts.push(value ?? args[++i] ?? '')
      else if (name === 'in-place') found.place = value ?? ''
      else if (name === 'file') {
        if (!file(value ?? args[++i] ?? '')) return 1
      } else if (!['separate', 'unbuffered', 'posix', 'sandbox'].includes(name)) return wrong(`unrecognized option '${arg}'`)
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at)
      if (letter === 'n') found.silent = true
      else if (letter === 'E' || letter === 'r') found.extended = true
      else if (letter === 's' || letter === 'u') continue
      else if (letter === 'i') {
        found.place = arg.slice(at + 1)
        break
      } else if (letter === 'e' || letter === 'f') {
        const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++i]
        if (value === undefined) return wrong(`option requires an argument -- '${letter}'`)
        if (letter === 'e') found.scripts.push(value)
        else if (!file(value)) return 1
        break
      } else if (letter === 'z' || letter === 'l') {
        io.err(`sed: option -${letter} is real, but not simulated here yet\n`)
        return 1
      } else return wrong(`invalid option -- '${letter}'`)
    }
  }
  if (found.scripts.length === 0) {
    const first = found.files.shift()
    if (first === undefined) {
      io.err(USAGE)
      return 1
    }
    found.scripts.push(first)
  }
  return found
}

function* runSed(args: readonly string[], io: Io): Run {
  const settings = settingsOf(args, io)
  if (typeof settings === 'number') return settings
  let script: Script
  try {
    script = parseScript(settings.scripts.join('\n'), settings.extended, io.work.spend)
  } catch (fault) {
    if (!(fault instanceof SedFault)) throw fault
    io.err(`sed: ${fault.message}\n`)
    return 1
  }
  const silent = settings.silent || script.silent
  const complaint = (name: string, fault: string) =>
    fault === 'Is a directory' ? `couldn't edit ${name}: not a regular file` : `can't read ${name}: ${fault}`
  if (settings.place === undefined || settings.files.length === 0) {
    const { list, failed } = sources('sed', settings.files, io, complaint)
    const status = yield* new Editor(script, silent, io, io.out).run(list)
    return status !== 0 ? status : failed ? 2 : 0
  }
  let status = 0
  for (const name of settings.files) {
    const { list, failed } = sources('sed', [name], io, complaint)
    if (failed) status = 4
    if (list.length === 0) continue
    let text = ''
    const ended = yield* new Editor(script, silent, io, (piece) => {
      text += piece
      if (text.length > TEXT_BUDGET) throw new TooLong()
    }).run(list)
    if (ended === 4) return ended
    if (ended !== 0) status = ended
    const path = absolute(name, io.session.cwd)
    const before = io.kernel.readFile(path) ?? ''
    const { place } = settings
    const kept = place.includes('*') ? place.replaceAll('*', name) : name + place
    const fault = (place === '' ? undefined : saveFile(io, absolute(kept, io.session.cwd), before)) ?? saveFile(io, path, text)
    if (fault !== undefined) {
      io.err(`sed: couldn't open temporary file ./sedXXXXXX: ${fault}\n`)
      return 4
    }
  }
  return status
}

/** More than is kept of one text here. */
class TooLong extends Error {}

class Editor {
  private readonly script: Script
  private readonly silent: boolean
  private readonly io: Io
  private readonly write: (text: string) => void
  private space = ''
  private hold = ''
  private number = 0
  /** Where ranges end that have begun, by their command; the line of the last end for those that have none. */
  private readonly ranges = new Map<SedCommand, number | 'open'>()
  private lastUsed: Matcher | undefined
  private after: string[] = []
  private readonly ahead: string[] = []
  private list: readonly Source[] = []
  private ending = true

  constructor(script: Script, silent: boolean, io: Io, write: (text: string) => void) {
    this.script = script
    this.silent = silent
    this.io = io
    this.write = write
  }

  private *pull(): Generator<Need, string | undefined, Got> {
    for (;;) {
      const [source, ...rest] = this.list
      if (source === undefined) return undefined
      const line = yield* source.next()
      if (line !== undefined) return line
      this.list = rest
    }
  }

  private *next(): Generator<Need, string | undefined, Got> {
    return this.ahead.shift() ?? (yield* this.pull())
  }

  private *isLast(): Generator<Need, boolean, Got> {
    if (this.ahead.length > 0) return false
    const line = yield* this.pull()
    if (line === undefined) return true
    this.ahead.push(line)
    return false
  }

  private take(line: string): void {
    this.number++
    this.space = chomp(line)
    this.ending = line.endsWith('\n')
  }

  private say(text: string, last = true): void {
    this.write(last && !this.ending ? text : `${text}\n`)
  }

  private flush(): void {
    for (const text of this.after) this.write(text)
    this.after = []
  }

  /** Runs the script over all lines; answers its exit status. */
  *run(list: readonly Source[]): Run {
    this.list = list
    try {
      return yield* this.lines()
    } catch (fault) {
      if (!(fault instanceof TooLong)) throw fault
      this.io.err(`sed: a text here has at most ${TEXT_BUDGET} characters\n`)
      return 4
    }
  }

  private *lines(): Run {
    let fresh = true
    for (;;) {
      this.io.work.step()
      if (fresh) {
        const line = yield* this.next()
        if (line === undefined) return 0
        this.take(line)
      }
      const ended = yield* this.cycle()
      if (!this.silent && ended.print) this.say(this.space)
      this.flush()
      if (ended.status !== undefined) return ended.status
      fresh = !ended.again
    }
  }

  private *cycle(): Generator<Need, { readonly print: boolean; readonly again?: boolean; readonly status?: number }, Got> {
    const { commands } = this.script
    let changed = false
    for (let at = 0; at < commands.length; ) {
      this.io.work.step()
      const command = commands[at] as SedCommand
      at++
      if ((yield* this.selects(command)) === command.negated) {
        if (command.name === '{') at = command.target ?? at
        continue
      }
      switch (command.name) {
        case 's':
          changed = this.substitute(command) || changed
          break
        case 'y':
          this.space = [...this.space].map((c) => command.map?.get(c) ?? c).join('')
          break
        case 'p':
          this.say(this.space)
          break
        case 'P':
          this.say(this.space.split('\n')[0] ?? '')
          break
        case '=':
          this.write(`${this.number}\n`)
          break
        case 'a':
          this.after.push(command.text ?? '')
          break
        case 'i':
          this.write(command.text ?? '')
          break
        case 'c':
          if (command.to === undefined || command.negated || !this.ranges.has(command)) this.write(command.text ?? '')
          return { print: false }
        case 'r': {
          const file = openFile(this.io, command.text ?? '')
          if ('text' in file) for (const line of splitLines(file.text)) this.after.push(line)
          break
        }
        case 'd':
          return { print: false }
        case 'D': {
          const cut = this.space.indexOf('\n')
          if (cut < 0) return { print: false }
          this.space = this.space.slice(cut + 1)
          return { print: false, again: true }
        }
        case 'h':
          this.hold = this.space
          break
        case 'H':
          this.hold += `\n${this.space}`
          break
        case 'g':
          this.space = this.hold
          break
        case 'G':
          this.space += `\n${this.hold}`
          break
        case 'x':
          ;[this.space, this.hold] = [this.hold, this.space]
          break
        case 'z':
          this.space = ''
          break
        case 'n': {
          if (yield* this.isLast()) return { print: true, status: 0 }
          if (!this.silent) this.say(this.space)
          this.flush()
          this.take((yield* this.next()) ?? '')
          break
        }
        case 'N': {
          if (yield* this.isLast()) return { print: true, status: 0 }
          this.flush()
          const before = this.space
          this.take((yield* this.next()) ?? '')
          this.space = `${before}\n${this.space}`
          break
        }
        case 'b':
          at = command.target ?? commands.length
          break
        case 't':
        case 'T':
          if (changed === (command.name === 't')) at = command.target ?? commands.length
          changed = false
          break
        case 'q':
          return { print: true, status: command.number ?? 0 }
        case 'Q':
          return { print: false, status: command.number ?? 0 }
        default:
          break
      }
      if (this.space.length + this.hold.length > TEXT_BUDGET) throw new TooLong()
    }
    return { print: true }
  }

  private *selects(command: SedCommand): Generator<Need, boolean, Got> {
    const { from, to } = command
    if (from === undefined) return true
    if (to === undefined) return yield* this.at(from)
    const open = this.ranges.get(command)
    if (open === undefined) {
      const zero = from.kind === 'line' && from.line === 0 && this.number === 1
      if (!zero && !(yield* this.at(from))) return false
      if (to.kind === 'line') {
        if (to.line > this.number) this.ranges.set(command, to.line)
      } else if (to.kind === 'more') {
        if (to.count > 0) this.ranges.set(command, this.number + to.count)
      } else if (to.kind === 'multiple') {
        if (to.of > 0 && this.number % to.of !== 0) this.ranges.set(command, Math.ceil(this.number / to.of) * to.of)
      } else if (zero && to.kind === 'match' && this.matches(to.matcher)) return true
      else if (to.kind !== 'last' || !(yield* this.isLast())) this.ranges.set(command, 'open')
      return true
    }
    if (open === 'open') {
      if (yield* this.at(to as Address)) this.ranges.delete(command)
      return true
    }
    if (this.number >= open) this.ranges.delete(command)
    return this.number <= open
  }

  private *at(address: Address): Generator<Need, boolean, Got> {
    switch (address.kind) {
      case 'line':
        return this.number === address.line
      case 'step':
        return address.step > 0
          ? this.number >= address.first && (this.number - address.first) % address.step === 0
          : this.number === address.first
      case 'last':
        return yield* this.isLast()
      case 'match':
        return this.matches(address.matcher)
      default:
        address satisfies never
        return false
    }
  }

  private matches(matcher: Matcher | undefined): boolean {
    const used = matcher ?? this.lastUsed
    this.lastUsed = used
    return used?.find(this.space) !== undefined
  }

  private substitute({ matcher, pieces = [], all = false, print = false, number = 1 }: SedCommand): boolean {
    const used = matcher ?? this.lastUsed
    if (used === undefined) return false
    this.lastUsed = used
    const text = this.space
    let [done, at, count] = ['', 0, 0]
    for (let from = 0; from <= text.length; ) {
      const spans = used.exec(text, from)
      const [whole] = spans ?? []
      if (spans === undefined || whole === undefined) break
      this.io.work.step()
      // Nothing is matched right behind a match.
      if (whole.to === whole.from && whole.from === at && count > 0) {
        from = whole.from + 1
        continue
      }
      count++
      if (count >= number) {
        done += text.slice(at, whole.from) + filled(pieces, text, spans)
        at = whole.to
        if (!all) break
        if (done.length > TEXT_BUDGET) throw new TooLong()
      }
      from = whole.to > whole.from ? whole.to : whole.from + 1
    }
    if (count < number) return false
    this.space = done + text.slice(at)
    if (print) this.say(this.space)
    return true
  }
}

function filled(pieces: readonly Piece[], text: string, spans: readonly (Span | undefined)[]): string {
  let done = ''
  let [all, next] = ['', '']
  for (const piece of pieces) {
    if ('change' in piece) {
      if (piece.change === 'u' || piece.change === 'l') next = piece.change
      else all = piece.change === 'E' ? '' : piece.change
      continue
    }
    const span = 'group' in piece ? spans[piece.group] : undefined
    let part = 'text' in piece ? piece.text : span ? text.slice(span.from, span.to) : ''
    part = all === 'U' ? part.toUpperCase() : all === 'L' ? part.toLowerCase() : part
    if (next !== '' && part !== '') {
      part = (next === 'u' ? part.charAt(0).toUpperCase() : part.charAt(0).toLowerCase()) + part.slice(1)
      next = ''
    }
    done += part
  }
  return done
}
