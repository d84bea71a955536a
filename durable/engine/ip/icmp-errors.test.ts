// RFC 1122 section 3.2.2 and RFC 1812 section 4.3: which errors a host and a router send, and when they must not.
import { describe, expect, it } from 'vitest'
import { SECOND } from '../sim/time.ts'
import {
  aDatagram,
  anEcho,
  anIcmp,
  aSegment,
  type Header,
  LoneStack,
  OWN,
  OWN_MAC,
  PEER,
  PEER_MAC,
} from '../test-support/lone-stack.ts'
import { MAC_BROADCAST, multicastMac, parseIp } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import type { SendError } from './hooks.ts'
import { sendEcho } from './icmp.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const INSIDE = ip('10.0.0.1')
const GUEST = ip('10.0.0.7')
const GUEST_MAC = 0x00155d033207

/** A router between 192.168.3.0/24 (eth0) and 10.0.0.0/24 (eth1). */
function router() {
  const host = new LoneStack()
  const inner = host.plug(3, OWN_MAC + 1)
  host.stack.addAddress(inner, INSIDE, 24, 'manual')
  host.via.forwarding = true
  inner.forwarding = true
  host.know()
  host.know(GUEST, GUEST_MAC, inner)
  host.take()
  return { host, inner }
}

describe('a machine that is asked for a port where nothing listens', () => {
  it('answers "port unreachable" and quotes the datagram', () => {
    const host = new LoneStack()
    host.know()
    const bytes = aDatagram({ dstPort: 33434 })
    expect(host.hear(bytes)).toMatchObject({ verdict: 'no-listener', detail: 'nothing listens on UDP 192.168.3.20:33434' })
    expect(host.take()).toMatchObject([
      {
        to: PEER_MAC,
        ip: { src: OWN, dst: PEER },
        icmp: { kind: 'unreachable', code: 3, original: bytes.slice(ethernet.HEADER_LEN) },
      },
    ])
  })

  it('quotes no more than fits in 576 bytes (RFC 1812 section 4.3.2.3)', () => {
    const host = new LoneStack()
    host.know()
    host.hear(aDatagram({ payload: new Uint8Array(1400) }))
    const [said] = host.take()
    expect(said && 'icmp' in said && 'original' in said.icmp && said.icmp.original.length).toBe(548)
  })

  it('answers "protocol unreachable" to a protocol it does not know', () => {
    const host = new LoneStack()
    host.know()
    const bytes = aDatagram({}, { protocol: 99 })
    expect(host.hear(bytes).verdict).toBe('not-simulated')
    expect(host.take()).toMatchObject([{ icmp: { kind: 'unreachable', code: 2 } }])
  })
})

describe('no error is sent', () => {
  const closed = (header: Header) => aDatagram({}, header)
  const error = { kind: 'unreachable', code: 3, nextHopMtu: 0, original: aDatagram().slice(14) } as const
  const toNobody = { ttl: 1, dst: GUEST }
  it.each<[string, Uint8Array]>([
    ['about an ICMP error', anIcmp(error, toNobody)],
    ['about a datagram to the limited broadcast address', closed({ dst: 0xffffffff, toMac: MAC_BROADCAST })],
    ['about a datagram to the network’s broadcast address', closed({ dst: ip('192.168.3.255'), toMac: MAC_BROADCAST })],
    ['about a datagram to a multicast group', closed({ dst: ip('224.0.0.251'), toMac: multicastMac(ip('224.0.0.251')) })],
    ['about a datagram to our address in a frame to everybody', closed({ toMac: MAC_BROADCAST })],
    ['about a fragment other than the first', aDatagram({}, { ...toNobody, fragmentOffset: 64 })],
    ['to nobody', closed({ src: 0 })],
    ['to a loopback address', closed({ src: ip('127.0.0.1') })],
    ['to the limited broadcast address', closed({ src: 0xffffffff })],
    ['to the network’s broadcast address', closed({ src: ip('192.168.3.255') })],
    ['to a multicast group', closed({ src: ip('224.0.0.1') })],
    ['to an address of class E', closed({ src: ip('240.0.0.1') })],
  ])('%s', (_, bytes) => {
    const { host } = router()
    host.stack.routes.add({
      destination: 0,
      prefixLength: 0,
      gateway: PEER,
      interface: 2,
      metric: 0,
      origin: 'static',
      persistent: true,
    })
    expect(host.hear(bytes).verdict).not.toBe('delivered')
    host.wait(5)
    expect(host.take()).toEqual([])
  })

  it.each(['192.168.3.255', '255.255.255.255', '224.0.0.1'])(
    'and no reset, to a segment for %s (RFC 9293 section 3.9.2.3)',
    (dst) => {
      const host = new LoneStack()
      host.know()
      host.hear(aSegment({}, { dst: ip(dst), toMac: MAC_BROADCAST }))
      expect(host.take()).toEqual([])
    },
  )

  it.each(['192.168.3.255', '255.255.255.255', '224.0.0.1', '127.0.0.1'])(
    'and no answer, to a machine that calls itself %s',
    (src) => {
      const host = new LoneStack()
      host.know()
      expect(host.hear(anEcho({ src: ip(src) })).verdict).toBe('filtered')
      expect(host.hear(aSegment({}, { src: ip(src) })).verdict).toBe('filtered')
      host.wait(5)
      expect(host.take()).toEqual([])
    },
  )
})

describe('a router', () => {
  it('forwards: TTL one less, checksum right, source and payload untouched, new link addresses', () => {
    const { host } = router()
    expect(host.hear(anEcho({ dst: GUEST, ttl: 64 }))).toMatchObject({ verdict: 'forwarded', detail: 'to 10.0.0.7 by eth1' })
    expect(host.take()).toMatchObject([
      { to: GUEST_MAC, ip: { src: PEER, dst: GUEST, ttl: 63, id: 7 }, icmp: { kind: 'echo-request', ident: 77, sequence: 5 } },
    ])
  })

  it.each([0, 1])('sends "time exceeded" for a packet with TTL %i, from the address of the interface it came by', (ttl) => {
    const { host } = router()
    const bytes = anEcho({ dst: GUEST, ttl })
    expect(host.hear(bytes).verdict).toBe('ttl-expired')
    const original = bytes.slice(ethernet.HEADER_LEN)
    expect(host.take()).toMatchObject([{ ip: { src: OWN, dst: PEER }, icmp: { kind: 'time-exceeded', code: 0, original } }])
  })

  it('delivers a packet for itself with TTL 1, on any of its addresses', () => {
    const { host } = router()
    for (const dst of [OWN, INSIDE]) {
      host.hear(anEcho({ dst, ttl: 1 }))
      expect(host.take()).toMatchObject([{ ip: { src: dst, dst: PEER }, icmp: { kind: 'echo-reply' } }])
    }
  })

  it('sends "net unreachable" where it has no route', () => {
    const { host } = router()
    expect(host.hear(anEcho({ dst: ip('192.0.2.80') }))).toMatchObject({ verdict: 'no-route', detail: 'no route to 192.0.2.80' })
    expect(host.take()).toMatchObject([{ icmp: { kind: 'unreachable', code: 0 } }])
  })

  it('sends "fragmentation needed" with the MTU of the next link (RFC 1191)', () => {
    const { host, inner } = router()
    inner.mtu = 1400
    expect(host.hear(anEcho({ dst: GUEST, dontFragment: true }, new Uint8Array(1373))).verdict).toBe('would-fragment')
    expect(host.take()).toMatchObject([{ icmp: { kind: 'unreachable', code: 4, nextHopMtu: 1400 } }])
    expect(host.hear(anEcho({ dst: GUEST, dontFragment: true }, new Uint8Array(1372))).verdict).toBe('forwarded')
  })

  it('sends "host unreachable" when nobody answered three ARP requests: after three seconds', () => {
    const { host } = router()
    const start = host.sim.now
    host.hear(anEcho({ dst: ip('10.0.0.99') }))
    host.wait(10)
    const errors = host.take().filter((said) => 'icmp' in said)
    expect(errors).toMatchObject([
      { at: start + 3 * SECOND, to: PEER_MAC, ip: { src: OWN, dst: PEER }, icmp: { kind: 'unreachable', code: 1 } },
    ])
  })

  it('does not forward broadcasts of a network that it stands in (RFC 2644)', () => {
    const { host } = router()
    expect(host.hear(anEcho({ dst: ip('10.0.0.255') })).verdict).toBe('filtered')
    expect(host.hear(anEcho({ dst: ip('10.0.0.255') })).verdict).toBe('filtered')
    expect(host.take()).toEqual([])
  })

  it('lets loopback addresses neither in nor out', () => {
    const { host } = router()
    expect(host.hear(anEcho({ dst: ip('127.0.0.1') })).verdict).not.toBe('forwarded')
    expect(host.hear(anEcho({ src: ip('127.0.0.1'), dst: GUEST })).verdict).toBe('filtered')
    expect(host.take()).toEqual([])
  })
})

describe('a host', () => {
  it('does not forward (fact sheet 4.3: forwarding is off), and sends no error either', () => {
    const { host, inner } = router()
    host.via.forwarding = false
    inner.forwarding = false
    host.stack.changed()
    expect(host.hear(anEcho({ dst: GUEST }))).toMatchObject({
      verdict: 'not-forwarding',
      detail: '10.0.0.7 is not an address of eth0',
    })
    expect(host.take()).toEqual([])
  })

  it('accepts on an interface only that interface’s addresses (strong host model)', () => {
    const { host, inner } = router()
    host.via.forwarding = false
    inner.forwarding = false
    host.stack.changed()
    expect(host.hear(anEcho({ dst: INSIDE })).verdict).toBe('not-forwarding')
    expect(host.hear(anEcho({ dst: OWN, toMac: OWN_MAC + 1 }), 3).verdict).toBe('not-forwarding')
    expect(host.take()).toEqual([])
  })

  it('tells its own program "host unreachable" after three seconds, from its own address', () => {
    const host = new LoneStack()
    const told: [number, SendError][] = []
    host.stack.echoes.set(7, { echoReply() {}, echoError: (_, sequence, __, error) => told.push([sequence, error]) })
    const start = host.sim.now
    sendEcho(host.stack, PEER, 7, 1, new Uint8Array(0))
    host.wait(1)
    sendEcho(host.stack, PEER, 7, 2, new Uint8Array(0))
    host.wait(1.999)
    expect(told).toEqual([])
    host.wait(0.001)
    expect(host.sim.now - start).toBe(3 * SECOND)
    expect(told).toEqual([1, 2].map((sequence) => [sequence, { kind: 'host', from: OWN, mtu: 0 }]))
  })

  it.each([
    ['net', 0],
    ['host', 1],
    ['protocol', 2],
    ['port', 3],
    ['fragmentation', 4],
    ['prohibited', 13],
  ] as const)('tells the program whose packet an error "%s unreachable" quotes', (kind, code) => {
    const host = new LoneStack()
    host.know()
    const told: unknown[] = []
    host.stack.echoes.set(77, { echoReply() {}, echoError: (...what) => told.push(what) })
    const original = anEcho({ src: OWN, dst: ip('192.0.2.80') }).slice(14)
    host.hear(anIcmp({ kind: 'unreachable', code, nextHopMtu: code === 4 ? 1400 : 0, original }))
    host.hear(anIcmp({ kind: 'time-exceeded', code: 0, original: original.slice(0, 28) }))
    host.hear(anIcmp({ kind: 'time-exceeded', code: 0, original: original.slice(0, 27) }))
    expect(told).toEqual([
      [77, 5, ip('192.0.2.80'), { kind, from: PEER, mtu: code === 4 ? 1400 : 0 }],
      [77, 5, ip('192.0.2.80'), { kind: 'ttl', from: PEER, mtu: 0 }],
    ])
  })
})
