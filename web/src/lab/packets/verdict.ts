import type { PacketRow } from '../../../../durable/protocol.ts'

/** Packets that went on, and those that a place rightly did not take: neither is news. */
const went = new Set(['', 'sent', 'delivered', 'forwarded'])
const ignored = new Set(['not-for-us', 'filtered', 'same-port'])

export type Fate = 'went' | 'ignored' | 'dropped'

export const fateOf = (row: PacketRow): Fate =>
  went.has(row.verdict) ? 'went' : ignored.has(row.verdict) ? 'ignored' : 'dropped'

/** In a row: `Dropped, no route`. */
export function fateText(row: PacketRow): string {
  const fate = fateOf(row)
  if (fate === 'went') return ''
  return fate === 'ignored' ? 'Ignored' : `Dropped, ${row.verdict.replaceAll('-', ' ')}`
}

/** In full, beside the decoded packet. */
export function verdictSentence(row: PacketRow): string {
  if (row.verdictText !== '') return row.verdictText
  return fateOf(row) === 'went' ? 'Went on its way.' : `${fateText(row)}.`
}
