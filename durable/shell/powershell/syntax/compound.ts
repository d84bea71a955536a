// Statements with blocks of their own: functions and their parameters, try, switch.
import { NotSimulated, ParseError } from '../errors.ts'
import type { Block, Catch, Expr, FunctionBody, ParameterDeclaration, Statement, SwitchClause } from './ast.ts'
import { type Cursor, close, ended, isBoundary, peek, rest, skip, take } from './cursor.ts'
import { expression } from './expression.ts'
import { primary } from './primary.ts'
import { block, continues, parseStatement, parseStatements, startsExpression } from './statement.ts'
import { variable } from './strings.ts'

const fault = (c: Cursor, message: string, id: string): ParseError => new ParseError(message, id, c.at, c.at + 1, ended(c))

// Functions

/** `function Name { ... }`, `function Name ($a) { ... }`, `filter Name { ... }`. */
export function functionStatement(c: Cursor, keyword: 'function' | 'filter'): Statement {
  const start = c.at
  c.at += keyword.length
  skip(c)
  const name = /^(?:(?:global|script|local|private):)?([\w?-]+)/i.exec(rest(c, 200))
  if (name === null) throw fault(c, `Missing name after ${keyword} keyword.`, 'MissingNameAfterKeyword')
  c.at += name[0].length
  skip(c, true)
  const outside = peek(c) === '(' ? parameters(c) : undefined
  skip(c, true)
  if (!take(c, '{')) throw fault(c, 'Missing function body in function declaration.', 'MissingFunctionBody')
  const body = functionBody(c, outside, keyword === 'filter')
  close(c, '}', "Missing closing '}' in statement block or type definition.", 'MissingEndCurlyBrace')
  return { kind: 'function', name: name[1] as string, body, source: c.text.slice(start, c.at), start, end: c.at }
}

const section = /^(begin|process|end|dynamicparam)\s*\{/i

function functionBody(c: Cursor, outside: readonly ParameterDeclaration[] | undefined, filter: boolean): FunctionBody {
  const advanced = skipAttributes(c)
  const inside = takesParam(c) ? parameters(c) : undefined
  const declared = outside ?? inside ?? []
  const sections: { begin: Block; process: Block | undefined; end: Block } = { begin: [], process: undefined, end: [] }
  skip(c, true)
  if (!section.test(rest(c, 20))) {
    const statements = parseStatements(c, '}')
    if (filter) sections.process = statements
    else sections.end = statements
  } else
    for (let m = section.exec(rest(c, 20)); m !== null; m = section.exec(rest(c, 20))) {
      const which = (m[1] as string).toLowerCase()
      if (which === 'dynamicparam') throw new NotSimulated("'dynamicparam' is real PowerShell, but it is not simulated here yet.")
      c.at += which.length
      sections[which as 'begin' | 'process' | 'end'] = block(c)
      skip(c, true)
    }
  return { parameters: declared, advanced: advanced || declared.some(({ attributed }) => attributed), ...sections }
}

/** `[CmdletBinding()]` and its like before `param`; true when the function is an advanced one. */
function skipAttributes(c: Cursor): boolean {
  let advanced = false
  for (;;) {
    const mark = c.at
    skip(c, true)
    const m = /^\[\s*(CmdletBinding|OutputType|Diagnostics\.[\w.]+)\s*\(/i.exec(rest(c, 80))
    if (m === null) {
      c.at = mark
      return advanced
    }
    bracketed(c)
    advanced ||= /cmdletbinding/i.test(m[1] as string)
  }
}

function takesParam(c: Cursor): boolean {
  const mark = c.at
  skip(c, true)
  const m = /^param\s*(?=\()/i.exec(rest(c, 40))
  if (m === null) {
    c.at = mark
    return false
  }
  c.at += m[0].length
  return true
}

/** `param (...)` at the head of a script block. */
export function paramStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 'param'.length
  skip(c, true)
  if (peek(c) !== '(') throw fault(c, "Missing opening '(' after 'param'.", 'MissingOpenParenthesisAfterKeyword')
  return { kind: 'param', parameters: parameters(c), start, end: c.at }
}

function parameters(c: Cursor): ParameterDeclaration[] {
  c.at++
  const found: ParameterDeclaration[] = []
  for (;;) {
    skip(c, true)
    if (take(c, ')')) return found
    found.push(parameter(c))
    skip(c, true)
    if (!take(c, ',') && peek(c) !== ')')
      throw fault(c, "Missing ')' in function parameter list.", 'MissingEndParenthesisInFunctionParameterList')
  }
}

function parameter(c: Cursor): ParameterDeclaration {
  const start = c.at
  let [type, mandatory, pipeline, attributed] = ['', false, false, false]
  let position: number | undefined
  const aliases: string[] = []
  const accepted: string[] = []
  while (peek(c) === '[') {
    const inner = bracketed(c).trim()
    const attribute = /^([\w.]+)\s*\(([\s\S]*)\)$/.exec(inner)
    if (attribute === null) type = inner
    else {
      const [, name = '', args = ''] = attribute
      const words = [...args.matchAll(/'([^']*)'|"([^"]*)"/g)].map((m) => m[1] ?? m[2] ?? '')
      switch (name.toLowerCase()) {
        case 'parameter':
          attributed = true
          mandatory = /\bmandatory\b(?!\s*=\s*\$false)/i.test(args)
          pipeline = /\bvaluefrompipeline\b(?!\s*=\s*\$false)/i.test(args)
          position = /\bposition\s*=\s*(\d+)/i.test(args) ? Number(/\bposition\s*=\s*(\d+)/i.exec(args)?.[1]) : undefined
          break
        case 'alias':
          aliases.push(...words)
          break
        case 'validateset':
          accepted.push(...words)
          break
        case 'allownull':
        case 'allowemptystring':
        case 'allowemptycollection':
        case 'validatenotnull':
        case 'validatenotnullorempty':
          break
        default:
          throw new NotSimulated(`[${name}()]: this attribute is real, but it is not simulated here yet.`)
      }
    }
    skip(c, true)
  }
  const named = peek(c) === '$' ? variable(c) : undefined
  if (named?.kind !== 'variable') throw fault(c, 'Missing parameter name in parameter list.', 'MissingExpressionAfterToken')
  skip(c, true)
  let value: Expr | undefined
  if (peek(c) === '=') {
    c.at++
    skip(c, true)
    value = expression(c, false)
  }
  const array = type.endsWith('[]')
  return {
    name: named.name,
    type: array ? type.slice(0, -2) : type,
    array,
    mandatory,
    pipeline,
    position,
    aliases,
    accepted,
    attributed,
    value,
    start,
    end: c.at,
  }
}

/** What stands between brackets, nested ones and quoted texts included; the brackets are taken. */
function bracketed(c: Cursor): string {
  const start = c.at
  let depth = 0
  for (let quote = ''; !ended(c); c.at++) {
    const char = peek(c)
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if (char === '[' || char === '(') depth++
    else if (char === ']' || char === ')') {
      depth--
      if (depth === 0) {
        c.at++
        return c.text.slice(start + 1, c.at - 1)
      }
    }
  }
  throw fault(c, 'Missing ] at end of attribute or type literal.', 'EndSquareBracketExpectedAtEndOfAttribute')
}

// Try

export function tryStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 'try'.length
  const body = block(c)
  const catches: Catch[] = []
  while (continues(c, /^catch(?!\w)/i)) {
    const types: string[] = []
    skip(c, true)
    while (peek(c) === '[') {
      types.push(bracketed(c).trim())
      skip(c, true)
      if (take(c, ',')) skip(c, true)
    }
    catches.push({ types, body: block(c) })
  }
  const last = continues(c, /^finally(?!\w)/i) ? block(c) : undefined
  if (catches.length === 0 && last === undefined)
    throw fault(c, 'The Try statement is missing its Catch or Finally block.', 'MissingCatchOrFinally')
  return { kind: 'try', body, catches, last, start, end: c.at }
}

// Switch

export function switchStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 'switch'.length
  let match: 'exact' | 'wildcard' | 'regex' = 'exact'
  let caseSensitive = false
  for (skip(c); peek(c) === '-'; skip(c)) {
    const m = /^-(\w+)/.exec(rest(c, 20))
    const flag = (m?.[1] ?? '').toLowerCase()
    if (flag === 'wildcard' || flag === 'regex' || flag === 'exact') match = flag
    else if (flag === 'casesensitive') caseSensitive = true
    else if (flag === 'file' || flag === 'parallel')
      throw new NotSimulated(`switch -${flag} is real PowerShell, but it is not simulated here yet.`)
    else throw fault(c, `Unexpected token '-${m?.[1] ?? ''}' in expression or statement.`, 'UnexpectedToken')
    c.at += (m as RegExpExecArray)[0].length
  }
  if (!take(c, '(')) throw fault(c, "Missing opening '(' after keyword 'switch'.", 'MissingOpenParenthesisAfterKeyword')
  skip(c, true)
  const value = parseStatement(c)
  close(c, ')', "Missing closing ')' after expression in switch statement.", 'MissingEndParenthesisAfterStatement')
  skip(c, true)
  if (!take(c, '{')) throw fault(c, "Missing opening '{' in switch statement.", 'MissingCurlyBraceInSwitch')
  const clauses: SwitchClause[] = []
  for (;;) {
    skip(c, true)
    if (take(c, ';')) continue
    if (take(c, '}')) return { kind: 'switch', match, caseSensitive, value, clauses, start, end: c.at }
    if (ended(c)) throw fault(c, "Missing closing '}' in switch statement.", 'MissingEndCurlyBrace')
    if (/^default(?![\w-])/i.test(rest(c, 8))) {
      c.at += 'default'.length
      clauses.push({ test: undefined, body: block(c) })
    } else clauses.push({ test: clauseTest(c), body: block(c) })
  }
}

/** A block, a value, or a bare word. */
function clauseTest(c: Cursor): Expr {
  if (peek(c) === '{') return primary(c)
  if (startsExpression(c)) return expression(c, false)
  const start = c.at
  while (!isBoundary(peek(c))) c.at++
  if (c.at === start) throw fault(c, 'Missing condition in switch statement clause.', 'MissingSwitchStatementClause')
  return { kind: 'literal', value: c.text.slice(start, c.at), start, end: c.at }
}
