import { text } from './text.ts'
import { isObject, kindOf, type PsValue, version } from './value.ts'

export function truth(value: PsValue): boolean {
  if (value === null) return false
  if (Array.isArray(value)) return value.length === 0 ? false : value.length === 1 ? truth(value[0]) : true
  if (typeof value === 'string') return value.length > 0
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'boolean') return value
  return true
}

const scale: Record<string, number> = { kb: 1024, mb: 1_048_576, gb: 1_073_741_824, tb: 1_099_511_627_776 }

/** The number that a literal such as `12`, `1.5`, `0x1F` or `2GB` stands for. */
export function numberLiteral(source: string): number | undefined {
  const m = /^([+-]?)(0x[0-9a-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)([ld]?)(kb|mb|gb|tb)?$/i.exec(source)
  if (m === null) return undefined
  const value = Number(m[2]) * (m[4] === undefined ? 1 : scale[m[4].toLowerCase()])
  return m[1] === '-' ? -value : value
}

/** A number, or undefined when the value cannot be one. */
export function toNumber(value: PsValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null) return 0
  if (typeof value === 'string') return value.trim() === '' ? 0 : numberLiteral(value.trim())
  if (Array.isArray(value)) return value.length === 1 ? toNumber(value[0]) : undefined
  return kindOf(value) === 'span' ? (value as { micros: number }).micros : undefined
}

/** Round half to even, as [int] does. */
export function toInteger(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.floor(value + 0.5)
  return floor % 2 === 0 ? floor : floor + 1
}

const dottedQuad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** -1, 0 or 1; text without regard to case unless asked. Undefined: the two cannot be ordered. */
export function compare(left: PsValue, right: PsValue, caseSensitive = false): number | undefined {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  if (typeof left === 'number') {
    const other = toNumber(right)
    return other === undefined ? undefined : Math.sign(left - other)
  }
  if (typeof left === 'boolean') return Math.sign(Number(left) - Number(truth(right)))
  const a = instant(left)
  const b = instant(right)
  if (a !== undefined && b !== undefined) return Math.sign(a - b)
  const versions = versionParts(left) && versionParts(isObject(right) ? right : version(text(right)))
  if (versions && isObject(left)) return byParts(versionParts(left) ?? [], versions)
  if (typeof left === 'string' || isObject(left)) return compareText(text(left), text(right), caseSensitive)
  return undefined
}

const versionParts = (value: PsValue | undefined): number[] | undefined =>
  value !== undefined && isObject(value) && value.types[0] === 'System.Version'
    ? ['Major', 'Minor', 'Build', 'Revision'].map((name) => Number(value.props.get(name) ?? -1))
    : undefined

const byParts = (a: readonly number[], b: readonly number[]): number =>
  a.map((one, at) => Math.sign(one - (b[at] ?? -1))).find((sign) => sign !== 0) ?? 0

const instant = (value: PsValue): number | undefined => {
  const kind = kindOf(value)
  return kind === 'date' || kind === 'span' ? (value as { micros: number }).micros : undefined
}

/** Letters order as in en-US: case decides only between texts otherwise equal. */
export function compareText(left: string, right: string, caseSensitive: boolean): number {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  if (a !== b) return a < b ? -1 : 1
  if (!caseSensitive || left === right) return 0
  return left > right ? -1 : 1
}

export function equal(left: PsValue, right: PsValue, caseSensitive = false): boolean {
  if (left === null || right === null) return left === right
  if (Array.isArray(left) || Array.isArray(right)) return left === right
  if (kindOf(left) === 'hash' || kindOf(left) === 'script') return left === right
  if (kindOf(left) === 'type') return text(left).toLowerCase() === text(right).toLowerCase()
  if (isObject(left) && isObject(right)) return left === right || (left.text !== undefined && left.text === right.text)
  return compare(left, right, caseSensitive) === 0
}

/** Sort-Object also orders addresses by their numbers when both are IPAddress-like; plain text otherwise. */
export const addressNumber = (value: string): number | undefined => {
  const m = dottedQuad.exec(value)
  return m === null ? undefined : m.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0)
}
