import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleFrames, samplePacket } from '../samples/frames.ts'
import { type Filter, fields, MAX_TEXT, matches, parseFilter, type Subject } from './index.ts'
import { layersOf } from './layers.ts'

const subjectOf = (bytes: Uint8Array, number = 1): Subject => ({
  bytes,
  linkType: 'ethernet',
  number,
  timeMicros: number * 1_500_000,
  interfaceName: 'ubuntu1/eth0',
  length: bytes.length,
})
const subjects = sampleFrames.map(({ frame }, i) => subjectOf(Uint8Array.from(frame), i + 1))

function filterOf(text: string): Filter {
  const parsed = parseFilter(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`)
  return parsed.filter
}
const names = (text: string): string[] => {
  const filter = filterOf(text)
  return sampleFrames.filter((_, i) => matches(filter, subjects[i])).map(({ name }) => name)
}
/** The text that an error points at, and what it says. */
const wrong = (text: string): [string, string] => {
  const parsed = parseFilter(text)
  if (parsed.ok) throw new Error(`${text} is right`)
  return [text.slice(parsed.at, parsed.at + parsed.length), parsed.message]
}

describe('what a filter finds', () => {
  it('finds by protocol, field and value', () => {
    expect(names('dhcp.option.dhcp == 5')).toEqual(['dhcp ack'])
    expect(names('dhcp.option.dhcp == ack && eth.src == 00:15:5d:00:e5:01')).toEqual(['dhcp ack'])
    expect(names('vlan.id == 20')).toEqual(['tagged arp', 'tagged echo'])
    expect(names('dns.a == 93.184.216.35')).toEqual(['dns A'])
    expect(names('pap')).toEqual(['pap request', 'pap ack', 'pap nak'])
    expect(names('')).toHaveLength(sampleFrames.length)
  })

  it('tests every value of a field, in quoted and tunnelled packets too', () => {
    expect(names('udp.dstport == 33434')).toHaveLength(10)
    expect(names('ip.src == 10.9.0.2')).toEqual(['ppp ping'])
    expect(names('ip.src#2 == 10.9.0.2')).toEqual(['ppp ping'])
    expect(names('ip.src#1 == 10.9.0.2')).toEqual([])
  })

  it('takes != as “none of them is”, as Wireshark does since 4.0', () => {
    expect(names('arp && arp.src.proto_ipv4 != 192.168.50.10')).toEqual(['arp reply', 'arp probe'])
    expect(names('udp.port != 53 && dns')).toEqual([])
    expect(names('any udp.port != 53 && dns')).not.toEqual([])
    expect(names('tcp.port != 80 && arp')).toEqual([])
  })

  it('joins tests: not, then and, then xor, then or', () => {
    expect(names('arp || dhcp && icmp')).toEqual(names('arp'))
    expect(names('vlan xor arp')).toEqual([
      'arp request',
      'arp reply',
      'arp probe',
      'arp announcement',
      'arp gratuitous reply',
      'tagged echo',
    ])
    expect(names('not arp and not ip and not ipv6')).toEqual(['unknown ethertype'])
    expect(names('!(ip || arp || ipv6)')).toEqual(['unknown ethertype'])
  })

  it('looks into slices, functions, masks and sets', () => {
    expect(names('vlan && eth.src[0:3] == 00:15:5d')).toEqual(['tagged arp', 'tagged echo'])
    expect(names('(tcp.flags & 0x12) == 0x12')).toEqual(['tcp syn-ack'])
    expect(names('tcp.port in {22, 8000..8010}')).toEqual(['http not found', 'ssh server', 'ssh client'])
    expect(names('count(ip.addr) > 2 && l2tp')).toEqual(['ppp ping', 'ppp udp'])
    expect(names('upper(dhcp.option.message) contains "WRONG"')).toEqual(['dhcp nak'])
    expect(names('udp.srcport < udp.dstport < 70')).toEqual(names('udp.srcport == 67'))
  })

  it('knows number, time, length and place of a packet', () => {
    expect(names('frame.number in {2, 3}')).toEqual(['arp reply', 'arp probe'])
    expect(names('frame.time_relative < 3.1')).toEqual(['arp request', 'arp reply'])
    expect(names('frame.interface_name == "ubuntu1/eth0" && frame.number == 1')).toEqual(['arp request'])
    const cut = { ...subjects[0], bytes: subjects[0].bytes.subarray(0, 20), length: 42 }
    expect(matches(filterOf('frame.cap_len < frame.len && arp && frame.len == 42'), cut)).toBe(false)
    expect(matches(filterOf('frame.cap_len < frame.len && eth'), cut)).toBe(true)
  })

  it('compares field with field', () => {
    expect(names('arp.src.hw_mac == eth.src && arp.opcode == reply')).toEqual(['arp gratuitous reply'])
    expect(names('ip.src == ip.dst')).toEqual([])
  })

  it('reads a bare packet', () => {
    const subject = { ...subjectOf(samplePacket.frame), linkType: 'raw-ip' as const }
    expect(matches(filterOf('icmp.type == 8 && !eth'), subject)).toBe(true)
  })
})

describe('what a filter does not mean', () => {
  it.each([
    ['dhcp.option.dhpc == 5', 'dhcp.option.dhpc', 'did you mean dhcp.option.dhcp?'],
    ['ip.adr == 10.0.0.1', 'ip.adr', 'did you mean ip.addr?'],
    ['tcp.stream == 3', 'tcp.stream', 'use addresses and ports'],
    ['tcp.seq == 3', 'tcp.seq', 'use tcp.seq_raw'],
    ['dns.qry.name matches "x"', 'matches', 'regular expressions are not supported'],
    ['ip.ttl == 256', '256', 'ip.ttl is at most 255'],
    ['ip.ttl == -1', '-1', 'never negative'],
    ['ip.addr == 10.0.0.256', '10.0.0.256', 'an IPv4 address such as'],
    ['eth.src == 00:15:5d', '00:15:5d', 'write eth.src[0:3]'],
    ['ip.ttl[0] == 1', '[0]', 'no octets to slice'],
    ['eth.src[x] == 1', 'x', 'a slice is'],
    ['tcp.port in {80 22}', '22', 'parted by commas'],
    ['tcp.port in {80', '{', 'not closed'],
    ['tcp.port in {}', '}', 'a value is expected'],
    ['(ip and (udp)', '(', 'not closed'],
    ['ip)', ')', 'never opened'],
    ['ip udp', 'udp', 'joined by and, or, xor'],
    ['ip and', '', 'ends where a field is expected'],
    ['ip.src ==', '', 'a value is missing'],
    ['ip.src = 10.0.0.1', '=', 'use =='],
    ['ip | arp', '|', 'use ||'],
    ['ip.ttl + 1 == 2', '+', 'arithmetic'],
    ['64 == ip.ttl', '64', 'stands on the left'],
    ['dns.qry.name == "www', '"www', 'a quotation mark is missing'],
    ['frame contains "\\q"', '\\q', 'escape'],
    ['ip.src contains 10', 'ip.src', 'contains looks into'],
    ['len(ip.src)', 'len', 'compare it'],
    ['size(ip.src) > 1', 'size', 'there are lower, upper, len, count'],
    ['ip.src == udp.port', 'udp.port', 'udp.port is a number'],
    ['tcp.flags.syn == maybe', 'maybe', 'true or false'],
    ['constructor == 1', 'constructor', 'neither a field'],
    ['ip.proto == constructor', 'constructor', 'compared with a number'],
  ])('%s', (text, place, message) => {
    const [at, said] = wrong(text)
    expect(at).toBe(place)
    expect(said).toContain(message)
  })

  it('bounds what it reads', () => {
    expect(wrong(`ip ${' '.repeat(MAX_TEXT)}`)[1]).toContain('at most')
    expect(wrong('('.repeat(2000))[1]).toContain('nested')
    expect(wrong(`${'len('.repeat(900)}ip.src`)[1]).toContain('nested')
    expect(names(`${'!'.repeat(4000)}arp`)).toEqual(names('arp'))
  })
})

describe('any text, any octets', () => {
  const words = fc.constantFrom(
    ...[...fields.keys()].slice(0, 60),
    ...[
      '==',
      '!=',
      '&&',
      'or',
      'not',
      '(',
      ')',
      '{',
      '}',
      ',',
      '..',
      '[0:2]',
      '#2',
      '&',
      'in',
      'any',
      'all',
      'contains',
      'len(',
      'lower(',
    ],
    ...['80', '0x10', '10.0.0.0/8', 'fe80::/10', '00:15:5d', '"a b"', "'x'", '"', '[', '$', '\u{1f600}', '\ud800'],
  )
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 12 }).map((all) => all.join(' ')),
  )

  it('never throws, and errors lie inside the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseFilter(text)
        if (parsed.ok) for (const subject of subjects.slice(0, 140)) matches(parsed.filter, subject)
        else {
          expect(parsed.at).toBeGreaterThanOrEqual(0)
          expect(parsed.length).toBeGreaterThanOrEqual(0)
          expect(parsed.at + parsed.length).toBeLessThanOrEqual(text.length)
          expect(parsed.message).not.toBe('')
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('reads every field of whatever octets', () => {
    const broken = fc
      .tuple(fc.constantFrom(...sampleFrames), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }), fc.nat())
      .map(([{ frame }, changes, cut]) => {
        const b = Uint8Array.from(frame)
        for (const [at, v] of changes) b[at % b.length] = v
        return cut % 3 === 0 ? b.subarray(0, cut % (b.length + 1)) : b
      })
    fc.assert(
      fc.property(
        fc.oneof(broken, fc.uint8Array({ maxLength: 200 })),
        fc.constantFrom('ethernet' as const, 'raw-ip' as const),
        (bytes, linkType) => {
          const subject = { ...subjectOf(bytes), linkType }
          const { layers } = layersOf(subject, ~0)
          for (const layer of layers) {
            expect(layer.at >= 0 && layer.end <= bytes.length).toBe(true)
            for (const field of fields.values()) {
              if ((field.of & layer.protocol) === 0) continue
              const out: unknown[] = []
              field.read(bytes, layer, out as never[], subject)
              expect(out.every((value) => value !== undefined && !Number.isNaN(value))).toBe(true)
            }
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('does not fall into names that all objects have', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(parseFilter(word).ok).toBe(false)
      expect(parseFilter(`dhcp.option.dhcp == ${word}`).ok).toBe(false)
    }
  })
})

describe('speed', () => {
  it('looks at 20,000 packets', () => {
    const filter = filterOf('dns.qry.name contains "example" || dhcp.option.dhcp == 5 && eth.src[0:3] == 00:15:5d')
    let found = 0
    for (let i = 0; i < 20_000; i++) if (matches(filter, subjects[i % subjects.length])) found++
    expect(found).toBeGreaterThan(0)
  })
})
