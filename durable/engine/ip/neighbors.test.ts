// Fact sheet 4.2: the life of a neighbour. One that nobody confirmed lately is "reachable" with its time behind it: stale.
import { describe, expect, it } from 'vitest'
import { SECOND } from '../sim/time.ts'
import { anAnswer, anArp, LoneStack, OWN, OWN_MAC, PEER, PEER_MAC } from '../test-support/lone-stack.ts'
import { MAC_BROADCAST } from '../wire/addresses.ts'
import { sendEcho } from './icmp.ts'
import { MAX_WAITING, TABLE_LIMIT } from './neighbors.ts'
import { Stack, type StackState } from './stack.ts'

const NONE = new Uint8Array(0)

class Neighborhood extends LoneStack {
  ping(sequence = 1): void {
    sendEcho(this.stack, PEER, 7, sequence, NONE)
  }
  get entry() {
    return this.via.neighbors.get(PEER)
  }
  get state() {
    const { entry } = this
    return entry?.state === 'reachable' && entry.reachableUntil < this.sim.now ? 'stale' : entry?.state
  }
  /** ARP requests sent since the last call: seconds after `start`, and whether to everybody or to the neighbour alone. */
  requests(start: number) {
    return this.take().flatMap((said) =>
      'arp' in said && said.arp.op === 1
        ? [[(said.at - start) / SECOND, said.to === MAC_BROADCAST ? 'broadcast' : 'unicast']]
        : [],
    )
  }
  /** Ends with a neighbour that has just answered. */
  meet(): void {
    this.ping()
    this.hear(anAnswer())
    this.take()
  }
  /** Waits until the entry has gone stale. */
  growStale(): void {
    this.wait(46)
  }
}

describe('an unknown neighbour', () => {
  it('is incomplete while it is asked for, and reachable as soon as it answers; what waited is sent', () => {
    const host = new Neighborhood()
    host.ping(1)
    host.ping(2)
    expect(host.state).toBe('incomplete')
    expect(host.requests(host.sim.now)).toEqual([[0, 'broadcast']])
    host.wait(0.4)
    host.hear(anAnswer())
    expect(host.state).toBe('reachable')
    const sent = host.take().flatMap((said) => ('icmp' in said && 'sequence' in said.icmp ? [[said.icmp.sequence, said.to]] : []))
    expect(sent).toEqual([
      [1, PEER_MAC],
      [2, PEER_MAC],
    ])
    expect(host.stack.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('is asked for three times, one second apart, and is then unreachable', () => {
    const host = new Neighborhood()
    const start = host.sim.now
    host.ping()
    host.wait(2.999)
    expect(host.state).toBe('incomplete')
    host.wait(0.001)
    expect(host.state).toBe('unreachable')
    host.wait(60)
    expect(host.requests(start)).toEqual([0, 1, 2].map((at) => [at, 'broadcast']))
  })

  it('is asked for anew when somebody sends to it again', () => {
    const host = new Neighborhood()
    host.ping()
    host.wait(10)
    host.take()
    host.ping()
    expect(host.state).toBe('incomplete')
    host.hear(anAnswer())
    expect(host.state).toBe('reachable')
  })

  it('lets so many packets wait and drops the oldest of more, with a reason', () => {
    const host = new Neighborhood()
    const from = host.recorder.next
    for (let sequence = 1; sequence <= MAX_WAITING + 2; sequence++) host.ping(sequence)
    host.hear(anAnswer())
    const sent = host.take().flatMap((said) => ('icmp' in said && 'sequence' in said.icmp ? [said.icmp.sequence] : []))
    expect(sent).toEqual(Array.from({ length: MAX_WAITING }, (_, at) => at + 3))
    const dropped = host.recorder.read(from).filter(({ verdict }) => verdict === 'no-neighbor')
    expect(dropped.map(({ detail }) => detail)).toEqual(Array(2).fill(`more than ${MAX_WAITING} packets wait for 192.168.3.1`))
  })

  it('is settled work: the lab waits for it', () => {
    const host = new Neighborhood()
    host.ping()
    expect(host.stack.transientAt()).toBe(host.sim.now + SECOND)
  })
})

describe('a known neighbour', () => {
  it('stays reachable for 15 to 45 seconds, a different time for each', () => {
    const host = new Neighborhood()
    const times = new Set<number>()
    for (let round = 0; round < 50; round++) {
      host.meet()
      const lasts = ((host.entry?.reachableUntil ?? 0) - host.sim.now) / SECOND
      expect(lasts).toBeGreaterThanOrEqual(15)
      expect(lasts).toBeLessThan(45)
      times.add(lasts)
      host.via.neighbors.delete(PEER)
    }
    expect(times.size).toBeGreaterThan(40)
    expect(Math.min(...times)).toBeLessThan(20)
    expect(Math.max(...times)).toBeGreaterThan(40)
  })

  it('is stale afterwards, without a packet', () => {
    const host = new Neighborhood()
    host.meet()
    expect(host.state).toBe('reachable')
    host.growStale()
    expect(host.state).toBe('stale')
    expect(host.take()).toEqual([])
  })

  it('that is stale and used: five seconds of delay, then it is asked directly, and answers', () => {
    const host = new Neighborhood()
    host.meet()
    host.growStale()
    const start = host.sim.now
    host.ping(9)
    expect(host.state).toBe('delay')
    expect(host.take().map((said) => said.to)).toEqual([PEER_MAC])
    host.wait(4.999)
    expect(host.state).toBe('delay')
    host.wait(0.5)
    expect(host.state).toBe('probe')
    expect(host.requests(start)).toEqual([[5, 'unicast']])
    host.hear(anAnswer())
    expect(host.state).toBe('reachable')
    host.wait(10)
    expect(host.take()).toEqual([])
  })

  it('that is silent: three unicast requests a second apart, then unreachable', () => {
    const host = new Neighborhood()
    host.meet()
    host.growStale()
    const start = host.sim.now
    host.ping()
    host.wait(7.999)
    expect(host.state).toBe('probe')
    host.wait(0.001)
    expect(host.state).toBe('unreachable')
    host.wait(60)
    expect(host.requests(start)).toEqual([5, 6, 7].map((at) => [at, 'unicast']))
  })

  it('goes on being sent to while it is delayed or probed', () => {
    const host = new Neighborhood()
    host.meet()
    host.growStale()
    for (let second = 0; second < 8; second++) {
      host.take()
      host.ping(second)
      expect(host.take().filter((said) => 'icmp' in said)).toHaveLength(1)
      host.wait(1)
    }
  })

  it('that has another address now is found there, but not yet confirmed', () => {
    const host = new Neighborhood()
    host.meet()
    host.hear(anArp({ senderMac: PEER_MAC + 1, targetIp: PEER }))
    expect(host.entry?.mac).toBe(PEER_MAC + 1)
    expect(host.state).toBe('stale')
  })

  it('that is only heard asking is known and stale; one that asks for somebody else is not noted', () => {
    const host = new Neighborhood()
    host.hear(anArp({ targetIp: OWN + 1 }))
    expect(host.entry).toBeUndefined()
    host.hear(anArp())
    expect(host.state).toBe('stale')
    expect(host.take()).toEqual([
      {
        at: host.sim.now,
        to: PEER_MAC,
        arp: { op: 2, senderMac: OWN_MAC, senderIp: OWN, targetMac: PEER_MAC, targetIp: PEER },
      },
    ])
  })

  it('is forgotten when the link goes, unless it is permanent', () => {
    const host = new Neighborhood()
    host.meet()
    host.know(PEER + 5, PEER_MAC + 5)
    const { attachment } = host.via
    host.stack.attach(2, { ...attachment, up: false })
    host.stack.linkChanged(2)
    expect([...host.via.neighbors.all].map(({ state }) => state)).toEqual(['permanent'])
  })
})

it('a permanent neighbour is never asked for and never changed by what others say', () => {
  const host = new Neighborhood()
  host.know()
  host.ping()
  host.hear(anArp({ senderMac: PEER_MAC + 1 }))
  host.hear(anAnswer(PEER, PEER_MAC + 1))
  host.wait(100)
  host.ping()
  expect(host.entry).toMatchObject({ state: 'permanent', mac: PEER_MAC })
  expect(host.requests(0)).toEqual([])
})

it('is restored in any state: packets that wait and times that run', () => {
  for (const seconds of [0, 0.5, 1.5, 2.5, 3.5]) {
    const host = new Neighborhood()
    host.ping(3)
    host.wait(seconds)
    const row = JSON.parse(JSON.stringify(host.stack.save())) as StackState
    const again = new Neighborhood()
    again.sim.now = host.sim.now
    again.stack.load(row)
    expect(again.stack.pollAt()).toBe(host.stack.pollAt())
    expect(JSON.stringify(again.stack.save())).toBe(JSON.stringify(row))
    host.take()
    again.take()
    for (const one of [host, again]) {
      one.wait(1)
      one.hear(anAnswer())
    }
    expect(again.take()).toEqual(host.take())
    expect(again.state).toBe(host.state)
    expect(again.stack).toBeInstanceOf(Stack)
  }
})

describe('a full table', () => {
  const FIRST = 0x0a000001
  const filled = (count: number, state: 'permanent' | 'reachable') => {
    const host = new LoneStack()
    for (let at = 0; at < count; at++) host.via.neighbors.add(FIRST + at, state, 1)
    return host
  }

  it('forgets its oldest that nobody waits for, never one that is permanent', () => {
    const host = filled(TABLE_LIMIT - 1, 'reachable')
    host.know(FIRST + 5000)
    sendEcho(host.stack, PEER, 7, 1, new Uint8Array(0))
    const { neighbors } = host.via
    expect(neighbors.size).toBe(TABLE_LIMIT)
    expect(neighbors.get(FIRST)).toBeUndefined()
    expect(neighbors.get(FIRST + 1)).toBeDefined()
    expect(neighbors.get(FIRST + 5000)).toBeDefined()
    expect(neighbors.get(PEER)).toMatchObject({ state: 'incomplete' })
  })

  it('in which somebody waits for every entry gives up the oldest with what waits, and says so', () => {
    const host = new LoneStack()
    const { neighbors } = host.via
    for (let at = 0; at < TABLE_LIMIT; at++) {
      const entry = neighbors.add(FIRST + at, 'incomplete', 0)
      entry.waiting.push({ bytes: new Uint8Array(60), id: 5, cause: 0, origin: 0, stored: -1 })
    }
    const from = host.recorder.next
    sendEcho(host.stack, PEER, 7, 1, new Uint8Array(0))
    expect(neighbors.size).toBe(TABLE_LIMIT)
    expect(neighbors.get(FIRST)).toBeUndefined()
    expect(host.recorder.read(from).filter(({ verdict }) => verdict === 'table-full')).toMatchObject([
      { packet: 5, detail: `10.0.0.1 was the oldest of ${TABLE_LIMIT} neighbors` },
    ])
  })

  it('of permanent entries alone takes no other, and the packet list says why', () => {
    const host = filled(TABLE_LIMIT, 'permanent')
    const from = host.recorder.next
    sendEcho(host.stack, PEER, 7, 1, new Uint8Array(0))
    expect(host.via.neighbors.size).toBe(TABLE_LIMIT)
    expect(host.recorder.read(from)).toMatchObject([
      { verdict: 'table-full', detail: `${TABLE_LIMIT} permanent neighbors on eth0` },
    ])
  })
})
