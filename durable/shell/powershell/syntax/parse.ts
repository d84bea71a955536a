import { ParseError } from '../errors.ts'
import type { Block, FunctionBody } from './ast.ts'
import { functionBody } from './compound.ts'
import { type Cursor, ended, skip, unexpected } from './cursor.ts'
import { parseStatements } from './statement.ts'

/** Throws ParseError, or NotSimulated for what is real but has no behaviour here. */
export function parse(text: string): Block {
  const c: Cursor = { text, at: 0, depth: 0 }
  return parseStatements(c, '')
}

/** A script file, or the inside of a block: with parameters and sections. */
export function parseBody(text: string): FunctionBody {
  const c: Cursor = { text, at: 0, depth: 0 }
  const body = functionBody(c, undefined, false, '')
  skip(c, true)
  if (!ended(c)) throw unexpected(c)
  return body
}

/** Whether more lines could finish this one. */
export function incomplete(text: string): boolean {
  if (/`$/.test(text)) return true
  try {
    parse(text)
    return false
  } catch (error) {
    return error instanceof ParseError && error.incomplete
  }
}
