// Beside the tcpdump of this machine: what a whole walk through the first lab looked like on each adapter, line by line; and filters
// made at random, by how many packets pass.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Conversations } from '../../durable/engine/wire/capture/conversations.ts'
import { type PcapPacket, pcapHeader, pcapRecord, readPcap } from '../../durable/engine/wire/capture/pcap-file.ts'
import { captureFilter, ETHERNET } from '../../durable/engine/wire/pcap-filter/index.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { readArguments } from '../../durable/shell/linux/commands/tcpdump/arguments.ts'
import { describePacket } from '../../durable/shell/linux/commands/tcpdump/describe.ts'
import { parseScript } from '../../durable/walk/script.ts'
import { Walk } from '../../durable/walk/walk.ts'

const missing = spawnSync('tcpdump', ['--version']).status !== 0
const folder = mkdtempSync(join(tmpdir(), 'tcpdump-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tcpdump = (args: readonly string[]): string =>
  execFileSync('tcpdump', [...args], {
    encoding: 'latin1',
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })

function dump(packets: readonly PcapPacket[], options: string): string {
  const request = readArguments(options.split(' '))
  if ('status' in request) throw new Error(request.text)
  const conversations = new Conversations()
  return packets
    .map(({ timeMicros, bytes, length }, i) =>
      describePacket(
        {
          linkType: 1,
          timeMicros,
          bytes,
          length,
          bases: conversations.follow(bytes, 14),
          before: 0,
          first: 0,
          names: new Map(),
          number: i + 1,
        },
        { ...request.style, zoneMinutes: 0, interfaces: new Map() },
      ),
    )
    .join('')
}

function walked(): Map<string, PcapPacket[]> {
  const opened = openRuntime(readFileSync('labs/default-switch/lab.yaml', 'utf8'), 1)
  if (!opened.ok) throw new Error('the lab does not build')
  const walk = new Walk(opened.lab)
  walk.play(parseScript(readFileSync('labs/default-switch/solutions/walk.script', 'utf8')).steps)
  const found = new Map<string, PcapPacket[]>()
  for (const { vantage, time, bytes, length } of walk.sightings) {
    const { machine, adapter, linkType } = walk.lab.vantages[vantage] as (typeof walk.lab.vantages)[number]
    if (linkType !== 'ethernet') continue
    const name = `${machine}-${adapter}`
    found.set(name, [...(found.get(name) ?? []), { timeMicros: 1_800_000_000_000_000 + time, bytes, length }])
  }
  return found
}

const write = (path: string, packets: readonly PcapPacket[]): void =>
  writeFileSync(path, Buffer.concat([pcapHeader(1, 262_144), ...packets.map((packet) => pcapRecord(packet))]))

describe.skipIf(missing)(missing ? 'beside tcpdump: SKIPPED, tcpdump is not installed' : 'beside tcpdump', () => {
  it('a walk through the first lab reads the same', () => {
    let [same, of] = [0, 0]
    const other: string[] = []
    for (const [name, packets] of walked()) {
      const path = join(folder, `${name.replace(/\W/g, '-')}.pcap`)
      write(path, packets)
      for (const options of ['-nn', '-nn -e -v']) {
        const left = new Map<string, number>()
        for (const line of dump(packets, options).split('\n')) left.set(line, (left.get(line) ?? 0) + 1)
        for (const line of tcpdump([...options.split(' '), '-r', path]).split('\n')) {
          of++
          const many = left.get(line) ?? 0
          if (many === 0) {
            if (other.length < 40) other.push(line)
          } else {
            same++
            left.set(line, many - 1)
          }
        }
      }
    }
    console.log(`${same} of ${of} lines are tcpdump's own`)
    expect(of).toBeGreaterThan(1000)
    expect(same / of, other.join('\n')).toBeGreaterThan(0.98)
  })

  it('filters made at random pass as many packets', () => {
    const path = 'test/fixtures/tcpdump/mixed.pcap'
    const file = readPcap(readFileSync(path))
    if (typeof file === 'string') throw new Error(file)
    const primitive = fc.constantFrom(
      ...'ip|ip6|arp|tcp|udp|icmp|icmp6|host 10.9.0.2|src host 10.9.0.1|dst net 10.9.0.0/24|net 192.168|port 53|src port 80|dst port 67|portrange 60-90|ether host 00:15:5d:00:00:01|ether broadcast|multicast|ip multicast|ip proto 17|ip6 proto 58|less 90|greater 300|tcp[13] & 2 != 0|tcp[tcpflags] & tcp-push != 0|icmp[0] = 8|ip[8] > 63|udp[4:2] > 60|ip[6:2] & 0x3fff != 0|ether[12:2] = 0x86dd|len > 200|host 2001:db8:9::2|ip6 multicast|ip[2:2] - 20 > 64'.split(
        '|',
      ),
    )
    const filter: fc.Memo<string> = fc.memo((n) =>
      n <= 1
        ? primitive
        : fc.oneof(
            primitive,
            fc.tuple(filter(n - 1), fc.constantFrom('and', 'or'), filter(n - 1)).map(([a, how, b]) => `(${a}) ${how} (${b})`),
            filter(n - 1).map((a) => `not (${a})`),
          ),
    )
    let compared = 0
    fc.assert(
      fc.property(filter(4), (text) => {
        const ours = captureFilter(text, { link: ETHERNET, hosts: new Map(), netmask: undefined, live: false })
        let theirs: number
        try {
          theirs = Number(tcpdump(['-nn', '--count', '-r', path, text]).split(' ')[0])
        } catch {
          // The optimiser sees more contradictions than we do: then nothing passes with us either.
          theirs = 0
        }
        const count = ours.ok ? file.packets.filter(({ bytes, length }) => ours.passes({ bytes, length })).length : 0
        compared++
        expect(count, text).toBe(theirs)
      }),
      { numRuns: 300 },
    )
    console.log(`${compared} filters`)
  })
})
