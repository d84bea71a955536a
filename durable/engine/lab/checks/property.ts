import { networkOf } from './addressing.ts'
import { type Around, adapterNow, type CheckContext, type Verb } from './context.ts'
import { compare } from './facts/compare.ts'
import type { Fact } from './facts/definition.ts'
import { readFact, sayWhole } from './facts/read.ts'

/** A fact of the lab, and what is asked of it. */
export const property: Verb<'property'> = (verb, context) => {
  const { kind: _, machine, of, name, field, ...asked } = verb
  const fact = { machine, of, field, ...(name === undefined ? {} : { name }) }
  const told = readFact(context.lab, factNow(context, fact))
  if ('couldNotRun' in told) return told
  const other = otherOf(verb, context)
  if (other !== undefined && 'couldNotRun' in other) return other
  const where = verb.in === undefined ? undefined : networkOf(context, verb.in)
  if (verb.in !== undefined && where === undefined) return { couldNotRun: `The network ${verb.in} does not exist at the moment.` }
  const compared = compare(told, where === undefined ? asked : { ...asked, in: where }, other)
  if ('couldNotRun' in compared) return compared
  const is = told.values.length === 0 ? `${told.missing}` : `The ${sayWhole(fact)} is ${told.values.join(', ')}`
  const message = compared.holds ? `${is}.` : `${is}; it was ${compared.wanted}.`
  return { passed: compared.holds, message: `${message[0]?.toUpperCase()}${message.slice(1)}`, rows: told.rows }
}

function otherOf(verb: Parameters<typeof property>[0], context: CheckContext): ReturnType<typeof readFact> | undefined {
  if (verb.sameAs !== undefined) return readFact(context.lab, factNow(context, verb.sameAs))
  return verb.changed === undefined ? undefined : readFact(context.beginning(), verb)
}

/** An adapter that was given another name is the same adapter. */
export const factNow = (context: Around, fact: Fact): Fact =>
  fact.of === 'adapter' && fact.name !== undefined ? { ...fact, name: adapterNow(context, fact.machine, fact.name) } : fact
