// The command language is parsed by unbash (docs/decisions/0008); what is wrong is told in bash's words.
import { forEachChild, type HereDoc, type ParsedScript, type ParseError, parse, type SyntaxNode } from 'unbash'

export type Script = ParsedScript

export type Fault =
  /** More lines are wanted: an open quote, a pipe at the end. `what` is the character that is looked for, if it is one. */
  | { readonly kind: 'incomplete'; readonly what: string; readonly at: number }
  | { readonly kind: 'syntax'; readonly near: string; readonly at: number }

export type Parsed =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly script: Script; readonly fault: Fault }

/** Texts that one line may remember as parsed: bodies of functions and loops come again and again. */
const REMEMBERED = 256
/** A text longer than this is refused. */
const LONGEST = 65_536

export class Grammar {
  private readonly known = new Map<string, Parsed>()

  parse(source: string): Parsed {
    const known = this.known.get(source)
    if (known) return known
    const parsed = parseText(source)
    if (this.known.size >= REMEMBERED) this.known.clear()
    this.known.set(source, parsed)
    return parsed
  }
}

export function parseText(source: string): Parsed {
  if (source.length > LONGEST) {
    return { ok: false, script: parse(''), fault: { kind: 'syntax', near: 'a text so long', at: LONGEST } }
  }
  const script = parse(source)
  const fault = findFault(script, source)
  return fault ? { ok: false, script, fault } : { ok: true, script }
}

function findFault(script: Script, source: string): Fault | undefined {
  const errors: ParseError[] = []
  const open: HereDoc[] = []
  collect(script, errors, open)
  const first = errors.reduce<ParseError | undefined>((best, error) => (best && best.pos <= error.pos ? best : error), undefined)
  if (first) return faultOf(first, errors, source)
  if (endsOpen(source)) return { kind: 'incomplete', what: '', at: source.length }
  return open.length > 0 ? { kind: 'incomplete', what: 'here-document', at: source.length } : undefined
}

function collect(node: SyntaxNode, errors: ParseError[], open: HereDoc[]): void {
  if ('errors' in node && node.errors) errors.push(...node.errors)
  if (node.type === 'HereDoc' && node.closing === undefined) open.push(node)
  forEachChild(node, (child) => collect(child, errors, open))
}

const QUOTES: readonly (readonly [string, string])[] = [
  ['single quote', "'"],
  ['double quote', '"'],
  ['backtick', '`'],
  ['ANSI-C quote', "'"],
  ['parameter expansion', '}'],
  ['command substitution', ')'],
  ['process substitution', ')'],
  ['arithmetic', ')'],
  ['extended glob', ')'],
]

function faultOf(error: ParseError, errors: readonly ParseError[], source: string): Fault {
  const { message, pos } = error
  const wanted = message.startsWith('unterminated') ? QUOTES.find(([name]) => message.includes(name)) : undefined
  if (message.startsWith('unterminated')) return { kind: 'incomplete', what: wanted?.[1] ?? '', at: pos }
  const rest = source.slice(pos)
  if (rest.trim() === '' || rest.trimStart().startsWith('#')) {
    if (message.includes('redirect target')) return { kind: 'syntax', near: 'newline', at: pos }
    const last = /(?:^|[\s;&|])(done|fi|esac|then|do|else|elif)\s*$/.exec(source)?.[1]
    const later = errors.length > 1 ? '' : message
    if (last !== undefined && /expected '(do|then|in)'/.test(later)) return { kind: 'syntax', near: last, at: pos }
    return { kind: 'incomplete', what: '', at: pos }
  }
  return { kind: 'syntax', near: tokenAt(source, pos), at: pos }
}

function tokenAt(source: string, position: number): string {
  const rest = source.slice(position).replace(/^[ \t]+/, '')
  if (rest.startsWith('\n')) return 'newline'
  return /^(&&|\|\||;;&|;;|;&|\|&|&>|<<<|<<|>>|[|;&()<>]|[^\s|;&()<>]+)/.exec(rest)?.[0] ?? 'newline'
}

/** A backslash at the very end joins the next line, unless it stands in quotes, a comment, or is itself taken literally. */
function endsOpen(source: string): boolean {
  const slashes = /\\+$/.exec(source)?.[0].length ?? 0
  if (slashes % 2 === 0) return false
  const line = source.slice(source.lastIndexOf('\n') + 1)
  return !/(^|\s)#/.test(line)
}

/** What bash prints, without the name in front. */
export function faultText(fault: Fault): string {
  if (fault.kind === 'syntax') return `syntax error near unexpected token \`${fault.near}'`
  if (fault.what.length === 1) return `unexpected EOF while looking for matching \`${fault.what}'`
  return 'syntax error: unexpected end of file'
}

export const lineOf = (source: string, position: number): number => {
  let line = 1
  for (let at = source.indexOf('\n'); at >= 0 && at < position; at = source.indexOf('\n', at + 1)) line++
  return line
}
