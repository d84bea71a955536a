import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'
import { unescaped } from './echo.ts'

export const tr: Command = { name: 'tr', summary: 'replaces or deletes (-d) characters', completions: ['-d', '-s'], run: runTr }

function* runTr(args: readonly string[], io: Io): Run {
  const options = parseOptions('tr', args, { flags: 'ds', real: 'cCt', strict: true }, io)
  if (typeof options === 'number') return options
  const { flags, operands } = options
  const [from, to] = operands
  if (from === undefined || (to === undefined && flags.size === 0)) {
    io.err(from === undefined ? 'tr: missing operand\n' : `tr: missing operand after '${from}'\n`)
    return 1
  }
  const [first, second] = [expand(from), expand(to ?? '')]
  if (first === undefined || second === undefined) {
    io.err(notSimulated('tr: this kind of set'))
    return 1
  }
  const { list, failed } = sources('tr', [], io)
  let last = ''
  const squeezed = to === undefined ? first : second
  const translate = (c: string): string => {
    const at = first.indexOf(c)
    if (at >= 0 && flags.has('d')) return ''
    const made = at < 0 || second.length === 0 ? c : (second[Math.min(at, second.length - 1)] ?? c)
    const repeated = flags.has('s') && made === last && squeezed.includes(made)
    last = made
    return repeated ? '' : made
  }
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next())
      io.out([...line].map(translate).join(''))
  }
  return failed ? 1 : 0
}

const CLASSES = new Map([
  ['[:lower:]', 'a-z'],
  ['[:upper:]', 'A-Z'],
  ['[:digit:]', '0-9'],
  ['[:space:]', ' \\t\\n\\r'],
  ['[:blank:]', ' \\t'],
])

/** The characters of a set: ranges and a few classes. */
function expand(set: string): string[] | undefined {
  const plain = unescaped(CLASSES.get(set) ?? set)
  if (/\[[:=]/.test(plain)) return undefined
  const chars: string[] = []
  for (let i = 0; i < plain.length; i++) {
    const c = plain.charAt(i)
    const end = plain.charAt(i + 1) === '-' ? plain.charCodeAt(i + 2) : Number.NaN
    if (!(end >= c.charCodeAt(0))) {
      chars.push(c)
      continue
    }
    if (end - c.charCodeAt(0) > 255) return undefined
    for (let code = c.charCodeAt(0); code <= end; code++) chars.push(String.fromCharCode(code))
    i += 2
  }
  return chars
}
