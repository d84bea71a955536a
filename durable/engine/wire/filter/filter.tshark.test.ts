// Filters and fields held against tshark 4.0: over a frame of each kind, and over what a lab's network says.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../../runtime.ts'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../../lab/pcapng.ts'
import { formatIp, formatIp6, formatMac, readIp6 } from '../addresses.ts'
import { hex } from '../bytes.ts'
import { sampleFrames, samplePacket } from '../samples/frames.ts'
import type { Field, Value } from './field.ts'
import { fields, matches, parseFilter, type Subject } from './index.ts'
import { layersOf } from './layers.ts'
import { FILTERS } from './sample-filters.ts'
import { quoting } from './samples.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0

const folder = mkdtempSync(join(tmpdir(), 'filter-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each frame by itself: nothing is put together, numbers are not relative, checksums are looked at. */
const OPTIONS = [
  'ip.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
].flatMap((option) => ['-o', option])

const LAB = 'labs/default-switch'
const LINES: readonly (readonly [console: string, line: string])[] = [
  ['ubuntu1', 'ping -c 2 192.168.3.1'],
  ['ubuntu1', 'nslookup www.example.com'],
  ['ubuntu1', 'traceroute -n 198.51.100.80'],
  ['win1', 'ipconfig /renew'],
  ['win1', 'tracert -d 198.51.100.80'],
  ['ubuntu1', 'curl -s http://www.example.com/'],
  ['pc', 'rasdial "Campus VPN" student lab-only'],
  ['pc', 'ping -n 1 192.168.3.1'],
  ['ubuntu2', 'ping -c 1 -s 3000 192.168.3.1'],
]

function walked(): { subject: Subject; linkType: 'ethernet' | 'raw-ip' }[] {
  const opened = openRuntime(readFileSync(`${LAB}/lab.yaml`, 'utf8'), 1)
  if (!opened.ok) throw new Error('the lab does not build')
  const { lab } = opened
  const seen = [...lab.sightings(0)]
  let next = lab.nextSighting
  LINES.forEach(([console, line], i) => {
    lab.exec(console, line, i + 1)
    seen.push(...lab.sightings(next))
    next = lab.nextSighting
  })
  return seen.map((one) => {
    const { machine, adapter, linkType } = lab.vantages[one.vantage]
    const { bytes, length, time } = one
    const subject = { bytes, linkType, number: 0, timeMicros: time, interfaceName: `${machine}/${adapter}`, length }
    return { subject, linkType }
  })
}

/** A frame of each kind, and packets within packets. */
const samples = [...sampleFrames, ...quoting].map(({ frame }, i) => ({
  bytes: Uint8Array.from(frame),
  linkType: 'ethernet' as const,
  number: 0,
  timeMicros: i * 1000,
  interfaceName: 'samples',
  length: frame.length,
}))

function capture(name: string, subjects: readonly Subject[]): string {
  const path = join(folder, `${name}.pcapng`)
  const interfaces = [...new Set(subjects.map((s) => s.interfaceName))]
  writeFileSync(
    path,
    pcapng(
      interfaces.map((one) => {
        const linkType = subjects.find((s) => s.interfaceName === one)?.linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET
        return { name: one, linkType }
      }),
      subjects.map(({ interfaceName, timeMicros, bytes, length }) => ({
        interface: interfaces.indexOf(interfaceName),
        timeMicros,
        bytes,
        originalLength: length,
        direction: 'in' as const,
      })),
      1_700_000_000_000_000,
    ),
  )
  return path
}

const run = (args: readonly string[]): string =>
  execFileSync('tshark', ['-n', ...OPTIONS, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  })

/** All of them in one file, numbered as tshark numbers them. */
const walk = missing ? [] : walked().map(({ subject }) => subject)
const start = samples.length * 1000
const subjects: readonly Subject[] = [
  ...samples,
  {
    bytes: samplePacket.frame,
    linkType: 'raw-ip',
    number: 0,
    timeMicros: start,
    interfaceName: 'tunnel',
    length: samplePacket.frame.length,
  } as const,
  ...walk.map((one) => ({ ...one, timeMicros: start + one.timeMicros })),
].map((one, i) => ({ ...one, number: i + 1 }))
const path = missing ? '' : capture('all', subjects)

function shown(field: Field, value: Value): string {
  if (field.type === 'ipv4') return formatIp(value as number)
  if (field.type === 'ether') return formatMac(value as number)
  if (field.type === 'ipv6') return formatIp6(readIp6(value as Uint8Array, 0))
  if (typeof value === 'object') return hex(value, 0, value.length)
  return `${value}`
}
const plain = (field: Field, text: string): string => {
  if (field.type === 'bytes') return text.replaceAll(':', '')
  return text.startsWith('0x') && field.type !== 'string' ? `${Number(text)}` : text
}

/** A segment is in the file once for every place that saw it; tshark would read only the first one's payload. */
const APART = ['-o', 'tcp.analyze_sequence_numbers:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE']

/** Where tshark 4.0 means something of its own. */
const DIFFERENT = new Set([
  // Relative to the first packet of the file; here to the start of the lab.
  'frame.time_relative',
  // tshark tells the end of the options as an option of type 0.
  'dhcp.option.type',
  // tshark tells a name of one label by other fields (dhcpv6.tld).
  'dhcpv6.search_list_entry',
  // tshark reads on in what a protocol-reject sends back.
  'ppp.code',
  'ppp.identifier',
  'ppp.length',
])

describe.skipIf(missing)(missing ? 'filters beside tshark: SKIPPED, tshark is not installed' : 'filters beside tshark', () => {
  it('has frames of many kinds to look at', () => {
    expect(walk.length).toBeGreaterThan(400)
  })

  it('reads the same values of every field', () => {
    const asked = [...fields.values()].filter((field) => field.type !== 'protocol' && !DIFFERENT.has(field.name))
    const text = run([
      ...APART,
      '-r',
      path,
      '-T',
      'fields',
      '-E',
      'aggregator=\x01',
      ...asked.flatMap(({ name }) => ['-e', name]),
    ])
    const differences = new Map<string, string>()
    text
      .split('\n')
      .slice(0, -1)
      .forEach((line, i) => {
        const columns = line.split('\t')
        const packet = layersOf(subjects[i], ~0)
        asked.forEach((field, k) => {
          const out: Value[] = []
          for (const layer of packet.layers)
            if ((layer.protocol & field.of) !== 0) field.read(subjects[i].bytes, layer, out, subjects[i])
          const ours = out.map((value) => shown(field, value)).join('|')
          const theirs = (columns[k] === '' ? [] : columns[k].split('\x01')).map((one) => plain(field, one)).join('|')
          if (ours !== theirs && !differences.has(field.name)) differences.set(field.name, `frame ${i + 1}: ${ours} != ${theirs}`)
        })
      })
    expect(Object.fromEntries(differences)).toEqual({})
  })

  it.each(FILTERS)('finds the same frames: %s', (text) => {
    const parsed = parseFilter(text)
    if (!parsed.ok) throw new Error(`${parsed.message} at ${parsed.at}`)
    const theirs = run([...APART, '-r', path, '-Y', text, '-T', 'fields', '-e', 'frame.number'])
    const ours = subjects.filter((subject) => matches(parsed.filter, subject)).map(({ number }) => number)
    expect(ours.join(' ')).toBe(theirs.split('\n').slice(0, -1).join(' '))
  })

  it('refuses what tshark refuses', () => {
    for (const text of [
      'ip.ttl == 256',
      'eth.src == 00:15:5d',
      'ip.ttl[0] == 1',
      'tcp.port in {80, 22 53}',
      'ip && (udp',
      'ip.foo',
      '64 == ip.ttl',
    ]) {
      expect([text, parseFilter(text).ok]).toEqual([text, false])
      expect(() => run([...APART, '-r', path, '-Y', text])).toThrow()
    }
  })
})
