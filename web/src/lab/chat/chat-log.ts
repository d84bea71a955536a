import type { ChatMessage, ServerMessage } from '../../../../durable/protocol.ts'

/** What was said beside the lab, as far as the page has it: oldest first. */
export type ChatLog = {
  readonly messages: readonly ChatMessage[]
  /** The lab keeps older ones. */
  readonly more: boolean
  readonly open: boolean
  /** The newest message that was there to be read. */
  readonly read: number
  /** What others have said since. */
  readonly unread: readonly ChatMessage[]
  /** Nothing was told yet: what comes first was said before. */
  readonly fresh: boolean
}

export const emptyChat: ChatLog = { messages: [], more: false, open: false, read: 0, unread: [], fresh: true }

type Told = Omit<Extract<ServerMessage, { type: 'chat' }>, 'type'>

const last = (messages: readonly ChatMessage[]) => messages.at(-1)?.id ?? 0

/** New messages, or those that are known as they are now. */
export function heardSaid(log: ChatLog, { messages, more, whole }: Told, you: string): ChatLog {
  const all = new Map((whole === true ? [] : log.messages).map((one) => [one.id, one]))
  for (const one of messages) all.set(one.id, one)
  const sorted = [...all.values()].sort((a, b) => a.id - b.id)
  const read = log.open || log.fresh ? Math.max(log.read, last(sorted)) : log.read
  const unread = sorted.filter(({ id, by, removedBy }) => id > read && by.id !== you && removedBy === null)
  return { ...log, messages: sorted, more: more ?? log.more, read, unread, fresh: false }
}

/** Messages from before the oldest one that is known. */
export function withOlder(log: ChatLog, older: readonly ChatMessage[], more: boolean): ChatLog {
  const first = log.messages[0]?.id ?? Number.MAX_SAFE_INTEGER
  return { ...log, messages: [...older.filter(({ id }) => id < first), ...log.messages], more }
}

export const shown = (log: ChatLog, open: boolean): ChatLog =>
  open ? { ...log, open, read: last(log.messages), unread: [] } : { ...log, open }
