import { expect, test } from 'vitest'
import { NO_TRIPS, withTrip } from '../../engine/machine/programs/ping.ts'
import { fakeConsole } from './fake-console.ts'

// The expected texts are published captures of the real programs.

const started = { kind: 'started', name: 'vm1.mshome.net', address: '172.27.163.10', canonical: 'vm1.mshome.net' }
const reply = (sequence: number, micros: number) => ({
  kind: 'reply',
  from: '172.27.163.10',
  fromName: '',
  sequence,
  bytes: 32,
  ttl: 64,
  micros,
})

test('replies, a timeout and the statistics', () => {
  const console = fakeConsole(() => ({
    events: [
      started,
      reply(1, 412),
      reply(2, 1412),
      { kind: 'timeout', sequence: 3 },
      reply(4, 300),
      { kind: 'finished', sent: 4, received: 3, errors: 0, trips: [412, 1412, 300].reduce(withTrip, NO_TRIPS), micros: 0 },
    ],
  }))
  expect(console.type('ping vm1.mshome.net')).toBe(`
Pinging vm1.mshome.net [172.27.163.10] with 32 bytes of data:
Reply from 172.27.163.10: bytes=32 time<1ms TTL=64
Reply from 172.27.163.10: bytes=32 time=1ms TTL=64
Request timed out.
Reply from 172.27.163.10: bytes=32 time<1ms TTL=64

Ping statistics for 172.27.163.10:
    Packets: Sent = 4, Received = 3, Lost = 1 (25% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 1ms, Average = 0ms
`)
  expect(console.code).toBe(0)
})

test('an unreachable message counts as received and brings no times', () => {
  const bad = { kind: 'unreachable', from: '192.168.3.50', sequence: 1, code: 'host', local: true }
  const console = fakeConsole(() => ({
    events: [
      { ...started, name: '192.168.3.9', canonical: '', address: '192.168.3.9' },
      bad,
      { kind: 'finished', sent: 1, received: 0, errors: 1, micros: 0 },
    ],
    code: 1,
  }))
  expect(console.type('ping -n 1 192.168.3.9').split('\n')).toEqual([
    '',
    'Pinging 192.168.3.9 with 32 bytes of data:',
    'Reply from 192.168.3.50: Destination host unreachable.',
    '',
    'Ping statistics for 192.168.3.9:',
    '    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),',
    '',
  ])
  expect(console.type('$LASTEXITCODE')).toBe('1\n')
})

test('Ctrl-C ends the program, shows its statistics and stops the line', () => {
  const console = fakeConsole(() => ({
    events: [
      started,
      reply(1, 412),
      reply(2, 412),
      reply(3, 412),
      { kind: 'finished', sent: 2, received: 2, errors: 0, micros: 0 },
    ],
  }))
  const text = console.type("ping -t vm1.mshome.net; 'after'", 2)
  expect(text).toContain('Packets: Sent = 2')
  expect(text).toMatch(/Control-C\n\^C\n$/)
  expect(console.kernel.calls.some((call) => call.startsWith('kill'))).toBe(true)
  expect(console.kernel.calls[0]).toContain('"count":null')
})

test('names and values that are wrong', () => {
  expect(fakeConsole(() => ({ events: [{ kind: 'unresolved', name: 'x', temporary: false }], code: 1 })).type('ping x')).toBe(
    'Ping request could not find host x. Please check the name and try again.\n',
  )
  expect(fakeConsole().type('ping -n 0 x')).toContain('Bad value for option -n')
  expect(fakeConsole().type('ping -q x')).toContain('Bad option -q.')
})
