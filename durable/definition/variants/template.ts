// A lab.yaml before its values are drawn: parsed once, filled in for as many seeds as are wanted.
import { schemaFaults } from '../faults.ts'
import { type Fault, readSource, type Source, valueAt } from '../source.ts'
import { Draws, type Forced } from './draw.ts'
import { Filling, type Path } from './fill.ts'
import { fillText, hasPlaceholder } from './placeholder.ts'
import { declarationFaults, type Tell } from './references.ts'
import { type VariantsSource, variantsSource } from './schema.ts'

/** One value of a variant, as teachers and messages show it. */
export type VariantValue = { readonly name: string; readonly kind: string; readonly value: string; readonly title: string }

/** The values of one seed. */
export class Variant {
  private readonly draws: Draws

  constructor(draws: Draws) {
    this.draws = draws
  }

  get values(): VariantValue[] {
    return [...this.draws.values].map(([name, { kind, self, title }]) => ({ name, kind, value: String(self), title }))
  }

  /** Which overlay was drawn, by the name of the value. */
  get overlays(): ReadonlyMap<string, string> {
    return new Map(this.values.filter(({ kind }) => kind === 'overlay').map(({ name, value }) => [name, value]))
  }

  /** Another text that goes with the lab, such as its brief or a script. Without declarations nothing is a placeholder. */
  fill(text: string): { readonly text: string; readonly faults: readonly Fault[] } {
    if (this.draws.values.size === 0 || !hasPlaceholder(text)) return { text, faults: [] }
    const faults: Fault[] = []
    const lines = text
      .split('\n')
      .map((line, at) => fillText(line, this.draws.lookup, (reason) => faults.push({ line: at + 1, path: '', reason })))
    return { text: lines.join('\n'), faults }
  }
}

export type Filled = { readonly source: Source; readonly variant: Variant } | { readonly faults: readonly Fault[] }

/** Seeds that are looked at for each variant that is wanted. */
const TRIES = 20

export class Template {
  private readonly source: Source
  readonly declared: VariantsSource

  constructor(source: Source, declared: VariantsSource) {
    this.source = source
    this.declared = declared
  }

  /** The file as a lab of this seed has it. */
  at(seed: number, forced?: Forced): Filled {
    const faults: Fault[] = []
    const tell: Tell = (path, reason) => faults.push(this.source.fault(path, reason))
    const draws = new Draws(this.declared, seed, (path, reason) => tell(['variants', ...path], reason), forced)
    const variant = new Variant(draws)
    if (faults.length > 0) return { faults }
    if (draws.values.size === 0) return { source: this.source, variant }
    const filling = new Filling(draws.lookup, tell)
    const data = filling.file(this.source.data as { [key: string]: unknown }, this.declared, variant.overlays)
    if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) }
    return { source: filledSource(this.source, data, filling), variant }
  }

  /** How many different variants there are. */
  get capacity(): number {
    const { choices } = new Draws(this.declared, 0, () => {})
    const product = [...choices.values()].reduce((all, one) => all * one, 1)
    return Math.min(product, Number.MAX_SAFE_INTEGER)
  }

  /** Seeds, from 0 on, that draw different values: all that there are, or `most`. Chance may leave a few out that are hard to hit. */
  differentSeeds(most: number): number[] {
    const wanted = Math.min(this.capacity, most)
    const seen = new Set<string>()
    const seeds: number[] = []
    for (let seed = 0; seeds.length < wanted && seed < wanted * TRIES; seed++) {
      const key = JSON.stringify(new Variant(new Draws(this.declared, seed, () => {})).values.map(({ value }) => value))
      if (seen.has(key)) continue
      seen.add(key)
      seeds.push(seed)
    }
    return seeds
  }

  /** Why a class of so many would not get a variant each. */
  tooSmallFor(students: number): Fault | undefined {
    const { capacity } = this
    if (capacity >= students || Object.keys(this.declared).length === 0) return undefined
    const many = capacity === 1 ? 'only one variant' : `only ${capacity} different variants`
    return this.source.fault(['variants'], `there are ${many}, too few for a class of ${students}: declare wider ranges`)
  }
}

/** Faults of the filled file name line and field of the source, and say what was filled in there. */
function filledSource(source: Source, data: unknown, filling: Filling): Source {
  const fault = (path: Path, reason: string): Fault => {
    const origin = filling.origin(path)
    const [wrote, reads] = [valueAt(source.data, origin), valueAt(data, path)]
    const filled = typeof wrote === 'string' && hasPlaceholder(wrote) && wrote !== reads
    return source.fault(origin, filled ? `${reason} (filled in, it is \`${String(reads)}\`)` : reason)
  }
  return { data, fault }
}

/** Reads a lab.yaml as far as its values can be drawn. */
export function readTemplate(yaml: string): Template | { readonly faults: readonly Fault[] } {
  const read = readSource(yaml)
  if ('faults' in read) return read
  const { source } = read
  const block = valueAt(source.data, ['variants'])
  if (block === undefined) return new Template(source, {})
  const parsed = variantsSource.safeParse(block)
  const inside: Source = {
    data: block,
    fault: (path, reason) => source.fault(['variants', ...path], reason),
  }
  if (!parsed.success) return { faults: schemaFaults(parsed.error.issues, inside) }
  const faults: Fault[] = []
  declarationFaults(parsed.data, (path, reason) => faults.push(inside.fault(path, reason)))
  return faults.length > 0 ? { faults: faults.sort((a, b) => a.line - b.line) } : new Template(source, parsed.data)
}
