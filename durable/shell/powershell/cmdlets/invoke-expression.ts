import { cmdlet } from '../cmdlet.ts'
import { ParseError } from '../errors.ts'
import { runStatements } from '../eval/statements.ts'
import { parse } from '../syntax/parse.ts'

export const invokeExpression = cmdlet(
  {
    name: 'Invoke-Expression',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Runs commands or expressions that are given as text.',
    supports: ['Command'],
    signature: 'Command!@0<v',
  },
  function* (call, bound) {
    const line = bound.text('Command') ?? ''
    try {
      yield* runStatements(parse(line), { ...call.frame, line }, call.emit)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      call.fail({ message: error.message, category: 'ParserError', exception: 'ParseException', id: error.id })
    }
  },
)
