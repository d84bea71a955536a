import { civil, invariantDateTime, longDateTime, shortDateTime, timeSpan } from '../../windows/calendar.ts'
import { CUSTOM, type PsValue, typeName } from './value.ts'

/** The ends of 64 bits, which a double only comes near to. */
const edges = new Map([
  [2 ** 63, '9223372036854775807'],
  [-(2 ** 63), '-9223372036854775808'],
  [2 ** 64, '18446744073709551615'],
])

/** .NET Framework writes 15 significant digits. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '∞'
  if (value === Number.NEGATIVE_INFINITY) return '-∞'
  const edge = edges.get(value)
  if (edge !== undefined) return edge
  if (Number.isInteger(value) && Math.abs(value) < 9.2e18) return BigInt(value).toString()
  const [mantissa, exponent] = value.toExponential(14).split('e')
  const power = Number(exponent)
  if (power >= -5 && power < 15) return String(Number(value.toPrecision(15)))
  const digits = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  return `${digits}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** What `"$value"` gives. */
export function text(value: PsValue, depth = 0): string {
  if (value === null) return ''
  if (depth > 8) return '...'
  if (Array.isArray(value)) return value.map((item) => text(item, depth + 1)).join(' ')
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
      return value ? 'True' : 'False'
    case 'number':
      return numberText(value)
  }
  switch (value.kind) {
    case 'object':
      if (value.text !== undefined) return value.text
      if (value.types[0] !== CUSTOM) return value.types[0]
      return `@{${[...value.props].map(([name, item]) => `${name}=${nested(item, depth + 1)}`).join('; ')}}`
    case 'hash':
      return typeName(value)
    case 'script':
      return value.source
    case 'date':
      return invariantDateTime(civil(value.micros))
    case 'span':
      return timeSpan(value.micros)
    case 'type':
      return value.name
    default:
      return value satisfies never
  }
}

/** Inside `@{...}` an array shows only its type. */
const nested = (value: PsValue, depth: number): string => (Array.isArray(value) ? 'System.Object[]' : text(value, depth))

/** How many items of a list a cell shows ($FormatEnumerationLimit). */
const SHOWN = 4

/** What a table cell or a list line shows. */
export function display(value: PsValue): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN).map((item) => display(item))
    return `{${shown.join(', ')}${value.length > SHOWN ? '...' : ''}}`
  }
  if (value !== null && typeof value === 'object') {
    if (value.kind === 'date') return shortDateTime(civil(value.micros))
    if (value.kind === 'hash')
      return `{${[...value.entries.keys()].slice(0, SHOWN).join(', ')}${value.entries.size > SHOWN ? '...' : ''}}`
  }
  return text(value)
}

/** What a value on its own line shows: primitives and dates have no view. */
export const line = (value: PsValue): string =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && value.kind === 'date'
    ? longDateTime(civil(value.micros))
    : text(value)
