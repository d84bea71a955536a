// The contract of every part: stored as JSON and restored at any moment, nothing changes. The whole lab of the catalogue runs a
// script that makes every kind of part and program work, and is put away and restored in between, within boots, leases, tunnels
// and half-typed commands.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { type Act, LabWalk } from '../test-support/lab-walk.ts'
import { scriptShells } from '../test-support/script-shell.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed

const ping = (host: string, dialect: string, count: number | null, more = {}) =>
  `ping ${JSON.stringify({ host, count, size: 32, timeoutMs: 1000, intervalMs: 1000, dialect, ...more })}`
const query = (name: string, tcp: boolean, server: string | null = null) =>
  `dns-query ${JSON.stringify({ name, type: 'A', server, tcp, recursionDesired: true, timeoutMs: 2000, tries: 2 })}`

const http = (host: string, target: string, output: string) =>
  `http ${JSON.stringify({ host, port: 80, method: 'GET', target, headers: [['Host', host]], output })}`

const SCRIPT: readonly Act[] = [
  { at: 0, console: 'ubuntu1', line: `look; ${ping('www.example.com', 'linux', 3)}; look` },
  { at: 0.02, console: 'win1', line: `${query('www.example.co.jp', false)}; ${query('www.example.co.jp', true)}; count` },
  { at: 0.03, console: 'win1', line: 'count; look' },
  { at: 0.03, console: 'win1:2', line: 'sleep 2500000; count' },
  { at: 0.5, console: 'pc', line: `${ping('192.168.3.77', 'windows', 2)}; ${ping('ubuntu2.mshome.net', 'windows', 2)}` },
  { at: 1, console: 'desk', line: ping('192.168.3.1', 'linux', null) },
  {
    at: 2,
    console: 'ubuntu2',
    line: `tcp-connect {"host":"www.example.com","port":80}; tcp-connect {"host":"192.0.2.81","port":80}`,
  },
  { at: 3, console: 'ubuntu2', line: 'arping {"interface":2,"address":"192.168.3.1","count":1}; write never reached in time' },
  {
    at: 5,
    console: 'ubuntu1',
    line: 'trace {"host":"www.example.com","maxHops":8,"probes":3,"timeoutMs":1000,"method":"udp","resolveReverse":true}',
  },
  {
    at: 6,
    console: 'desk:3',
    line: `${http('192.0.2.80', '/40000', 'count')}; ${http('www.example.com', '/', 'events')}; ${query('www.example.com', true)}`,
  },
  { at: 6.5, console: 'ubuntu2:2', line: 'tcp-client {"host":"192.0.2.80","port":22}; count' },
  { at: 8, link: 'pc-cable', plugged: false },
  { at: 9, console: 'pc', line: 'resolve {"name":"www.example.org","type":"A"}' },
  { at: 13, console: 'desk:2', line: 'resolve {"name":"www.example.org","type":"A"}' },
  { at: 14, link: 'pc-cable', plugged: true },
  // Fragments, and names that no server knows.
  { at: 16, console: 'ubuntu2:3', line: ping('ubuntu1.local', 'linux', 2, { size: 4000 }) },
  { at: 17, console: 'win1:3', line: `${ping('ubuntu1.local', 'windows', 1)}; ${ping('nobody', 'windows', 1)}` },
  { at: 22, console: 'pc', line: 'vpn {"action":"connect","name":"Campus VPN"}' },
  { at: 26, console: 'ubuntu1', line: ping('intranet.campus.example', 'linux', 2) },
  { at: 29, interrupt: 'ubuntu2' },
  { at: 30, console: 'pc', line: 'vpn {"action":"disconnect","name":"Campus VPN"}; reboot' },
  { at: 70, interrupt: 'desk' },
  {
    at: 71,
    console: 'ubuntu1',
    line: `dhcp {"action":"renew","interface":2,"timeoutMs":10000}; ${ping('www.example.com', 'linux', 1)}`,
  },
  {
    at: 72,
    console: 'win1',
    line: `dhcp {"action":"release","interface":6,"timeoutMs":3000}; dhcp {"action":"renew","interface":6,"timeoutMs":9000}`,
  },
]
const UNTIL = 90

const straight = new LabWalk(definition, 3, scriptShells).play(SCRIPT, UNTIL)

it('the script makes every program work, and ends where it should', () => {
  const said = [...straight.texts.values()].join('\n')
  for (const kind of ['reply', 'answer', 'refused', 'timeout', 'hop', 'resolved', 'connected', 'bound', 'released', 'finished'])
    expect(said).toContain(`"kind":"${kind}"`)
  expect(straight.texts.get('desk')).toMatch(/"kind":"finished"/)
  expect(straight.frames.length).toBeGreaterThan(1000)
  const kinds = new Set(straight.lab.parts.sim.parts().map(({ kind }) => kind))
  const every =
    'cable console dhcp-client dhcp-server dhcp6-client dhcp6-server dns-client dns-server event-log firewall gate6 http-server hyper-v ip6 l2tp-client l2tp-server learning-switch link-names linux-devices linux-policy'
  expect([...kinds].sort()).toEqual([
    ...every.split(' '),
    'machine',
    'nat',
    'netfilter',
    'packet-monitor',
    'port-proxy',
    'smb-server',
    'ssh-banner',
    'stack',
    'virtual-switch',
    'win-nat',
    'windows-network',
  ])
  expect(said).toContain('"kind":"end","received":40000')
  expect(said).toContain('SSH-2.0-OpenSSH')
  expect(said).toContain('"bytes":4000')
  expect(said).toContain('"kind":"answer","server":"192.168.3.1","tcp":true')
})

describe('a lab that is put away and restored', () => {
  it.each([97, 13, 5])(
    'after every %i events sends the same frames and prints the same text, once',
    { timeout: 120_000 },
    (every) => {
      const broken = new LabWalk(definition, 3, scriptShells).play(SCRIPT, UNTIL, every)
      expect(broken.restored).toBeGreaterThan(0)
      const first = straight.frames.findIndex((line, at) => line !== broken.frames[at])
      expect(broken.frames.slice(first < 0 ? 0 : first, first + 3)).toEqual(
        straight.frames.slice(first < 0 ? 0 : first, first + 3),
      )
      expect(broken.frames).toEqual(straight.frames)
      expect(Object.fromEntries(broken.texts)).toEqual(Object.fromEntries(straight.texts))
      expect(broken.rows()).toEqual(straight.rows())
    },
  )
})
