import type { Attachment } from './attachment.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import type { ConsoleState, Person, Proposal, ServerMessage } from './protocol.ts'
import { recentLines } from './store/journal.ts'
import { SCROLLBACK_LINES, scrollbacks } from './store/scrollback.ts'

/** Characters of a console's earlier lines that a page is given. */
const LONGEST_HISTORY = 16 * 1024

function newest(lines: readonly string[]): string[] {
  let room = LONGEST_HISTORY
  let from = lines.length
  while (from > 0 && room >= (lines[from - 1] as string).length) room -= (lines[--from] as string).length
  return lines.slice(from)
}

/** The whole state of the page, for somebody who just came or came back. */
export function welcome(
  { lab }: Live,
  { db, frames }: LabKeeper,
  { person, lastPacket }: Attachment,
  people: readonly Person[],
  who: (console: string) => Pick<ConsoleState, 'typist' | 'owner' | 'asking'>,
  proposal: Proposal | null,
): ServerMessage {
  const texts = scrollbacks(recentLines(db, SCROLLBACK_LINES))
  const consoles = lab.consoles().map(({ console, prompt, busy, history }) => {
    return { console, prompt, busy, ...who(console), scrollback: texts.get(console) ?? '', history: newest(history) }
  })
  const { now, nodes, links } = lab.topology()
  return {
    type: 'welcome',
    you: person.personId,
    title: lab.definition.title,
    people: [...people],
    consoles,
    topology: { now, nodes, links },
    proposal,
    left: person.until === undefined ? null : Math.max(0, person.until - Date.now()),
    // Nothing between what this person saw last and what is kept is missing.
    resumed: lastPacket >= 0 && lastPacket < lab.nextSighting && (frames.oldest() ?? 0) <= lastPacket + 1,
  }
}
