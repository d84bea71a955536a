// Fragments, groups, names of the link and translated flows, judged by tshark at every place where they pass: no malformed frame,
// no bad checksum, and each is what it should be.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../../durable/engine/lab/pcapng.ts'
import type { Sighting } from '../../durable/engine/link/recorder.ts'
import { scriptShells } from '../../durable/engine/test-support/script-shell.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0
const CHECKSUMS = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
const BAD = [
  '_ws.malformed',
  'ip.checksum.status == 0',
  'udp.checksum.status == 0',
  'tcp.checksum.status == 0',
  'icmp.checksum.status == 0',
  'igmp.checksum.status == 0',
  'ip.fragment.overlap',
  'ip.fragment.error',
].join(' || ')

const folder = mkdtempSync(join(tmpdir(), 'datagrams-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ping = (host: string, size: number, dialect: string) =>
  `ping ${JSON.stringify({ host, count: 1, size, timeoutMs: 4000, intervalMs: 1000, dialect })}`
const LINES = [
  ['ubuntu1', ping('192.0.2.80', 3000, 'linux')],
  ['ubuntu1', ping('192.0.2.80', 65_507, 'linux')],
  ['pc', ping('192.0.2.80', 65_500, 'windows')],
  ['pc', ping('ubuntu1.local', 32, 'windows')],
  ['ubuntu1', ping('win1.local', 32, 'linux')],
  ['pc', ping('nobody', 32, 'windows')],
  ['win1', 'tcp-connect {"host":"www.example.com","port":80}'],
] as const

function play(): { readonly places: ReadonlyMap<string, readonly Sighting[]>; readonly raw: ReadonlySet<string> } {
  const parsed = parseDefinition(readFileSync('labs/default-switch/lab.yaml', 'utf8'))
  if (!parsed.ok) throw new Error('the lab is wrong')
  const lab = new Lab(parsed.definition, 11, scriptShells)
  const places = new Map<string, Sighting[]>()
  const raw = new Set<string>()
  let next = 0
  const gather = () => {
    for (const one of lab.sightings(next)) {
      const { machine, adapter, linkType } = lab.vantages[one.vantage] as (typeof lab.vantages)[number]
      const name = `${machine}/${adapter}`
      if (linkType === 'raw-ip') raw.add(name)
      places.set(name, [...(places.get(name) ?? []), one])
    }
    next = lab.nextSighting
  }
  gather()
  // A line can cause more than the ring holds.
  lab.readBy(gather)
  LINES.forEach(([console, line], at) => {
    lab.exec(console, line, at + 1)
    gather()
  })
  lab.runTo(lab.now + 5_000_000, 100_000)
  gather()
  return { places, raw }
}

function capture(name: string, seen: readonly Sighting[], linkType: number): string {
  const path = join(folder, `${name.replace(/\W/g, '-')}.pcapng`)
  const packets = seen.map((one) => ({
    interface: 0,
    timeMicros: one.time,
    bytes: one.bytes,
    originalLength: one.length,
    direction: one.direction,
  }))
  writeFileSync(path, pcapng([{ name, linkType }], packets, 0))
  return path
}

const matching = (path: string, filter: string, ...fields: string[]): string[] =>
  execFileSync(
    'tshark',
    [
      '-n',
      '-r',
      path,
      ...CHECKSUMS,
      '-Y',
      filter,
      '-T',
      'fields',
      ...(fields.length > 0 ? fields : ['frame.number']).flatMap((f) => ['-e', f]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
  )
    .split('\n')
    .slice(0, -1)

describe.skipIf(missing)('tshark', () => {
  const { places, raw } = missing ? { places: new Map<string, Sighting[]>(), raw: new Set<string>() } : play()
  const paths = new Map(
    [...places].map(([name, seen]) => [name, capture(name, seen, raw.has(name) ? LINK_RAW_IP : LINK_ETHERNET)]),
  )
  const at = (name: string): string => paths.get(name) as string

  it.each([...paths])('finds nothing wrong at %s', (_, path) => {
    expect(matching(path, BAD, 'frame.number', '_ws.col.Info')).toEqual([])
  })

  it('puts fragments together, before and behind two translators', () => {
    for (const place of ['ubuntu1/eth0', 'pc/Ethernet', 'router/wan', 'www/eth0']) {
      const lengths = matching(at(place), 'icmp && ip.reassembled.length', 'ip.reassembled.length')
      expect(lengths).toContain('3008')
      expect(lengths).toContain('65515')
    }
    expect(matching(at('www/eth0'), 'ip.flags.mf == 1 && ip.frag_offset > 0').length).toBeGreaterThan(80)
  })

  it('reads reports of groups, with a router alert and a time to live of one', () => {
    const reports = matching(at('pc/Ethernet'), 'igmp.type == 0x22', 'ip.dst', 'ip.ttl', 'ip.opt.type', 'igmp.maddr')
    expect(reports.length).toBeGreaterThanOrEqual(2)
    expect(reports).toContain('224.0.0.22\t1\t148\t224.0.0.251,224.0.0.252,239.255.255.250')
    expect(matching(at('ubuntu1/eth0'), 'igmp.type == 0x22', 'igmp.maddr')).toContain('224.0.0.251')
  })

  it('reads multicast DNS: probes, announcements, questions and answers', () => {
    const probing = 'mdns && dns.flags.response == 0 && dns.count.auth_rr > 0'
    for (const family of ['ip', 'ipv6']) {
      const probes = matching(at('ubuntu1/eth0'), `${family} && ${probing}`, 'dns.qry.name').filter(
        (name) => name === 'ubuntu1.local',
      )
      // Three for the name; over IPv4 again when IPv6 begins to speak on the link, since then it is said there too.
      expect(probes.length, family).toBe(family === 'ip' ? 6 : 3)
      const said = `${family} && mdns && dns.flags.response == 1 && dns.resp.name == "ubuntu1.local"`
      const answers = matching(at('ubuntu1/eth0'), said, family === 'ip' ? 'ip.ttl' : 'ipv6.hlim')
      expect(answers.length, family).toBeGreaterThanOrEqual(family === 'ip' ? 3 : 2)
      expect(new Set(answers)).toEqual(new Set(['255']))
    }
  })

  it('reads LLMNR', () => {
    // For both kinds of address, each of them twice, to the groups of both.
    const asked = 'llmnr && dns.qry.name == "nobody"'
    expect(matching(at('pc/Ethernet'), `ip && ${asked}`, 'ip.dst')).toEqual(Array(4).fill('224.0.0.252'))
    expect(matching(at('pc/Ethernet'), `ipv6 && ${asked}`, 'ipv6.dst')).toEqual(Array(4).fill('ff02::1:3'))
  })

  it('sees a flow under its outside address', () => {
    expect(
      matching(at('router/wan'), 'tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.src == 203.0.113.2').length,
    ).toBeGreaterThan(0)
    expect(matching(at('router/wan'), 'ip.src == 192.168.3.0/24 || ip.dst == 192.168.3.0/24')).toEqual([])
  })
})
