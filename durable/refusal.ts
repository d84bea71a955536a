import type { Refusal } from './contract.ts'
import type { Fault } from './definition/source.ts'

export const refuse = (
  status: Refusal['status'],
  code: string,
  message: string,
  where: Pick<Refusal, 'field' | 'line'> = {},
): Refusal => ({
  ok: false,
  status,
  code,
  message,
  ...where,
})

export const noLab = (): Refusal => refuse(404, 'no-lab', 'There is no such lab.')
export const noConsole = (name: string): Refusal =>
  refuse(404, 'no-console', `There is no console ${name}.`, { field: 'console' })

/** The first fault of a definition, with its place; the number of others in the message. */
export const badDefinition = (faults: readonly Fault[]): Refusal => badFile('definition', faults)
export const badRubric = (faults: readonly Fault[]): Refusal => badFile('rubric', faults)

function badFile(what: 'definition' | 'rubric', faults: readonly Fault[]): Refusal {
  const [first] = faults
  if (!first) return refuse(422, `bad-${what}`, `The ${what} is not valid.`, { field: what })
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`
  const message = `Line ${first.line}: ${first.path === '' ? 'the file' : first.path} ${first.reason}${more}`
  return refuse(422, `bad-${what}`, message, { field: first.path === '' ? what : first.path, line: first.line })
}

/** Nobody puts anything into this lab any more. */
export const frozenLab = ({ reason }: { readonly reason: string }): Refusal =>
  refuse(409, 'frozen', `This lab is frozen: ${reason}. It can be looked at, exported and forked.`)

/** Whatever was thrown: told to the operator in full, to the caller by an id that finds it in the log. */
export function failure(event: string, lab: string, error: unknown): Refusal {
  const errorId = crypto.randomUUID().slice(0, 8)
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  console.error(JSON.stringify({ level: 'error', event, errorId, object: lab, message, stack }))
  return refuse(503, 'lab-failure', `The lab could not do this; nothing in it has changed. Error ${errorId}.`)
}
