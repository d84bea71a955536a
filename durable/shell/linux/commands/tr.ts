import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'
import { unescaped } from './echo.ts'

export const tr: Command = { name: 'tr', summary: 'replaces or deletes (-d) characters', completions: ['-d', '-s'], run: runTr }

function* runTr(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'tr',
    args,
    { flags: 'dscC', real: 't', strict: true, long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c' } },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  const [from, to] = operands
  if (from === undefined || (to === undefined && !flags.has('d') && !flags.has('s'))) {
    io.err(
      from === undefined
        ? 'tr: missing operand\n'
        : `tr: missing operand after ‘${from}’\nTwo strings must be given when translating.\n`,
    )
    io.err("Try 'tr --help' for more information.\n")
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
  const others = flags.has('c') || flags.has('C')
  const translate = (c: string): string => {
    const place = first.indexOf(c)
    const at = others ? (place < 0 ? second.length : -1) : place
    if (at >= 0 && flags.has('d')) return ''
    const made = at < 0 || second.length === 0 ? c : (second[Math.min(at, second.length - 1)] ?? c)
    const repeated =
      flags.has('s') && made === last && (others && to === undefined ? !first.includes(made) : squeezed.includes(made))
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
  ['[:alpha:]', 'A-Za-z'],
  ['[:alnum:]', '0-9A-Za-z'],
  ['[:punct:]', '!-/:-@[-`{-~'],
  ['[:cntrl:]', '\\001-\\037'],
  ['[:print:]', ' -~'],
  ['[:graph:]', '!-~'],
  ['[:xdigit:]', '0-9A-Fa-f'],
])

/** The characters of a set: ranges and a few classes. */
function expand(set: string): string[] | undefined {
  const plain = unescaped(
    set.replace(/\[:\w+:\]/g, (name) => CLASSES.get(name) ?? name),
    true,
  ).text
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
