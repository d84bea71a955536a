import type { Answer, Caller } from './contract.ts'
import { broadcast } from './flow.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import type { ChatMessage, ChatPage } from './protocol.ts'
import { refuse } from './refusal.ts'
import { DECIDES } from './roles.ts'
import type { Room } from './room.ts'
import { chatBefore, emptyMessage, eraseOf, findMessage, insertMessage, messagesOf, saidSince } from './store/chat.ts'
import { nextLine } from './store/journal.ts'
import type { ChatRow } from './store/schema.ts'

/** Messages that a lab keeps. */
export const MOST_MESSAGES = 500
/** Messages of one person within so many milliseconds. */
export const RATE = { most: 5, within: 10_000 } as const
/** What somebody who comes is shown at once. */
const FIRST = 50

/** What no text needs and what can make it look like another: controls but for the line feed, and marks that turn its direction. */
const UNWANTED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const shown = ({ id, personId, name, role, wall, at, line, text, removedByName }: ChatRow): ChatMessage => ({
  ...{ id, by: { id: personId, name, role }, wall, at, line, text },
  removedBy: removedByName,
})

/** What people say to each other beside a lab. */
export class Chat {
  private readonly keeper: LabKeeper
  private readonly room: Room

  constructor(keeper: LabKeeper, room: Room) {
    this.keeper = keeper
    this.room = room
  }

  /** The newest messages, for somebody who comes. */
  newest(): ChatPage {
    return this.page({ before: Number.MAX_SAFE_INTEGER, limit: FIRST })
  }

  page({ before, limit }: { readonly before: number; readonly limit: number }): ChatPage {
    const rows = chatBefore(this.keeper.db, before, limit + 1)
    const more = rows.length > limit
    return { messages: (more ? rows.slice(1) : rows).map(shown), more }
  }

  say({ lab }: Live, text: string, { personId, name, role }: Caller): Answer<ChatMessage> {
    const { db } = this.keeper
    const clean = text.replaceAll('\r\n', '\n').replace(UNWANTED, '').trim()
    if (clean === '') return refuse(400, 'empty-message', 'There is nothing to say in this message.', { field: 'text' })
    const wall = Date.now()
    if (saidSince(db, personId, wall - RATE.within) >= RATE.most)
      return refuse(429, 'too-fast', `At most ${RATE.most} messages in ${RATE.within / 1000} seconds. Wait a moment.`)
    const about = { wall, at: lab.now, line: nextLine(db) - 1 }
    const message = shown(insertMessage(db, { personId, name, role, ...about, text: clean }, MOST_MESSAGES))
    broadcast(this.room.open(), { type: 'chat', messages: [message] })
    return { ok: true, value: message }
  }

  /** By whoever said it, and by those who decide for the others. */
  remove(id: number, { personId, name, role }: Caller): Answer<ChatMessage> {
    const { db } = this.keeper
    const row = findMessage(db, id)
    if (!row) return refuse(404, 'no-message', 'There is no such message.')
    if (row.personId !== personId && !DECIDES.has(role))
      return refuse(403, 'not-allowed', 'Only who said it, or who teaches here, may remove it.')
    if (row.removedBy === null) emptyMessage(db, id, { id: personId, name })
    const message = shown(findMessage(db, id) ?? row)
    broadcast(this.room.open(), { type: 'chat', messages: [message] })
    return { ok: true, value: message }
  }

  of(personId: string): ChatMessage[] {
    return messagesOf(this.keeper.db, personId).map(shown)
  }

  /** How many messages they were. Pages that are open forget them too. */
  erase(personId: string): number {
    const gone = eraseOf(this.keeper.db, personId)
    broadcast(this.room.open(), { type: 'chat', ...this.newest(), whole: true })
    return gone
  }
}
