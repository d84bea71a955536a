// RFC 4861, 4862, 4443, 8200, 5722, 6724, 8201: what a host says and believes, and what it cannot be made to do.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anAdvertisement, anEcho6, anNdp, LoneIp6, OWN6, PEER6, packet6, six } from '../../test-support/lone-ip6.ts'
import { PEER_MAC } from '../../test-support/lone-stack.ts'
import { formatIp6, solicitedNode } from '../../wire/addresses.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { Ip6State } from './ip6-stack.ts'
import { TABLE_LIMIT } from './neighbors6.ts'
import { sortDestinations } from './select-destination.ts'
import { commonPrefix, selectSource } from './select-source.ts'

const ALL = six('ff02::1')

describe('coming up', () => {
  it('asks once whether anybody has the address, waits a second, then looks three times for routers', () => {
    const host = new LoneIp6()
    host.wait(20)
    const said = host.take()
    const probes = said.filter((s) => s.ndp?.kind === 'neighbor-solicitation')
    expect(probes.map((s) => [s.ip.src, s.ip.dst, s.ndp])).toMatchObject([[0n, solicitedNode(OWN6), { target: OWN6 }]])
    const asked = said.filter((s) => s.ndp?.kind === 'router-solicitation')
    expect(asked.map((s) => formatIp6(s.ip.dst))).toEqual(['ff02::2', 'ff02::2', 'ff02::2'])
    expect(asked[0].at - probes[0].at).toBeGreaterThanOrEqual(1_000_000)
    expect(asked[1].at - asked[0].at).toBe(4_000_000)
    expect(said.every((s) => s.ip.hopLimit === (s.mld ? 1 : 255))).toBe(true)
    const reported = said.flatMap((s) => (s.mld?.kind === 'report' ? s.mld.records.map((r) => formatIp6(r.group)) : []))
    expect(new Set(reported)).toEqual(new Set([formatIp6(solicitedNode(OWN6))]))
    expect(host.ip6.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('with an address that somebody has: it is not used, and a Linux host with an EUI-64 has no other', () => {
    const host = new LoneIp6()
    host.wait(1)
    const claim = { router: false, solicited: false, override: true, target: OWN6 }
    host.hear(
      anNdp(
        { kind: 'neighbor-advertisement', ...claim, options: [{ type: 'target-link', mac: PEER_MAC }] },
        { src: OWN6, dst: ALL },
      ),
    )
    host.wait(20)
    expect(host.i6.addresses.map((a) => a.state)).toEqual(['duplicate'])
    expect(host.take().some((s) => s.ndp?.kind === 'router-solicitation')).toBe(false)
    expect(host.hear(anEcho6())).toMatchObject({ verdict: 'no-address' })
  })

  it('of Windows: another identifier is tried', () => {
    const host = new LoneIp6('windows')
    host.wait(0.5)
    const [first] = host.i6.addresses
    host.hear(anNdp({ kind: 'neighbor-solicitation', target: first.ip, options: [] }, { src: 0n, dst: solicitedNode(first.ip) }))
    host.wait(20)
    expect(host.i6.addresses.map((a) => a.state)).toEqual(['duplicate', 'preferred'])
  })

  it('hears its own question come back by a loop, and is not confused', () => {
    const host = new LoneIp6()
    host.wait(1.2)
    const [probe] = host.take().filter((s) => s.ndp?.kind === 'neighbor-solicitation')
    host.hear(anNdp(probe.ndp as never, { src: 0n, dst: probe.ip.dst }))
    host.wait(5)
    expect(host.i6.linkLocal?.state).toBe('preferred')
  })
})

describe('a router that speaks', () => {
  it('makes an address, a route, a server for names; and a temporary address on Windows', () => {
    for (const [os, origins] of [
      ['linux', ['link-local', 'ra']],
      ['windows', ['link-local', 'ra', 'temporary']],
    ] as const) {
      const host = new LoneIp6(os).settled()
      expect(host.hear(anAdvertisement({}, {})).verdict).toBe('delivered')
      host.wait(3)
      expect(host.i6.addresses.map((a) => a.origin)).toEqual(origins)
      expect(host.i6.addresses.every((a) => a.state === 'preferred')).toBe(true)
      expect(host.ip6.routes.all.filter((r) => r.prefixLength === 0)).toMatchObject([{ gateway: PEER6, origin: 'ra' }])
      expect(host.i6.dnsServers.map((d) => formatIp6(d.value))).toEqual(['2001:db8:1::53'])
      // RFC 6724 rule 7: the temporary one speaks.
      expect(selectSource(host.ip6, host.i6, six('2001:db8:2::1'))?.origin).toBe(origins[origins.length - 1])
    }
  })

  it('is believed only from this link, from a link-local address, with its checksum', () => {
    const host = new LoneIp6().settled()
    const far = anAdvertisement()
    far[14 + 7] = 64
    expect(host.hear(far)).toMatchObject({ verdict: 'malformed', detail: 'ndp: the hop limit is not 255' })
    const broken = anAdvertisement()
    broken[60] ^= 1
    expect(host.hear(broken)).toMatchObject({ verdict: 'malformed', detail: 'ndp: bad checksum' })
    expect(host.ip6.routes.all.filter((r) => r.prefixLength === 0)).toEqual([])
  })

  it('cannot take an address away in less than two hours, but ends being a router at once', () => {
    const host = new LoneIp6().settled()
    host.hear(anAdvertisement())
    host.wait(3)
    host.hear(anAdvertisement({ lifetime: 0 }, { valid: 1, preferred: 1 }))
    const own = host.i6.addresses.find((a) => a.origin === 'ra')
    expect((own?.validUntil ?? 0) - host.sim.now).toBe(2 * 3600 * 1_000_000)
    expect(host.ip6.routes.all.some((r) => r.prefixLength === 0)).toBe(false)
    host.wait(2 * 3600 + 1)
    expect(host.i6.addresses.some((a) => a.origin === 'ra')).toBe(false)
  })

  it('keeps a temporary address in use as long as it says its prefix, for a day at most and not into a second life', () => {
    const host = new LoneIp6('windows').settled()
    const temporary = () => host.i6.addresses.filter((a) => a.origin === 'temporary').map((a) => formatIp6(a.ip))
    const hour = 3_600_000_000
    const begin = host.sim.now
    const seen = new Set<string>()
    // Each time with a prefix that is preferred for four hours (RFC 8981 section 3.4).
    while (host.sim.now - begin < 10 * 24 * hour) {
      host.hear(anAdvertisement({}, { valid: 8 * 3600, preferred: 4 * 3600 }))
      host.wait(3600)
      const stored = JSON.parse(JSON.stringify(host.ip6.save())) as Ip6State
      host.ip6.load(stored)
      expect(host.ip6.save()).toEqual(stored)
      for (const one of temporary()) seen.add(one)
      const inUse = host.i6.addresses.filter((a) => a.origin === 'temporary' && a.preferredUntil > host.sim.now)
      expect(inUse.length).toBe(1)
      expect(inUse[0].preferredUntil - host.sim.now).toBeLessThanOrEqual(3 * hour)
    }
    // A day less up to 0.4 of one, each; and the oldest is gone after a week.
    expect(seen.size).toBeGreaterThanOrEqual(10)
    expect(seen.size).toBeLessThanOrEqual(17)
    expect(temporary().length).toBeLessThan(seen.size)
    // The router falls silent, and comes back: what was deprecated before its time is preferred again.
    host.wait(3 * 3600 + 60)
    const [last] = host.i6.addresses.filter((a) => a.origin === 'temporary').slice(-1)
    expect(last.preferredUntil).toBeLessThanOrEqual(host.sim.now)
    host.hear(anAdvertisement({}, { valid: 8 * 3600, preferred: 4 * 3600 }))
    expect(last.preferredUntil > host.sim.now).toBe((last.limits?.preferred ?? 0) > host.sim.now)
  })

  it('who floods prefixes fills nothing', () => {
    const host = new LoneIp6('windows').settled()
    for (let n = 0; n < 500; n++) host.hear(anAdvertisement({}, { prefix: six('2001:db8::') + (BigInt(n) << 64n) }))
    expect(host.i6.addresses.length).toBeLessThanOrEqual(17)
    expect(host.ip6.routes.all.length).toBeLessThanOrEqual(70)
  })
})

describe('neighbours', () => {
  it('are asked for three times, then the packet is given up', () => {
    const host = new LoneIp6().settled()
    host.hear(anEcho6({ src: six('fe80::99') }))
    host.wait(5)
    const asked = host.take().filter((s) => s.ndp?.kind === 'neighbor-solicitation')
    expect(asked).toHaveLength(3)
    expect(host.i6.neighbors.get(six('fe80::99'))?.state).toBe('unreachable')
  })

  it('go from reachable by stale and delay to probe', () => {
    const host = new LoneIp6().settled()
    host.hear(anEcho6())
    const answer = { router: false, solicited: true, override: true, target: PEER6 }
    host.hear(anNdp({ kind: 'neighbor-advertisement', ...answer, options: [{ type: 'target-link', mac: PEER_MAC }] }))
    const entry = host.i6.neighbors.get(PEER6)
    expect(entry?.state).toBe('reachable')
    host.wait(60)
    host.hear(anEcho6())
    expect(entry?.state).toBe('delay')
    host.wait(5.5)
    expect(entry?.state).toBe('probe')
    expect(host.take().filter((s) => s.ndp?.kind === 'neighbor-solicitation' && s.to === PEER_MAC)).toHaveLength(1)
  })

  it('fill a table that has an end', () => {
    const host = new LoneIp6().settled()
    for (let n = 1; n < 3 * TABLE_LIMIT; n++) host.hear(anEcho6({ src: six('fe80::') + BigInt(n) }))
    expect(host.i6.neighbors.size).toBeLessThanOrEqual(TABLE_LIMIT)
  })
})

/** An echo request in pieces of the sizes given, in the order given. */
function pieces(cuts: readonly number[], order: readonly number[], id = 9): Uint8Array[] {
  const whole = anEcho6({}, new Uint8Array(1000)).subarray(54)
  const frames = cuts.map((from, i) => {
    const to = cuts[i + 1] ?? whole.length
    const out = new Uint8Array(8 + to - from)
    ipv6.emitFragment(out, 0, ipv6.ICMP6, from, i + 1 < cuts.length, id)
    out.set(whole.subarray(from, to), 8)
    return packet6(ipv6.FRAGMENT, out)
  })
  return order.map((i) => frames[i])
}

describe('fragments', () => {
  it('become whole in any order, and the answer goes out', () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const host = new LoneIp6().settled()
      for (const frame of pieces([0, 400, 800], order)) host.hear(frame)
      expect(host.i6.neighbors.get(PEER6)?.waiting).toHaveLength(1)
      expect(host.ip6.fragments.size).toBe(0)
    }
  })

  it('that overlap spoil the packet for good (RFC 5722)', () => {
    const host = new LoneIp6().settled()
    const [first] = pieces([0, 400], [0])
    const [, second] = pieces([0, 392], [0, 1])
    host.hear(first)
    expect(host.hear(second)).toMatchObject({ verdict: 'malformed', detail: 'ipv6: it overlaps another fragment of the packet' })
    expect(host.hear(pieces([0, 400], [1])[0]).verdict).toBe('malformed')
    expect(host.i6.neighbors.get(PEER6)).toBeUndefined()
  })

  it('without an end are given up after a minute, and the sender is told; the table has an end', () => {
    const host = new LoneIp6().settled()
    for (let id = 0; id < 500; id++) host.hear(pieces([0, 400], [0], id)[0])
    expect(host.ip6.fragments.size).toBeLessThanOrEqual(64)
    host.i6.neighbors.add(PEER6, 'permanent', PEER_MAC)
    host.take()
    host.wait(61)
    const errors = host.take().flatMap((s) => (s.icmp?.kind === 'time-exceeded' ? [s.icmp.code] : []))
    // Ten at once, then ten a second: all are late in the same moment.
    expect(errors).toEqual(Array(10).fill(icmpv6.REASSEMBLY))
    expect(host.ip6.fragments.size).toBe(0)
  })
})

describe('what cannot be read', () => {
  it('an option that must be known, a routing header, an unknown protocol: said in one error each', () => {
    for (const [bytes, code, pointer] of [
      [packet6(ipv6.DESTINATION, Uint8Array.of(59, 0, 0x80, 4, 0, 0, 0, 0)), icmpv6.UNKNOWN_OPTION, 42],
      [packet6(ipv6.ROUTING, Uint8Array.of(59, 2, 0, 1, ...new Uint8Array(20))), icmpv6.ERRONEOUS_FIELD, 42],
      [packet6(200, new Uint8Array(8)), icmpv6.UNKNOWN_NEXT_HEADER, 6],
    ] as const) {
      const host = new LoneIp6().settled()
      host.hear(
        anNdp(
          { kind: 'neighbor-solicitation', target: OWN6, options: [{ type: 'source-link', mac: PEER_MAC }] },
          { dst: solicitedNode(OWN6) },
        ),
      )
      host.take()
      host.hear(bytes)
      expect(host.take().map((s) => s.icmp)).toMatchObject([{ kind: 'parameter-problem', code, pointer }])
    }
  })

  it('a thousand extension headers are not read', () => {
    const host = new LoneIp6().settled()
    const chain = Uint8Array.from({ length: 800 }, (_, i) => (i % 8 === 0 ? ipv6.DESTINATION : 0))
    expect(host.hear(packet6(ipv6.DESTINATION, chain))).toMatchObject({ detail: 'ipv6: too many extension headers' })
  })
})

it('packets that are too big are cut after a router said so, and never below 1280 octets', () => {
  const host = new LoneIp6().settled()
  host.hear(anAdvertisement())
  host.wait(3)
  const far = six('2001:db8:9::1')
  const own = host.i6.addresses.find((a) => a.origin === 'ra')?.ip ?? 0n
  const original = anEcho6({ src: own, dst: far }, new Uint8Array(1400)).subarray(14)
  const message: icmpv6.Icmp6 = { kind: 'packet-too-big', mtu: 600, original: original.slice(0, 1200) }
  const out = new Uint8Array(icmpv6.len(message))
  icmpv6.emit(message, out, 0, { src: PEER6, dst: own })
  host.hear(packet6(ipv6.ICMP6, out, { dst: own }))
  expect(host.ip6.pmtu.of(far, host.sim.now)).toBe(1280)
  host.wait(601)
  expect(host.ip6.pmtu.of(far, host.sim.now)).toBeUndefined()
})

it('chooses among the addresses of a name as RFC 6724 orders them', () => {
  const host = new LoneIp6().settled()
  const via = host.i6.via
  host.stack.addAddress(via, 0xc0a80314, 24, 'manual')
  host.stack.routes.add({
    destination: 0,
    prefixLength: 0,
    gateway: 0xc0a80301,
    interface: 2,
    metric: 0,
    origin: 'dhcp',
    persistent: false,
  })
  const [four, global] = [0xc0000250, six('2001:db8:2::80')]
  // Without a global address there is no way there by IPv6.
  expect(sortDestinations(host.stack, [global, four])).toEqual([four, global])
  host.hear(anAdvertisement())
  host.wait(3)
  expect(sortDestinations(host.stack, [four, global])).toEqual([global, four])
  expect(sortDestinations(host.stack, [six('fd00::1'), global])).toEqual([global, six('fd00::1')])
  expect(commonPrefix(six('2001:db8::'), six('2001:db9::'))).toBe(31)
})

it('whatever comes, nothing throws, tables have ends, and a restored stack says the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(4), fc.uint8Array({ minLength: 8, maxLength: 120 }), fc.nat(7000)), { maxLength: 40 }),
      (steps) => {
        const host = new LoneIp6('windows').settled()
        const other = new LoneIp6('windows').settled()
        host.hear(anAdvertisement())
        other.hear(anAdvertisement())
        steps.forEach(([kind, bytes, wait], i) => {
          const protocol = [ipv6.ICMP6, ipv6.FRAGMENT, ipv6.HOP_BY_HOP, 17, bytes[0]][kind]
          const frame = () => {
            const made = packet6(protocol, bytes.slice(), { dst: i % 3 === 0 ? ALL : OWN_WINDOWS(host) })
            if (i % 5 === 0) made[14 + (bytes[1] % 40)] = bytes[2]
            return made
          }
          host.hear(frame())
          other.hear(frame())
          if (i % 4 === 0) {
            const state = JSON.parse(JSON.stringify(other.ip6.save())) as Ip6State
            other.ip6.load(state)
          }
          host.wait(wait / 1000)
          other.wait(wait / 1000)
        })
        expect(other.ip6.save()).toEqual(host.ip6.save())
        expect(other.take().map((s) => [s.at, s.to])).toEqual(host.take().map((s) => [s.at, s.to]))
        expect(host.i6.neighbors.size).toBeLessThanOrEqual(TABLE_LIMIT)
      },
    ),
    { numRuns: 60 },
  )
})

const OWN_WINDOWS = (host: LoneIp6): bigint => host.i6.linkLocal?.ip ?? 0n
