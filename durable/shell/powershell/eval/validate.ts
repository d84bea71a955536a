// [ValidateRange()] and its siblings, with the texts of Windows PowerShell 5.1.
import { done, type Gen } from '../../windows/program.ts'
import type { BindFault } from '../binding/bind.ts'
import type { ParameterDeclaration, Validation } from '../syntax/ast.ts'
import { compare, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { collect, type PsValue } from '../values/value.ts'
import { compiled } from './operators.ts'
import { runWith } from './script-stage.ts'
import type { Frame } from './session.ts'

const refused = (name: string, why: string): BindFault => ({
  message: `Cannot validate argument on parameter '${name}'. ${why}`,
  id: 'ParameterArgumentValidationError',
  category: 'InvalidData',
})

/** The first fault of a value that was given, undefined when it is all right. */
export function* validate(parameter: ParameterDeclaration, value: PsValue, frame: Frame): Gen<BindFault | undefined> {
  const items = Array.isArray(value) && parameter.array ? value : [value]
  for (const one of parameter.validations) {
    if (one.kind === 'count') {
      const fault = count(one, items.length)
      if (fault !== undefined) return refused(parameter.name, fault)
      continue
    }
    for (const item of items) {
      const fault = one.kind === 'script' ? yield* script(one.source, item, frame) : plain(one, item)
      if (fault !== undefined) return refused(parameter.name, fault)
    }
  }
  return undefined
}

const count = ({ low, high }: { low: number; high: number }, length: number): string | undefined =>
  length < low
    ? `The parameter requires at least ${low} value(s) and no more than ${high} value(s) - ${length} value(s) were provided.`
    : length > high
      ? `The number of provided arguments (${length}) exceeds the maximum number of allowed arguments (${high}). Provide fewer than ${high} arguments, and then try the command again.`
      : undefined

function plain(one: Exclude<Validation, { kind: 'script' }>, item: PsValue): string | undefined {
  switch (one.kind) {
    case 'range': {
      if ((compare(item, one.high) ?? 1) > 0)
        return `The ${text(item)} argument is greater than the maximum allowed range of ${one.high}. Supply an argument that is less than or equal to ${one.high} and then try the command again.`
      if ((compare(item, one.low) ?? -1) < 0)
        return `The ${text(item)} argument is less than the minimum allowed range of ${one.low}. Supply an argument that is greater than or equal to ${one.low} and then try the command again.`
      return undefined
    }
    case 'length': {
      const { length } = text(item)
      if (length < one.low)
        return `The character length (${length}) of the argument is too short. Specify an argument with a length that is greater than or equal to "${one.low}", and then try the command again.`
      if (length > one.high)
        return `The character length of the ${length} argument is too long. Shorten the character length of the argument so it is fewer than or equal to "${one.high}" characters, and then try the command again.`
      return undefined
    }
    case 'pattern':
      return compiled(one.pattern, true).match(text(item)) === undefined
        ? `The argument "${text(item)}" does not match the "${one.pattern}" pattern. Supply an argument that matches "${one.pattern}" and try the command again.`
        : undefined
    case 'not-null':
      return item === null
        ? 'The argument is null. Provide a valid value for the argument, and then try running the command again.'
        : undefined
    case 'not-empty':
      return item === null || item === '' || (Array.isArray(item) && item.length === 0)
        ? 'The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.'
        : undefined
    case 'count':
    case 'empty-too':
      return undefined
    default:
      return one satisfies never
  }
}

function* script(source: string, item: PsValue, frame: Frame): Gen<string | undefined> {
  const out: PsValue[] = []
  yield* runWith({ kind: 'script', source }, item, { ...frame, trying: true }, (value) => {
    out.push(value)
    return done()
  })
  return truth(collect(out))
    ? undefined
    : `The "${source}" validation script for the argument with value "${text(item)}" did not return a result of True. Determine why the validation script failed, and then try the command again.`
}
