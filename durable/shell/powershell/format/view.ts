import type { PsObject, PsValue } from '../values/value.ts'

/** A property name, or what to compute. */
export type Get = string | ((item: PsObject) => PsValue)

export type Column = {
  /** Newlines make a heading of several lines. */
  readonly label: string
  readonly value: Get
  /** Undefined: shares what is left. */
  readonly width?: number
  readonly right?: boolean
}

export type Row = { readonly label: string; readonly value: Get }

/** How objects of one type are shown. */
export type View = {
  readonly type: string
  /** What `Format-Table` shows without a property list. */
  readonly table?: { readonly columns: readonly Column[]; readonly auto?: boolean }
  /** What `Format-List` shows without a property list; undefined: every property. */
  readonly list?: readonly Row[]
  /** Which of the two the console picks. */
  readonly usual: 'table' | 'list'
  /** Lines above the table, once for each group of objects that have the same. */
  readonly heading?: (item: PsObject) => readonly string[]
  /** Lines of a view of its own instead of the usual one. */
  readonly lines?: (item: PsObject) => readonly string[]
}

export const col = (label: string, width?: number, options: { value?: Get; right?: boolean } = {}): Column => ({
  label,
  value: options.value ?? label,
  ...(width === undefined ? {} : { width }),
  ...(options.right === undefined ? {} : { right: options.right }),
})

/** Columns as wide as their contents, as the Hyper-V views have them. */
export const autoTable = (...labels: readonly (string | Column)[]) => ({
  auto: true,
  columns: labels.map((one) => (typeof one === 'string' ? col(one) : one)),
})
export const rows = (...labels: readonly string[]): Row[] => labels.map((label) => ({ label, value: label }))
