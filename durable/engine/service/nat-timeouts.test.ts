// Fact sheet 4.7, timeouts in seconds: ICMP query 30, TCP established 1800, TCP transient 120, UDP idle 120 (UdpInboundRefresh
// False: inbound traffic does not extend).
import { describe, expect, it } from 'vitest'
import { aDatagram, anIcmp, aSegment, type Header } from '../test-support/lone-stack.ts'
import { INSIDE, NatRouter } from '../test-support/nat-router.ts'
import { ACK, FIN, RST, SYN } from '../wire/tcp.ts'

const udpOut = (header: Header) => aDatagram({ srcPort: 50_000, dstPort: 53 }, header)
const udpIn = (header: Header) => aDatagram({ srcPort: 53, dstPort: 50_000 }, header)
const echoOut = (header: Header) => anIcmp({ kind: 'echo-request', ident: 5, sequence: 1, payload: new Uint8Array(4) }, header)
const echoIn = (header: Header) => anIcmp({ kind: 'echo-reply', ident: 5, sequence: 1, payload: new Uint8Array(4) }, header)
const tcpOut = (flags: number) => (header: Header) => aSegment({ srcPort: 50_000, dstPort: 80, flags }, header)
const tcpIn = (flags: number) => (header: Header) => aSegment({ srcPort: 80, dstPort: 50_000, flags }, header)

/** Whether the mapping lives: a packet from outside arrives inside. */
const arrives = (router: NatRouter, make: (header: Header) => Uint8Array) => router.in(make)?.ip.dst === INSIDE

/** Plays an opening, waits, and asks whether an answer still arrives: it does at `seconds`, and does not a moment later. */
function lasts(seconds: number, open: (router: NatRouter) => void, answer: (header: Header) => Uint8Array) {
  for (const [more, alive] of [
    [0, true],
    [0.000001, false],
  ] as const) {
    const router = new NatRouter()
    open(router)
    router.host.wait(seconds + more)
    expect(router.nat.table.live(router.host.sim.now)).toHaveLength(alive ? 1 : 0)
    expect(arrives(router, answer)).toBe(alive)
  }
}

describe('a mapping ends when it was not used', () => {
  it('for 30 seconds: ICMP', () => lasts(30, (router) => router.out(echoOut), echoIn))
  it('for 120 seconds: UDP', () => lasts(120, (router) => router.out(udpOut), udpIn))
  it('for 120 seconds: TCP that nobody has answered', () => lasts(120, (router) => router.out(tcpOut(SYN)), tcpIn(SYN | ACK)))

  it('for 1,800 seconds: TCP that is established', () =>
    lasts(
      1800,
      (router) => {
        router.out(tcpOut(SYN))
        router.in(tcpIn(SYN | ACK))
        router.out(tcpOut(ACK))
      },
      tcpIn(ACK),
    ))

  it.each([
    ['FIN from inside', (router: NatRouter) => router.out(tcpOut(FIN | ACK))],
    ['FIN from outside', (router: NatRouter) => router.in(tcpIn(FIN | ACK))],
    ['RST from outside', (router: NatRouter) => router.in(tcpIn(RST))],
  ])('for 120 seconds: TCP after %s', (_, end) =>
    lasts(
      120,
      (router) => {
        router.out(tcpOut(SYN))
        router.in(tcpIn(SYN | ACK))
        router.out(tcpOut(ACK))
        router.host.wait(1000)
        end(router)
      },
      tcpIn(RST),
    ),
  )
})

describe('a mapping is kept alive', () => {
  it('by packets from inside', () => {
    const router = new NatRouter()
    for (let round = 0; round < 5; round++) {
      router.out(udpOut)
      router.host.wait(100)
    }
    expect(arrives(router, udpIn)).toBe(true)
  })

  it('of UDP not by packets from outside', () => {
    const router = new NatRouter()
    router.out(udpOut)
    router.host.wait(100)
    expect(arrives(router, udpIn)).toBe(true)
    router.host.wait(21)
    expect(arrives(router, udpIn)).toBe(false)
  })

  it('of TCP from both sides', () => {
    const router = new NatRouter()
    router.out(tcpOut(SYN))
    router.in(tcpIn(SYN | ACK))
    for (let round = 0; round < 3; round++) {
      router.host.wait(1700)
      expect(arrives(router, tcpIn(ACK))).toBe(true)
    }
  })
})

it('a mapping that has ended gives its port free', () => {
  const router = new NatRouter()
  router.out(echoOut)
  router.host.wait(31)
  expect(router.out(echoOut, INSIDE + 1)).toMatchObject({ icmp: { ident: 5 } })
})
