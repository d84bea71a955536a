import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SECOND } from '../sim/time.ts'
import { ICMP, TCP, UDP } from '../wire/ipv4.ts'
import { lifetime, WINNAT } from './nat-session.ts'
import { type Mapping, NatTable, type Protocol } from './nat-table.ts'

type Key = { readonly protocol: Protocol; readonly ip: number; readonly port: number; readonly outsideIp: number }

const key: fc.Arbitrary<Key> = fc.record({
  protocol: fc.constantFrom<Protocol>(UDP, TCP, ICMP),
  ip: fc.constantFrom(0xc0a80332, 0xc0a80333),
  port: fc.constantFrom(1, 1024, 65_535),
  outsideIp: fc.constantFrom(0xcb007102, 0x0a141e64, 0x0a63000a),
})
const act = fc.record({ key, wait: fc.constantFrom(0, 1, 25, 100, 130), restore: fc.boolean() })
const name = ({ protocol, ip, port, outsideIp }: Key) => `${protocol} ${ip}:${port} as ${outsideIp}`

it('keeps one mapping for an inside endpoint and an outside address, and one inside endpoint behind each outside one', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let table = new NatTable()
      const model = new Map<string, Mapping>()
      let now = 0
      for (const { key: wanted, wait, restore } of acts) {
        now += wait * SECOND
        for (const [at, mapping] of model) if (now > mapping.endsAt) model.delete(at)
        const { protocol, ip, port, outsideIp } = wanted
        const found = table.outward(protocol, ip, port, outsideIp, now)
        expect(found?.outsidePort).toBe(model.get(name(wanted))?.outsidePort)
        const mapping = found ?? table.open(protocol, ip, port, outsideIp, now, () => false)
        if (mapping === undefined) throw new Error('the table is full')
        const session = table.session(mapping, 7, 7, now) ?? table.begin(mapping, 7, 7, 0, now)
        table.keep(mapping, session, now + lifetime(WINNAT, protocol, 0))
        model.set(name(wanted), { ...mapping })
        for (const one of model.values())
          expect(table.inward(one.protocol, one.outsideIp, one.outsidePort, now)).toMatchObject({
            insideIp: one.insideIp,
            insidePort: one.insidePort,
          })
        expect(table.live(now)).toHaveLength(model.size)
        if (!restore) continue
        const row = JSON.parse(JSON.stringify(table.save(now)))
        table = new NatTable()
        table.load(row)
        expect(JSON.parse(JSON.stringify(table.save(now)))).toEqual(row)
      }
    }),
    { numRuns: 300 },
  )
})

it('whatever flows begin, end and are looked for: every answer goes to who asked, and nothing is lost by storing', () => {
  const flow = fc.record({
    protocol: fc.constantFrom<Protocol>(UDP, TCP, ICMP),
    ip: fc.constantFrom(0xc0a80332, 0xc0a80333, 0xc0a80334),
    port: fc.constantFrom(1000, 1001, 1002, 65_535),
    remote: fc.constantFrom(0x08080808, 0xc0000250, 0xc6336435),
    remotePort: fc.constantFrom(53, 80),
    wait: fc.constantFrom(0, 1, 40, 130),
    restore: fc.boolean(),
  })
  const outsideIp = 0xcb007102
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 80 }), (flows) => {
      let table = new NatTable()
      let now = 0
      for (const { protocol, ip, port, remote, remotePort, wait, restore } of flows) {
        now += wait * SECOND
        const mapping =
          table.outward(protocol, ip, port, outsideIp, now, remote, remotePort) ??
          table.open(protocol, ip, port, outsideIp, now, () => false)
        if (mapping === undefined) throw new Error('the table is full')
        const session = table.session(mapping, remote, remotePort, now) ?? table.begin(mapping, remote, remotePort, 0, now)
        table.keep(mapping, session, now + lifetime(WINNAT, protocol, 0))
        const live = table.live(now)
        // Endpoint-independent: one outside endpoint for an inside one; and never two inside behind one outside.
        expect(new Set(live.map((m) => `${m.protocol} ${m.insideIp} ${m.insidePort}`)).size).toBe(live.length)
        expect(new Set(live.map((m) => `${m.protocol} ${m.outsideIp} ${m.outsidePort}`)).size).toBe(live.length)
        for (const m of live) {
          expect(table.inward(m.protocol, outsideIp, m.outsidePort, now)).toBe(m)
          expect(m.endsAt).toBe(Math.max(...m.sessions.map(({ endsAt }) => endsAt)))
          // RFC 4787 REQ-4: even stays even.
          if (m.protocol === UDP) expect(m.outsidePort & 1).toBe(m.insidePort & 1)
        }
        expect(table.sessions).toBe(live.reduce((sum, m) => sum + m.sessions.length, 0))
        if (!restore) continue
        const row = JSON.stringify(table.save(now))
        table = new NatTable()
        table.load(JSON.parse(row))
        expect(JSON.stringify(table.save(now))).toBe(row)
      }
    }),
    { numRuns: 300, verbose: true },
  )
})
