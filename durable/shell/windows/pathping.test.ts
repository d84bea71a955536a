import { expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'

// The layout is that of fact sheet 3.6.

const way = [
  { kind: 'started', name: '8.8.8.8', address: '8.8.8.8', canonical: 'dns.google' },
  { kind: 'probe', hop: 1, attempt: 0, from: '192.168.3.1', name: '', micros: 300 },
  { kind: 'hop', hop: 1, reached: false },
  { kind: 'probe', hop: 2, attempt: 0, from: '8.8.8.8', name: 'dns.google', micros: 11_000 },
  { kind: 'hop', hop: 2, reached: true },
  { kind: 'finished', reached: true },
]
const echoes = (received: number, micros: number) => [
  { kind: 'started', name: 'x', address: 'x', canonical: 'x' },
  { kind: 'finished', sent: 100, received, errors: 0, trips: { count: received, sum: micros * received } },
]

test('pathping', () => {
  const said = fakeConsole((program, args) => {
    if (program === 'trace') return { events: way }
    return { events: args.host === '8.8.8.8' ? echoes(97, 11_200) : echoes(90, 400) }
  }).type('pathping 8.8.8.8')
  expect(said).toBe(`
Tracing route to dns.google [8.8.8.8]
over a maximum of 30 hops:
  0  LABHOST.home [192.168.3.50] 
  1  192.168.3.1 
  2  dns.google [8.8.8.8] 

Computing statistics for 50 seconds...
            Source to Here   This Node/Link
Hop  RTT    Lost/Sent = Pct  Lost/Sent = Pct  Address
  0                                           LABHOST.home [192.168.3.50] 
                                3/ 100 =  3%   |
  1    0ms    10/ 100 = 10%     7/ 100 =  7%  192.168.3.1 
                                0/ 100 =  0%   |
  2   11ms     3/ 100 =  3%     0/ 100 =  0%  dns.google [8.8.8.8] 

Trace complete.
`)
})

test('what is silent ends the way, and bad words are told', () => {
  const silent = [way[0], way[1], { kind: 'probe', hop: 2, attempt: 0, from: null, name: '', micros: 0 }, way[5]] as typeof way
  const said = fakeConsole((program) => ({ events: program === 'trace' ? silent : echoes(100, 400) })).type(
    'pathping -q 10 8.8.8.8',
  )
  expect(said).toContain('  1  192.168.3.1 \n  2     *        *        *     \n\nComputing statistics for 2 seconds...\n')
  expect(fakeConsole().type('pathping -q 0 8.8.8.8')).toBe('Bad value for option -q.\n')
  expect(fakeConsole(() => ({ events: [{ kind: 'unresolved', name: 'x', temporary: false }] })).type('pathping x')).toBe(
    'Unable to resolve target system name x.\n',
  )
})
