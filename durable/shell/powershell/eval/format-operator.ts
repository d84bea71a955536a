import { civil, formatDate, timeSpan } from '../../windows/calendar.ts'
import { toInteger, toNumber } from '../values/convert.ts'
import { numberText, text } from '../values/text.ts'
import { kindOf, type PsValue } from '../values/value.ts'
import { OperatorFault } from './operators.ts'

const formatFault = (why: string): OperatorFault => new OperatorFault(`Error formatting a string: ${why}.`, 'FormatError')

/** `'{0,-10:N2}' -f 1234.5` */
export function formatOperator(pattern: string, values: readonly PsValue[]): string {
  const left = pattern.replace(/\{\{|\}\}|\{(\d{1,6})(?:,-?\d{1,3})?(?::[^{}]*)?\}/g, (_, index) => {
    if (index !== undefined && Number(index) >= values.length)
      throw formatFault('Index (zero based) must be greater than or equal to zero and less than the size of the argument list.')
    return ''
  })
  if (/[{}]/.test(left)) throw formatFault('Input string was not in a correct format.')
  return pattern.replace(/\{\{|\}\}|\{(\d{1,3})(?:,(-?\d{1,3}))?(?::([^}]*))?\}/g, (whole, index, width, format) => {
    if (whole === '{{') return '{'
    if (whole === '}}') return '}'
    const value = values[Number(index)] ?? null
    const shown = format === undefined ? text(value) : formatValue(value, format)
    if (width === undefined) return shown
    return Number(width) < 0 ? shown.padEnd(-Number(width)) : shown.padStart(Number(width))
  })
}

/** The one-letter formats of dates, as en-US has them. */
const standardDates: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
  s: "yyyy-MM-dd'T'HH:mm:ss",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}

/** `hh\\:mm\\:ss`: letters of a span of time; a backslash or quotes make a literal. */
function formatSpan(micros: number, format: string): string {
  if (/^[cgGtT]$/.test(format)) return timeSpan(micros)
  const left = Math.abs(micros)
  const fields: Readonly<Record<string, number>> = {
    d: Math.floor(left / 86_400e6),
    h: Math.floor(left / 3_600e6) % 24,
    m: Math.floor(left / 60e6) % 60,
    s: Math.floor(left / 1e6) % 60,
  }
  return format.replace(/\\(.)|'([^']*)'|"([^"]*)"|([dhms])\4*|f+|F+/g, (whole, escaped, single, double, letter) => {
    const literal = escaped ?? single ?? double
    if (literal !== undefined) return literal
    if (letter === undefined)
      return String(left % 1e6)
        .padStart(6, '0')
        .padEnd(7, '0')
        .slice(0, whole.length)
    return String(fields[letter]).padStart(whole.length, '0')
  })
}

/** The .NET format strings that people type: N, F, D, X, P, 0-patterns, dates. */
export function formatValue(value: PsValue, format: string): string {
  if (kindOf(value) === 'date') return formatDate(civil((value as { micros: number }).micros), standardDates[format] ?? format)
  if (kindOf(value) === 'span') return formatSpan((value as { micros: number }).micros, format)
  const n = typeof value === 'number' ? value : undefined
  if (n === undefined) return text(value)
  const m = /^([NFDXPCE])(\d{0,2})$/i.exec(format)
  if (m === null) return customNumber(n, format)
  const digits = m[2] === '' ? undefined : Number(m[2])
  switch (m[1].toUpperCase()) {
    case 'N':
      return grouped(fixed(n, digits ?? 2))
    case 'F':
      return fixed(n, digits ?? 2)
    case 'D':
      return (n < 0 ? '-' : '') + String(Math.abs(toInteger(n))).padStart(digits ?? 0, '0')
    case 'X': {
      const hex = (n < 0 ? toInteger(n) + 4_294_967_296 : toInteger(n)).toString(16).padStart(digits ?? 0, '0')
      return m[1] === 'X' ? hex.toUpperCase() : hex
    }
    case 'P':
      return `${grouped(fixed(n * 100, digits ?? 2))} %`
    case 'C':
      return `$${grouped(fixed(n, digits ?? 2))}`
    default:
      return numberText(n)
  }
}

/** Rounds half away from zero, as .NET Framework does. */
function fixed(n: number, digits: number): string {
  const sign = n < 0 ? '-' : ''
  const scale = Number(`1e${Math.min(digits, 15)}`)
  const scaled = Math.abs(n) * scale
  if (!(scaled < 9e15)) return numberText(n)
  const whole = String(Math.floor(scaled + 0.5)).padStart(digits + 1, '0')
  return sign + (digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`)
}

function grouped(digits: string): string {
  const [whole, fraction] = digits.split('.')
  const commas = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? commas : `${commas}.${fraction}`
}

function customNumber(n: number, format: string): string {
  const m = /^(#,##)?(0*|#)(?:\.([0#]+))?$/.exec(format)
  if (m === null) return text(n)
  const most = m[3]?.length ?? 0
  const least = (m[3] ?? '').replace(/#/g, '').length
  let shown = fixed(n, most)
  while (shown.includes('.') && shown.endsWith('0') && shown.length - shown.indexOf('.') - 1 > least) shown = shown.slice(0, -1)
  shown = shown.replace(/\.$/, '')
  const [whole, fraction] = shown.split('.')
  const padded = whole.padStart(m[2].length, '0') + (fraction === undefined ? '' : `.${fraction}`)
  return m[1] === undefined ? padded : grouped(padded)
}

export const toNumberOr = (value: PsValue, otherwise: number): number => toNumber(value) ?? otherwise
