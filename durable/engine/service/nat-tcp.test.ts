// RFC 5382: how long a connection is kept by its phase, and what a SYN meets that nobody asked for.
import { describe, expect, it } from 'vitest'
import { aSegment, type Header } from '../test-support/lone-stack.ts'
import { INSIDE, NatRouter, OUTSIDE, WWW } from '../test-support/nat-router.ts'
import { ACK, FIN, RST, SYN } from '../wire/tcp.ts'
import { HOME_ROUTER } from './nat-session.ts'

const out =
  (flags: number, dstPort = 80) =>
  (header: Header) =>
    aSegment({ srcPort: 50_000, dstPort, flags }, header)
const back =
  (flags: number, srcPort = 80) =>
  (header: Header) =>
    aSegment({ srcPort, dstPort: 50_000, flags }, header)
const router = () => new NatRouter(undefined, { behavior: HOME_ROUTER })
const alive = (r: NatRouter) => r.nat.table.live(r.host.sim.now).length === 1

function connected(): NatRouter {
  const r = router()
  r.out(out(SYN))
  r.in(back(SYN | ACK))
  r.out(out(ACK))
  return r
}

describe('a connection is kept', () => {
  it.each<[string, number, () => NatRouter]>([
    ['2 h 4 min when it is established', 7440, connected],
    [
      '4 min while it is opening',
      240,
      () => {
        const r = router()
        r.out(out(SYN))
        return r
      },
    ],
    [
      '4 min when one side has finished',
      240,
      () => {
        const r = connected()
        r.out(out(FIN | ACK))
        return r
      },
    ],
    [
      '4 min when it was reset',
      240,
      () => {
        const r = connected()
        r.in(back(RST))
        return r
      },
    ],
    [
      '2 h 4 min when it goes on although somebody sent a reset',
      7440,
      () => {
        const r = connected()
        r.in(back(RST))
        r.out(out(ACK))
        return r
      },
    ],
    [
      '4 min again when its endpoints open another one',
      240,
      () => {
        const r = connected()
        r.out(out(FIN | ACK))
        r.in(back(FIN | ACK))
        r.out(out(SYN))
        return r
      },
    ],
    [
      '2 h 4 min after both sides opened at once',
      7440,
      () => {
        const r = router()
        r.out(out(SYN))
        r.in(back(SYN))
        r.out(out(SYN | ACK))
        r.in(back(SYN | ACK))
        return r
      },
    ],
  ])('%s', (_, seconds, play) => {
    const r = play()
    r.host.wait(seconds)
    expect(alive(r)).toBe(true)
    r.host.wait(0.000001)
    expect(alive(r)).toBe(false)
  })

  it('by itself: one that ends does not end another of the same mapping', () => {
    const r = connected()
    r.out(out(SYN, 443))
    r.in(back(RST | ACK, 443))
    r.host.wait(300)
    expect(r.in(back(ACK))).toMatchObject({ ip: { dst: INSIDE } })
    expect(r.in(back(ACK, 443))).toBeUndefined()
    expect(r.seen).toMatchObject({ verdict: 'no-mapping', detail: '192.168.3.50 has no connection with 192.0.2.80 port 443' })
  })
})

describe('a SYN that nobody asked for', () => {
  const other = WWW + 1
  const errors = (r: NatRouter) => r.host.take().flatMap((said) => ('icmp' in said ? [said] : []))

  it('is not answered for six seconds, then its sender is told', () => {
    const r = router()
    r.out(out(SYN))
    expect(r.in(back(SYN, 9000), other)).toBeUndefined()
    expect(r.seen?.verdict).toBe('no-mapping')
    r.host.wait(5.9)
    expect(errors(r)).toEqual([])
    r.host.wait(0.2)
    expect(errors(r)).toMatchObject([{ ip: { src: OUTSIDE, dst: other }, icmp: { kind: 'unreachable', code: 3 } }])
  })

  it('is forgiven when the inside opens the same connection meanwhile', () => {
    const r = router()
    r.out(out(SYN))
    r.in(back(SYN, 9000), other)
    r.host.wait(3)
    expect(r.out(out(SYN, 9000), INSIDE, other)).toMatchObject({ ip: { src: OUTSIDE, dst: other } })
    r.host.wait(10)
    expect(errors(r)).toEqual([])
    expect(r.in(back(SYN, 9000), other)).toMatchObject({ ip: { dst: INSIDE } })
  })

  it('waits on after the NAT was stored and put back', () => {
    const r = router()
    r.out(out(SYN))
    r.in(back(SYN, 9000), other)
    const again = new NatRouter(JSON.parse(JSON.stringify(r.nat.save())), { behavior: HOME_ROUTER })
    again.host.sim.now = r.host.sim.now
    again.host.sim.touch(again.nat)
    again.host.wait(6)
    expect(errors(again)).toMatchObject([{ ip: { dst: other }, icmp: { kind: 'unreachable', code: 3 } }])
  })
})
