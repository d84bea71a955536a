import { type Document, isMap, isNode, LineCounter, type ParsedNode, parseDocument } from 'yaml'

/** What is wrong with a definition and where: the line of the file, counted from 1, and the field. */
export type Fault = { readonly line: number; readonly path: string; readonly reason: string }

export type Source = {
  readonly data: unknown
  /** What is wrong with the field at a path of `data`, as the person who wrote the file finds it. */
  fault(path: readonly PropertyKey[], reason: string): Fault
}

/** Reads YAML text. Anchors and aliases work, but only so many that they cannot blow the file up. */
export function readSource(text: string): { readonly source: Source } | { readonly faults: readonly Fault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const wrong = [...document.errors, ...document.warnings]
  if (wrong.length > 0) {
    return { faults: wrong.slice(0, 20).map((one) => ({ line: lines.linePos(one.pos[0]).line, path: '', reason: one.message })) }
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 })
    const fault = (path: readonly PropertyKey[], reason: string) => ({
      line: lineOf(document, lines, path),
      path: pathText(path),
      reason,
    })
    return { source: { data, fault } }
  } catch (error) {
    return { faults: [{ line: 1, path: '', reason: error instanceof Error ? error.message : 'cannot be read' }] }
  }
}

/** The line of the field, or of the nearest thing around it that stands in the file. */
function lineOf(document: Document.Parsed<ParsedNode>, lines: LineCounter, path: readonly PropertyKey[]): number {
  let at = 0
  let node: unknown = document.contents
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isNode(item.key) && String(item.key) === String(step))
      if (!pair) break
      at = start(pair.key) ?? at
      node = pair.value
    } else {
      const inside: unknown =
        isNode(node) && 'get' in node ? (node as { get(key: unknown, keep: boolean): unknown }).get(step, true) : undefined
      if (inside === undefined) break
      at = start(inside) ?? at
      node = inside
    }
  }
  return lines.linePos(at).line
}

const start = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)

/** What stands at the path, or undefined. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<PropertyKey, unknown>)[step]
  }
  return value
}

/** `machines.desk.adapters["vEthernet (a)"].joins[0]`. */
export const pathText = (path: readonly PropertyKey[]): string => path.map(stepText).join('')

function stepText(step: PropertyKey, at: number): string {
  if (typeof step === 'number') return `[${step}]`
  const name = String(step)
  if (!/^[\w-]+$/.test(name)) return `["${name}"]`
  return at === 0 ? name : `.${name}`
}
