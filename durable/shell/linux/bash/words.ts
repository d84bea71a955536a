// Words to fields: the expansions in bash's order (bash manual, 3.5).
import type { Word, WordPart } from 'unbash'
import type { Io, Steps } from '../io.ts'
import { homeOf } from '../session.ts'
import { expandBraces } from './braces.ts'
import { newCapture } from './capture.ts'
import { ShellFault } from './faults.ts'
import { expandParameter, expandSimple } from './parameters.ts'
import { isPattern, matchPaths } from './paths.ts'
import { arithmetic } from './variables.ts'
import { TEXT_BUDGET } from './work.ts'

/** A stretch of an expanded word. `split`: it came from an expansion outside of quotes. */
export type Piece = { readonly text: string; readonly quoted: boolean; readonly split: boolean }

/** Collects a word's pieces; `"$@"` breaks it into several fields. */
export class Pieces {
  readonly words: Piece[][] = [[]]
  private size = 0

  add(text: string, quoted: boolean, split = false): void {
    this.size += text.length
    if (this.size > TEXT_BUDGET) throw new ShellFault(`an expansion here has at most ${TEXT_BUDGET} characters`)
    ;(this.words.at(-1) as Piece[]).push({ text, quoted, split })
  }

  break(): void {
    this.words.push([])
  }
}

/** Words as a command gets them. */
export function* expandWords(words: readonly Word[], io: Io): Steps<string[]> {
  const fields: string[] = []
  for (const word of words) {
    io.work.step()
    for (const each of braced(word, io)) yield* fieldsOf(each.word, each.io, fields)
    if (fields.length > 65_536) throw new ShellFault('Argument list too long', 126)
  }
  return fields
}

type Located = { readonly word: Word; readonly io: Io }

function braced(word: Word, io: Io): Located[] {
  if (!word.parts?.some((part) => part.type === 'BraceExpansion')) return [{ word, io }]
  const texts = expandBraces(word.text)
  if (texts === undefined) throw new ShellFault('a brace expansion here gives at most 4096 words')
  if (texts.length === 1 && texts[0] === word.text) return [{ word, io }]
  return texts.flatMap((text) => {
    const source = `: ${text}`
    const parsed = io.tools.grammar.parse(source)
    const command = parsed.script.commands[0]?.command
    const found = parsed.ok && command?.type === 'Command' ? command.suffix[0] : undefined
    return found?.type === 'Word' ? [{ word: found, io: { ...io, source } }] : []
  })
}

function* fieldsOf(word: Word, io: Io, fields: string[]): Steps<void> {
  const pieces = new Pieces()
  yield* addWord(word, io, pieces)
  for (const one of pieces.words) {
    for (const field of splitFields(one, io.session.variables.get('IFS'))) {
      const paths =
        io.session.options.has('noglob') || !field.some((piece) => !piece.quoted && isPattern(piece.text)) ? [] : glob(field, io)
      if (paths.length > 0) fields.push(...paths)
      else if (!(io.session.options.has('nullglob') && field.some((piece) => !piece.quoted && isPattern(piece.text))))
        fields.push(join(field))
    }
  }
}

const join = (pieces: readonly Piece[]): string => pieces.map((piece) => piece.text).join('')

const glob = (field: readonly Piece[], io: Io): string[] => {
  const pattern = patternOf(field)
  return isPattern(pattern) ? matchPaths(pattern, io) : []
}

/** A pattern: what was quoted stands for itself. */
const patternOf = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, quoted }) => (quoted ? text.replace(/[*?[\]\\()|@+!-]/g, '\\$&') : text)).join('')

/** A word that stays one field: what follows `=`, `>` or `case`. */
export function* expandWord(word: Word | undefined, io: Io): Steps<string> {
  if (word === undefined) return ''
  const pieces = new Pieces()
  yield* addWord(word, io, pieces)
  return pieces.words.map(join).join(' ')
}

/** The same as a pattern for `case`, `[[ == ]]` and `${x#...}`. */
export function* expandPattern(word: Word | undefined, io: Io): Steps<string> {
  if (word === undefined) return ''
  const pieces = new Pieces()
  yield* addWord(word, io, pieces)
  return pieces.words.map(patternOf).join(' ')
}

/** The same as a regular expression for `[[ =~ ]]`. */
export function* expandRegex(word: Word, io: Io): Steps<string> {
  const pieces = new Pieces()
  yield* addWord(word, io, pieces, true)
  return pieces.words
    .map((one) => one.map(({ text, quoted }) => (quoted ? text.replace(/[.[\]()*+?{}|^$\\]/g, '\\$&') : text)).join(''))
    .join(' ')
}

/** `literal`: backslashes stay, as the words of regular expressions want. */
export function* addWord(word: Word, io: Io, pieces: Pieces, literal = false): Steps<void> {
  if (word.parts === undefined) return addLiteral(word.text, true, io, pieces, literal)
  for (const [i, part] of word.parts.entries()) yield* addPart(part, i === 0, false, io, pieces, literal)
}

/** Parts inside of double quotes, or of a here-document. */
export function* addParts(parts: readonly WordPart[], quoted: boolean, io: Io, pieces: Pieces): Steps<void> {
  for (const [i, part] of parts.entries()) yield* addPart(part, i === 0, quoted, io, pieces)
}

function* addPart(part: WordPart, first: boolean, quoted: boolean, io: Io, pieces: Pieces, literal = false): Steps<void> {
  switch (part.type) {
    case 'Literal':
      if (quoted) pieces.add(part.value, true)
      else addLiteral(part.text, first, io, pieces, literal)
      return
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      if (quoted || part.parts === undefined || part.type === 'BraceExpansion') pieces.add(part.text, quoted)
      else if (part.type === 'Glob') {
        pieces.add('[', false)
        yield* addParts(part.parts, false, io, pieces)
        pieces.add(']', false)
      } else {
        pieces.add(`${part.operator}(`, false)
        yield* addParts(part.parts, false, io, pieces)
        pieces.add(')', false)
      }
      return
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      pieces.add(part.value, true)
      return
    case 'DoubleQuoted':
    case 'LocaleString':
      return yield* addQuoted(part.parts, io, pieces)
    case 'SimpleExpansion':
      return expandSimple(part.text.slice(1), quoted, io, pieces)
    case 'ParameterExpansion':
      return yield* expandParameter(part, quoted, io, pieces)
    case 'CommandExpansion': {
      const text = part.script === undefined ? '' : yield* substitute(part.script, io)
      pieces.add(text, quoted, !quoted)
      return
    }
    case 'ArithmeticExpansion': {
      const text = part.text.startsWith('$[') ? part.text.slice(2, -1) : part.text.slice(3, -2)
      pieces.add(String(arithmetic(yield* expandTemplate(text, io), io)), quoted, !quoted)
      return
    }
    case 'ProcessSubstitution': {
      if (part.operator === '>' || part.script === undefined)
        throw new ShellFault('process substitution into a command, >( ), is real, but not simulated here yet')
      pieces.add(yield* processFile(part.script, io), true)
      return
    }
    default:
      part satisfies never
  }
}

/** `"$@"` of no parameters gives no field, anything else in quotes at least an empty one. */
function* addQuoted(parts: readonly WordPart[], io: Io, pieces: Pieces): Steps<void> {
  const nothing = parts.length === 1 && isEmptyList(parts[0] as WordPart, io)
  if (!nothing) pieces.add('', true)
  yield* addParts(parts, true, io, pieces)
}

function isEmptyList(part: WordPart, io: Io): boolean {
  const all = part.type === 'SimpleExpansion' && part.text === '$@'
  if (all || (part.type === 'ParameterExpansion' && part.parameter === '@' && !part.prefix && !part.operation))
    return io.session.positional.length === 0
  if (part.type !== 'ParameterExpansion' || part.index?.text !== '@' || part.prefix === '#' || part.operation) return false
  const array = io.session.arrays.get(part.parameter)
  return array ? array.items.size === 0 : !io.session.variables.has(part.parameter)
}

/** Text outside of quotes: a tilde at its beginning, backslashes. */
function addLiteral(text: string, first: boolean, io: Io, pieces: Pieces, literal: boolean): void {
  let rest = text
  if (first && rest.startsWith('~')) {
    const name = /^~([^/\\"'$:]*)/.exec(rest)?.[1] ?? ''
    const home = tilde(name, io)
    if (home !== undefined) {
      pieces.add(home, true)
      rest = rest.slice(1 + name.length)
    }
  }
  for (let at = 0; at < rest.length; ) {
    const slash = rest.indexOf('\\', at)
    if (slash < 0) {
      pieces.add(rest.slice(at), false)
      return
    }
    if (slash > at) pieces.add(rest.slice(at, slash), false)
    const next = rest.charAt(slash + 1)
    if (literal && next !== '\n') pieces.add(`\\${next}`, false)
    else if (next !== '\n') pieces.add(next === '' ? '\\' : next, true)
    at = slash + 2
  }
}

function tilde(name: string, io: Io): string | undefined {
  if (name === '') return io.session.variables.get('HOME') ?? io.session.home
  if (name === '+') return io.session.cwd
  if (name === '-') return io.session.variables.get('OLDPWD')
  if (name === 'root' || name === io.session.user) return homeOf(name)
  return undefined
}

/** Runs a command substitution; its text without the line feeds at the end. */
export function* substitute(script: Parameters<Io['tools']['script']>[0], io: Io): Steps<string> {
  // `$(< file)` reads the file.
  const capture = newCapture(io)
  const status = yield* io.tools.script(script, capture.io)
  io.session.status = status
  io.session.scope.substituted = status
  return capture.text().replace(/\n+$/, '').replaceAll('\0', '')
}

/** `<( )`: the command runs to its end, and what it printed is a file of this line. */
function* processFile(script: Parameters<Io['tools']['script']>[0], io: Io): Steps<string> {
  const capture = newCapture(io)
  yield* io.tools.script(script, capture.io)
  const { held } = io.work
  if (held.size >= 32) throw new ShellFault('a line here has at most 32 process substitutions')
  const path = `/dev/fd/${63 - held.size}`
  held.set(path, capture.text())
  return path
}

/** Text in which expansions are done and quotes mean nothing: an arithmetic expression, a here-document. */
export function* expandTemplate(text: string, io: Io): Steps<string> {
  if (!/[$`\\]/.test(text)) return text.replaceAll('"', '')
  const source = `:<<\u0001\n${text.replaceAll('"', '')}\n\u0001\n`
  const command = io.tools.grammar.parse(source).script.commands[0]?.command
  const found = command?.type === 'Command' ? command.redirects[0] : undefined
  if (found?.type !== 'HereDoc') throw new ShellFault(`${text}: syntax error`)
  const pieces = new Pieces()
  const inner = { ...io, source }
  if (found.body.parts === undefined) pieces.add(found.body.text.replace(/\\([\\$`])/g, '$1'), true)
  else yield* addParts(found.body.parts, true, inner, pieces)
  return pieces.words.map(join).join(' ').replace(/\n$/, '')
}

/** Field splitting by IFS (bash manual, 3.5.7). */
export function splitFields(pieces: readonly Piece[], ifs = ' \t\n'): Piece[][] {
  const fields: Piece[][] = []
  let field: Piece[] | undefined
  let afterBlank = false
  const end = () => {
    if (field) fields.push(field)
    field = undefined
  }
  for (const piece of pieces) {
    if (!piece.split || ifs === '') {
      if (piece.text !== '' || piece.quoted) {
        field ??= []
        field.push(piece)
        afterBlank = false
      }
      continue
    }
    let from = 0
    const { text } = piece
    for (let at = 0; at <= text.length; at++) {
      const c = text.charAt(at)
      if (at < text.length && !ifs.includes(c)) continue
      if (at > from) {
        field ??= []
        field.push({ ...piece, text: text.slice(from, at) })
        afterBlank = false
      }
      from = at + 1
      if (at === text.length) break
      if (' \t\n'.includes(c)) {
        if (field) afterBlank = true
        end()
      } else if (field) end()
      else if (afterBlank) afterBlank = false
      else fields.push([])
    }
  }
  end()
  return fields
}
