import { type Cursor, nextToken, type Token } from './lexer.ts'
import {
  type Fault,
  type List,
  notYet,
  type Pipeline,
  type Redirect,
  type Simple,
  type Step,
  SyntaxFault,
  unexpected,
  unfinished,
  type Word,
} from './syntax.ts'

/** What begins compound commands; they come with the whole grammar. */
const RESERVED = ['if', 'for', 'while', 'until', 'case', 'select', 'function', '{', '[[', 'time', 'coproc']

export type Parsed = { readonly ok: true; readonly list: List } | { readonly ok: false; readonly fault: Fault }

export function parse(source: string): Parsed {
  try {
    return { ok: true, list: readList({ source, at: 0, depth: 0, nested: readList }) }
  } catch (fault) {
    if (fault instanceof SyntaxFault) return { ok: false, fault: fault.fault }
    throw fault
  }
}

function readList(cursor: Cursor): List {
  const steps: Step[] = []
  const inside = cursor.depth > 0
  for (;;) {
    const token = skipLines(cursor)
    if (token.kind === 'end') {
      if (inside) throw unfinished('$(')
      return steps
    }
    if (token.kind === 'operator' && token.text === ')' && inside) return steps
    const { pipeline, stop } = readPipeline(cursor, token)
    if (stop.kind === 'end' || (stop.kind === 'operator' && stop.text === ')' && inside)) {
      steps.push({ pipeline, next: ';' })
      if (stop.kind === 'operator') return steps
      if (inside) throw unfinished('$(')
      return steps
    }
    if (stop.kind !== 'operator') throw unexpected('newline')
    if (stop.text === '&&' || stop.text === '||') {
      steps.push({ pipeline, next: stop.text })
      const at = cursor.at
      if (skipLines(cursor).kind === 'end') throw unfinished(stop.text)
      cursor.at = at
    } else if (stop.text === ';' || stop.text === '\n') steps.push({ pipeline, next: ';' })
    else if (stop.text === '&') throw notYet('a job in the background (&)')
    else throw unexpected(stop.text)
  }
}

function skipLines(cursor: Cursor): Token {
  for (;;) {
    const token = nextToken(cursor)
    if (token.kind !== 'operator' || token.text !== '\n') return token
  }
}

function readPipeline(cursor: Cursor, begin: Token): { pipeline: Pipeline; stop: Token } {
  let token = begin
  let negated = false
  while (token.kind === 'word' && token.text === '!') {
    negated = !negated
    token = nextToken(cursor)
  }
  const commands: Simple[] = []
  for (;;) {
    const { command, stop } = readSimple(cursor, token)
    commands.push(command)
    if (stop.kind !== 'operator' || (stop.text !== '|' && stop.text !== '|&')) return { pipeline: { negated, commands }, stop }
    if (stop.text === '|&') {
      commands[commands.length - 1] = { ...command, redirects: [...command.redirects, { kind: 'duplicate', fd: 2, from: 1 }] }
    }
    token = skipLines(cursor)
    if (token.kind === 'end') throw unfinished('|')
  }
}

function readSimple(cursor: Cursor, begin: Token): { command: Simple; stop: Token } {
  const assignments: { name: string; value: Word }[] = []
  const words: Word[] = []
  const redirects: Redirect[] = []
  let token = begin
  for (; token.kind === 'word' || token.kind === 'redirect'; token = nextToken(cursor)) {
    if (token.kind === 'redirect') redirects.push(...readRedirect(cursor, token.text, token.fd))
    else {
      const assignment = words.length === 0 ? asAssignment(token.word) : undefined
      if (assignment) assignments.push(assignment)
      else if (words.length === 0 && RESERVED.includes(token.text)) throw notYet(`\`${token.text}'`)
      else words.push(token.word)
    }
  }
  if (token.kind === 'operator' && token.text === '(') {
    throw notYet(words.length > 0 ? 'a function definition' : 'a subshell in ( )')
  }
  if (words.length + assignments.length + redirects.length === 0) {
    if (token.kind === 'operator') throw unexpected(token.text === '\n' ? 'newline' : token.text)
    throw unexpected('newline')
  }
  return { command: { assignments, words, redirects }, stop: token }
}

function readRedirect(cursor: Cursor, operator: string, number: number | null): Redirect[] {
  if (operator === '<<' || operator === '<<<') throw notYet(`a here-document (${operator})`)
  if (operator === '<>' || operator === '<&') throw notYet(`the redirection ${operator}`)
  const target = nextToken(cursor)
  if (target.kind === 'end') throw unexpected('newline')
  if (target.kind !== 'word') throw unexpected(target.kind === 'operator' && target.text === '\n' ? 'newline' : target.text)
  const fd = number ?? (operator === '<' ? 0 : 1)
  if (fd > 2 || (operator === '<' ? fd !== 0 : fd === 0)) throw notYet(`the redirection ${fd}${operator}`)
  switch (operator) {
    case '>&':
      if (target.text === '1' || target.text === '2') return [{ kind: 'duplicate', fd, from: Number(target.text) }]
      throw notYet(`the redirection >&${target.text}`)
    case '&>':
    case '&>>':
      return [
        { kind: 'file', operator: operator === '&>' ? '>' : '>>', fd: 1, target: target.word },
        { kind: 'duplicate', fd: 2, from: 1 },
      ]
    case '<':
      return [{ kind: 'file', operator: '<', fd: 0, target: target.word }]
    case '>>':
      return [{ kind: 'file', operator: '>>', fd, target: target.word }]
    default:
      return [{ kind: 'file', operator: '>', fd, target: target.word }]
  }
}

function asAssignment(word: Word): { name: string; value: Word } | undefined {
  const first = word[0]
  if (first?.kind !== 'text' || first.quoted) return undefined
  const found = /^([A-Za-z_]\w*)=/.exec(first.text)
  if (found?.[1] === undefined) return undefined
  return { name: found[1], value: [{ ...first, text: first.text.slice(found[0].length) }, ...word.slice(1)] }
}
