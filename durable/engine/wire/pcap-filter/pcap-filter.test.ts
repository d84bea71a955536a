// Capture filters beside libpcap 1.10: test/fixtures/tcpdump/filters.json holds what tcpdump counted in mixed.pcap, and what it said
// of filters that are wrong. test/capture/tcpdump.test.ts compares with the tcpdump of the machine, with filters made at random.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPcap } from '../capture/pcap-file.ts'
import { COOKED2, captureFilter, ETHERNET, type FilterContext, namesInFilter } from './index.ts'

const folder = 'test/fixtures/tcpdump'
const recorded = JSON.parse(readFileSync(`${folder}/filters.json`, 'utf8')) as {
  counts: [filter: string, count: number][]
  errors: [filter: string, error: string][]
}
const file = readPcap(new Uint8Array(readFileSync(`${folder}/mixed.pcap`)))
if (typeof file === 'string') throw new Error(file)
const packets = file.packets

const context: FilterContext = {
  link: ETHERNET,
  hosts: new Map([['web', ['10.9.0.2', '2001:db8:9::2']]]),
  netmask: undefined,
  live: false,
}
const live: FilterContext = { ...context, live: true, netmask: 0xffffff00 }

function count(text: string, how = context): number {
  const filter = captureFilter(text, how)
  if (!filter.ok) throw new Error(`${text}: ${filter.error}`)
  return packets.filter(({ bytes, length }, i) => filter.passes({ bytes, length, out: i % 2 === 0 })).length
}

describe('capture filters', () => {
  it.each(recorded.counts)('%s passes %i packets, as tcpdump counts', (text, expected) => {
    expect(count(text)).toBe(expected)
  })

  it.each(recorded.errors)('%s: %s', (text, error) => {
    const filter = captureFilter(text, context)
    expect(filter.ok ? 'accepted' : filter.error).toBe(error)
  })

  it('an empty filter passes all', () => {
    expect(count('')).toBe(packets.length)
  })

  it('names stand for all their addresses', () => {
    expect(namesInFilter('host web and port http')).toContain('web')
    expect(count('host web')).toBe(count('host 10.9.0.2 or host 2001:db8:9::2'))
    expect(count('ip6 host web')).toBe(count('host 2001:db8:9::2'))
    expect(captureFilter('host other', context)).toEqual({ ok: false, error: "unknown host 'other'" })
  })

  it('a live capture knows directions and its network', () => {
    expect(count('inbound', live) + count('outbound', live)).toBe(packets.length)
    expect(count('ip broadcast', live)).toBeGreaterThan(0)
    expect(captureFilter('ip broadcast', context)).toMatchObject({ ok: false })
    expect(captureFilter('vlan 3', { ...live, link: COOKED2 })).toMatchObject({ ok: false })
  })

  it('a load beyond the end rejects the packet, whatever stands around it', () => {
    const bytes = packets[0]?.bytes.subarray(0, 20) ?? new Uint8Array(20)
    for (const text of ['ether[30] = 1', 'not ether[30] = 1', 'ether[30] = 1 or ether[0] >= 0']) {
      const filter = captureFilter(text, context)
      expect(filter.ok && filter.passes({ bytes, length: 20 })).toBe(false)
    }
  })

  it('never throws, whatever is typed and whatever comes', () => {
    const word = fc.constantFrom(
      ...'tcp udp ip ip6 arp host net port src dst and or not ( ) [ ] : 0 1 10.0.0.1 fe80::1 00:11:22:33:44:55 & = < len vlan less proto \\ip \\tcp foo'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.uint8Array({ maxLength: 80 }), (words, bytes) => {
        const filter = captureFilter(words.join(' '), live)
        if (filter.ok) filter.passes({ bytes, length: bytes.length })
      }),
      { numRuns: 3000 },
    )
  })
})
