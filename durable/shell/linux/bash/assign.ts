// Assignments: scalars, elements, whole arrays.
import type { ArrayValue, Assignment, Word } from 'unbash'
import type { Io, Steps } from '../io.ts'
import { ShellFault } from './faults.ts'
import { arithmetic, arrayOf, entries, isName, scalar, setElement, setScalar } from './variables.ts'
import { expandTemplate, expandWord, expandWords } from './words.ts'

export function* assign(assignment: Assignment, io: Io): Steps<void> {
  const { name, value, append, index } = assignment
  if (!isName(name)) throw new ShellFault(`\`${assignment.text}': not a valid identifier`)
  if (value.type === 'ArrayValue') return yield* assignArray(assignment, io)
  const text = yield* assignedText(value, io)
  if (index !== undefined) {
    const keyed = io.session.arrays.get(name)?.keyed
    setElement(name, keyed ? yield* expandWord(index, io) : yield* expandTemplate(index.text, io), text, io, append === true)
  } else if (!append) setScalar(name, text, io)
  else if (io.session.whole.has(name)) setScalar(name, String(arithmetic(`${scalar(name, io) || '0'}+(${text})`, io)), io)
  else setScalar(name, (scalar(name, io) ?? '') + text, io)
}

/** `name=value` as an argument of `export` and its like. */
export function* assignmentText(assignment: Assignment, io: Io): Steps<string> {
  const { name, value, append, index } = assignment
  if (value.type === 'ArrayValue') return assignment.text
  const subscript = index === undefined ? '' : `[${yield* expandWord(index, io)}]`
  return `${name}${subscript}${append ? '+=' : '='}${yield* assignedText(value, io)}`
}

/** A value: a tilde counts behind each colon too. */
function* assignedText(value: Word, io: Io): Steps<string> {
  if (value.parts !== undefined || !value.text.includes(':~')) return yield* expandWord(value, io)
  const parts: string[] = []
  for (const text of value.text.split(':')) parts.push(yield* expandWord({ ...value, text }, io))
  return parts.join(':')
}

export function* assignArray({ name, value, append }: Assignment, io: Io): Steps<void> {
  const { session } = io
  const { elements } = value as ArrayValue
  const keyed = session.arrays.get(name)?.keyed === true
  if (session.locked.has(name)) throw new ShellFault(`${name}: readonly variable`, 1, true)
  const old = append ? arrayOf(name, session) : undefined
  const found: [string | undefined, string][] = []
  for (const element of elements) {
    const given = /^\[((?:[^\]"']|"[^"]*"|'[^']*')+)\](\+?)=/.exec(element.text)
    if (given) {
      const key = wordOf(given[1] ?? '', io)
      const text = wordOf(element.text.slice(given[0].length), io)
      found.push([key ? yield* expandWord(key.word, key.io) : '', text ? yield* expandWord(text.word, text.io) : ''])
    } else for (const field of yield* expandWords([element], io)) found.push([undefined, field])
  }
  session.variables.delete(name)
  session.arrays.set(name, { keyed, items: new Map(old ? entries(old) : []) })
  let next = old ? Math.max(-1, ...[...old.items.keys()].map(Number)) + 1 : 0
  for (let i = 0; i < found.length; i++) {
    const [key, text] = found[i] as [string | undefined, string]
    if (keyed && key === undefined) {
      // Keys and values take turns, as bash 5.1 has it.
      setElement(name, text, found[++i]?.[1] ?? '', io)
      continue
    }
    const at = key ?? String(next)
    setElement(name, at, text, io)
    if (!keyed) next = Number(arithmetic(at, io)) + 1
  }
}

/** A piece of text as a word of its own. */
function wordOf(text: string, io: Io): { readonly word: Word; readonly io: Io } | undefined {
  const source = `: ${text}`
  const command = io.tools.grammar.parse(source).script.commands[0]?.command
  const word = command?.type === 'Command' ? command.suffix[0] : undefined
  return word?.type === 'Word' ? { word, io: { ...io, source } } : undefined
}
