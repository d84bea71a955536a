import { ParseError } from '../errors.ts'
import { numberLiteral } from '../values/convert.ts'
import type { Argument, Element, Expr, Redirection } from './ast.ts'
import { type Cursor, ended, isBoundary, peek, rest, skip, take, unexpected } from './cursor.ts'
import { primary } from './primary.ts'
import { addText, doubleQuoted, escaped, expansion, singleQuoted, textNode } from './strings.ts'

/** `name arguments redirections`, or with `&` and `.` any value as the name. */
export function command(c: Cursor): Element {
  const start = c.at
  const invoke =
    ((peek(c) === '&' || peek(c) === '.') && /^[&.][\s$({'"]/.test(rest(c, 2))) || (peek(c) === '&' && peek(c, 1) !== '&')
  if (invoke) {
    c.at++
    skip(c)
  }
  const name = invoke && /[$({'"]/.test(peek(c)) ? primary(c) : bareWord(c, true)
  const args: Argument[] = []
  const redirections: Redirection[] = []
  let end = c.at
  for (;;) {
    skip(c)
    const char = peek(c)
    if (ended(c) || char === '\n' || char === ';' || char === '|' || char === ')' || char === '}' || char === '&') break
    const redirection = redirect(c)
    if (redirection !== undefined) redirections.push(redirection)
    else args.push(argument(c))
    end = c.at
  }
  return { kind: 'command', name, invoke, args, redirections, start, end }
}

/** `>`, `>>`, `2>`, `2>&1`, `*>`. */
export function redirect(c: Cursor): Redirection | undefined {
  const m = /^([1-6*]?)(>>?)(&[12])?/.exec(rest(c, 6))
  if (m === null) {
    if (peek(c) === '<')
      throw new ParseError("The '<' operator is reserved for future use.", 'RedirectionNotSupported', c.at, c.at + 1)
    return undefined
  }
  const start = c.at
  c.at += m[0].length
  const number = m[1] === '' ? '1' : m[1]
  const stream = number as Redirection['stream']
  if (m[3] !== undefined) return { stream, append: false, merge: true, target: undefined, start, end: c.at }
  skip(c)
  if (isBoundary(peek(c)) && !/[('"]/.test(peek(c)))
    throw new ParseError(
      'Missing file specification after redirection operator.',
      'MissingFileSpecification',
      start,
      c.at,
      ended(c),
    )
  const target = item(c)
  return { stream, append: m[2] === '>>', merge: false, target, start, end: c.at }
}

function argument(c: Cursor): Argument {
  const start = c.at
  if (peek(c) === '-' && /^-[A-Za-z_?]/.test(rest(c, 2))) return parameter(c)
  const splat = /^@([A-Za-z_]\w*)(?=$|[\s;|)}])/.exec(rest(c, 120))
  if (splat !== null) {
    c.at += splat[0].length
    return { kind: 'splat', name: splat[1] as string, start, end: c.at }
  }
  const bare = !/[$("'@{]/.test(peek(c))
  const items = [item(c)]
  for (;;) {
    const mark = c.at
    skip(c)
    if (!take(c, ',')) {
      c.at = mark
      break
    }
    skip(c, true)
    if (ended(c) || /[;|)}]/.test(peek(c)))
      throw new ParseError('Missing argument in parameter list.', 'MissingArgument', mark, c.at, ended(c))
    items.push(item(c))
  }
  const end = c.at
  return {
    kind: 'value',
    value: items.length === 1 ? items[0] : { kind: 'list', items, start, end },
    bare: bare && items.length === 1,
    start,
    end,
  }
}

function parameter(c: Cursor): Argument {
  const start = c.at
  c.at++
  while (!isBoundary(peek(c)) && peek(c) !== ':') c.at++
  const name = c.text.slice(start + 1, c.at)
  if (!take(c, ':')) return { kind: 'parameter', name, value: undefined, start, end: c.at }
  skip(c)
  if (isBoundary(peek(c)) && !/['"({]/.test(peek(c))) return { kind: 'parameter', name, value: undefined, start, end: c.at }
  const given = argument(c)
  return { kind: 'parameter', name, value: given.kind === 'value' ? given.value : undefined, start, end: c.at }
}

/** One value of an argument: a quoted text, a variable, a group, a block, or a bare word. */
function item(c: Cursor): Expr {
  const char = peek(c)
  const opens = char === "'" || char === '"' || char === '(' || char === '{' || (char === '@' && /[({'"]/.test(peek(c, 1)))
  if (opens) return primary(c)
  if (char === '$') {
    const { at, depth } = c
    if (/^\$[\w{?$^(:]/.test(rest(c, 2))) {
      const value = primary(c)
      if (isBoundary(peek(c))) return value
    }
    // `$env:windir\system32`: text with a variable in it.
    c.at = at
    c.depth = depth
  }
  return bareWord(c, false)
}

/** Characters up to a boundary; quotes join in, `$x` expands, a backtick takes the next character as it is. */
function bareWord(c: Cursor, name: boolean): Expr {
  const start = c.at
  const parts: (string | Expr)[] = []
  let plain = true
  while (!ended(c)) {
    const char = peek(c)
    if (char === '`' && c.at + 1 < c.text.length) {
      addText(parts, escaped(peek(c, 1)))
      c.at += 2
      plain = false
    } else if ((char === '"' || char === "'") && c.at > start) {
      const quoted = char === '"' ? doubleQuoted(c) : singleQuoted(c)
      if (quoted.kind === 'literal') addText(parts, String(quoted.value))
      else parts.push(quoted)
      plain = false
    } else if (char === '$') {
      expansion(c, parts)
      plain = false
    } else if (isBoundary(char)) break
    else {
      addText(parts, char)
      c.at++
    }
  }
  if (c.at === start) throw unexpected(c)
  const node = textNode(parts, start, c.at)
  if (!plain || name || node.kind !== 'literal') return node
  const value = numberLiteral(String(node.value))
  return value === undefined ? node : { ...node, value }
}
