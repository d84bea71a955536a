// What a NAT's tables give up when they are full: the oldest that is not established first, and nothing that is.
import { describe, expect, it } from 'vitest'
import { SECOND } from '../sim/time.ts'
import { aSegment, type Header } from '../test-support/lone-stack.ts'
import { INSIDE, NatRouter, OUTSIDE, WWW } from '../test-support/nat-router.ts'
import { ACK, SYN } from '../wire/tcp.ts'
import { CLOSING, ESTABLISHED, OPENING, type Phase } from './nat-session.ts'
import { MAX_MAPPINGS, MAX_SESSIONS_EACH, NatTable } from './nat-table.ts'

function full(phaseOf: (at: number) => Phase) {
  const table = new NatTable()
  const open = (at: number, now: number) =>
    table.open(6, INSIDE + Math.floor(at / 60_000), 1024 + (at % 60_000), OUTSIDE, now, () => false)
  for (let at = 0; at < MAX_MAPPINGS; at++) {
    const mapping = open(at, at)
    if (mapping === undefined) throw new Error('no room')
    // The younger, the longer: the first is the oldest.
    table.keep(mapping, table.begin(mapping, WWW, 80, phaseOf(at), at), 100 * SECOND + at)
  }
  return { table, open }
}

describe('a full table of mappings', () => {
  it('of which all are established refuses, until some have ended', () => {
    const { table, open } = full(() => ESTABLISHED)
    expect(open(MAX_MAPPINGS, 50 * SECOND)).toBeUndefined()
    expect(table.size).toBe(MAX_MAPPINGS)
    expect(open(MAX_MAPPINGS, 100 * SECOND + 10)).toBeDefined()
    expect(table.size).toBe(MAX_MAPPINGS - 10 + 1)
  })

  it('gives up the oldest that is not established', () => {
    const { table, open } = full((at) => (at < 1000 ? ESTABLISHED : at % 2 ? OPENING : CLOSING))
    expect(open(MAX_MAPPINGS, 50 * SECOND)).toBeDefined()
    const left = new Set(table.live(50 * SECOND).map(({ insidePort }) => insidePort - 1024))
    for (let at = 0; at < 1000; at++) expect(left.has(at)).toBe(true)
    expect(left.has(1000)).toBe(false)
    expect(left.has(1255)).toBe(false)
    expect(left.has(1256)).toBe(true)
    expect(left.has(MAX_MAPPINGS - 1)).toBe(true)
  })

  it('that was stored and put back gives up the same', () => {
    const rows = [false, true].map((restored) => {
      const { table, open } = full((at) => (at % 3 === 0 ? ESTABLISHED : OPENING))
      table.close(6, ({ insidePort }) => insidePort % 7 === 0)
      for (let at = MAX_MAPPINGS; table.size < MAX_MAPPINGS; at++) open(at, SECOND)
      if (!restored) {
        open(40_000, 2 * SECOND)
        return JSON.stringify(table.save(2 * SECOND))
      }
      const again = new NatTable()
      again.load(JSON.parse(JSON.stringify(table.save(SECOND))))
      again.open(6, INSIDE, 1024 + 40_000, OUTSIDE, 2 * SECOND, () => false)
      return JSON.stringify(again.save(2 * SECOND))
    })
    expect(rows[0]).toBe(rows[1])
  })
})

describe('a mapping with too many flows', () => {
  it('forgets the one that ends first, established ones last', () => {
    const router = new NatRouter()
    const syn = (header: Header) => aSegment({ srcPort: 50_000, dstPort: 80, flags: SYN }, header)
    router.host.know(0xcb007101, 1, router.wan)
    for (let at = 0; at < MAX_SESSIONS_EACH; at++) {
      router.out(syn, INSIDE, 0x08000001 + at)
      if (at === 0) router.in((header) => aSegment({ srcPort: 80, dstPort: 50_000, flags: SYN | ACK }, header), 0x08000001)
      router.host.wait(0.01)
    }
    expect(router.nat.table.sessions).toBe(MAX_SESSIONS_EACH)
    router.out(syn, INSIDE, 0x09000001)
    expect(router.nat.table.sessions).toBe(MAX_SESSIONS_EACH)
    const [mapping] = router.nat.table.live(router.host.sim.now)
    const remotes = mapping.sessions.map(({ remoteIp }) => remoteIp)
    expect(remotes).toContain(0x08000001)
    expect(remotes).not.toContain(0x08000002)
    expect(remotes).toContain(0x09000001)
  })
})

it('a refusal is seen in the packet list', () => {
  const router = new NatRouter()
  const { table } = router.nat
  for (let at = 0; at < MAX_MAPPINGS; at++) {
    const mapping = table.open(17, INSIDE + 1 + (at >> 14), at + 1, OUTSIDE, 0, () => false)
    if (mapping) table.keep(mapping, table.begin(mapping, WWW, 1, ESTABLISHED, 0), 1e12)
  }
  router.out((header) => aSegment({ srcPort: 1, dstPort: 2, flags: SYN }, header))
  expect(router.seen).toMatchObject({ verdict: 'table-full', detail: 'no free port or identifier is left' })
})
