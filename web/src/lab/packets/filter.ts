import type { PacketRow } from '../../../../durable/protocol.ts'

export const timeText = (micros: number) => (micros / 1_000_000).toFixed(6)

/** For the list: tenths of milliseconds. */
export const shortTimeText = (micros: number) => (micros / 1_000_000).toFixed(4)

const texts = new WeakMap<PacketRow, string>()

function textOf(row: PacketRow): string {
  let text = texts.get(row)
  if (text === undefined) {
    const { where, source, destination, protocol, info, verdict, verdictText, time } = row
    text = [timeText(time), where, source, destination, protocol, info, verdict, verdictText].join(' ').toLowerCase()
    texts.set(row, text)
  }
  return text
}

/** Every word must stand somewhere in the row; a word with `!` before it nowhere. */
export function filterRows(rows: readonly PacketRow[], filter: string, subset: ReadonlySet<number> | null): readonly PacketRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
  if (words.length === 0 && subset === null) return rows
  return rows.filter(
    (row) =>
      (subset === null || subset.has(row.packet)) &&
      words.every((word) => (word.startsWith('!') ? !textOf(row).includes(word.slice(1)) : textOf(row).includes(word))),
  )
}
