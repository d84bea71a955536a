import { display } from '../values/text.ts'
import type { PsObject } from '../values/value.ts'
import { cellValue } from './table.ts'
import type { Row } from './view.ts'
import { WIDTH, wrap } from './wrap.ts'

/** `Name : value` lines, the colons under each other. */
export function listLines(rows: readonly Row[], item: PsObject): string[] {
  const label = Math.max(0, ...rows.map((row) => row.label.length))
  return rows.flatMap((row) => {
    const lines = wrap(display(cellValue(item, row.value)), WIDTH - label - 3)
    return lines.map((line, i) => `${i === 0 ? `${row.label.padEnd(label)} : ` : ' '.repeat(label + 3)}${line}`)
  })
}
