import { expect, test } from 'vitest'
import { Transcript } from './transcript.ts'

function heard(transcript: Transcript): string[] {
  const events: string[] = []
  transcript.listen({ append: (text) => events.push(`+${text}`), replace: (text) => events.push(`=${text}`) })
  return events
}

test('after a reconnect, only what is new is written', () => {
  const transcript = new Transcript()
  transcript.append('one\n')
  const events = heard(transcript)
  transcript.replace('one\ntwo\n')
  expect(events).toEqual(['+two\n'])
  expect(transcript.text).toBe('one\ntwo\n')
})

test('a lab that remembers less than the page takes nothing away', () => {
  const transcript = new Transcript()
  transcript.append('one\ntwo\n')
  const events = heard(transcript)
  transcript.replace('two\n')
  expect(events).toEqual([])
})

test('what does not fit together is replaced', () => {
  const transcript = new Transcript()
  transcript.append('one\n')
  const events = heard(transcript)
  transcript.replace('other\n')
  transcript.replace('')
  expect(events).toEqual(['=other\n', '='])
})

test('a long text is cut at the start of a line', () => {
  const transcript = new Transcript()
  for (let line = 0; line < 50_000; line += 1) transcript.append(`line ${line}\n`)
  expect(transcript.text.length).toBeLessThanOrEqual(500_000)
  expect(transcript.text).toMatch(/^line \d+\n/)
})
