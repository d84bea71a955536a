// What an author is told about a lab while writing it.
import type { LabDefinition } from '../engine/lab/definition.ts'
import { scriptFor } from '../walk/for-variant.ts'
import { openTemplate, parseFilled } from './parse.ts'
import type { Fault } from './source.ts'
import { definitionFaults, type Variant, type VariantValue } from './variants/index.ts'

/** `file` is `definition`, `brief`, or the name of a solution. */
export type TextFault = Fault & { readonly file: string }

export type LabInside = {
  readonly title: string
  readonly summary: string
  readonly machines: readonly { readonly name: string; readonly os: string; readonly terminal: boolean }[]
  readonly checks: readonly { readonly id: string; readonly title: string; readonly points: number }[]
  readonly points: number
  /** How many different labs the seed can draw; 1: all are the same. */
  readonly variants: number
  /** What the asked seed draws. */
  readonly values: readonly VariantValue[]
  /** As a student with this seed reads it. */
  readonly brief: string
}
export type Examined = { readonly faults: readonly TextFault[]; readonly lab: LabInside | null }

type Texts = {
  readonly definition: string
  readonly brief: string
  readonly solutions: readonly { readonly name: string; readonly text: string }[]
}

const MOST_FAULTS = 100

/** Everything that is wrong with the texts of a lab, whatever its seed is, and what is in it with this one. */
export function examine({ definition, brief, solutions }: Texts, seed: number): Examined {
  const wrong = definitionFaults(definition).map((fault) => ({ ...fault, file: 'definition' }))
  const read = openTemplate(definition)
  const parsed = read.ok ? parseFilled(read.template, seed) : read
  if (!read.ok || !parsed.ok) {
    const own = wrong.length > 0 || parsed.ok ? wrong : parsed.faults.map((fault) => ({ ...fault, file: 'definition' }))
    return { faults: own.slice(0, MOST_FAULTS), lab: null }
  }
  const { definition: lab, variant } = parsed
  const filled = variant.fill(brief)
  const faults = [
    ...wrong,
    ...filled.faults.map((fault) => ({ ...fault, file: 'brief' })),
    ...solutions.flatMap((one) => scriptFaults(one, lab, variant)),
  ]
  return {
    faults: faults.slice(0, MOST_FAULTS),
    lab: {
      title: lab.title,
      summary: lab.summary,
      machines: lab.machines.map(({ name, os, console }) => ({ name, os, terminal: console })),
      checks: lab.checks.map(({ id, title, points }) => ({ id, title, points })),
      points: lab.checks.reduce((all, { points }) => all + points, 0),
      variants: read.template.capacity,
      values: variant.values,
      brief: filled.text,
    },
  }
}

/** Of a solution: what is no step, and terminals and cables that the lab has not. */
function scriptFaults({ name: file, text }: Texts['solutions'][number], lab: LabDefinition, variant: Variant): TextFault[] {
  const { steps, faults } = scriptFor(text, variant)
  const terminals = new Set(lab.machines.filter(({ console }) => console).map(({ name }) => name))
  const cables = new Set(lab.cables.map(({ name }) => name))
  const wrong = steps.flatMap((step) => {
    const { line } = step
    if ((step.kind === 'plug' || step.kind === 'unplug') && !cables.has(step.link))
      return [{ line, reason: `no cable is named ${step.link}` }]
    if (step.kind === 'type' && !terminals.has(step.console.split(':')[0]))
      return [{ line, reason: `there is no terminal on ${step.console}` }]
    return []
  })
  return [...faults, ...wrong].map(({ line, reason }) => ({ file, line, path: '', reason }))
}
