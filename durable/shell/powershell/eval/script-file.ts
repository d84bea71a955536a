// Script files: `.\name.ps1`, under the execution policy of the console.

import { resolvePath } from '../../windows/path.ts'
import { ParseError, PsError } from '../errors.ts'
import type { Element } from '../syntax/ast.ts'
import { parseBody } from '../syntax/parse.ts'
import { effectivePolicy } from './execution-policy.ts'
import type { PsFunction } from './function-stage.ts'
import { extentOf, type Frame } from './session.ts'

type Command = Extract<Element, { kind: 'command' }>

/** The file as a function; undefined when the name is no script's. */
export function scriptFile(name: string, element: Command, frame: Frame): PsFunction | undefined {
  if (!/\.ps1$/i.test(name) || !/[\\/:]/.test(name)) return undefined
  const { session } = frame
  const path = resolvePath(session.cwd, name, session.kernel.identity().user)
  const source = session.kernel.readFile(path)
  if (source === undefined) return undefined
  const policy = effectivePolicy(session)
  const short = path.split('\\').at(-1) ?? path
  if (/^(Restricted|AllSigned)$/i.test(policy))
    throw new PsError({
      message:
        policy.toLowerCase() === 'restricted'
          ? `File ${path} cannot be loaded because running scripts is disabled on this system. For more information, see about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170.`
          : `File ${path} cannot be loaded. The file ${path} is not digitally signed. You cannot run this script on the current system. For more information about running scripts and setting execution policy, see about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170.`,
      command: name,
      activity: '',
      category: 'SecurityError',
      target: '',
      exception: 'PSSecurityException',
      id: 'UnauthorizedAccess',
      extent: extentOf(frame, element.name),
    })
  try {
    return {
      name: short,
      source,
      body: parseBody(source.replace(/\r\n/g, '\n')),
      line: source.replace(/\r\n/g, '\n'),
      file: true,
    }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new PsError({
      message: error.message,
      command: '',
      category: 'ParserError',
      target: '',
      exception: 'ParseException',
      id: error.id,
      extent: { line: source.replace(/\r\n/g, '\n'), start: error.start, end: error.end },
    })
  }
}
