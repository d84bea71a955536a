// What a declaration says about others: whether they exist, are of the right kind, and do not go round in a circle.
import { inPrefix, parseCidr, parseIp } from '../../engine/wire/addresses.ts'
import { placeholdersOf, type Scalar } from './placeholder.ts'
import type { DrawSource, SourceOf, VariantsSource } from './schema.ts'

export type Tell = (path: readonly PropertyKey[], reason: string) => void

const scalarsOf = (entry: SourceOf<'one'>['of'][number]): readonly Scalar[] =>
  typeof entry === 'object' ? Object.values(entry) : [entry]

const namesIn = (values: readonly Scalar[]): string[] =>
  values.flatMap((value) => (typeof value === 'string' ? placeholdersOf(value).map(({ name }) => name) : []))

/** Names of other values that this one is drawn from or around. */
export function usesOf(draw: DrawSource): string[] {
  switch (draw.draw) {
    case 'host': {
      const around = draw.except.filter((one) => typeof one === 'string').filter((one) => parseIp(one) === undefined)
      return parseCidr(draw.of) ? around : [draw.of, ...around]
    }
    case 'one':
      return namesIn(draw.of.flatMap(scalarsOf))
    case 'overlay':
      return namesIn(Object.values(draw.of).flatMap(({ title, words }) => [title, ...Object.values(words)]))
    default:
      return []
  }
}

/** Everything that is wrong with the declarations whatever the seed is. Paths begin below `variants`. */
export function declarationFaults(declared: VariantsSource, tell: Tell): void {
  for (const [name, draw] of Object.entries(declared)) {
    for (const used of new Set(usesOf(draw)))
      if (!Object.hasOwn(declared, used) && draw.draw !== 'host') tell([name, 'of'], `no value is named ${used}`)
    if (draw.draw === 'network') networkFaults(name, draw, tell)
    if (draw.draw === 'host') hostFaults(name, draw, declared, tell)
    if (draw.draw === 'number' && draw.from > draw.to) tell([name, 'to'], 'comes before `from`')
    if (draw.draw === 'one') fieldFaults(name, draw, tell)
  }
  circles(declared, tell)
  overlaps(declared, tell)
}

function networkFaults(name: string, { of, length }: SourceOf<'network'>, tell: Tell): void {
  const pool = parseCidr(of)
  if (pool && length < pool.prefixLength) tell([name, 'length'], `is larger than the pool ${of}`)
}

/** The network that hosts are drawn of: how long its prefix is. */
function lengthOf(of: string, declared: VariantsSource): number | undefined {
  const named = Object.hasOwn(declared, of) ? declared[of] : undefined
  return named?.draw === 'network' ? named.length : parseCidr(of)?.prefixLength
}

function hostFaults(name: string, draw: SourceOf<'host'>, declared: VariantsSource, tell: Tell): void {
  const length = lengthOf(draw.of, declared)
  if (length === undefined) {
    tell([name, 'of'], `must be the name of a network that is drawn here, or a network such as 192.168.3.0/24`)
    return
  }
  const { from, to } = rangeOf(draw, length)
  const last = 2 ** (32 - length) - 2
  if (to > last) tell([name, 'to'], `a network of length ${length} has hosts 1 to ${last}`)
  if (from > to) tell([name, draw.to === undefined ? 'from' : 'to'], `leaves no host: ${from} to ${to}`)
  draw.except.forEach((one, at) => {
    if (typeof one === 'number' || parseIp(one) !== undefined) return
    if (!Object.hasOwn(declared, one) || declared[one]?.draw !== 'host')
      tell([name, 'except', at], `must be an address, a number, or the name of a host that is drawn here`)
  })
}

/** Numbers within the network, both inclusive. */
export const rangeOf = ({ from = 1, to }: SourceOf<'host'>, length: number): { readonly from: number; readonly to: number } => ({
  from,
  to: to ?? 2 ** (32 - length) - 2,
})

function fieldFaults(name: string, { of }: SourceOf<'one'>, tell: Tell): void {
  const fields = (entry: (typeof of)[number]) => (typeof entry === 'object' ? Object.keys(entry).sort().join(', ') : '')
  const [first] = of
  of.forEach((entry, at) => {
    if (first !== undefined && fields(entry) !== fields(first))
      tell([name, 'of', at], `must have the same fields as the first one: ${fields(first) || 'none'}`)
  })
}

function circles(declared: VariantsSource, tell: Tell): void {
  const whole = new Set<string>()
  const walk = (name: string, path: readonly string[]): void => {
    const draw = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (draw === undefined || whole.has(name)) return
    const began = path.indexOf(name)
    if (began >= 0) {
      const circle = [...path.slice(began), name]
      for (const one of circle) whole.add(one)
      tell([circle[0] as string], `is drawn by use of itself: ${circle.join(' uses ')}`)
      return
    }
    for (const used of new Set(usesOf(draw))) walk(used, [...path, name])
    whole.add(name)
  }
  for (const name of Object.keys(declared)) walk(name, [])
}

/** Pools of networks, and ranges of hosts in the same network, out of which the same could be drawn twice. */
function overlaps(declared: VariantsSource, tell: Tell): void {
  const entries = Object.entries(declared)
  entries.forEach(([name, draw], at) => {
    for (const [before, other] of entries.slice(0, at)) {
      if (draw.draw === 'network' && other.draw === 'network' && poolsMeet(draw.of, other.of))
        tell([name, 'of'], `overlaps the pool of ${before}: the same network could be drawn for both`)
      if (draw.draw !== 'host' || other.draw !== 'host' || draw.of !== other.of) continue
      const [length, apart] = [lengthOf(draw.of, declared), draw.except.includes(before) || other.except.includes(name)]
      if (length === undefined || apart) continue
      const [a, b] = [rangeOf(draw, length), rangeOf(other, length)]
      if (a.from <= b.to && b.from <= a.to)
        tell([name], `could be the same host as ${before}: give them ranges of their own, or write \`except: [${before}]\``)
    }
  })
}

function poolsMeet(a: string, b: string): boolean {
  const [one, two] = [parseCidr(a), parseCidr(b)]
  if (!one || !two) return false
  return inPrefix(one.address, two.address, Math.min(one.prefixLength, two.prefixLength))
}
