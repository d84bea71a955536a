import type { PacketRow } from '../../../../durable/protocol.ts'

/** Packets that went on, and those that a place rightly did not take: neither is news. */
const went = new Set(['', 'sent', 'delivered', 'forwarded'])
const ignored = new Set(['not-for-us', 'filtered', 'same-port'])
/** What a place does with most of what is said to everybody. */
const ignoredOfBroadcasts = new Set(['no-listener', 'firewall'])
const toEverybody = /^(255\.255\.255\.255|22[4-9]\.|23\d\.|ff:ff:ff:ff:ff:ff|\d+\.\d+\.\d+\.255$)/

export type Fate = 'went' | 'ignored' | 'dropped'

export function fateOf({ verdict, destination }: PacketRow): Fate {
  if (went.has(verdict)) return 'went'
  if (ignored.has(verdict)) return 'ignored'
  return ignoredOfBroadcasts.has(verdict) && toEverybody.test(destination) ? 'ignored' : 'dropped'
}

/** In a row: `Dropped, no route`. */
export function fateText(row: PacketRow): string {
  const fate = fateOf(row)
  return fate === 'went' ? '' : `${fate === 'ignored' ? 'Ignored' : 'Dropped'}, ${row.verdict.replaceAll('-', ' ')}`
}

/** In full, beside the decoded packet. */
export function verdictSentence(row: PacketRow): string {
  if (row.verdictText !== '') return row.verdictText
  return fateOf(row) === 'went' ? 'Went on its way.' : `${fateText(row)}.`
}
