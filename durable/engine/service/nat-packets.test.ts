// Every packet that a NAT rewrites must be right in every checksum (RFC 3022 section 4.2, RFC 1624), also inside of ICMP errors
// (RFC 5508 section 4).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aDatagram, anIcmp, aSegment, type Header, OWN_MAC, PEER_MAC } from '../test-support/lone-stack.ts'
import { GATEWAY, INSIDE, NatRouter, OTHER_INSIDE, OUTSIDE, WWW } from '../test-support/nat-router.ts'
import { put16, u16 } from '../wire/bytes.ts'
import { add, fold, pseudo } from '../wire/checksum.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { ACK, SYN } from '../wire/tcp.ts'

const SUM_AT: Record<number, number> = { [ipv4.UDP]: 6, [ipv4.TCP]: 16, [ipv4.ICMP]: 2 }

/** The packet whose IP header begins at `at`, its checksums computed anew from nothing. */
function recomputed(bytes: Uint8Array, at: number): Uint8Array {
  const fresh = bytes.slice()
  ipv4.fixChecksum(fresh, at)
  const head = at + ipv4.headerLen(fresh, at)
  const end = at + ipv4.totalLen(fresh, at)
  const protocol = ipv4.protocol(fresh, at)
  const sumAt = head + SUM_AT[protocol]
  if (protocol === ipv4.UDP && u16(fresh, sumAt) === 0) return fresh
  put16(fresh, sumAt, 0)
  const start = protocol === ipv4.ICMP ? 0 : pseudo(ipv4.src(fresh, at), ipv4.dst(fresh, at), protocol, end - head)
  const sum = fold(add(start, fresh, head, end))
  put16(fresh, sumAt, protocol === ipv4.UDP && sum === 0 ? 0xffff : sum)
  return fresh
}

/** The bytes of the last frame that the router sent: the recorder has them. */
function sent(router: NatRouter): Uint8Array {
  const seen = router.host.recorder.read(0).filter(({ direction }) => direction === 'out')
  return (seen.at(-1) as (typeof seen)[number]).bytes
}

const port = fc.integer({ min: 1, max: 65_535 })
const address = fc.nat({ max: 0x00ffffff }).map((low) => 0x08000000 + low)
const payload = fc.uint8Array({ maxLength: 80 })

type Made = { readonly out: (header: Header) => Uint8Array; readonly back: (outside: number) => (header: Header) => Uint8Array }
const datagram: fc.Arbitrary<Made> = fc
  .tuple(port, port, payload, payload, fc.boolean())
  .map(([from, to, there, back, summed]) => {
    const make = (srcPort: number, dstPort: number, body: Uint8Array) => (header: Header) => {
      const bytes = aDatagram({ srcPort, dstPort, payload: body }, header)
      if (!summed) put16(bytes, 14 + 20 + 6, 0)
      return bytes
    }
    return { out: make(from, to, there), back: (outside) => make(to, outside, back) }
  })
const segment: fc.Arbitrary<Made> = fc
  .tuple(port, port, payload, payload, fc.nat({ max: 0x7fffffff }))
  .map(([from, to, there, back, seq]) => ({
    out: (header) =>
      aSegment({ srcPort: from, dstPort: to, payload: there, seq, flags: SYN, options: { mss: 1460, windowScale: 7 } }, header),
    back: (outside) => (header) => aSegment({ srcPort: to, dstPort: outside, payload: back, ack: seq, flags: ACK }, header),
  }))
const echo: fc.Arbitrary<Made> = fc.tuple(port, fc.nat({ max: 65_535 }), payload).map(([ident, sequence, body]) => ({
  out: (header) => anIcmp({ kind: 'echo-request', ident, sequence, payload: body }, header),
  back: (outside) => (header) => anIcmp({ kind: 'echo-reply', ident: outside, sequence, payload: body }, header),
}))

const outsidePort = (bytes: Uint8Array): number => {
  const head = 14 + ipv4.headerLen(bytes, 14)
  return ipv4.protocol(bytes, 14) === ipv4.ICMP ? icmp.ident(bytes, head) : u16(bytes, head)
}

it('rewrites out and back so that every checksum is what full recomputation gives', () => {
  fc.assert(
    fc.property(fc.oneof(datagram, segment, echo), address, address, fc.boolean(), (made, own, remote, collide) => {
      const router = new NatRouter()
      fc.pre(own >>> 8 !== remote >>> 8 && (own & 255) > 1 && (own & 255) < 255)
      router.address(router.wan, own)
      if (collide) router.out(made.out, OTHER_INSIDE, remote)
      const out = router.out(made.out, INSIDE, remote)
      expect(out).toMatchObject({ ip: { src: own, dst: remote } })
      const there = sent(router)
      expect(there).toEqual(recomputed(there, 14))
      expect(router.in(made.back(outsidePort(there)), remote, own)).toMatchObject({ ip: { src: remote, dst: INSIDE } })
      const back = sent(router)
      expect(back).toEqual(recomputed(back, 14))
      expect(outsidePort(there) === u16(made.out({}), 14 + 20 + (ipv4.protocol(there, 14) === ipv4.ICMP ? 4 : 0))).toBe(!collide)
    }),
    { numRuns: 400, verbose: true },
  )
})

it('leaves a datagram without a checksum without one', () => {
  const router = new NatRouter()
  router.out((header) => {
    const bytes = aDatagram({ srcPort: 50_000 }, header)
    put16(bytes, 40, 0)
    return bytes
  })
  expect(u16(sent(router), 40)).toBe(0)
})

describe('an ICMP error', () => {
  const all: [string, (header: Header, outside?: number) => Uint8Array][] = [
    ['a datagram', (header, from = 50_000) => aDatagram({ srcPort: from, dstPort: 33_434 }, header)],
    [
      'a segment',
      (header, from = 50_000) => aSegment({ srcPort: from, dstPort: 80, flags: SYN, options: { mss: 1460 } }, header),
    ],
    [
      'an echo request',
      (header, from = 50_000) => anIcmp({ kind: 'echo-request', ident: from, sequence: 3, payload: new Uint8Array(8) }, header),
    ],
  ]

  // Quoted whole, and no more than RFC 792 asks for: the header and eight octets.
  it.each(all.flatMap(([name, make]) => [[name, make, 576] as const, [name, make, 28] as const]))(
    'from outside about %s reaches the machine that sent it, and speaks of what that machine sent (%#)',
    (_, make, quote) => {
      const router = new NatRouter()
      router.out((header) => make(header), OTHER_INSIDE)
      router.out((header) => make(header))
      const original = sent(router).slice(14)
      const before = make({ src: INSIDE, dst: WWW, ttl: 63 }).slice(14)
      const said = router.in(
        (header) => anIcmp({ kind: 'time-exceeded', code: 0, original: original.slice(0, quote) }, header),
        GATEWAY,
      )
      expect(said).toMatchObject({ to: PEER_MAC, ip: { src: GATEWAY, dst: INSIDE }, icmp: { kind: 'time-exceeded' } })
      expect(said && 'icmp' in said && 'original' in said.icmp && said.icmp.original).toEqual(before.slice(0, quote))
      const bytes = sent(router)
      expect(bytes).toEqual(recomputed(bytes, 14))
    },
  )

  it('of an inside machine about what came to it speaks outside of what was sent there', () => {
    const router = new NatRouter()
    const open = (header: Header) => aDatagram({ srcPort: 50_000, dstPort: 53 }, header)
    router.out(open, OTHER_INSIDE)
    router.out(open)
    const answer = (header: Header) => aDatagram({ srcPort: 53, dstPort: 50_002 }, header)
    expect(router.in(answer)).toMatchObject({ ip: { dst: INSIDE } })
    const arrived = sent(router).slice(14)
    const said = router.out((header) => anIcmp({ kind: 'unreachable', code: 3, nextHopMtu: 0, original: arrived }, header))
    expect(said).toMatchObject({ ip: { src: OUTSIDE, dst: WWW }, icmp: { kind: 'unreachable', code: 3 } })
    const before = answer({ src: WWW, dst: OUTSIDE, ttl: 63 }).slice(14)
    expect(said && 'icmp' in said && 'original' in said.icmp && said.icmp.original).toEqual(before)
  })

  it('about a packet of the router’s own is its own; one about nothing known goes nowhere', () => {
    const router = new NatRouter()
    const own = aDatagram({ srcPort: 40_000 }, { src: OUTSIDE, dst: WWW }).slice(14)
    const about = (original: Uint8Array) => (header: Header) =>
      anIcmp({ kind: 'unreachable', code: 1, nextHopMtu: 0, original }, header)
    expect(router.in(about(own), GATEWAY)).toBeUndefined()
    expect(router.seen?.verdict).toBe('delivered')
    const foreign = aDatagram({}, { src: WWW, dst: INSIDE }).slice(14)
    expect(router.out(about(foreign))).toBeUndefined()
    expect(router.seen?.verdict).toBe('no-mapping')
    expect(router.out(about(foreign.slice(0, 20)))).toBeUndefined()
    expect(router.seen?.verdict).toBe('malformed')
  })

  it('that does not end its mapping leaves the flow as it is (RFC 5508 section 4.2)', () => {
    const router = new NatRouter()
    const open = (header: Header) => aDatagram({ srcPort: 50_000, dstPort: 53 }, header)
    router.out(open)
    const original = sent(router).slice(14)
    router.host.wait(100)
    router.in((header) => anIcmp({ kind: 'unreachable', code: 3, nextHopMtu: 0, original }, header))
    router.host.wait(21)
    expect(router.nat.table.live(router.host.sim.now)).toEqual([])
  })

  it('of the router about a packet that it could not pass on quotes what the inside machine sent', () => {
    const router = new NatRouter()
    const nobody = OUTSIDE + 77
    const packet = (header: Header) => aDatagram({ srcPort: 50_000, dstPort: 9 }, { ...header, toMac: OWN_MAC })
    router.out(packet, INSIDE, nobody)
    router.host.wait(5)
    const errors = router.host.take().flatMap((said) => ('icmp' in said ? [said] : []))
    expect(errors).toMatchObject([{ to: PEER_MAC, ip: { dst: INSIDE }, icmp: { kind: 'unreachable', code: 1 } }])
    const [{ icmp: error }] = errors
    expect('original' in error && error.original.slice(12)).toEqual(packet({ src: INSIDE, dst: nobody }).slice(26))
  })
})
