// Statements with blocks of their own: functions and their parameters, try, switch.
import { NotSimulated } from '../errors.ts'
import type { Block, Catch, Expr, FunctionBody, ParameterDeclaration, Statement, SwitchClause } from './ast.ts'
import { type Cursor, close, ended, isBoundary, peek, rest, skip, take } from './cursor.ts'
import { expression } from './expression.ts'
import { bracketed, fault, parameters } from './parameters.ts'
import { primary } from './primary.ts'
import { block, continues, parseStatement, parseStatements, startsExpression } from './statement.ts'

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

/** The inside of a function, a script file or a block, up to `until`: parameters, then statements or named sections. */
export function functionBody(
  c: Cursor,
  outside?: readonly ParameterDeclaration[],
  filter = false,
  until: '' | '}' = '}',
): FunctionBody {
  const binding = skipAttributes(c)
  const inside = takesParam(c) ? parameters(c) : undefined
  const declared = outside ?? inside ?? []
  const sections: { begin: Block; process: Block | undefined; end: Block } = { begin: [], process: undefined, end: [] }
  const mark = c.at
  skip(c, true)
  if (!section.test(rest(c, 20))) {
    c.at = mark
    const statements = parseStatements(c, until)
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
  return {
    parameters: declared,
    advanced: binding !== undefined || declared.some(({ attributed }) => attributed),
    asks: /\bsupportsshouldprocess\b(?!\s*=\s*\$false)/i.test(binding ?? ''),
    impact: /\bconfirmimpact\s*=\s*['"]?(\w+)/i.exec(binding ?? '')?.[1] ?? 'Medium',
    usualSet: /\bdefaultparametersetname\s*=\s*['"]([^'"]*)/i.exec(binding ?? '')?.[1] ?? '',
    ...sections,
  }
}

/** `[CmdletBinding()]` and its like before `param`: what CmdletBinding says, undefined without it. */
function skipAttributes(c: Cursor): string | undefined {
  let binding: string | undefined
  for (;;) {
    const mark = c.at
    skip(c, true)
    const m = /^\[\s*(CmdletBinding|OutputType|Alias|Diagnostics\.[\w.]+)\s*\(/i.exec(rest(c, 80))
    if (m === null) {
      c.at = mark
      return binding
    }
    const inner = bracketed(c)
    if (/cmdletbinding/i.test(m[1] as string)) binding = inner
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

// Try

export function tryStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 'try'.length
  const body = block(c, 'The Try statement is missing its statement block.', 'MissingTryStatementBlock')
  const catches: Catch[] = []
  while (continues(c, /^catch(?!\w)/i)) {
    const types: string[] = []
    skip(c, true)
    while (peek(c) === '[') {
      types.push(bracketed(c).trim())
      skip(c, true)
      if (take(c, ',')) skip(c, true)
    }
    catches.push({ types, body: block(c, 'The Catch block is missing its statement block.', 'MissingCatchHandlerBlock') })
  }
  const last = continues(c, /^finally(?!\w)/i)
    ? block(c, 'The Finally statement is missing its statement block.', 'MissingFinallyStatementBlock')
    : undefined
  if (catches.length === 0 && last === undefined)
    throw fault(c, 'The Try statement is missing its Catch or Finally block.', 'MissingCatchOrFinally')
  return { kind: 'try', body, catches, last, start, end: c.at }
}

/** `trap { }`, `trap [type] { }`: what is to be done about errors of the block it stands in. */
export function trapStatement(c: Cursor): Statement {
  const start = c.at
  c.at += 'trap'.length
  skip(c, true)
  const types = peek(c) === '[' ? [bracketed(c).trim()] : []
  return { kind: 'trap', types, body: block(c), start, end: c.at }
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
    if (take(c, '}')) return { kind: 'switch', label: '', match, caseSensitive, value, clauses, start, end: c.at }
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
