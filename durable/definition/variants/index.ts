// What is asked about the variants of a lab.yaml from outside.
import { openTemplate, type Parsed, parseFilled } from '../parse.ts'
import type { Fault } from '../source.ts'
import type { Variant, VariantValue } from './template.ts'

export type { Variant, VariantValue } from './template.ts'

export type VariantAnswer =
  | { readonly ok: true; readonly values: readonly VariantValue[]; readonly variant: Variant }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** The values that a seed draws; none where the file declares none. */
export function variantOf(yaml: string, seed: number): VariantAnswer {
  const read = openTemplate(yaml)
  if (!read.ok) return read
  const filled = read.template.at(seed)
  if ('faults' in filled) return { ok: false, faults: filled.faults }
  return { ok: true, values: filled.variant.values, variant: filled.variant }
}

/** How many different variants there are; 1 where nothing is drawn, 0 where the file is wrong. */
export function capacity(yaml: string): number {
  const read = openTemplate(yaml)
  return read.ok ? read.template.capacity : 0
}

/** What keeps a class of so many from having a variant each, with line and field. A lab without variants is the same for all. */
export function classFaults(yaml: string, students: number): readonly Fault[] {
  const read = openTemplate(yaml)
  if (!read.ok) return read.faults
  const small = read.template.tooSmallFor(students)
  return small ? [small] : []
}

/** Seeds that a file is tried with before anybody uses it. */
const TRIED = [0, 1, 2, 3, 5, 8, 13, 4_294_967_295]

/** Everything that is wrong with a file whatever is drawn: with each of its overlays, and for a few seeds. */
export function definitionFaults(yaml: string): readonly Fault[] {
  const read = openTemplate(yaml)
  if (!read.ok) return read.faults
  const { template } = read
  const found = new Map<string, Fault>()
  const gather = (parsed: Parsed) => {
    if (!parsed.ok) for (const fault of parsed.faults) found.set(`${fault.line} ${fault.path} ${fault.reason}`, fault)
  }
  const declared = Object.entries(template.declared)
  for (const [name, draw] of declared)
    if (draw.draw === 'overlay') for (const key of Object.keys(draw.of)) gather(parseFilled(template, 1, new Map([[name, key]])))
  for (const seed of declared.length === 0 ? [0] : TRIED) gather(parseFilled(template, seed))
  return [...found.values()].sort((a, b) => a.line - b.line)
}
