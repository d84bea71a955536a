// Filtering (RFC 4787 section 5), hairpinning (REQ-9), forwarded ports, and fragments.
import { describe, expect, it } from 'vitest'
import { fragmentsOf } from '../ip/fragment.ts'
import { bindUdp } from '../ip/udp.ts'
import { aDatagram, anIcmp, aSegment, type Header, OWN_MAC, PEER_MAC } from '../test-support/lone-stack.ts'
import { DNS, INSIDE, NatRouter, OTHER_INSIDE, OUTSIDE, WAN_MAC, WWW } from '../test-support/nat-router.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { ACK, SYN } from '../wire/tcp.ts'
import type { NewForward } from './nat-forward.ts'
import { type Filtering, HOME_ROUTER } from './nat-session.ts'

const udp =
  (srcPort: number, dstPort: number, payload = Uint8Array.of(1)) =>
  (header: Header) =>
    aDatagram({ srcPort, dstPort, payload }, header)

describe('filtering', () => {
  // From the address and port that was sent to, from another port of it, from somebody else.
  it.each<[Filtering, boolean, boolean, boolean]>([
    ['endpoint-independent', true, true, true],
    ['address-dependent', true, true, false],
    ['address-and-port-dependent', true, false, false],
  ])('%s', (filtering, same, port, other) => {
    const router = new NatRouter(undefined, { behavior: { ...HOME_ROUTER, filtering } })
    router.out(udp(50_000, 53))
    const arrives = (src: number, from: number) => router.in(udp(from, 50_000), src)?.ip.dst === INSIDE
    expect([arrives(WWW, 53), arrives(WWW, 54), arrives(DNS, 53)]).toEqual([same, port, other])
  })

  it('of one destination ends with its own flow, though the mapping lives on', () => {
    const router = new NatRouter(undefined, { behavior: HOME_ROUTER })
    router.out(udp(50_000, 53))
    router.host.wait(200)
    router.out(udp(50_000, 53), INSIDE, DNS)
    router.host.wait(200)
    expect(router.in(udp(53, 50_000))).toBeUndefined()
    expect(router.in(udp(53, 50_000), DNS)).toMatchObject({ ip: { dst: INSIDE } })
  })
})

describe('hairpinning', () => {
  /** A packet from inside to the outside address, and what the router sent because of it. */
  const inside = (router: NatRouter, make: (header: Header) => Uint8Array, src: number) => {
    router.seen = router.host.hear(make({ src, dst: OUTSIDE, toMac: OWN_MAC, ttl: 64 }))
    return router.host.take()[0]
  }

  it('brings two inside endpoints together under their outside addresses', () => {
    const router = new NatRouter(undefined, { behavior: { ...HOME_ROUTER, filtering: 'endpoint-independent' } })
    router.out(udp(50_000, 53))
    expect(inside(router, udp(40_000, 50_000), OTHER_INSIDE)).toMatchObject({
      to: PEER_MAC,
      ip: { src: OUTSIDE, dst: INSIDE, ttl: 63 },
      udp: { srcPort: 40_000, dstPort: 50_000 },
    })
    expect(inside(router, udp(50_000, 40_000), INSIDE)).toMatchObject({
      to: PEER_MAC + 1,
      ip: { src: OUTSIDE, dst: OTHER_INSIDE },
      udp: { srcPort: 50_000, dstPort: 40_000 },
    })
  })

  it('keeps to the filter: the other must have sent to the outside address first', () => {
    const router = new NatRouter()
    router.out(udp(50_000, 53))
    expect(inside(router, udp(40_000, 50_000), OTHER_INSIDE)).toBeUndefined()
    expect(router.seen?.verdict).toBe('no-mapping')
    inside(router, udp(50_000, 40_000), INSIDE)
    expect(inside(router, udp(40_000, 50_000), OTHER_INSIDE)).toMatchObject({ ip: { dst: INSIDE } })
  })

  it('can be switched off: then the router is meant', () => {
    const router = new NatRouter(undefined, { behavior: { ...HOME_ROUTER, filtering: 'endpoint-independent', hairpin: false } })
    router.out(udp(50_000, 53))
    expect(inside(router, udp(40_000, 50_000), OTHER_INSIDE)).toMatchObject({ icmp: { kind: 'unreachable', code: 3 } })
  })

  it('takes errors along, both ends of what they quote translated (RFC 5508 REQ-7)', () => {
    const router = new NatRouter(undefined, { behavior: { ...HOME_ROUTER, filtering: 'endpoint-independent' } })
    router.out(udp(50_000, 53))
    inside(router, udp(40_000, 50_000), OTHER_INSIDE)
    const arrived = aDatagram({ srcPort: 40_000, dstPort: 50_000 }, { src: OUTSIDE, dst: INSIDE }).slice(14)
    const said = inside(
      router,
      (header) => anIcmp({ kind: 'unreachable', code: 3, nextHopMtu: 0, original: arrived }, header),
      INSIDE,
    )
    expect(said).toMatchObject({ ip: { src: OUTSIDE, dst: OTHER_INSIDE }, icmp: { kind: 'unreachable' } })
    const original = said && 'icmp' in said && 'original' in said.icmp ? said.icmp.original : new Uint8Array(0)
    expect([ipv4.src(original, 0), ipv4.dst(original, 0)]).toEqual([OTHER_INSIDE, OUTSIDE])
  })
})

describe('a forwarded port', () => {
  const forward = (change: Partial<NewForward> = {}): NewForward => ({
    protocol: ipv4.TCP,
    externalIp: 0,
    externalPort: 8080,
    internalIp: INSIDE,
    internalPort: 80,
    remote: 0,
    remotePrefixLength: 0,
    ...change,
  })
  const syn = (header: Header) => aSegment({ srcPort: 5000, dstPort: 8080, flags: SYN }, header)

  it('lets anybody outside begin, and answers leave under it', () => {
    const router = new NatRouter(undefined, { forwards: [forward()] })
    expect(router.in(syn)).toMatchObject({ to: PEER_MAC, ip: { src: WWW, dst: INSIDE }, tcp: { srcPort: 5000, dstPort: 80 } })
    const answer = (header: Header) => aSegment({ srcPort: 80, dstPort: 5000, flags: SYN | ACK }, header)
    expect(router.out(answer)).toMatchObject({ ip: { src: OUTSIDE, dst: WWW }, tcp: { srcPort: 8080, dstPort: 5000 } })
  })

  it('twice to one server: answers leave under the port that was asked', () => {
    const router = new NatRouter(undefined, { forwards: [forward(), forward({ externalPort: 9090 })] })
    const asks = [8080, 9090].map((dstPort) =>
      router.in((header) => aSegment({ srcPort: dstPort - 1, dstPort, flags: SYN }, header)),
    )
    expect(asks).toMatchObject([{ tcp: { dstPort: 80 } }, { tcp: { dstPort: 80 } }])
    for (const port of [9090, 8080, 9090])
      expect(router.out((header) => aSegment({ srcPort: 80, dstPort: port - 1, flags: ACK }, header))).toMatchObject({
        tcp: { srcPort: port },
      })
  })

  it('is reached from inside by the outside address', () => {
    const router = new NatRouter(undefined, { forwards: [forward()] })
    router.host.hear(syn({ src: OTHER_INSIDE, dst: OUTSIDE, toMac: OWN_MAC, ttl: 64 }))
    expect(router.host.take()).toMatchObject([{ ip: { src: OUTSIDE, dst: INSIDE }, tcp: { dstPort: 80 } }])
  })

  it('may be for some only', () => {
    const router = new NatRouter(undefined, { forwards: [forward({ remote: DNS, remotePrefixLength: 24 })] })
    expect(router.in(syn)).toBeUndefined()
    expect(router.seen).toMatchObject({ verdict: 'no-mapping', detail: '192.0.2.80 may not use forwarded port 8080' })
    expect(router.in(syn, DNS)).toMatchObject({ ip: { dst: INSIDE } })
  })

  it('is nobody else’s: neither of other machines inside nor of a second rule; removed, its flows end', () => {
    const router = new NatRouter()
    router.out((header) => aSegment({ srcPort: 8080, dstPort: 80, flags: SYN }, header), OTHER_INSIDE)
    const added = router.nat.addForward(forward())
    expect(added?.id).toBe(0)
    expect(router.nat.addForward(forward({ internalPort: 81 }))).toBeUndefined()
    expect(router.nat.addForward(forward({ externalIp: OUTSIDE }))).toBeUndefined()
    expect(router.nat.table.size).toBe(0)
    const other = router.out((header) => aSegment({ srcPort: 8080, dstPort: 80, flags: SYN }, header), OTHER_INSIDE)
    expect(other && 'tcp' in other && other.tcp.srcPort).toBe(8081)
    router.in(syn)
    expect(router.nat.table.size).toBe(2)
    expect(router.nat.removeForward(0)).toMatchObject({ externalPort: 8080 })
    expect(router.nat.table.size).toBe(1)
    expect(router.nat.addForward(forward())?.id).toBe(1)
  })
})

describe('fragments', () => {
  const AT = ethernet.HEADER_LEN
  const big = Uint8Array.from({ length: 4000 }, (_, i) => i & 255)

  function cut(frame: Uint8Array, mtu: number): Uint8Array[] {
    const pieces = fragmentsOf(frame, AT, mtu)
    for (const piece of pieces) piece.set(frame.subarray(0, AT))
    return pieces
  }

  it('leave translated, and come back translated, in any order', () => {
    const router = new NatRouter()
    const there = cut(udp(50_000, 53, big)({ src: INSIDE, dst: WWW, toMac: OWN_MAC, ttl: 64 }), 1500).toReversed()
    const sent: Uint8Array[] = []
    router.host.stack.attach(3, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
    for (const piece of there) router.host.hear(piece)
    expect(sent).toHaveLength(3)
    for (const piece of sent) {
      expect([ipv4.src(piece, AT), ipv4.ttl(piece, AT)]).toEqual([OUTSIDE, 63])
      expect(ipv4.checksumOk(piece, AT)).toBe(true)
    }
    expect(router.host.stack.reassembly.size).toBe(0)
    const back: Uint8Array[] = []
    router.host.stack.attach(2, { up: true, transmit: ({ bytes }) => back.push(bytes) })
    const answer = udp(53, 50_000, big)({ src: WWW, dst: OUTSIDE, toMac: WAN_MAC, ttl: 64 })
    for (const piece of cut(answer, 1500)) router.host.hear(piece, 3)
    expect(back).toHaveLength(3)
    expect(ipv4.dst(back[2], AT)).toBe(INSIDE)
    // Put together at the inside machine, they are the datagram that was sent, checksum and all.
    const host = new NatRouter().host
    const got: Uint8Array[] = []
    host.stack.addAddress(host.via, INSIDE, 24, 'manual')
    bindUdp(host.stack, { name: 'test', datagram: (_, { payload }) => got.push(payload.slice()) }, { port: 50_000 })
    for (const piece of back) {
      ethernet.setDst(piece, OWN_MAC)
      host.hear(piece)
    }
    expect(got).toEqual([big])
  })

  it('that must not be cut leave no longer than they came', () => {
    const router = new NatRouter()
    const sent: Uint8Array[] = []
    router.host.stack.attach(3, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
    const header = { src: INSIDE, dst: WWW, toMac: OWN_MAC, ttl: 64, dontFragment: true }
    for (const piece of cut(udp(50_000, 53, big)(header), 620)) router.host.hear(piece)
    expect(sent.length).toBeGreaterThan(5)
    expect(Math.max(...sent.map((piece) => piece.length - AT))).toBeLessThanOrEqual(620)
    expect(sent.every((piece) => ipv4.dontFragment(piece, AT))).toBe(true)
  })
})
