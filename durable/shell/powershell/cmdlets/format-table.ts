import type { Call, Cmdlet } from '../cmdlet.ts'
import { listLines } from '../format/list.ts'
import { allRows, FORMATTED, formatted } from '../format/render.ts'
import { tableLines } from '../format/table.ts'
import { type Column, col, type Row } from '../format/view.ts'
import { display } from '../values/text.ts'
import { CUSTOM, isHash, isObject, object, type PsObject, type PsValue } from '../values/value.ts'
import { viewOf } from '../views/index.ts'
import { evaluateSpec, expandNames, type Spec, specs } from './properties.ts'

const asObject = (item: PsValue): PsObject | undefined =>
  isObject(item)
    ? item
    : isHash(item)
      ? { kind: 'object', types: ['System.Collections.Hashtable'], props: item.entries }
      : undefined

/** Strings and numbers have no properties to put in columns. */
const plain = (item: PsValue): boolean => asObject(item) === undefined

/** Values first, since blocks may take time; then text. */
function* computed(call: Call, wanted: readonly Spec[], items: readonly PsValue[]) {
  const out: PsObject[] = []
  for (const item of items) {
    const props = new Map<string, PsValue>()
    for (const [i, one] of wanted.entries()) props.set(String(i), yield* evaluateSpec(call, one, item))
    out.push({ kind: 'object', types: [CUSTOM], props })
  }
  return out
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** Runs of objects that one table or list can hold. */
function groups(items: readonly PsValue[]): PsValue[][] {
  const out: PsValue[][] = []
  let key: string | undefined
  for (const item of items) {
    const own = asObject(item)
    const next = own === undefined ? 'text' : (viewOf(own)?.type ?? own.types[0])
    if (next !== key) out.push([])
    key = next
    out[out.length - 1].push(item)
  }
  return out
}

export const formatTable: Cmdlet = {
  name: 'Format-Table',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Formats the output as a table.',
  supports: ['InputObject', 'Property', 'AutoSize', 'Wrap', 'HideTableHeaders'],
  signature:
    'InputObject:PSObject<v Property:Object[]@0 AutoSize? Wrap? HideTableHeaders? GroupBy:Object View ShowError? DisplayError? Force? Expand',
  start(call) {
    const { bound } = call
    const held: PsValue[] = []
    const style = { wrap: bound.flag('Wrap'), hideHeaders: bound.flag('HideTableHeaders') }
    return {
      process(_, input) {
        if (input !== undefined) held.push(input)
        else if (bound.has('InputObject')) held.push(bound.get('InputObject') ?? null)
      },
      *end() {
        if (held.length === 0) return
        let out = ''
        if (bound.has('Property')) {
          const wanted = expandNames(specs(bound.list('Property')), held[0])
          const columns: Column[] = wanted.map((one, i) =>
            col(one.label, one.width, { value: String(i), ...(one.right === undefined ? {} : { right: one.right }) }),
          )
          out = text([
            '',
            ...tableLines({ ...style, columns, auto: bound.flag('AutoSize'), known: false }, yield* computed(call, wanted, held)),
            '',
            '',
          ])
        } else {
          for (const group of groups(held)) {
            const first = asObject(group[0])
            if (first === undefined) {
              out += formatted(group)
              continue
            }
            const view = viewOf(first)
            const known = view?.table
            const columns =
              known?.columns ??
              (view?.list ?? allRows(first)).slice(0, 10).map((row) => col(row.label, undefined, { value: row.value }))
            const objects = group.map((item) => asObject(item) ?? first)
            out += text([
              ...(view?.heading?.(first) ?? []),
              '',
              ...tableLines(
                { ...style, columns, auto: bound.flag('AutoSize') || known?.auto === true, known: known !== undefined },
                objects,
              ),
              '',
              '',
            ])
          }
        }
        yield* call.emit(object(FORMATTED, {}, out))
      },
    }
  },
}

export const formatList: Cmdlet = {
  name: 'Format-List',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Formats the output as a list of properties in which each property appears on a new line.',
  supports: ['InputObject', 'Property', 'Force'],
  signature: 'InputObject:PSObject<v Property:Object[]@0 GroupBy:Object View ShowError? DisplayError? Force? Expand',
  start(call) {
    const { bound } = call
    const held: PsValue[] = []
    return {
      process(_, input) {
        if (input !== undefined) held.push(input)
        else if (bound.has('InputObject')) held.push(bound.get('InputObject') ?? null)
      },
      *end() {
        if (held.length === 0) return
        if (held.every(plain) && !bound.has('Property')) {
          yield* call.emit(object(FORMATTED, {}, text(held.map((item) => display(item)))))
          return
        }
        const lines = ['']
        for (const item of held) {
          const own = asObject(item)
          if (bound.has('Property')) {
            const wanted = expandNames(specs(bound.list('Property')), item)
            const rows: Row[] = wanted.map((one, i) => ({ label: one.label, value: String(i) }))
            lines.push('', ...listLines(rows, (yield* computed(call, wanted, [item]))[0]))
          } else if (own !== undefined) {
            const view = viewOf(own)
            if (view?.lines !== undefined) lines.push(...view.lines(own))
            else lines.push('', ...listLines(view?.list ?? allRows(own), own))
          } else lines.push(display(item))
        }
        yield* call.emit(object(FORMATTED, {}, text([...lines, '', ''])))
      },
    }
  },
}
