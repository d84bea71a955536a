import { ParseError } from '../errors.ts'
import type { Block } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseStatements } from './statement.ts'

/** Throws ParseError, or NotSimulated for what is real but has no behaviour here. */
export function parse(text: string): Block {
  const c: Cursor = { text, at: 0, depth: 0 }
  return parseStatements(c, '')
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
