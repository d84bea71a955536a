// Whatever comes from the wire: no exception, and a dropped frame says why. Seeds are printed, so that a failure can be had again.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aDatagram, anAnswer, anArp, anEcho, anIcmp, aSegment, LoneStack, OWN_MAC } from '../test-support/lone-stack.ts'
import { MAC_BROADCAST, parseIp } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { sendEcho } from './icmp.ts'
import { bindUdp } from './udp.ts'

const WWW = parseIp('192.0.2.80') as number
const quoted = anEcho({ src: 0xc0a80314, dst: WWW }).slice(14)

const whole = {
  'an echo request': anEcho({}, new Uint8Array(32)),
  'an echo reply': anIcmp({ kind: 'echo-reply', ident: 7, sequence: 1, payload: new Uint8Array(8) }),
  'an unreachable message': anIcmp({ kind: 'unreachable', code: 1, nextHopMtu: 0, original: quoted }),
  'a time exceeded message': anIcmp({ kind: 'time-exceeded', code: 0, original: quoted }),
  'a redirect': anIcmp({ kind: 'redirect', code: 1, gateway: WWW, original: quoted }),
  'a datagram': aDatagram(),
  'a broadcast': aDatagram({ dstPort: 68 }, { dst: 0xffffffff, toMac: MAC_BROADCAST }),
  'a segment': aSegment({ options: { mss: 1460, windowScale: 7, sackPermitted: true } }),
  'a packet for somebody else': anEcho({ dst: WWW }),
  'an ARP request': anArp(),
  'an ARP reply': anAnswer(),
}

/** A machine in the middle of everything: a listener, a ping and a connection under way, an address being probed for. */
function busy(forwarding: boolean): LoneStack {
  const host = new LoneStack('windows')
  host.know()
  const { stack } = host
  stack.routes.add({
    destination: 0,
    prefixLength: 0,
    gateway: 0xc0a80301,
    interface: 2,
    metric: 0,
    origin: 'dhcp',
    persistent: false,
  })
  bindUdp(stack, { name: 'test', datagram() {} }, { port: 6000 })
  stack.echoes.set(7, { echoReply() {}, echoError() {} })
  sendEcho(stack, WWW, 7, 1, new Uint8Array(0))
  stack.tcp.connect({ name: 'test', streamEvent() {} }, WWW, 443)
  stack.tcp.listen({ name: 'test', streamEvent() {} }, { port: 80 })
  stack.addAddress(host.via, 0xc0a803c8, 24, 'manual')
  host.via.forwarding = forwarding
  // What is sent is not looked at: a router passes on what is wrong further in.
  stack.attach(2, { up: true, transmit() {} })
  return host
}

const TAKEN = new Set(['delivered', 'forwarded'])

/** A frame was either used, or dropped with a reason. */
function hear(host: LoneStack, bytes: Uint8Array): string {
  const before = host.via.receivedPackets
  const { verdict, detail } = host.hear(bytes)
  expect(host.via.receivedPackets).toBe(before + 1)
  if (!TAKEN.has(verdict)) expect(detail).not.toBe('')
  return verdict
}

describe.each([false, true])('forwarding: %s', (forwarding) => {
  it.each(Object.entries(whole))('%s is taken whole, and dropped as malformed at every shorter length', (name, bytes) => {
    const host = busy(forwarding)
    const verdict = hear(host, bytes.slice())
    expect(verdict).not.toBe('malformed')
    // A broadcast is meant for the others as well; somebody else's packet is forwarded or not.
    expect(TAKEN.has(verdict) || name === 'a broadcast' || name.endsWith('else') || name === 'a segment').toBe(true)
    for (let length = 0; length < bytes.length; length++) expect(hear(host, bytes.slice(0, length))).toBe('malformed')
    host.wait(30)
  })

  it('random bytes never throw, neither at once nor by what they leave behind', () => {
    const header = fc.constantFrom(OWN_MAC, MAC_BROADCAST, 0x01005e0000fb)
    const type = fc.constantFrom(ethernet.TYPE_IPV4, ethernet.TYPE_ARP, ethernet.TYPE_IPV6, ethernet.TYPE_VLAN, 0)
    fc.assert(
      fc.property(header, type, fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 20 }), (to, ethertype, bodies) => {
        const host = busy(forwarding)
        for (const body of bodies) {
          const bytes = new Uint8Array(14 + body.length)
          ethernet.emit(bytes, to, 0x020000000001, ethertype)
          bytes.set(body, 14)
          hear(host, bytes)
        }
        host.wait(30)
      }),
      { verbose: true },
    )
  })

  it('real frames with some bytes changed never throw, with good header checksums and with bad ones', () => {
    const change = fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 255 }))
    const frame = fc.record({
      which: fc.constantFrom(...Object.values(whole)),
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      repair: fc.boolean(),
      cut: fc.option(fc.nat({ max: 90 }), { nil: 1000 }),
    })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const host = busy(forwarding)
        for (const { which, changes, repair, cut } of frames) {
          const bytes = which.slice(0, cut)
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          if (repair && ethernet.type(bytes) === ethernet.TYPE_IPV4 && ipv4.check(bytes, 14, bytes.length) === true)
            ipv4.fixChecksum(bytes, 14)
          hear(host, bytes)
          host.wait(0.3)
        }
        host.wait(30)
      }),
      { numRuns: 300, verbose: true },
    )
  })
})

it('a frame for another adapter, and one for a machine that is off, do nothing', () => {
  const host = busy(false)
  expect(hear(host, anEcho({ toMac: OWN_MAC + 1 }))).toBe('not-for-us')
  host.stack.powered = false
  const next = host.recorder.next
  host.stack.receive(2, { bytes: anEcho(), id: 1, cause: 0, origin: 0, stored: -1 })
  host.stack.receive(99, { bytes: anEcho(), id: 1, cause: 0, origin: 0, stored: -1 })
  expect(host.recorder.next).toBe(next)
})
