// Tasks: somebody types or picks a value, and the right one is found out in that person's own lab.
import type { GivenAnswer } from '../lab-api.ts'
import { after } from './combined.ts'
import type { CheckContext, Finding, Verb } from './context.ts'
import type { Answering } from './definition.ts'
import type { Fact, Format } from './facts/definition.ts'
import { everOf } from './facts/ever.ts'
import { isIn, listIn, normal } from './facts/formats.ts'
import { askedOf, formatOfFact, readFact, sayWhole } from './facts/read.ts'
import { factNow } from './property.ts'

type Right = {
  readonly values: readonly string[]
  readonly format: Format
  readonly rows?: readonly { machine: string; table: string; row: string }[]
}

/** How an answer to this task is written. */
export const formatOf = ({ format, value, choices }: Answering, found?: Format): Format =>
  format ?? (choices ? 'id' : value === undefined ? 'text' : (found ?? 'text'))

export const answer: Verb<'answer'> = (verb, context, { id }) => {
  const given = context.answers.findLast((one) => one.check === id)
  const right = rightOf(verb, given, context)
  if ('couldNotRun' in right) return right
  if (right.values.length === 0) return { passed: false, message: `${sayOnce(verb)}.`, lines: given ? [given.line] : [] }
  const expected = right.values.join(verb.oneOf ? ' or ' : ', ')
  if (given === undefined) return { passed: false, message: 'Nobody has answered yet.', expected }
  const is = isRight(verb, given.value, right)
  const shown = choiceText(verb, given.value)
  const unreadable = !is && normal(right.format, given.value) === undefined && !verb.list
  const message = is
    ? `The answer ${shown} is right.`
    : `The answer ${shown} is not right${unreadable ? `: it is no ${WORDS[right.format]}` : ''}.`
  return { passed: is, message, expected, lines: [given.line], rows: is ? (right.rows ?? []) : [] }
}

const WORDS: { readonly [format in Format]: string } = {
  text: 'text',
  name: 'name',
  number: 'number',
  'prefix-length': 'prefix length',
  address: 'address',
  subnet: 'network with its prefix length',
  mac: 'MAC address',
  duration: 'duration',
  'yes-no': 'yes or no',
  id: 'choice',
}

const choiceText = ({ choices = [] }: Pick<Answering, 'choices'>, value: string): string =>
  `"${choices.find(({ id }) => id === value)?.text ?? value}"`

function rightOf(
  verb: Answering,
  given: GivenAnswer | undefined,
  context: CheckContext,
): Right | { readonly couldNotRun: string } {
  const { value, oneOf, when } = verb
  if (oneOf !== undefined) return { values: oneOf, format: formatOf(verb) }
  if (value === undefined) return { couldNotRun: 'The task does not say what is right.' }
  if (when === 'ever') return everRight(verb, value, given, context)
  const noted = when === 'answered' && verb.after.length === 0 ? given?.noted[askedOf(value)] : undefined
  const lab = when === 'beginning' ? context.beginning() : context.lab
  const at = verb.after.length === 0 ? { ...context, lab } : after({ ...context, lab }, verb.after)
  if ('couldNotRun' in at) return at
  const told = readFact(at.lab, factNow(at, value))
  if ('couldNotRun' in told) return noted ? { values: within(verb, noted), format: formatOf(verb, formatOfFact(value)) } : told
  if (noted !== undefined) return { values: within(verb, noted), format: formatOf(verb, told.format) }
  if (told.values.length === 0) return { couldNotRun: `There is no ${sayWhole(value)} at the moment.` }
  const values = within(verb, told.values)
  if (values.length === 0) return { couldNotRun: `There is no ${sayWhole(value)} in ${verb.in} at the moment.` }
  return { values, format: formatOf(verb, told.format), rows: told.rows }
}

/** Whatever it was in the beginning, when the answer was given (or is now), and between. */
function everRight(verb: Answering, value: Fact, given: GivenAnswer | undefined, context: CheckContext): Right {
  const told = readFact(context.lab, factNow(context, value))
  const [now, format] = 'couldNotRun' in told ? [[], formatOfFact(value)] : [told.values, told.format]
  const last = given?.noted[askedOf(value)] ?? (given === undefined ? now : [])
  const first = readFact(context.beginning(), value)
  const begun = 'couldNotRun' in first ? [] : first.values
  const until = given?.at ?? context.lab.now
  const between = [value, factNow(context, value)].flatMap((one) => everOf(one, context.changes(), until))
  const all = [...begun, ...between, ...last]
  return { values: within(verb, [...new Set(all)]), format: formatOf(verb, format) }
}

const within = ({ in: where }: Pick<Answering, 'in'>, values: readonly string[]): readonly string[] =>
  where === undefined ? values : values.filter((one) => isIn(one.split('/')[0] as string, where) === true)

const sayOnce = ({ value, in: where }: Answering): string =>
  `There has been no ${value ? sayWhole(value) : 'such value'}${where === undefined ? '' : ` in ${where}`} so far`

function isRight({ list, oneOf, also = [] }: Answering, value: string, { values, format }: Right): boolean {
  if (also.some((one) => normal('text', one) === normal('text', value))) return true
  const wanted = values.map((one) => normal(format, one) ?? one.toLowerCase())
  if (list) {
    const all = listIn(format, value)
    const whole = [...new Set(oneOf ? values.flatMap((one) => listIn(format, one) ?? [one]) : wanted)].sort()
    return all !== undefined && all.join('\n') === whole.join('\n')
  }
  const given = normal(format, value)
  return given !== undefined && wanted.includes(given)
}

export const namesFault: Verb<'names-fault'> = ({ fault, choices }, context, { id }): Finding => {
  const given = context.answers.findLast((one) => one.check === id)
  const right = choices.find((one) => one.id === fault)?.text ?? fault
  if (given === undefined) return { passed: false, message: 'Nobody has named the fault yet.', expected: right }
  const is = normal('id', given.value) === normal('id', fault)
  const shown = choiceText({ choices }, given.value)
  return { passed: is, message: is ? `It is ${shown}.` : `It is not ${shown}.`, expected: right, lines: [given.line] }
}
