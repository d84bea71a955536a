import type { Kernel } from '../../../machine/kernel.ts'
import type { Lab } from '../../lab.ts'
import type { ShownRow } from '../../lab-api.ts'
import { tableText } from '../../tables.ts'
import type { Fact, Format, Value } from './definition.ts'
import { normal } from './formats.ts'
import { subjects } from './subjects.ts'

/** What a fact is at one moment. `values` is empty where there is no such thing, and then `missing` says what is not there. */
export type Told = {
  readonly values: readonly string[]
  readonly format: Format
  readonly list: boolean
  readonly missing: string
  readonly rows: readonly ShownRow[]
}

const NOT_THERE = 'there is no such machine'

/** A machine that is off has no facts but that it is off. */
export function readFact(lab: Lab, fact: Fact): Told | { readonly couldNotRun: string } {
  const machine = lab.parts.machines.get(fact.machine)
  if (!machine) return { couldNotRun: `There is no machine ${fact.machine}.` }
  const { fields, find, say, table } = subjects[fact.of]
  if (fact.of === 'machine' && fact.field === 'power')
    return { values: [machine.power], format: 'text', list: false, missing: NOT_THERE, rows: [] }
  const field = fields[fact.field]
  if (field === undefined) return { couldNotRun: `${fact.of} has no field ${fact.field}.` }
  const kernel = lab.kernel(fact.machine)
  if (machine.power !== 'on' || kernel === undefined) return { couldNotRun: `${machine.hostname} is not running.` }
  const { format, list = false } = field
  const nothing = { values: [], format, list, rows: [] }
  const one = find(kernel, fact.name ?? '')
  if (one === undefined) return { ...nothing, missing: `${fact.machine} has no ${sayFact(fact)}` }
  const read = field.read(one, kernel)
  const values = (Array.isArray(read) ? (read as readonly Value[]) : read === undefined ? [] : [read as Value]).map((value) =>
    value === true ? 'yes' : value === false ? 'no' : String(value),
  )
  const shown = say(one)
  const row =
    table === undefined ? undefined : rowWith(lab, kernel, fact.machine, table as Parameters<typeof tableText>[2], shown, values)
  return { ...nothing, values, missing: `${shown} has no ${fact.field}`, rows: row ? [row] : [] }
}

export const formatOfFact = ({ of, field }: Fact): Format => subjects[of].fields[field]?.format ?? 'text'

/** `adapter eth0`, `route default`. */
export const sayFact = ({ of, name }: Pick<Fact, 'of' | 'name'>): string => (name === undefined ? of : `${of} ${name}`)
/** `prefix-length of adapter eth0 on pc`. */
export const sayWhole = (fact: Fact): string => `${fact.field} of ${sayFact(fact)} on ${fact.machine}`

/** The same question has the same text. */
export const askedOf = ({ machine, of, name = '', field }: Fact): string => [machine, of, name, field].join('|')

/** The first row of the table that has the thing's name in it. */
function rowWith(
  lab: Lab,
  _kernel: Kernel,
  machine: string,
  table: Parameters<typeof tableText>[2],
  shown: string,
  values: readonly string[],
): ShownRow | undefined {
  const rows = tableText(lab, machine, table)?.rows ?? []
  const last = shown.split(' ').at(-1) ?? shown
  const its = rows.filter((row) => row.some((cell) => cell === shown || cell.includes(last)))
  const row = its.find((one) => values.some((value) => one.some((cell) => cell.includes(value)))) ?? its[0]
  return row && { machine, table, row: row.join(' · ') }
}

/** In the one form; values that have none are left as they are. */
export const normals = ({ format, values }: Pick<Told, 'format' | 'values'>): string[] =>
  values.map((value) => normal(format, value) ?? value)
