import { expect, test } from 'vitest'
import type { ChatMessage } from '../../../../durable/protocol.ts'
import { emptyChat, heardSaid, shown, withOlder } from './chat-log.ts'

const said = (id: number, by = 'bob', more: Partial<ChatMessage> = {}): ChatMessage => ({
  ...{ id, by: { id: by, name: by, role: 'student' }, wall: id, at: 0, line: 0, text: `message ${id}`, removedBy: null },
  ...more,
})
const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id)

test('what was said before is no news; what others say after it is, until the chat is open', () => {
  let log = heardSaid(emptyChat, { messages: [said(1), said(2)], more: true, whole: true }, 'ada')
  expect([ids(log.unread), log.more]).toEqual([[], true])
  log = heardSaid(log, { messages: [said(3)] }, 'ada')
  log = heardSaid(log, { messages: [said(4, 'ada')] }, 'ada')
  expect([ids(log.messages), ids(log.unread), log.more]).toEqual([[1, 2, 3, 4], [3], true])
  log = shown(log, true)
  log = heardSaid(log, { messages: [said(5)] }, 'ada')
  expect(ids(log.unread)).toEqual([])
  log = heardSaid(shown(log, false), { messages: [said(6), said(7)] }, 'ada')
  expect(ids(log.unread)).toEqual([6, 7])
  log = heardSaid(log, { messages: [said(6, 'bob', { text: '', removedBy: 'Tove' })] }, 'ada')
  expect([ids(log.unread), log.messages.find(({ id }) => id === 6)?.text]).toEqual([[7], ''])
})

test('after a reconnect the page has what the lab has, and knows what it has read', () => {
  let log = heardSaid(emptyChat, { messages: [said(1), said(2)], whole: true }, 'ada')
  log = heardSaid(log, { messages: [said(2), said(3)], whole: true, more: false }, 'ada')
  expect([ids(log.messages), ids(log.unread)]).toEqual([[2, 3], [3]])
  expect(ids(withOlder(log, [said(1), said(2)], false).messages)).toEqual([1, 2, 3])
})
