import { matchesWildcard } from '../../../machine/wildcard.ts'
import type { Comparing } from './definition.ts'
import { isIn, same, sizeOf } from './formats.ts'
import type { Told } from './read.ts'

export type Compared = { readonly holds: boolean; readonly wanted: string } | { readonly couldNotRun: string }

/** What is asked of a fact. `other`: what `sameAs` or `changed` compares it with. */
export function compare(told: Told, asked: Comparing, other: Told | undefined): Compared {
  const { values, format } = told
  const any = (test: (value: string) => boolean) => values.some(test)
  if (asked.exists !== undefined)
    return { holds: values.length > 0 === asked.exists, wanted: asked.exists ? 'to be there' : 'not to be there' }
  if (asked.is !== undefined) {
    const { is } = asked
    return { holds: values.length > 0 && values.every((value) => same(format, value, is)), wanted: `to be ${is}` }
  }
  if (asked.isNot !== undefined) {
    const { isNot } = asked
    return { holds: !any((value) => same(format, value, isNot)), wanted: `not to be ${isNot}` }
  }
  if (asked.oneOf !== undefined) {
    const { oneOf } = asked
    const holds = values.length > 0 && values.every((value) => oneOf.some((one) => same(format, value, one)))
    return { holds, wanted: `to be ${oneOf.join(' or ')}` }
  }
  if (asked.has !== undefined) {
    const { has } = asked
    return { holds: any((value) => same(format, value, has)), wanted: `to have ${has}` }
  }
  if (asked.lacks !== undefined) {
    const { lacks } = asked
    return { holds: !any((value) => same(format, value, lacks)), wanted: `not to have ${lacks}` }
  }
  if (asked.matches !== undefined) {
    const { matches } = asked
    return { holds: any((value) => matchesWildcard(matches, value)), wanted: `to be like ${matches}` }
  }
  if (asked.in !== undefined) {
    const where = asked.in
    const inside = values.map((value) => isIn(value.split('/')[0] as string, where))
    if (inside.includes(undefined)) return { couldNotRun: `${where} is no network and no range of addresses.` }
    return { holds: inside.includes(true), wanted: `to be in ${where}` }
  }
  if (asked.atLeast !== undefined || asked.atMost !== undefined) return bySize(told, asked)
  if (other === undefined) return { couldNotRun: 'Nothing is asked of it.' }
  const equal = other.values.length === values.length && other.values.every((one, at) => same(format, one, values[at] as string))
  if (asked.changed !== undefined)
    return {
      holds: equal !== asked.changed,
      wanted: `${asked.changed ? 'not ' : ''}to be as in the beginning (${other.values.join(', ') || 'nothing'})`,
    }
  return { holds: equal && values.length > 0, wanted: `to be the same as there (${other.values.join(', ') || 'nothing'})` }
}

function bySize({ values, format }: Told, { atLeast, atMost }: Comparing): Compared {
  const size = values[0] === undefined ? undefined : sizeOf(format, values[0])
  const low = atLeast === undefined ? undefined : sizeOf(format, atLeast)
  const high = atMost === undefined ? undefined : sizeOf(format, atMost)
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  const holds = size !== undefined && (low === undefined || size >= low) && (high === undefined || size <= high)
  return { holds, wanted: `to be ${bounds.join(' and ')}` }
}
