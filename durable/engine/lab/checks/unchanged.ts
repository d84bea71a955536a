import { matchesWildcard } from '../../machine/wildcard.ts'
import type { Lab } from '../lab.ts'
import { configurationOf } from './configuration.ts'
import type { Verb } from './context.ts'

/** Differences that a message names. */
const MOST_NAMED = 6

/** Nothing else was changed: what people configured is as in the beginning, but for what the list allows. */
export const unchanged: Verb<'unchanged'> = ({ machines, except }, context) => {
  const { lab } = context
  const first = context.beginning()
  const names = machines ?? [...new Set([...first.machineNames(), ...lab.machineNames()])]
  const unknown = names.find((name) => !lab.parts.machines.has(name) && !first.parts.machines.has(name))
  if (unknown !== undefined) return { couldNotRun: `There is no machine ${unknown}.` }
  const found = [...names.flatMap((name) => differences(name, first, lab)), ...(machines ? [] : cables(first, lab))]
  const counted = found.filter((one) => !except.some((pattern) => matchesWildcard(pattern, one)))
  if (counted.length === 0) {
    const allowed = found.length === 0 ? '' : ` but for ${found.slice(0, MOST_NAMED).join('; ')}, which is allowed`
    return { passed: true, message: `Everything is configured as in the beginning${allowed}.` }
  }
  const more = counted.length > MOST_NAMED ? ` and ${counted.length - MOST_NAMED} more` : ''
  return { passed: false, message: `Changed since the beginning: ${counted.slice(0, MOST_NAMED).join('; ')}${more}.` }
}

/** `pc: adapter Ethernet: MTU`, what is not the same in both. */
function differences(machine: string, before: Lab, now: Lab): string[] {
  const [was, is] = [configurationOf(before, machine), configurationOf(now, machine)]
  // Of a machine that is off, in one of them, only that is known.
  if (was.get('power') !== is.get('power')) return [`${machine}: power`]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((what) => was.get(what) !== is.get(what))
    .map((what) => `${machine}: ${what}`)
}

function cables(before: Lab, now: Lab): string[] {
  const plugged = (lab: Lab) =>
    new Map(
      lab
        .topology()
        .links.filter(({ kind }) => kind === 'cable')
        .map(({ name, up }) => [name, up]),
    )
  const [was, is] = [plugged(before), plugged(now)]
  return [...was.keys()].filter((name) => was.get(name) !== is.get(name)).map((name) => `cable ${name}`)
}
