import { NotSimulated, ParseError } from '../errors.ts'
import type { Block, Element, Expr, Redirection, Statement } from './ast.ts'
import { command, redirect } from './command.ts'
import { functionStatement, switchStatement, trapStatement, tryStatement } from './compound.ts'
import { type Cursor, close, deeper, ended, isBoundary, peek, rest, skip, take, unexpected } from './cursor.ts'
import { expression } from './expression.ts'
import { variable } from './strings.ts'

const unsupported = /^(class|enum|data|workflow|configuration|using|dynamicparam)(?![\w-])/i

/** Statements up to `until` (not taken) or the end of the line. */
export function parseStatements(c: Cursor, until: '' | ')' | '}'): Block {
  return deeper(c, () => {
    const body: Statement[] = []
    for (;;) {
      skip(c, true)
      while (take(c, ';')) skip(c, true)
      if (ended(c) || peek(c) === until) return body
      if (peek(c) === ')' || peek(c) === '}') throw unexpected(c)
      body.push(parseStatement(c))
      skip(c)
      const next = peek(c)
      if (!ended(c) && next !== ';' && next !== '\n' && next !== until && body[body.length - 1].kind === 'pipeline')
        throw unexpected(c)
    }
  })
}

export function parseStatement(c: Cursor): Statement {
  return deeper(c, () => {
    const start = c.at
    const label = /^:([A-Za-z_]\w*)\s+(?=(?:foreach|for|while|do|switch)(?![\w-]))/i.exec(rest(c, 100))
    if (label !== null) {
      c.at += label[0].length
      return { ...parseStatement(c), label: (label[1] as string).toLowerCase(), start } as Statement
    }
    const word = /^[A-Za-z]+(?![\w-])/.exec(rest(c, 16))?.[0].toLowerCase() ?? ''
    const no = unsupported.exec(rest(c, 20))
    if (no !== null && /^[\s({]|^$/.test(c.text.slice(c.at + no[0].length, c.at + no[0].length + 1))) {
      throw new NotSimulated(`'${no[1]}' is real PowerShell, but it is not simulated here yet.`)
    }
    switch (word) {
      case 'if':
        return ifStatement(c)
      case 'function':
      case 'filter':
        return functionStatement(c, word)
      case 'trap':
        return trapStatement(c)
      case 'try':
        return tryStatement(c)
      case 'switch':
        return switchStatement(c)
      case 'foreach':
        if (/^foreach\s*\(/i.test(rest(c, 60))) return forEach(c)
        throw new ParseError("Missing opening '(' after keyword 'foreach'.", 'MissingOpenParenthesisAfterKeyword', c.at, c.at + 7)
      case 'for':
        return forStatement(c)
      case 'while':
        c.at += 5
        return {
          kind: 'while',
          label: '',
          test: test(c, 'while'),
          body: block(c, ...loopBody('while')),
          testFirst: true,
          until: false,
          start,
          end: c.at,
        }
      case 'do':
        return doStatement(c)
      case 'break':
      case 'continue':
        c.at += word.length
        return { kind: 'flow', flow: word, value: undefined, label: loopLabel(c), start, end: c.at }
      case 'return':
      case 'exit':
      case 'throw': {
        c.at += word.length
        skip(c)
        const value = ended(c) || (isBoundary(peek(c)) && !/[('"{]/.test(peek(c))) ? undefined : parseStatement(c)
        if (word === 'throw') return { kind: 'throw', value, start, end: c.at }
        return { kind: 'flow', flow: word, value, label: '', start, end: c.at }
      }
    }
    return pipeline(c)
  })
}

/** `break outer` */
function loopLabel(c: Cursor): string {
  const m = /^[ \t]+:?([A-Za-z_]\w*)/.exec(rest(c, 100))
  if (m === null) return ''
  c.at += m[0].length
  return (m[1] as string).toLowerCase()
}

const numeral = /^(?:0x[\da-f]+|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[+-]?\d+)?)[ld]?(?:kb|mb|gb|tb)?/i
const opening = /^(?:[$(!"'{,]|@[({'"]|\[[A-Za-z_]|\+[\d+$.(]|-[\d$(.+\-\s]|-(?:not|bnot|[ci]?split|join)(?![\w-]))/i

const assignable = (value: Expr): boolean =>
  /^(variable|index|member|cast)$/.test(value.kind) || (value.kind === 'list' && value.items.every(assignable))

/** Whether a pipeline element is a value rather than a command: `7` and `7*6` are, `7z` is not. */
export function startsExpression(c: Cursor): boolean {
  const next = rest(c, 60)
  const m = numeral.exec(next)
  return m === null ? opening.test(next) : /^$|[\s;|)},+\-*/%.\]>]/.test(next.slice(m[0].length, m[0].length + 1))
}

function pipeline(c: Cursor): Statement {
  const start = c.at
  const elements: Element[] = []
  for (;;) {
    skip(c, elements.length > 0)
    if (ended(c) && elements.length > 0)
      throw new ParseError('An empty pipe element is not allowed.', 'EmptyPipeElement', c.at - 1, c.at, true)
    if (peek(c) === '|') throw new ParseError('An empty pipe element is not allowed.', 'EmptyPipeElement', c.at, c.at + 1)
    if (startsExpression(c)) {
      const value = expression(c)
      skip(c)
      const m = elements.length === 0 ? /^([+\-*/%]?)=(?!=)/.exec(rest(c, 3)) : null
      if (m !== null) {
        if (!assignable(value)) {
          throw new ParseError(
            'The assignment expression is not valid. The input to an assignment operator must be an object that is able to accept assignments, such as a variable or a property.',
            'InvalidLeftHandSide',
            value.start,
            value.end,
          )
        }
        c.at += m[0].length
        skip(c, true)
        if (ended(c))
          throw new ParseError(
            `You must provide a value expression following the '${m[0]}' operator.`,
            'ExpectedValueExpression',
            c.at,
            c.at + 1,
            true,
          )
        const assigned = parseStatement(c)
        return { kind: 'assign', target: value, operator: m[1], value: assigned, start, end: c.at }
      }
      if (elements.length > 0) {
        throw new ParseError(
          'Expressions are only allowed as the first element of a pipeline.',
          'ExpressionsMustBeFirstInPipeline',
          value.start,
          value.end,
        )
      }
      const redirections: Redirection[] = []
      for (let one = redirect(c); one !== undefined; one = redirect(c)) {
        redirections.push(one)
        skip(c)
      }
      elements.push({ kind: 'expression', value, redirections, start: value.start, end: c.at })
    } else elements.push(command(c))
    const end = c.at
    skip(c)
    if (peek(c) !== '|') {
      if (peek(c) === '&') {
        const token = rest(c, 2) === '&&' ? '&&' : '&'
        if (token === '&&')
          throw new ParseError(
            "The token '&&' is not a valid statement separator in this version.",
            'InvalidEndOfLine',
            c.at,
            c.at + 2,
          )
        throw new ParseError(
          'The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an ampersand in double quotation marks ("&") to pass it as part of a string.',
          'AmpersandNotAllowed',
          c.at,
          c.at + 1,
        )
      }
      c.at = Math.max(end, c.at)
      return { kind: 'pipeline', elements, start, end }
    }
    if (rest(c, 2) === '||')
      throw new ParseError(
        "The token '||' is not a valid statement separator in this version.",
        'InvalidEndOfLine',
        c.at,
        c.at + 2,
      )
    c.at++
  }
}

/** What the message is about stands behind the last thing that was read. */
const missing = (c: Cursor, message: string, id: string): ParseError => new ParseError(message, id, c.at, c.at + 1, ended(c))

const loopBody = (keyword: string): [string, string] => [`Missing statement body in ${keyword} loop.`, 'MissingLoopStatement']

function test(c: Cursor, keyword: string): Statement {
  skip(c, true)
  if (!take(c, '('))
    throw keyword === 'if'
      ? missing(c, "Missing '(' after 'if' in if statement.", 'MissingOpenParenthesisInIfStatement')
      : missing(c, `Missing opening '(' after keyword '${keyword}'.`, 'MissingOpenParenthesisAfterKeyword')
  skip(c, true)
  if (peek(c) === ')')
    throw keyword === 'if'
      ? missing(c, "Missing condition in if statement after 'if ('.", 'IfStatementMissingCondition')
      : missing(c, `Missing expression after '${keyword}' in loop.`, 'MissingExpressionAfterKeyword')
  const value = parseStatement(c)
  close(c, ')', `Missing closing ')' after expression in '${keyword}' statement.`, 'MissingEndParenthesisAfterStatement')
  return value
}

/** `message` and `id`: of what is said when there is none. */
export function block(c: Cursor, message = 'Missing statement block.', id = 'MissingStatementBlock'): Block {
  skip(c, true)
  const open = c.at
  if (!take(c, '{')) throw missing(c, message, id)
  const body = parseStatements(c, '}')
  skip(c, true)
  if (ended(c))
    throw new ParseError(
      "Missing closing '}' in statement block or type definition.",
      'MissingEndCurlyBrace',
      open,
      open + 1,
      true,
    )
  close(c, '}', "Missing closing '}' in statement block or type definition.", 'MissingEndCurlyBrace')
  return body
}

/** Takes a word that continues a statement, also on a later line. */
export function continues(c: Cursor, word: RegExp): boolean {
  const mark = c.at
  skip(c, true)
  const m = word.exec(rest(c, 10))
  if (m === null) {
    c.at = mark
    return false
  }
  c.at += m[0].length
  return true
}

function ifStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 2
  const clause = (keyword: string) => ({
    test: test(c, keyword),
    body: block(c, `Missing statement block after ${keyword} ( condition ).`, 'MissingStatementBlock'),
  })
  const clauses = [clause('if')]
  while (continues(c, /^elseif(?!\w)/i)) clauses.push(clause('elseif'))
  const otherwise = continues(c, /^else(?!\w)/i)
    ? block(c, "Missing statement block after 'else' keyword.", 'MissingStatementBlockAfterElse')
    : undefined
  return { kind: 'if', clauses, otherwise, start, end: c.at }
}

function forEach(c: Cursor): Statement {
  const start = c.at
  c.at = c.text.indexOf('(', c.at) + 1
  skip(c, true)
  const name = peek(c) === '$' ? variable(c) : undefined
  if (name?.kind !== 'variable')
    throw new ParseError('Missing variable name after foreach.', 'MissingVariableNameAfterForeach', c.at, c.at + 1, ended(c))
  skip(c, true)
  if (!/^in(?!\w)/i.test(rest(c, 3)))
    throw new ParseError("Missing 'in' after variable in foreach loop.", 'MissingInInForeach', c.at, c.at + 1, ended(c))
  c.at += 2
  skip(c, true)
  const items = parseStatement(c)
  close(c, ')', "Missing closing ')' after expression part of foreach loop.", 'MissingEndParenthesisAfterForeach')
  return {
    kind: 'foreach',
    label: '',
    variable: name.name,
    items,
    body: block(c, 'Missing statement body in foreach loop.', 'MissingForeachStatement'),
    start,
    end: c.at,
  }
}

function forStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 3
  skip(c, true)
  if (!take(c, '('))
    throw new ParseError(
      "Missing opening '(' after keyword 'for'.",
      'MissingOpenParenthesisAfterKeyword',
      c.at,
      c.at + 1,
      ended(c),
    )
  const part = (): Statement | undefined => {
    skip(c, true)
    const value = peek(c) === ';' || peek(c) === ')' || ended(c) ? undefined : parseStatement(c)
    skip(c, true)
    take(c, ';')
    return value
  }
  const [before, check, after] = [part(), part(), part()]
  close(c, ')', "Missing closing ')' after expression part of for loop.", 'MissingEndParenthesisAfterStatement')
  return { kind: 'for', label: '', before, test: check, after, body: block(c, ...loopBody('for')), start, end: c.at }
}

function doStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 2
  const body = block(c, ...loopBody('do'))
  skip(c, true)
  const m = /^(while|until)(?!\w)/i.exec(rest(c, 6))
  if (m === null)
    throw new ParseError('Missing while or until keyword in do loop.', 'MissingWhileOrUntilInDoWhile', c.at, c.at + 1, ended(c))
  c.at += m[0].length
  return {
    kind: 'while',
    label: '',
    test: test(c, m[1].toLowerCase()),
    body,
    testFirst: false,
    until: m[1].toLowerCase() === 'until',
    start,
    end: c.at,
  }
}
