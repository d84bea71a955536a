// Two machines, a lease, a ping that is answered and one that is not. For tests.
import type { Sighting } from '../../link/recorder.ts'
import { SECOND } from '../../sim/time.ts'
import { sampleFrames } from '../../wire/samples/frames.ts'
import type { History } from './query.ts'

const frameOf = (name: string): Uint8Array => {
  const found = sampleFrames.find((s) => s.name === name)
  if (found === undefined) throw new Error(name)
  return found.frame
}

const vantages = [
  { number: 0, linkType: 'ethernet', machine: 'ubuntu1', adapter: 'eth0' },
  { number: 1, linkType: 'ethernet', machine: 'router', adapter: 'lan' },
] as const

let sequence = 0
const seen = (seconds: number, packet: number, vantage: 0 | 1, name: string, more: Partial<Sighting> = {}): Sighting => ({
  sequence: sequence++,
  time: Math.round(seconds * SECOND),
  packet,
  cause: 0,
  origin: 0,
  vantage,
  direction: vantage === 0 ? 'out' : 'in',
  verdict: vantage === 0 ? 'sent' : 'delivered',
  detail: '',
  length: frameOf(name).length,
  bytes: frameOf(name),
  ...more,
})

export const history: History = {
  vantages,
  sightings: [
    seen(1, 1, 0, 'dhcp discover'),
    seen(1.5, 2, 0, 'dhcp offer', { direction: 'in', verdict: 'delivered' }),
    seen(1.6, 3, 0, 'dhcp request'),
    seen(1.8, 4, 0, 'dhcp ack', { direction: 'in', verdict: 'delivered' }),
    seen(10, 5, 0, 'arp request', { origin: 2 }),
    seen(10.001, 5, 1, 'arp request', { origin: 2 }),
    seen(10.002, 6, 0, 'arp reply', { origin: 2, cause: 5, direction: 'in', verdict: 'delivered' }),
    seen(10.003, 7, 0, 'echo request', { origin: 2 }),
    seen(10.004, 7, 1, 'echo request', { origin: 2 }),
    seen(10.005, 8, 0, 'echo reply', { origin: 2, cause: 7, direction: 'in', verdict: 'delivered' }),
    seen(20, 9, 0, 'echo request', { origin: 3 }),
    seen(20.5, 9, 1, 'echo request', { origin: 3, verdict: 'no-route', detail: '0.0.0.0/0' }),
  ],
  journal: [
    {
      id: 1,
      console: 'ubuntu1',
      line: 'ip addr',
      output: 'inet 192.168.50.10/24',
      exitStatus: 0,
      at: 5 * SECOND,
      endedAt: 5 * SECOND,
    },
    {
      id: 2,
      console: 'ubuntu1',
      line: 'ping -c 1 192.168.50.1',
      output: '1 received',
      exitStatus: 0,
      at: 10 * SECOND,
      endedAt: 11 * SECOND,
    },
    {
      id: 3,
      console: 'ubuntu1:2',
      line: 'ping -c 1 10.0.0.1',
      output: '0 received',
      exitStatus: 1,
      at: 20 * SECOND,
      endedAt: 30 * SECOND,
    },
    { id: 4, console: 'router', line: 'show run', output: '', exitStatus: null, at: 40 * SECOND, endedAt: null },
  ],
  changes: [{ at: 15 * SECOND, part: 'switch/home', field: 'state', before: 'up', after: 'down' }],
}
