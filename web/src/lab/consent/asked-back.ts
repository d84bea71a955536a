import type { Proposal, ProposalEnd } from '../../../../durable/protocol.ts'
import { nameOfLine } from '../timeline/line-words.ts'

/** Somebody asks whether the lab may go back. `until` by the clock of this page, in milliseconds. */
export type AskedBack = Omit<Proposal, 'left'> & { readonly until: number }

/** When a page comes back and nothing is asked any more: it may have been lost with the lab's memory, or ended meanwhile. */
export const LOST =
  'Nobody is asked any more whether the lab may go back. If the timeline shows no rewind, nothing has changed: ask again.'

/** What was told, as it is kept; `now` by the clock of this page. */
export function heard(proposal: Proposal | null, now: number): AskedBack | null {
  if (proposal === null) return null
  const { left, ...rest } = proposal
  return { ...rest, until: now + left }
}

/** `line 12`, or where the lab began. */
export const placeOf = ({ line }: Pick<AskedBack, 'line'>) => (line.id === 0 ? 'the beginning' : `line ${line.id}`)

/** What the line was: the command itself, or the deed. Null for the beginning, which says it. */
export const deedAt = ({ line }: Pick<AskedBack, 'line'>): string | null =>
  line.id === 0
    ? null
    : nameOfLine({
        ...line,
        branch: 0,
        by: '',
        at: 0,
        endedAt: null,
        wall: 0,
        exitStatus: null,
        current: true,
        snapshot: null,
      })

export const othersAreAsked = (others: number) =>
  others === 1 ? '1 other is here: they will be asked.' : `${others} others are here: they will be asked.`

export type Part = 'asked' | 'waiting' | 'asks' | 'looks'

/** What somebody has to do with it: answer, wait for the others after agreeing, wait as the one who asks, or nothing. */
export function partOf({ by, missing }: AskedBack, you: string, role: string): Part {
  if (by.id === you) return 'asks'
  if (missing.some((one) => one.id === you)) return 'asked'
  return role === 'observer' ? 'looks' : 'waiting'
}

/** How it ended, for one of those who were told. */
export function endWords(asked: Pick<AskedBack, 'by' | 'line'>, { how, by, message }: ProposalEnd, you: string): string {
  const mine = asked.by.id === you
  const place = placeOf(asked)
  switch (how) {
    case 'done':
      return `Everybody agreed: the lab is back at ${place}.`
    case 'refused':
      return `${by} refused. The lab does not go back to ${place}.`
    case 'taken-back':
      return mine ? 'You took it back.' : `${by} took it back: the lab does not go back to ${place}.`
    case 'left':
      return `${by} left, and the lab does not go back to ${place}.`
    case 'expired':
      return `Not everybody agreed in time. The lab does not go back to ${place}.`
    case 'void':
      return `The lab was changed as a whole meanwhile, so ${mine ? 'your question' : `${by}’s question`} is void.`
    case 'failed':
      return `Everybody agreed, but the lab could not go back. ${message ?? ''}`.trim()
  }
}
