// Parameter expansion: `$x`, `${x}` and all that may stand between the braces (bash manual, 3.5.3).
import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash'
import type { Io, Steps } from '../io.ts'
import { compileGlob } from '../regex/glob.ts'
import type { Session } from '../session.ts'
import { ShellFault } from './faults.ts'
import { quoteWord } from './quote.ts'
import { arithmetic, arrayOf, entries, isName, scalar, setElement, setScalar, subscript } from './variables.ts'
import { addWord, expandPattern, expandTemplate, expandWord, type Pieces } from './words.ts'
import { TEXT_BUDGET } from './work.ts'

/** What a parameter stands for: one text, or the several of `@` and `*`. */
type Value = { readonly items: readonly string[]; readonly many: '' | '@' | '*' } | undefined

/** `$x`. */
export function expandSimple(name: string, quoted: boolean, io: Io, pieces: Pieces): void {
  if (name === '@' || name === '*') return addValue({ items: io.session.positional, many: name }, quoted, io, pieces)
  const value = scalar(name, io)
  if (value === undefined) {
    refuseUnset(name, io)
    return
  }
  pieces.add(value, quoted, !quoted)
}

function refuseUnset(name: string, io: Io): void {
  if (!io.session.options.has('nounset')) return
  const shown = /^\d+$/.test(name) ? `$${name}` : name
  throw new ShellFault(`${shown}: unbound variable`, io.session.scope.inline ? 127 : 1, true)
}

function addValue(value: Value, quoted: boolean, io: Io, pieces: Pieces): void {
  if (value === undefined) return
  if (value.many === '') {
    pieces.add(value.items[0] ?? '', quoted, !quoted)
    return
  }
  if (quoted && value.many === '*') {
    const ifs = io.session.variables.get('IFS')
    pieces.add(value.items.join(ifs === undefined ? ' ' : ifs.charAt(0)), true)
    return
  }
  for (const [i, item] of value.items.entries()) {
    if (i > 0) pieces.break()
    pieces.add(item, quoted, !quoted)
  }
}

export function* expandParameter(part: ParameterExpansionPart, quoted: boolean, io: Io, pieces: Pieces): Steps<void> {
  io.work.step()
  const { operation } = part
  if (operation?.type === 'Unknown' || (part.parameter === '' && part.prefix !== '#')) throw badSubstitution(part)
  if (part.prefix === '!') {
    const names = namesOf(part, io)
    if (names) return addValue(names, quoted, io, pieces)
  }
  const name = part.prefix === '!' ? indirect(part, io) : part.parameter
  const index = part.prefix === '!' && part.index === undefined ? indexIn(name) : yield* expandIndex(part.index, name, io)
  const plain = name.replace(/\[.*$/s, '')
  const value = lookUp(plain, index, io)
  if (part.prefix === '#') {
    if (value === undefined) refuseUnset(part.parameter, io)
    const length = value?.many ? value.items.length : [...(value?.items[0] ?? '')].length
    pieces.add(String(length), quoted, !quoted)
    return
  }
  if (operation === undefined) {
    if (value === undefined) refuseUnset(part.parameter, io)
    return addValue(value, quoted, io, pieces)
  }
  if (operation.type === 'Default') {
    const found = yield* withDefault(operation, plain, index, value, quoted, io, pieces)
    return addValue(found, quoted, io, pieces)
  }
  if (value === undefined) refuseUnset(part.parameter, io)
  if (operation.type === 'Slice') return addValue(yield* slice(operation, plain, value, io), quoted, io, pieces)
  const change = yield* changing(operation, part, io)
  if (value) addValue({ ...value, items: value.items.map(change) }, quoted, io, pieces)
}

const badSubstitution = (part: ParameterExpansionPart): ShellFault => new ShellFault(`${part.text}: bad substitution`)

/** `${!x*}` and `${!a[@]}`: names. Undefined: it is an indirection. */
function namesOf(part: ParameterExpansionPart, io: Io): Value {
  const { session } = io
  if (part.operation?.type === 'Names') {
    const names = [...new Set([...session.variables.keys(), ...session.arrays.keys()])]
    const many = part.operation.operator
    return { items: names.filter((name) => name.startsWith(part.parameter)).sort(), many }
  }
  const all = part.index?.text
  if (all !== '@' && all !== '*') return undefined
  const array = arrayOf(part.parameter, session)
  return { items: array ? entries(array).map(([key]) => key) : [], many: all }
}

function indirect(part: ParameterExpansionPart, io: Io): string {
  const name = lookUp(part.parameter, part.index?.text, io)?.items[0]
  if (name === undefined) throw new ShellFault(`${part.parameter}: invalid indirect expansion`)
  if (!/^([A-Za-z_]\w*(\[.+\])?|\d+|[@*#?$!-])$/s.test(name)) throw new ShellFault(`${name}: invalid variable name`)
  return name
}

const indexIn = (name: string): string | undefined => /^[A-Za-z_]\w*\[(.+)\]$/s.exec(name)?.[1]

function* expandIndex(index: Word | undefined, name: string, io: Io): Steps<string | undefined> {
  if (index === undefined) return undefined
  if (index.text === '@' || index.text === '*') return index.text
  return io.session.arrays.get(name)?.keyed ? yield* expandWord(index, io) : yield* expandTemplate(index.text, io)
}

function lookUp(name: string, index: string | undefined, io: Io): Value {
  if (name === '@' || name === '*') return { items: io.session.positional, many: name }
  if (index === undefined) {
    const value = scalar(name, io)
    return value === undefined ? undefined : { items: [value], many: '' }
  }
  const array = arrayOf(name, io.session)
  if (index === '@' || index === '*') return { items: array ? entries(array).map(([, value]) => value) : [], many: index }
  const value = array?.items.get(subscript(index, name, io))
  return value === undefined ? undefined : { items: [value], many: '' }
}

type Operation<T extends ParameterOperation['type']> = Extract<ParameterOperation, { readonly type: T }>

/** `-`, `=`, `+`, `?`, with a colon also for what is empty. The default goes straight into the pieces. */
function* withDefault(
  { operator, operand }: Operation<'Default'>,
  name: string,
  index: string | undefined,
  value: Value,
  quoted: boolean,
  io: Io,
  pieces: Pieces,
): Steps<Value> {
  const text = value?.items.join(' ')
  const there = operator.startsWith(':')
    ? text !== undefined && text !== ''
    : value !== undefined && !(value.many && value.items.length === 0)
  switch (operator.replace(':', '')) {
    case '+':
      if (there) yield* addDefault(operand, quoted, io, pieces)
      return undefined
    case '-':
      if (there) return value
      yield* addDefault(operand, quoted, io, pieces)
      return undefined
    case '=': {
      if (there) return value
      if (!isName(name)) throw new ShellFault(`$${name}: cannot assign in this way`)
      const given = yield* expandWord(operand, io)
      if (index === undefined) setScalar(name, given, io)
      else setElement(name, index, given, io)
      return { items: [given], many: '' }
    }
    default: {
      if (there) return value
      const message = yield* expandWord(operand, io)
      const standard = operator.startsWith(':') ? 'parameter null or not set' : 'parameter not set'
      throw new ShellFault(`${name}: ${message === '' ? standard : message}`, 127, true)
    }
  }
}

function* addDefault(operand: Word, quoted: boolean, io: Io, pieces: Pieces): Steps<void> {
  if (quoted) pieces.add(yield* expandWord(operand, io), true)
  else if (operand.parts === undefined) {
    // Quotes and backslashes hold as ever, and the rest is split like what it stands for.
    for (const [i, text] of operand.text.split(/(\\.)/s).entries()) {
      if (i === 0 && text.startsWith('~')) yield* addWord({ ...operand, text }, io, pieces)
      else pieces.add(text.startsWith('\\') ? text.slice(1) : text, text.startsWith('\\'), !text.startsWith('\\'))
    }
  } else {
    for (const part of operand.parts) {
      if (part.type === 'Literal') pieces.add(part.text.replace(/\\(.)/gs, '$1'), false, true)
      else yield* addWord({ ...operand, parts: [part] }, io, pieces)
    }
  }
}

function* slice({ offset, length }: Operation<'Slice'>, name: string, value: Value, io: Io): Steps<Value> {
  const from = Number(arithmetic(yield* expandTemplate(offset.text, io), io))
  const most = length === undefined ? undefined : Number(arithmetic(yield* expandTemplate(length.text, io), io))
  if (value === undefined) return undefined
  if (value.many) {
    const items = name === '@' || name === '*' ? [io.session.zero, ...value.items] : value.items
    const first = from < 0 ? items.length + from : from
    if (most !== undefined && most < 0) throw new ShellFault(`${length?.text ?? ''}: substring expression < 0`)
    if (first < 0) return { ...value, items: [] }
    return { ...value, items: items.slice(first, most === undefined ? undefined : first + most) }
  }
  const letters = [...(value.items[0] ?? '')]
  const first = from < 0 ? letters.length + from : from
  if (first < 0 || first > letters.length) return { ...value, items: [''] }
  const end = most === undefined ? letters.length : most < 0 ? letters.length + most : first + most
  if (end < first) throw new ShellFault(`${length?.text ?? ''}: substring expression < 0`)
  return { ...value, items: [letters.slice(first, end).join('')] }
}

/** What is done to each text. */
function* changing(operation: ParameterOperation, part: ParameterExpansionPart, io: Io): Steps<(text: string) => string> {
  switch (operation.type) {
    case 'Remove':
      return removal(operation.operator, yield* expandPattern(operation.operand, io), io)
    case 'Replace': {
      const pattern = yield* expandPattern(operation.pattern, io)
      const replacement = yield* expandWord(operation.replacement, io)
      return replacing(operation.operator, pattern, replacement, io)
    }
    case 'CaseModification': {
      const glob = compileGlob(operation.operand ? yield* expandPattern(operation.operand, io) : '?', { spend: io.work.spend })
      const upper = operation.operator.startsWith('^')
      const change = (c: string) => (glob.matches(c) ? (upper ? c.toUpperCase() : c.toLowerCase()) : c)
      const all = operation.operator.length === 2
      return (text) => [...text].map((c, i) => (all || i === 0 ? change(c) : c)).join('')
    }
    case 'Transform':
      return transforming(operation.operand.text, part, io.session)
    default:
      throw badSubstitution(part)
  }
}

function removal(operator: string, pattern: string, io: Io): (text: string) => string {
  const longest = operator.length === 2
  const { spend } = io.work
  if (operator.startsWith('#')) {
    const glob = compileGlob(pattern, { spend })
    return (text) => {
      const ends = glob.prefixes(text)
      return ends.length === 0 ? text : text.slice(longest ? ends.at(-1) : ends[0])
    }
  }
  const glob = compileGlob(pattern, { backwards: true, spend })
  return (text) => {
    const back = [...text].reverse().join('')
    const ends = glob.prefixes(back)
    const end = longest ? ends.at(-1) : ends[0]
    return end === undefined ? text : [...back.slice(end)].reverse().join('')
  }
}

function replacing(operator: string, pattern: string, replacement: string, io: Io): (text: string) => string {
  if (pattern === '' && operator !== '/#' && operator !== '/%') return (text) => text
  const glob = compileGlob(pattern, { backwards: operator === '/%', spend: io.work.spend })
  if (operator === '/#') {
    return (text) => {
      const end = glob.prefixes(text).at(-1)
      return end === undefined ? text : replacement + text.slice(end)
    }
  }
  if (operator === '/%') {
    return (text) => {
      const end = glob.prefixes([...text].reverse().join('')).at(-1)
      return end === undefined ? text : text.slice(0, text.length - end) + replacement
    }
  }
  return (text) => {
    let [done, at] = ['', 0]
    while (at <= text.length) {
      io.work.step()
      const end = glob.prefixes(text, at).at(-1)
      if (end === undefined || (end === at && (at === text.length || end === 0))) {
        if (at === text.length) break
        done += text.charAt(at++)
        continue
      }
      done += replacement
      if (done.length > TEXT_BUDGET) throw new ShellFault(`an expansion here has at most ${TEXT_BUDGET} characters`)
      if (operator === '/') return done + text.slice(end)
      if (end === at) done += text.charAt(at)
      at = Math.max(end, at + 1)
    }
    return done
  }
}

function transforming(letter: string, part: ParameterExpansionPart, session: Session): (text: string) => string {
  switch (letter) {
    case 'Q':
      return (text) => quoteWord(text, true)
    case 'U':
      return (text) => text.toUpperCase()
    case 'L':
      return (text) => text.toLowerCase()
    case 'u':
      return (text) => text.charAt(0).toUpperCase() + text.slice(1)
    case 'a':
      return () => (session.arrays.has(part.parameter) ? 'a' : session.exported.has(part.parameter) ? 'x' : '')
    default:
      throw badSubstitution(part)
  }
}
