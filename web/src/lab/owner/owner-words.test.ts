import { expect, test } from 'vitest'
import type { TerminalEnd } from '../../../../durable/protocol.ts'
import { askedBy, endOfAsking, mayType } from './owner-words.ts'

const ends: TerminalEnd = { console: 'desk', how: 'given', from: { id: 'ada', name: 'Ada' }, to: { id: 'bob', name: 'Bob' } }
const words = (how: TerminalEnd['how'], you: string) => endOfAsking({ ...ends, how }, you)?.text ?? null

test('a hand-over is told to those whom it concerns, a takeover to everybody', () => {
  expect(words('given', 'bob')).toBe('Ada gave you the terminal desk.')
  expect([words('given', 'ada'), words('given', 'eve'), words('taken', 'bob')]).toEqual([null, null, null])
  expect(words('passed-on', 'ada')).toBe('Bob has the terminal desk now: you did not answer.')
  expect(words('taken-over', 'ada')).toBe('Bob took over the terminal desk.')
  expect(words('taken-over', 'bob')).toBe('You took over the terminal desk from Ada.')
  expect(words('taken-over', 'eve')).toBe('Bob took over the terminal desk from Ada.')
  expect([words('refused', 'bob'), words('refused', 'eve')]).toEqual(['Ada keeps the terminal desk.', null])
  expect(words('kept', 'bob')).toBe('Ada went on typing in desk.')
})

test('the time to answer is kept by the clock of this page', () => {
  expect(askedBy({ asking: [{ id: 'bob', name: 'Bob', left: 5_000 }] }, 1_000)).toEqual([
    { id: 'bob', name: 'Bob', until: 6_000 },
  ])
})

test('those who only watch do not type', () => {
  const person = { id: 'a', name: 'A', role: 'student', console: null, typing: false }
  expect([mayType(person), mayType({ ...person, watching: true }), mayType({ ...person, role: 'observer' })]).toEqual([
    true,
    false,
    false,
  ])
})
