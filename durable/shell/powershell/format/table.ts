import { display } from '../values/text.ts'
import type { PsObject, PsValue } from '../values/value.ts'
import type { Column, Get } from './view.ts'
import { clip, WIDTH, wrap } from './wrap.ts'

export type TableStyle = {
  readonly columns: readonly Column[]
  readonly auto: boolean
  readonly wrap: boolean
  readonly hideHeaders: boolean
  /** Columns of a registered view say themselves where they align; others by the first value. */
  readonly known: boolean
}

export const cellValue = (item: PsObject, get: Get): PsValue =>
  typeof get === 'function' ? get(item) : (item.props.get(get) ?? null)

/** Cells hold one line. */
export const cell = (value: PsValue): string => display(value).replace(/\r?\n/g, ' ')

/** Heading, rule and rows, without the empty lines around a table. */
export function tableLines(style: TableStyle, items: readonly PsObject[]): string[] {
  const cells = items.map((item) =>
    style.columns.map((column) => (style.wrap ? display(cellValue(item, column.value)) : cell(cellValue(item, column.value)))),
  )
  const right = style.columns.map(
    (column) => column.right ?? (!style.known && items.length > 0 && typeof cellValue(items[0], column.value) === 'number'),
  )
  const widths = style.auto ? autoWidths(style.columns, cells) : sharedWidths(style.columns)
  const shown = style.columns.map((_, i) => i).filter((i) => widths[i] > 0)
  const lines = style.hideHeaders ? [] : heading(style.columns, widths, right, shown)
  for (const row of cells) {
    if (style.wrap) lines.push(...wrappedRow(row, widths, right, shown))
    else lines.push(joinCells(shown.map((i) => clip(row[i], widths[i], right[i]))))
  }
  return lines
}

/** The last cell keeps no spaces behind it when it is left-aligned. */
const joinCells = (cells: readonly string[]): string =>
  cells.map((one, i) => (i === cells.length - 1 ? one.trimEnd() : one)).join(' ')

function heading(
  columns: readonly Column[],
  widths: readonly number[],
  right: readonly boolean[],
  shown: readonly number[],
): string[] {
  const labels = columns.map((column, i) => column.label.split('\n').flatMap((part) => wrap(part, Math.max(1, widths[i]))))
  const height = Math.max(...shown.map((i) => labels[i].length))
  const lines: string[] = []
  const block = labels.map((parts) => Math.max(...parts.map((part) => part.length)))
  // The lines of one heading share their left edge, also over a column of numbers.
  for (let y = 0; y < height; y++)
    lines.push(joinCells(shown.map((i) => clip((labels[i][y] ?? '').padEnd(right[i] ? block[i] : 0), widths[i], right[i]))))
  lines.push(
    joinCells(shown.map((i) => clip('-'.repeat(Math.max(...labels[i].map((part) => part.length))), widths[i], right[i]))),
  )
  return lines
}

function wrappedRow(
  row: readonly string[],
  widths: readonly number[],
  right: readonly boolean[],
  shown: readonly number[],
): string[] {
  const parts = row.map((text, i) => wrap(text, Math.max(1, widths[i])))
  const height = Math.max(...shown.map((i) => parts[i].length))
  return Array.from({ length: height }, (_, y) => joinCells(shown.map((i) => clip(parts[i][y] ?? '', widths[i], right[i]))))
}

/** As wide as needed; from the right, what does not clip shrinks and then disappears. */
function autoWidths(columns: readonly Column[], cells: readonly (readonly string[])[]): number[] {
  const widths = columns.map((column, i) =>
    Math.max(...column.label.split('\n').map((part) => part.length), ...cells.map((row) => row[i].length), 1),
  )
  for (let last = widths.length - 1; last >= 0; last--) {
    const excess = widths.reduce((sum, width) => sum + width + (width > 0 ? 1 : 0), -1) - WIDTH
    if (excess <= 0) break
    widths[last] = widths[last] - excess >= Math.min(5, widths[last]) ? widths[last] - excess : 0
  }
  return widths
}

/** Fixed widths as they are, the rest in equal parts; too much comes off the widest. */
function sharedWidths(columns: readonly Column[]): number[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0)
  const open = columns.filter((column) => column.width === undefined).length
  const room = WIDTH - (columns.length - 1) - fixed
  const each = open === 0 ? 0 : Math.max(3, Math.floor(room / open))
  const widths = columns.map((column) => column.width ?? each)
  for (let excess = widths.reduce((sum, width) => sum + width, columns.length - 1) - WIDTH; excess > 0; excess--) {
    widths[widths.indexOf(Math.max(...widths))]--
  }
  return widths
}
