import type { FunctionBody } from '../syntax/ast.ts'

/** What flows through a pipeline. `null` is $null; arrays are PowerShell's own and unroll in a pipeline. */
export type PsValue = null | boolean | number | string | PsValue[] | PsObject | PsHash | PsScript | PsDate | PsSpan | PsType

export type PsObject = {
  readonly kind: 'object'
  /** Full .NET or CIM name first, then what it derives from. */
  readonly types: readonly string[]
  /** In display order; looked up without regard to case. */
  readonly props: Map<string, PsValue>
  /** What the object says of itself in a string; undefined: the rule of its type. */
  readonly text?: string
}

export type PsHash = { readonly kind: 'hash'; readonly entries: Map<string, PsValue>; readonly ordered: boolean }
/** `code` is there while the line that wrote the block runs; a stored block is parsed again from its source. */
export type PsScript = {
  readonly kind: 'script'
  readonly source: string
  readonly code?: { readonly body: FunctionBody; readonly line: string }
}
/** Microseconds since 1970 on the machine's wall clock. */
export type PsDate = { readonly kind: 'date'; readonly micros: number }
export type PsSpan = { readonly kind: 'span'; readonly micros: number }
export type PsType = { readonly kind: 'type'; readonly name: string }

/** A list that can grow: ArrayList, List<T>. `type`: its full .NET name. */
export class PsList extends Array<PsValue> {
  readonly type: string
  constructor(type: string, items: readonly PsValue[] = []) {
    super()
    this.type = type
    for (const item of items) this.push(item)
  }
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

export const character = (char: string): PsObject => ({ kind: 'object', types: ['System.Char'], props: new Map(), text: char })

/** System.Version; undefined when the text is none. */
export function version(written: string): PsObject | undefined {
  if (!/^\d+(\.\d+){1,3}$/.test(written.trim())) return undefined
  const [major, minor, build = -1, revision = -1] = written.trim().split('.').map(Number)
  return object(
    'System.Version',
    { Major: major as number, Minor: minor as number, Build: build, Revision: revision, MajorRevision: -1, MinorRevision: -1 },
    written.trim(),
  )
}

export const CUSTOM = 'System.Management.Automation.PSCustomObject'

export function object(types: string | readonly string[], props: Record<string, PsValue>, text?: string): PsObject {
  const names = typeof types === 'string' ? [types] : types
  return { kind: 'object', types: names, props: new Map(Object.entries(props)), ...(text === undefined ? {} : { text }) }
}

export const custom = (props: Record<string, PsValue>): PsObject => object(CUSTOM, props)

export const isObject = (value: PsValue): value is PsObject => kindOf(value) === 'object'
export const isHash = (value: PsValue): value is PsHash => kindOf(value) === 'hash'
export const isScript = (value: PsValue): value is PsScript => kindOf(value) === 'script'

/** The discriminant of the values that have one. */
export function kindOf(value: PsValue): 'object' | 'hash' | 'script' | 'date' | 'span' | 'type' | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value.kind : undefined
}

/** The entry whose name equals `name` without regard to case. */
export function entryOf(map: ReadonlyMap<string, PsValue>, name: string): [string, PsValue] | undefined {
  const exact = map.get(name)
  if (exact !== undefined) return [name, exact]
  const lower = name.toLowerCase()
  for (const entry of map) if (entry[0].toLowerCase() === lower) return entry
  return undefined
}

/** A property of one object, undefined when there is none. */
export function property(value: PsValue, name: string): PsValue | undefined {
  if (isObject(value)) return entryOf(value.props, name)?.[1]
  if (isHash(value)) return entryOf(value.entries, name)?.[1]
  return undefined
}

/** Full type name, as Get-Member shows it. */
export function typeName(value: PsValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value instanceof PsList ? value.type : 'System.Object[]'
  switch (typeof value) {
    case 'string':
      return 'System.String'
    case 'boolean':
      return 'System.Boolean'
    case 'number':
      return Number.isInteger(value) ? (Math.abs(value) > 0x7fffffff ? 'System.Int64' : 'System.Int32') : 'System.Double'
  }
  switch (value.kind) {
    case 'object':
      return value.types[0]
    case 'hash':
      return value.ordered ? 'System.Collections.Specialized.OrderedDictionary' : 'System.Collections.Hashtable'
    case 'script':
      return 'System.Management.Automation.ScriptBlock'
    case 'date':
      return 'System.DateTime'
    case 'span':
      return 'System.TimeSpan'
    case 'type':
      return 'System.RuntimeType'
    default:
      return value satisfies never
  }
}

/** The word after the last dot or hash sign: `VirtualMachine`, `MSFT_NetAdapter`. */
export const shortType = (value: PsValue): string => typeName(value).replace(/^.*[./#]/, '')

/** What a pipeline makes of a value: arrays come one by one. */
export const unroll = (value: PsValue): readonly PsValue[] => (Array.isArray(value) ? value : [value])

/** One value as itself, none as null, several as an array. */
export const collect = (values: PsValue[]): PsValue => (values.length === 0 ? null : values.length === 1 ? values[0] : values)
