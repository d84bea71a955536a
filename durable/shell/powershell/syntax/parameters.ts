// `param (...)`: the parameters of functions, scripts and blocks, with their attributes.
import { NotSimulated, ParseError } from '../errors.ts'
import { numberLiteral } from '../values/convert.ts'
import type { Expr, ParameterDeclaration, Validation } from './ast.ts'
import { type Cursor, ended, peek, skip, take } from './cursor.ts'
import { expression } from './expression.ts'
import { variable } from './strings.ts'

export const fault = (c: Cursor, message: string, id: string): ParseError => new ParseError(message, id, c.at, c.at + 1, ended(c))

export function parameters(c: Cursor): ParameterDeclaration[] {
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

type Attributes = {
  type: string
  mandatory: boolean
  pipeline: boolean
  byName: boolean
  rest: boolean
  attributed: boolean
  position: number | undefined
  sets: string[]
  aliases: string[]
  accepted: string[]
  validations: Validation[]
}

function parameter(c: Cursor): ParameterDeclaration {
  const start = c.at
  const found: Attributes = {
    type: '',
    mandatory: false,
    pipeline: false,
    byName: false,
    rest: false,
    attributed: false,
    position: undefined,
    sets: [],
    aliases: [],
    accepted: [],
    validations: [],
  }
  while (peek(c) === '[') {
    const inner = bracketed(c).trim()
    const attribute = /^([\w.]+)\s*\(([\s\S]*)\)$/.exec(inner)
    if (attribute === null) found.type = inner
    else note(found, (attribute[1] ?? '').replace(/^System\.Management\.Automation\./i, ''), attribute[2] ?? '')
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
  const array = found.type.endsWith('[]')
  return { ...found, name: named.name, type: array ? found.type.slice(0, -2) : found.type, array, value, start, end: c.at }
}

const isSet = (args: string, name: string): boolean => new RegExp(`\\b${name}\\b(?!\\s*=\\s*(?:\\$false|0))`, 'i').test(args)
const wordsIn = (args: string): string[] => [...args.matchAll(/'([^']*)'|"([^"]*)"/g)].map((m) => m[1] ?? m[2] ?? '')
const numbersIn = (args: string): number[] => args.split(',').map((one) => numberLiteral(one.trim()) ?? 0)

function note(found: Attributes, name: string, args: string): void {
  const words = wordsIn(args)
  switch (name.toLowerCase().replace(/attribute$/, '')) {
    case 'parameter': {
      found.attributed = true
      found.mandatory ||= isSet(args, 'Mandatory')
      found.pipeline ||= isSet(args, 'ValueFromPipeline')
      found.byName ||= isSet(args, 'ValueFromPipelineByPropertyName')
      found.rest ||= isSet(args, 'ValueFromRemainingArguments')
      const position = /\bposition\s*=\s*(\d+)/i.exec(args)
      if (position !== null) found.position = Number(position[1])
      const set = /\bparametersetname\s*=\s*(?:'([^']*)'|"([^"]*)")/i.exec(args)
      if (set !== null) found.sets.push(set[1] ?? set[2] ?? '')
      return
    }
    case 'alias':
      found.aliases.push(...words)
      return
    case 'validateset':
      found.accepted.push(...words)
      return
    case 'validaterange': {
      const [low = 0, high = 0] = numbersIn(args)
      found.validations.push({ kind: 'range', low, high })
      return
    }
    case 'validatelength': {
      const [low = 0, high = 0] = numbersIn(args)
      found.validations.push({ kind: 'length', low, high })
      return
    }
    case 'validatecount': {
      const [low = 0, high = 0] = numbersIn(args)
      found.validations.push({ kind: 'count', low, high })
      return
    }
    case 'validatepattern':
      found.validations.push({ kind: 'pattern', pattern: words[0] ?? '' })
      return
    case 'validatescript':
      found.validations.push({ kind: 'script', source: args.trim().replace(/^\{|\}$/g, '') })
      return
    case 'validatenotnull':
      found.validations.push({ kind: 'not-null' })
      return
    case 'validatenotnullorempty':
      found.validations.push({ kind: 'not-empty' })
      return
    case 'allownull':
    case 'allowemptystring':
    case 'allowemptycollection':
      found.validations.push({ kind: 'empty-too' })
      return
    case 'supportswildcards':
    case 'psdefaultvalue':
    case 'dontshow':
      return
    default:
      throw new NotSimulated(`[${name}()]: this attribute is real, but it is not simulated here yet.`)
  }
}

/** What stands between brackets, nested ones and quoted texts included; the brackets are taken. */
export function bracketed(c: Cursor): string {
  const start = c.at
  let depth = 0
  for (let quote = ''; !ended(c); c.at++) {
    const char = peek(c)
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if ('[({'.includes(char)) depth++
    else if ('])}'.includes(char)) {
      depth--
      if (depth === 0) {
        c.at++
        return c.text.slice(start + 1, c.at - 1)
      }
    }
  }
  throw fault(c, 'Missing ] at end of attribute or type literal.', 'EndSquareBracketExpectedAtEndOfAttribute')
}
