// Address and port translation: fact sheet 4.5 (NAT of the Default Switch) and 4.7; RFC 4787, RFC 5382, RFC 5508.
import { describe, expect, it } from 'vitest'
import { bindUdp } from '../ip/udp.ts'
import { aDatagram, anIcmp, aSegment, type Header, OWN_MAC, PEER_MAC } from '../test-support/lone-stack.ts'
import { DNS, INSIDE, NatRouter, OTHER_INSIDE, OUTSIDE, WWW } from '../test-support/nat-router.ts'
import { parseIp } from '../wire/addresses.ts'
import * as tcp from '../wire/tcp.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const udp =
  (srcPort: number, dstPort = 53) =>
  (header: Header) =>
    aDatagram({ srcPort, dstPort }, header)
const segment = (srcPort: number, dstPort: number, flags: number) => (header: Header) =>
  aSegment({ srcPort, dstPort, flags }, header)
const echo = (kind: 'echo-request' | 'echo-reply', ident: number) => (header: Header) =>
  anIcmp({ kind, ident, sequence: 1, payload: new Uint8Array(32) }, header)

describe('a mapping', () => {
  it('gives the packet the address of the uplink and keeps its port when that is free; the TTL goes down', () => {
    const router = new NatRouter()
    expect(router.out(udp(50_000))).toMatchObject({
      to: PEER_MAC + 3,
      ip: { src: OUTSIDE, dst: WWW, ttl: 63 },
      udp: { srcPort: 50_000, dstPort: 53 },
    })
    expect(router.seen).toMatchObject({ verdict: 'forwarded' })
    expect(router.in(udp(53, 50_000))).toMatchObject({
      to: PEER_MAC,
      ip: { src: WWW, dst: INSIDE, ttl: 63 },
      udp: { srcPort: 53, dstPort: 50_000 },
    })
  })

  it('is the same towards every destination (endpoint-independent)', () => {
    const router = new NatRouter()
    router.out(udp(50_000), OTHER_INSIDE)
    const ports = [WWW, DNS, WWW].map((dst, at) => router.out(udp(50_000, 53 + at), INSIDE, dst))
    expect(ports.map((said) => said && 'udp' in said && said.udp.srcPort)).toEqual([50_002, 50_002, 50_002])
    expect(router.nat.table.live(router.host.sim.now)).toHaveLength(2)
  })

  it('takes another port when the own one is in use outside: by another machine, or by a program of the router', () => {
    const router = new NatRouter()
    bindUdp(router.host.stack, { name: 'dns', datagram() {} }, { port: 5353 })
    const taken = router.out(udp(5353))
    expect(taken && 'udp' in taken && taken.udp.srcPort).toBe(5355)
    const first = router.out(udp(65_535))
    const second = router.out(udp(65_535), OTHER_INSIDE)
    expect(first && 'udp' in first && first.udp.srcPort).toBe(65_535)
    expect(second && 'udp' in second && second.udp.srcPort).toBeGreaterThanOrEqual(1024)
    expect(router.in(udp(53, 65_535))).toMatchObject({ ip: { dst: INSIDE }, udp: { dstPort: 65_535 } })
    const back = second && 'udp' in second ? second.udp.srcPort : 0
    expect(router.in(udp(53, back))).toMatchObject({ ip: { dst: OTHER_INSIDE }, udp: { dstPort: 65_535 } })
  })

  it('of one protocol has nothing to do with another', () => {
    const router = new NatRouter()
    router.out(udp(40_000))
    expect(router.out(segment(40_000, 80, tcp.SYN), OTHER_INSIDE)).toMatchObject({ tcp: { srcPort: 40_000 } })
    expect(router.out(echo('echo-request', 40_000), OTHER_INSIDE)).toMatchObject({ icmp: { ident: 40_000 } })
  })

  it('of an echo stands on the identifier', () => {
    const router = new NatRouter()
    expect(router.out(echo('echo-request', 1))).toMatchObject({ ip: { src: OUTSIDE }, icmp: { ident: 1 } })
    expect(router.out(echo('echo-request', 1), OTHER_INSIDE)).toMatchObject({ icmp: { ident: 1024 } })
    expect(router.in(echo('echo-reply', 1024))).toMatchObject({
      ip: { dst: OTHER_INSIDE },
      icmp: { kind: 'echo-reply', ident: 1 },
    })
    expect(router.in(echo('echo-reply', 1))).toMatchObject({ ip: { dst: INSIDE }, icmp: { ident: 1 } })
  })
})

describe('a packet from outside', () => {
  it('is admitted from an address that the inside has sent to, whatever the port (address-dependent filtering)', () => {
    const router = new NatRouter()
    router.out(udp(50_000))
    expect(router.in(udp(9_999, 50_000))).toMatchObject({ ip: { dst: INSIDE } })
    expect(router.in(udp(53, 50_000), DNS)).toBeUndefined()
    expect(router.seen).toMatchObject({ verdict: 'no-mapping', detail: '192.168.3.50 has sent nothing to 198.51.100.53' })
    router.out(udp(50_000), INSIDE, DNS)
    expect(router.in(udp(53, 50_000), DNS)).toMatchObject({ ip: { src: DNS, dst: INSIDE } })
  })

  it('without a mapping is for the router itself, and never reaches the inside (no way in from the LAN: fact sheet 4.5)', () => {
    const router = new NatRouter()
    expect(router.in(udp(53, 50_000))).toMatchObject({ ip: { src: OUTSIDE, dst: WWW }, icmp: { kind: 'unreachable', code: 3 } })
    expect(router.in(segment(5000, 22, tcp.SYN))).toMatchObject({ ip: { dst: WWW }, tcp: { flags: tcp.RST | tcp.ACK } })
    expect(router.in(echo('echo-request', 1))).toMatchObject({ ip: { src: OUTSIDE, dst: WWW }, icmp: { kind: 'echo-reply' } })
    router.out(echo('echo-request', 9))
    expect(router.in(echo('echo-request', 9))).toMatchObject({ ip: { dst: WWW }, icmp: { kind: 'echo-reply', ident: 9 } })
  })
})

describe('is not translated', () => {
  it('what stays inside, and what is not from inside', () => {
    const router = new NatRouter()
    expect(router.out(udp(50_000), INSIDE, OTHER_INSIDE)).toMatchObject({ ip: { src: INSIDE, dst: OTHER_INSIDE } })
    expect(router.out(udp(50_000), ip('10.7.7.7'))).toMatchObject({ ip: { src: ip('10.7.7.7'), dst: WWW } })
    expect(router.nat.table.size).toBe(0)
  })

  it.each<[string, (header: Header) => Uint8Array, string]>([
    ['GRE', (header) => aDatagram({}, { ...header, protocol: 47 }), 'not-simulated'],
  ])('%s: dropped with a reason', (_, make, verdict) => {
    const router = new NatRouter()
    router.out(make)
    expect(router.seen?.verdict).toBe(verdict)
    expect(router.seen?.detail).toContain('NAT of')
    expect(router.nat.table.size).toBe(0)
  })
})

describe('another uplink address', () => {
  const OTHER = ip('10.20.30.100')

  it('gives flows new mappings, each under its own port again, and the old address is no longer answered for', () => {
    const router = new NatRouter()
    router.out(udp(50_000))
    router.address(router.wan, OTHER)
    expect(router.out(udp(50_000))).toMatchObject({ ip: { src: OTHER, dst: WWW }, udp: { srcPort: 50_000 } })
    expect(router.in(udp(53, 50_000), WWW, OTHER)).toMatchObject({ ip: { dst: INSIDE } })
    expect(router.in(udp(53, 50_000), WWW, OUTSIDE)).not.toMatchObject({ ip: { dst: INSIDE } })
  })

  it('and back: a flow that is not over has its old port', () => {
    const router = new NatRouter()
    for (const own of [OUTSIDE, OTHER, OUTSIDE, OTHER]) {
      router.address(router.wan, own)
      expect(router.out(udp(50_000))).toMatchObject({ ip: { src: own }, udp: { srcPort: 50_000 } })
    }
    expect(router.nat.table.size).toBe(2)
  })

  it('of two uplinks at a time each has its mapping: an inside endpoint that speaks through both keeps both', () => {
    const router = new NatRouter()
    const vpn = router.host.plug(4, OWN_MAC + 2)
    vpn.forwarding = true
    router.outside.add(vpn)
    router.address(vpn, OTHER, 9)
    const campus = ip('10.20.30.7')
    router.host.know(campus, PEER_MAC + 9, vpn)
    for (let round = 0; round < 5; round++) {
      expect(router.out(udp(50_000))).toMatchObject({ ip: { src: OUTSIDE, dst: WWW }, udp: { srcPort: 50_000 } })
      expect(router.out(udp(50_000), INSIDE, campus)).toMatchObject({ ip: { src: OTHER }, udp: { srcPort: 50_000 } })
    }
    expect(router.nat.table.size).toBe(2)
    expect(router.in(udp(53, 50_000), campus, OTHER, 4)).toMatchObject({ ip: { dst: INSIDE } })
    expect(router.in(udp(53, 50_000))).toMatchObject({ ip: { dst: INSIDE } })
  })

  it.each([OTHER, ip('240.1.1.1') - 1])('does not confuse a restored table: the flow goes on under its port', (own) => {
    const router = new NatRouter()
    router.out(udp(50_000))
    router.address(router.wan, own)
    router.out(udp(50_000))
    const again = new NatRouter(JSON.parse(JSON.stringify(router.nat.save())))
    again.host.sim.now = router.host.sim.now
    again.address(again.wan, own)
    expect(JSON.stringify(again.nat.save())).toBe(JSON.stringify(router.nat.save()))
    expect(again.out(udp(50_000))).toMatchObject({ ip: { src: own }, udp: { srcPort: 50_000 } })
    expect(again.nat.table.size).toBe(2)
  })
})
