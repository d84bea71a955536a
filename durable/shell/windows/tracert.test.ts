import { expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'

// The expected texts are published captures of the real programs.

const probe = (hop: number, from: string | null, name: string, micros: number) =>
  [0, 1, 2].map((attempt) => ({ kind: 'probe', hop, attempt, from, name, micros }))

test('tracert', () => {
  const last = probe(4, '8.8.8.8', 'dns.google', 11_200)
  last[1].micros = 10_900
  const hop = (n: number, reached = false) => ({ kind: 'hop', hop: n, reached })
  const events = [
    { kind: 'started', name: '8.8.8.8', address: '8.8.8.8', canonical: 'dns.google' },
    ...probe(1, '172.27.160.1', 'LABHOST.mshome.net', 300),
    hop(1),
    ...probe(2, '192.168.3.1', '', 1100),
    hop(2),
    ...probe(3, null, '', 0),
    hop(3),
    ...last,
    hop(4, true),
    { kind: 'finished', reached: true },
  ]
  expect(fakeConsole(() => ({ events })).type('tracert 8.8.8.8')).toBe(`
Tracing route to dns.google [8.8.8.8]
over a maximum of 30 hops:

  1    <1 ms    <1 ms    <1 ms  LABHOST.mshome.net [172.27.160.1] 
  2     1 ms     1 ms     1 ms  192.168.3.1 
  3     *        *        *     Request timed out.
  4    11 ms    10 ms    11 ms  dns.google [8.8.8.8] 

Trace complete.
`)
})

test('a name without an address', () => {
  expect(fakeConsole(() => ({ events: [{ kind: 'unresolved', name: 'x', temporary: false }] })).type('tracert x')).toBe(
    'Unable to resolve target system name x.\n',
  )
})
