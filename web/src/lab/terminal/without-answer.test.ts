import { expect, test } from 'vitest'
import { withoutAnswer } from './without-answer.ts'

const ended = (exitStatus: number | null, output: string) => withoutAnswer({ status: 'done', exitStatus, output })

test('a command that failed, or says that nothing came, may be asked about', () => {
  expect(ended(1, '')).toBe(true)
  expect(ended(0, 'Request timed out.')).toBe(true)
  expect(ended(0, '3 packets transmitted, 0 received, 100% packet loss, time 2031ms')).toBe(true)
  expect(ended(0, 'Lost = 4 (100% loss)')).toBe(true)
  expect(ended(0, 'Reply from 172.27.160.1: Destination host unreachable.')).toBe(true)
  expect(ended(0, 'TcpTestSucceeded       : False')).toBe(true)
})

test('an answer, and a command that still runs, may not', () => {
  expect(ended(0, '3 packets transmitted, 3 received, 0% packet loss')).toBe(false)
  expect(ended(null, '')).toBe(false)
  expect(withoutAnswer({ status: 'running', exitStatus: null, output: 'Request timed out.' })).toBe(false)
})
