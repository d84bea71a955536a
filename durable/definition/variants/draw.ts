// Values out of their ranges. Each has a stream of its own (seed, name), so that one more declaration changes no other.
import { RandomStream } from '../../engine/sim/random.ts'
import { networkOf, parseCidr, parseIp, parseMac } from '../../engine/wire/addresses.ts'
import { fillScalar, type Lookup, type Scalar } from './placeholder.ts'
import { drawPlace, type Gap, places } from './range.ts'
import { rangeOf, type Tell } from './references.ts'
import type { DrawSource, SourceOf, VariantsSource } from './schema.ts'
import {
  hostValue,
  macValue,
  memberOf,
  nameValue,
  networkValue,
  numberValue,
  oneValue,
  overlayValue,
  type Value,
} from './values.ts'
import { WORDS } from './words.ts'

/** Overlays that are not left to chance, by the name of the value. */
export type Forced = ReadonlyMap<string, string>

export class Draws {
  readonly values = new Map<string, Value>()
  /** How many different values each could have had, the others being as they are. */
  readonly choices = new Map<string, number>()
  private readonly declared: VariantsSource
  private readonly seed: number
  private readonly tell: Tell
  private readonly forced: Forced
  /** What was taken of a list that several draw from. */
  private readonly taken = new Map<string, Gap[]>()

  /** Expects declarations that `declarationFaults` found nothing wrong with. What is drawn from an empty range is told. */
  constructor(declared: VariantsSource, seed: number, tell: Tell, forced: Forced = new Map()) {
    this.declared = declared
    this.seed = seed
    this.tell = tell
    this.forced = forced
    for (const name of Object.keys(declared)) this.value(name)
  }

  readonly lookup: Lookup = (placeholder) => {
    const value = this.value(placeholder.name)
    return value ? memberOf(value, placeholder) : { wrong: `stands for nothing: no value is named ${placeholder.name}` }
  }

  private value(name: string): Value | undefined {
    const known = this.values.get(name)
    if (known) return known
    const draw = Object.hasOwn(this.declared, name) ? this.declared[name] : undefined
    const value = draw && this.draw(name, draw)
    if (value) this.values.set(name, value)
    return value
  }

  private draw(name: string, draw: DrawSource): Value | undefined {
    switch (draw.draw) {
      case 'network':
        return this.network(name, draw)
      case 'host':
        return this.host(name, draw)
      case 'number':
        return this.number(name, draw)
      case 'name': {
        const words = draw.of ?? WORDS
        const at = this.place(name, words.length, this.takenOf(`name ${words.join(' ')}`), true)
        return at === undefined ? undefined : nameValue(words[at] as string)
      }
      case 'mac': {
        const at = this.place(name, 2 ** 24, this.takenOf(`mac ${draw.of}`), true)
        return at === undefined ? undefined : macValue((parseMac(`${draw.of}:00:00:00`) ?? 0) + at)
      }
      case 'one': {
        const at = this.place(name, draw.of.length, []) ?? 0
        return oneValue(this.filled(name, draw.of[at] as SourceOf<'one'>['of'][number], at), at)
      }
      case 'overlay': {
        const keys = Object.keys(draw.of)
        const wanted = this.forced.get(name)
        const at = this.place(name, keys.length, []) ?? 0
        const key = wanted !== undefined && keys.includes(wanted) ? wanted : (keys[at] as string)
        const { title, words } = draw.of[key] as SourceOf<'overlay'>['of'][string]
        const fill = this.filler([name, 'of', key])
        const filled = Object.entries(words).map(([word, value]) => [word, fill(value)] as const)
        return overlayValue(key, String(fill(title)), Object.fromEntries(filled))
      }
      default:
        draw satisfies never
        return undefined
    }
  }

  /** One place of `total`; `keep`: nobody who draws with the same gaps gets it again. */
  private place(name: string, total: number, gaps: Gap[], keep = false): number | undefined {
    const { left } = places(total, gaps)
    this.choices.set(name, left)
    if (left <= 0) {
      this.tell([name], 'leaves nothing to draw')
      return undefined
    }
    const at = drawPlace(total, gaps, new RandomStream(this.seed, `variants/${name}`))
    if (keep) gaps.push({ from: at, to: at + 1 })
    return at
  }

  private takenOf(list: string): Gap[] {
    const taken = this.taken.get(list) ?? []
    this.taken.set(list, taken)
    return taken
  }

  private network(name: string, { of, length, except }: SourceOf<'network'>): Value | undefined {
    const pool = parseCidr(of)
    if (!pool) return undefined
    const size = 2 ** (32 - length)
    const gaps = except.flatMap((one) => {
      const out = parseCidr(one)
      if (!out) return []
      const from = Math.floor((out.address - pool.address) / size)
      return [{ from, to: Math.max(from + 1, Math.ceil((out.address + 2 ** (32 - out.prefixLength) - pool.address) / size)) }]
    })
    const at = this.place(name, 2 ** (length - pool.prefixLength), gaps)
    return at === undefined ? undefined : networkValue(pool.address + at * size, length)
  }

  private host(name: string, draw: SourceOf<'host'>): Value | undefined {
    const literal = parseCidr(draw.of)
    const of = literal
      ? networkValue(networkOf(literal.address, literal.prefixLength), literal.prefixLength)
      : this.value(draw.of)
    if (of?.address === undefined || of.prefixLength === undefined) return undefined
    const base = of.address
    const { from, to } = rangeOf(draw, of.prefixLength)
    const gaps = draw.except.flatMap((one) => {
      const address = typeof one === 'number' ? base + one : (parseIp(one) ?? this.value(one)?.address)
      return address === undefined ? [] : [{ from: address - base - from, to: address - base - from + 1 }]
    })
    const at = this.place(name, to - from + 1, gaps)
    return at === undefined ? undefined : hostValue(base + from + at, of.prefixLength)
  }

  private number(name: string, { from, to, step, except }: SourceOf<'number'>): Value | undefined {
    const gaps = except
      .filter((one) => (one - from) % step === 0)
      .map((one) => ({ from: (one - from) / step, to: (one - from) / step + 1 }))
    const at = this.place(name, Math.floor((to - from) / step) + 1, gaps)
    return at === undefined ? undefined : numberValue(from + at * step)
  }

  private filler(path: readonly PropertyKey[]): (value: Scalar) => Scalar {
    const wrong = (reason: string) => this.tell(path, reason)
    return (value) => (typeof value === 'string' ? fillScalar(value, this.lookup, wrong) : value)
  }

  private filled(name: string, entry: SourceOf<'one'>['of'][number], at: number): typeof entry {
    const fill = this.filler([name, 'of', at])
    if (typeof entry !== 'object') return fill(entry)
    return Object.fromEntries(Object.entries(entry).map(([field, value]) => [field, fill(value)]))
  }
}

export const shown = (value: Value): string => (typeof value.self === 'string' ? value.self : String(value.self))
