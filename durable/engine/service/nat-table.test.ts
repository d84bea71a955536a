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
