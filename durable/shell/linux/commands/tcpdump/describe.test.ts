// Beside tcpdump 4.99.3: test/fixtures/tcpdump/ holds a capture (of two Linux machines with ARP, DHCP, DNS, ICMP, TCP, HTTP, IPv6, ND, MLD
// and DHCPv6, and of our own codecs' samples) and what `tcpdump OPTIONS -r mixed.pcap` wrote of it.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Conversations } from '../../../../engine/wire/capture/conversations.ts'
import { readPcap } from '../../../../engine/wire/capture/pcap-file.ts'
import { readArguments } from './arguments.ts'
import { type DumpStyle, describePacket } from './describe.ts'

const folder = 'test/fixtures/tcpdump'
const file = readPcap(new Uint8Array(readFileSync(`${folder}/mixed.pcap`)))
if (typeof file === 'string') throw new Error(file)
const { packets, linkType } = file

function styleOf(options: string): DumpStyle {
  const request = readArguments(options.split(' '))
  if ('status' in request) throw new Error(request.text)
  return { ...request.style, zoneMinutes: 0, interfaces: new Map() }
}

function dump(options: string): string {
  const style = styleOf(options)
  const conversations = new Conversations()
  const first = packets[0]?.timeMicros ?? 0
  return packets
    .map(({ timeMicros, bytes, length }, i) => {
      const before = packets[Math.max(0, i - 1)]?.timeMicros ?? 0
      const bases = conversations.follow(bytes, 14)
      return describePacket({ linkType, timeMicros, bytes, length, bases, before, first, names: new Map(), number: i + 1 }, style)
    })
    .join('')
}

/** How many lines of theirs are among ours. */
function agreement(ours: string, theirs: string): { readonly same: number; readonly of: number; readonly other: string[] } {
  const left = new Map<string, number>()
  for (const line of ours.split('\n')) left.set(line, (left.get(line) ?? 0) + 1)
  const other: string[] = []
  const lines = theirs.split('\n')
  for (const line of lines) {
    const many = left.get(line) ?? 0
    if (many === 0) other.push(line)
    else left.set(line, many - 1)
  }
  return { same: lines.length - other.length, of: lines.length, other }
}

describe('what tcpdump prints', () => {
  it.each([
    ['-nn', 'nn.txt', 1],
    ['-nn -v', 'nn-v.txt', 0.99],
    ['-nn -e -vv', 'nn-e-vv.txt', 0.95],
    ['-nn -q -tttt', 'nn-q-tttt.txt', 1],
  ])('with %s', (options, name, least) => {
    const { same, of, other } = agreement(dump(options), readFileSync(`${folder}/${name}`, 'latin1'))
    console.log(`tcpdump ${options}: ${same} of ${of} lines are tcpdump's own`)
    expect(same / of, other.join('\n')).toBeGreaterThanOrEqual(least)
  })

  it('shows octets beside', () => {
    expect(dump('-nn -t -x').split('\n')[1]).toMatch(/^\t0x0000: {2}6000 0000/)
    expect(dump('-nn -t -XX').split('\n')[1]).toMatch(/^\t0x0000: {2}3333 [0-9a-f ]{34} {2}\S{16}$/)
  })

  it('says where a packet was cut off, and throws at nothing', () => {
    const style = styleOf('-nn -e -vvv -X')
    fc.assert(
      fc.property(
        fc.constantFrom(...packets),
        fc.nat(200),
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        (packet, cut, changes) => {
          const bytes = packet.bytes.slice(0, Math.min(packet.bytes.length, cut))
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          for (const type of [1, 101, 276]) {
            const text = describePacket(
              {
                linkType: type,
                timeMicros: 0,
                bytes,
                length: packet.length,
                bases: [0, 0, 0],
                before: 0,
                first: 0,
                names: new Map(),
                number: 1,
              },
              style,
            )
            expect(text.length).toBeLessThan(20_000)
          }
        },
      ),
      { numRuns: 2000 },
    )
    const tcp = packets.find(({ bytes }) => bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 6)
    const cut = {
      ...tcp,
      linkType: 1,
      bytes: tcp?.bytes.slice(0, 40) ?? new Uint8Array(0),
      length: tcp?.length ?? 0,
      timeMicros: 0,
    }
    const text = describePacket({ ...cut, bases: [0, 0, 0], before: 0, first: 0, names: new Map(), number: 1 }, styleOf('-nn -t'))
    expect(text).toMatch(/: {2}\[\|tcp\]\n$/)
  })
})
