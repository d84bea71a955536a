// RFC 3376 (IGMPv3), RFC 2236 where the querier is older: reports on joining and leaving, answers to queries.
import { describe, expect, it } from 'vitest'
import { aDatagram, LoneStack, OWN } from '../test-support/lone-stack.ts'
import { MAC_BROADCAST, multicastMac, parseIp } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as igmp from '../wire/igmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { joinGroup, leaveGroup } from './membership.ts'

const MDNS = parseIp('224.0.0.251') as number
const SSDP = parseIp('239.255.255.250') as number

function reports(host: LoneStack) {
  return host.take().flatMap((said) => {
    if (!('payload' in said) || said.ip.protocol !== ipv4.IGMP) return []
    const message = igmp.parse(said.payload, 0, said.payload.length)
    return [{ at: said.at, to: said.to, ip: said.ip, message }]
  })
}

function query(message: Uint8Array, ttl = 1, dst = igmp.ALL_SYSTEMS): Uint8Array {
  const bytes = new Uint8Array(34 + message.length)
  ethernet.emit(bytes, multicastMac(dst), 0x48f7c0acee46, ethernet.TYPE_IPV4)
  ipv4.emit({ src: 0xc0a80301, dst, protocol: ipv4.IGMP, ttl, id: 1, dontFragment: false }, message.length, bytes, 14)
  bytes.set(message, 34)
  return bytes
}
const query3 = (group: number, maxResponseCode = 100) => {
  const message: igmp.Igmp = { kind: 'query', maxResponseCode, group, sources: [] }
  const bytes = new Uint8Array(igmp.len(message))
  igmp.emit(message, bytes, 0)
  return bytes
}
/** Version 2 is the same without what comes after the group. */
function query2(group: number): Uint8Array {
  const bytes = query3(group).slice(0, 8)
  const [sum] = [bytes.reduce((acc, octet, i) => (i === 2 || i === 3 ? acc : acc + (i % 2 ? octet : octet << 8)), 0)]
  const folded = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff
  bytes[2] = folded >> 8
  bytes[3] = folded & 255
  return bytes
}

describe('a group', () => {
  it('is told when it is joined, and once more within a second; several at a time in one report', () => {
    const host = new LoneStack('windows')
    const start = host.sim.now
    joinGroup(host.stack, host.via, MDNS)
    joinGroup(host.stack, host.via, SSDP)
    host.wait(5)
    const told = reports(host)
    expect(told).toHaveLength(2)
    expect(told[0].at - start).toBe(10_000)
    expect(told[1].at - told[0].at).toBeLessThanOrEqual(1_000_000)
    for (const { to, ip, message } of told) {
      expect(to).toBe(multicastMac(igmp.ALL_V3_ROUTERS))
      expect(ip).toMatchObject({ src: OWN, dst: igmp.ALL_V3_ROUTERS, ttl: 1, headerLen: 24 })
      expect(message).toEqual(igmp.join([MDNS, SSDP]))
    }
  })

  it('is told of when it is left by the last of its owners', () => {
    const host = new LoneStack()
    joinGroup(host.stack, host.via, MDNS)
    joinGroup(host.stack, host.via, MDNS)
    host.wait(5)
    host.take()
    leaveGroup(host.stack, host.via, MDNS)
    host.wait(5)
    expect(reports(host)).toEqual([])
    leaveGroup(host.stack, host.via, MDNS)
    host.wait(5)
    expect(reports(host)[0].message).toEqual({
      kind: 'report',
      records: [{ type: igmp.CHANGE_TO_INCLUDE, group: MDNS, sources: [] }],
    })
  })

  it('is what a packet to a group needs: others are not for us', () => {
    const host = new LoneStack()
    const toGroup = aDatagram({ dstPort: 5353 }, { dst: MDNS, toMac: multicastMac(MDNS) })
    expect(host.hear(toGroup.slice())).toMatchObject({ verdict: 'not-for-us', detail: 'eth0 is not in the group 224.0.0.251' })
    joinGroup(host.stack, host.via, MDNS)
    expect(host.hear(toGroup.slice()).verdict).toBe('no-listener')
  })

  it('is told again when the link comes back, and not while there is none', () => {
    const host = new LoneStack()
    joinGroup(host.stack, host.via, MDNS)
    host.wait(5)
    host.take()
    const { attachment } = host.via
    host.stack.attach(2, { ...attachment, up: false })
    host.stack.linkChanged(2)
    host.wait(5)
    expect(reports(host)).toEqual([])
    host.stack.attach(2, attachment)
    host.stack.linkChanged(2)
    host.wait(5)
    expect(reports(host)).toHaveLength(2)
  })

  it('does not keep a lab from settling', () => {
    const host = new LoneStack()
    joinGroup(host.stack, host.via, MDNS)
    expect(host.stack.pollAt()).toBeLessThan(Number.POSITIVE_INFINITY)
    expect(host.stack.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a query', () => {
  function member() {
    const host = new LoneStack()
    joinGroup(host.stack, host.via, MDNS)
    joinGroup(host.stack, host.via, SSDP)
    host.wait(5)
    host.take()
    return host
  }

  it('about everything is answered with all groups, within its time', () => {
    const host = member()
    const asked = host.sim.now
    host.hear(query(query3(0, 20)))
    host.wait(10)
    const [answer, ...more] = reports(host)
    expect(more).toEqual([])
    expect(answer.at - asked).toBeLessThanOrEqual(2_000_000)
    expect(answer.message).toEqual({
      kind: 'report',
      records: [MDNS, SSDP].map((group) => ({ type: igmp.IS_EXCLUDE, group, sources: [] })),
    })
  })

  it('about one group is answered with that one, and about another not at all', () => {
    const host = member()
    host.hear(query(query3(SSDP)))
    host.wait(20)
    expect(reports(host).map(({ message }) => message)).toEqual([
      { kind: 'report', records: [{ type: igmp.IS_EXCLUDE, group: SSDP, sources: [] }] },
    ])
    expect(host.hear(query(query3(SSDP + 1))).verdict).toBe('ignored')
    host.wait(20)
    expect(reports(host)).toEqual([])
  })

  it('of version 2 is answered in version 2, to the group itself, and leaving goes to all routers', () => {
    const host = member()
    host.hear(query(query2(0)))
    host.wait(12)
    expect(reports(host).map(({ ip, message }) => [ip.dst, message])).toEqual([
      [MDNS, { kind: 'report-v2', group: MDNS }],
      [SSDP, { kind: 'report-v2', group: SSDP }],
    ])
    leaveGroup(host.stack, host.via, SSDP)
    host.wait(5)
    expect(reports(host)[0]).toMatchObject({ ip: { dst: igmp.ALL_ROUTERS }, message: { kind: 'leave', group: SSDP } })
    host.wait(300)
    joinGroup(host.stack, host.via, SSDP)
    host.wait(5)
    expect(reports(host)[0].message).toMatchObject({ kind: 'report' })
  })

  it('from beyond the link, or damaged, is passed over', () => {
    const host = member()
    expect(host.hear(query(query3(0), 64))).toMatchObject({ verdict: 'ignored', detail: 'IGMP with a time to live of 64' })
    const damaged = query(query3(0))
    damaged[36] ^= 1
    expect(host.hear(damaged).verdict).toBe('malformed')
    host.wait(20)
    expect(reports(host)).toEqual([])
  })

  it('waits for its answer also when it is stored and put back meanwhile', () => {
    const answers = [false, true].map((restored) => {
      const host = member()
      host.hear(query(query3(0)))
      if (restored) host.stack.load(JSON.parse(JSON.stringify(host.stack.save())))
      host.wait(20)
      return reports(host).map(({ at, message }) => JSON.stringify([at, message]))
    })
    expect(answers[0]).toHaveLength(1)
    expect(answers[1]).toEqual(answers[0])
  })
})

it('a frame to all, with a group inside, is nobody’s business but that of its members', () => {
  const host = new LoneStack()
  expect(host.hear(aDatagram({ dstPort: 9 }, { dst: SSDP, toMac: MAC_BROADCAST })).verdict).toBe('not-for-us')
})
