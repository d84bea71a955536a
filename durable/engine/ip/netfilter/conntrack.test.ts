// The table of connections: both directions, lives, what goes when it is full, and that it survives being stored.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../sim/random.ts'
import { SECOND } from '../../sim/time.ts'
import { parseIp } from '../../wire/addresses.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import { type Connection, Conntrack, type ConntrackState, MAX_CONNECTIONS } from './conntrack.ts'
import { ESTABLISHED, followTcp, TCP_STATES, tcpLifetime } from './tcp-track.ts'
import { bind } from './translate.ts'
import { hashTuple, inverted, sameTuple, type Tuple } from './tuple.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const udp = (sport: number, src = ip('10.0.0.5'), dst = ip('192.0.2.1'), dport = 53): Tuple => ({
  protocol: ipv4.UDP,
  src,
  dst,
  sport,
  dport,
})

function put(table: Conntrack, original: Tuple, now: number, change: Partial<Connection> = {}): Connection {
  const connection = Object.assign(table.begin(original, inverted(original), now), change)
  table.refresh(connection, now)
  expect(table.confirm(connection, now)).toBe(true)
  return connection
}

const tuples = fc.record({
  protocol: fc.constantFrom(ipv4.UDP, ipv4.TCP, ipv4.ICMP, 47),
  src: fc.nat(0xffffffff),
  dst: fc.nat(0xffffffff),
  sport: fc.nat(0xffff),
  dport: fc.nat(0xffff),
})

describe('a connection', () => {
  it('is found from both sides, and told apart', () => {
    fc.assert(
      fc.property(tuples, (tuple) => {
        fc.pre(!sameTuple(tuple, inverted(tuple)))
        const table = new Conntrack()
        const made = put(table, tuple, 0, { state: 1 })
        expect(table.find(tuple, 1)).toEqual({ connection: made, reply: false })
        expect(table.find(inverted(tuple), 1)).toEqual({ connection: made, reply: true })
        expect(table.find({ ...tuple, sport: tuple.sport ^ 1 }, 1)).toBeUndefined()
        expect(hashTuple(tuple)).toBeLessThan(2 ** 30)
      }),
    )
  })

  it('is not entered twice, from whichever side', () => {
    const table = new Conntrack()
    put(table, udp(1), 0)
    const again = table.begin(inverted(udp(1)), udp(1), 0)
    expect(table.confirm(again, 0)).toBe(false)
    expect(table.size).toBe(1)
  })

  it('lives as long as the kernel keeps its kind', () => {
    const kinds: readonly [tuple: Tuple, change: Partial<Connection>, seconds: number, at: number][] = [
      [udp(1), {}, 30, 0],
      [udp(2), { assured: true }, 30, 0],
      [udp(3), { assured: true, began: -3 * SECOND } as Partial<Connection>, 120, 0],
      [{ ...udp(4), protocol: ipv4.ICMP }, {}, 30, 0],
      [{ ...udp(5), protocol: 47 }, {}, 600, 0],
      [{ ...udp(6), protocol: ipv4.TCP }, { state: ESTABLISHED, assured: true }, 432_000, 0],
      // Never answered for good: not for five days.
      [{ ...udp(7), protocol: ipv4.TCP }, { state: ESTABLISHED }, 120, 0],
    ]
    for (const [tuple, change, seconds] of kinds) {
      const table = new Conntrack()
      put(table, tuple, 0, change)
      expect(table.find(tuple, seconds * SECOND - 1), `${tuple.sport}`).toBeDefined()
      expect(table.find(tuple, seconds * SECOND), `${tuple.sport}`).toBeUndefined()
      expect(table.size).toBe(0)
    }
  })
})

describe('a full table', () => {
  const fill = (assured: (at: number) => boolean) => {
    const table = new Conntrack()
    const all = Array.from({ length: MAX_CONNECTIONS }, (_, at) =>
      put(table, udp(at & 0xffff, ip('10.0.0.0') + (at >> 12)), at, { assured: assured(at) }),
    )
    return { table, all }
  }
  const fresh = udp(9, ip('10.9.9.9'))

  it('gives up the oldest that was never answered for good', () => {
    const { table, all } = fill((at) => at < 100)
    put(table, fresh, MAX_CONNECTIONS)
    expect(table.size).toBe(MAX_CONNECTIONS)
    expect(table.has(all[100] as Connection)).toBe(false)
    expect(all.filter((one) => !table.has(one))).toHaveLength(1)
  })

  it('gives up nothing that is in use: the new one is refused', () => {
    const { table, all } = fill(() => true)
    const refused = table.begin(fresh, inverted(fresh), MAX_CONNECTIONS)
    expect(table.confirm(refused, MAX_CONNECTIONS)).toBe(false)
    expect(all.every((one) => table.has(one))).toBe(true)
  })

  it('forgets first what has run out', () => {
    const { table, all } = fill((at) => at % 2 === 0)
    for (const one of all.slice(0, 10)) one.expires = 1
    put(table, fresh, 20_000)
    expect(table.size).toBe(MAX_CONNECTIONS - 10 + 1)
    expect(table.has(all[11] as Connection)).toBe(true)
  })

  it('stays within its limit whatever comes', () => {
    const table = new Conntrack()
    let now = 0
    for (let n = 0; n < 3 * MAX_CONNECTIONS; n++) {
      now += 100
      const tuple = udp(n & 0xffff, ip('10.0.0.0') + n)
      const connection = table.begin(tuple, inverted(tuple), now)
      table.refresh(connection, now)
      connection.assured = n % 7 === 0
      table.confirm(connection, now)
      expect(table.size).toBeLessThanOrEqual(MAX_CONNECTIONS)
    }
    expect(table.live(now).length).toBe(table.size)
  }, 30_000)
})

describe('stored and put back', () => {
  it('finds the same, and stores the same again', () => {
    const rows = fc.array(
      fc.record({
        tuple: tuples,
        state: fc.nat(9),
        seenReply: fc.boolean(),
        assured: fc.boolean(),
        sourceNat: fc.boolean(),
        destinationNat: fc.boolean(),
        sourceDone: fc.boolean(),
        destinationDone: fc.boolean(),
        mark: fc.nat(0xffffffff),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(rows, (list) => {
        const table = new Conntrack()
        for (const { tuple, ...change } of list) {
          const connection = Object.assign(table.begin(tuple, inverted(tuple), 5), change)
          table.refresh(connection, 5)
          table.confirm(connection, 5)
        }
        const stored = JSON.parse(JSON.stringify(table.save(6))) as ConntrackState
        const again = new Conntrack()
        again.load(stored, 6)
        expect(again.save(6)).toEqual(table.save(6))
        for (const { tuple } of list) {
          const [a, b] = [table.find(tuple, 7), again.find(tuple, 7)]
          expect(b?.connection.id).toBe(a?.connection.id)
        }
        // Numbers are not given twice.
        expect(again.begin(udp(1), udp(1), 6).id).toBe(table.begin(udp(1), udp(1), 6).id)
      }),
    )
  })
})

describe('TCP in the middle', () => {
  const named = (state: number) => TCP_STATES[state]
  const follow = (...segments: readonly (readonly [flags: number, reply: boolean])[]): string => {
    let state = 0
    for (const [flags, reply] of segments) {
      const next = followTcp(state, flags, reply)
      if (next < 0) return `invalid after ${named(state)}`
      state = next
    }
    return named(state) ?? ''
  }
  const { SYN, ACK, FIN, RST } = tcp

  it('goes through the states of a handshake, an end and a reset', () => {
    const open = [
      [SYN, false],
      [SYN | ACK, true],
      [ACK, false],
    ] as const
    expect(follow(...open)).toBe('ESTABLISHED')
    expect(follow(...open, [FIN | ACK, false], [ACK, true], [FIN | ACK, true], [ACK, false])).toBe('TIME_WAIT')
    expect(follow(...open, [RST, true])).toBe('CLOSE')
    expect(follow([SYN, false], [SYN, true])).toBe('SYN_SENT2')
    expect(follow([FIN | ACK, false])).toBe('invalid after NONE')
    expect(follow([SYN, false], [ACK, true])).toBe('SYN_SENT')
    expect(follow(...open, [0, false])).toBe('invalid after ESTABLISHED')
  })

  it('never leaves the table, and every state has its time', () => {
    const segments = fc.array(fc.tuple(fc.nat(0xff), fc.boolean()), { maxLength: 30 })
    fc.assert(
      fc.property(segments, (list) => {
        let state = 0
        for (const [flags, reply] of list) {
          const next = followTcp(state, flags, reply)
          if (next >= 0) state = next
          expect(named(state)).toBeDefined()
          if (state > 0) expect(tcpLifetime(state)).toBeGreaterThan(0)
        }
      }),
    )
  })
})

describe('the address that a new connection gets', () => {
  const outside = ip('203.0.113.2')
  const range = (ports: readonly [number, number] | null) => ({ first: outside, last: outside, ports })
  const random = new RandomStream(7, 'test')

  it('keeps the port where it is free, and is another connection’s never', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 65_535 })), { maxLength: 60 }), (inside) => {
        const table = new Conntrack()
        const seen = new Set<string>()
        for (const [host, sport] of inside) {
          const original = udp(sport, ip('10.0.0.0') + host)
          if (table.find(original, 0) !== undefined) continue
          const connection = table.begin(original, inverted(original), 0)
          const wasFree = table.find({ ...inverted(original), dst: outside }, 0) === undefined
          expect(bind(table, connection, 'source', range(null), random, 0)).toBe(true)
          table.refresh(connection, 0)
          expect(table.confirm(connection, 0)).toBe(true)
          const { dst, dport } = connection.reply
          expect(dst).toBe(outside)
          if (wasFree) expect(dport).toBe(sport)
          // A port of the same class as the old one.
          expect(dport < 1024).toBe(sport < 1024)
          const key = `${dport}`
          expect(seen.has(key)).toBe(false)
          seen.add(key)
        }
      }),
    )
  })

  it('runs out where the rule gives few ports', () => {
    const table = new Conntrack()
    const got: number[] = []
    for (let n = 0; n < 4; n++) {
      const original = udp(5000, ip('10.0.0.10') + n)
      const connection = table.begin(original, inverted(original), 0)
      if (!bind(table, connection, 'source', range([40_000, 40_002]), random, 0)) {
        expect(n).toBe(3)
        continue
      }
      table.refresh(connection, 0)
      expect(table.confirm(connection, 0)).toBe(true)
      got.push(connection.reply.dport)
    }
    expect(got.toSorted()).toEqual([40_000, 40_001, 40_002])
  })
})
