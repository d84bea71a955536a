// IGMP version 3 and MLD version 2 as a querier: RFC 3376 sections 6 and 8, RFC 3810 sections 7 and 9.
import { describe, expect, it } from 'vitest'
import { LoneIp6, PEER6, packet6, six } from '../test-support/lone-ip6.ts'
import { LoneStack, OWN, PEER, PEER_MAC } from '../test-support/lone-stack.ts'
import { formatIp6, multicastMac, parseIp } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as igmp from '../wire/igmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as ipv6 from '../wire/ipv6.ts'
import * as mld from '../wire/mld.ts'
import { setQuerying } from './membership.ts'
import { Listening, MAX_LISTENED } from './querier.ts'
import { setQuerying6 } from './v6/listener.ts'

const GROUP = parseIp('239.1.2.3') as number
const GROUP6 = six('ff05::1:3')
const SECOND = 1_000_000

function router() {
  const host = new LoneStack('linux')
  const queries = () =>
    host.take().flatMap((said) => {
      if (!('payload' in said) || said.ip.protocol !== ipv4.IGMP) return []
      const message = igmp.parse(said.payload, 0, said.payload.length)
      return typeof message !== 'string' && message.kind === 'query' ? [{ at: said.at, to: said.ip.dst, ...message }] : []
    })
  const say = (message: igmp.Igmp, dst: number, src = PEER) => {
    const length = igmp.len(message)
    const bytes = new Uint8Array(34 + length)
    ethernet.emit(bytes, multicastMac(dst), PEER_MAC, ethernet.TYPE_IPV4)
    ipv4.emit({ src, dst, protocol: ipv4.IGMP, ttl: 1, id: 1, dontFragment: false }, length, bytes, 14)
    igmp.emit(message, bytes, 34)
    return host.hear(bytes).verdict
  }
  const groups = () => host.via.querying?.groups.map(([group]) => group) ?? []
  setQuerying(host.stack, host.via, true)
  return { host, queries, say, groups }
}

const record = (type: number, group = GROUP, sources: number[] = []): igmp.Igmp => ({
  kind: 'report',
  records: [{ type, group, sources }],
})

describe('a querier of IGMP', () => {
  it('asks everybody at once, twice more often in the beginning, then every 125 seconds', () => {
    const { host, queries } = router()
    const begin = host.sim.now
    host.wait(400)
    const asked = queries()
    expect(asked.map(({ at }) => (at - begin) / SECOND)).toEqual([0, 31.25, 156.25, 281.25])
    expect(asked[0]).toMatchObject({ to: igmp.ALL_SYSTEMS, group: 0, maxResponseCode: 100, robustness: 2, intervalCode: 125 })
  })

  it('knows who listens for 260 seconds, by reports of both versions; and forgets the oldest of too many', () => {
    const { host, say, groups } = router()
    expect(say(record(igmp.CHANGE_TO_EXCLUDE), igmp.ALL_V3_ROUTERS)).toBe('delivered')
    expect(say({ kind: 'report-v2', group: GROUP + 1 }, GROUP + 1)).toBe('delivered')
    expect(groups()).toEqual([GROUP, GROUP + 1])
    host.wait(200)
    say(record(igmp.IS_EXCLUDE), igmp.ALL_V3_ROUTERS)
    host.wait(100)
    expect(groups()).toEqual([GROUP])
    for (let at = 0; at < 1000; at++) say(record(igmp.IS_EXCLUDE, GROUP + 10 + at), igmp.ALL_V3_ROUTERS)
    expect(groups().length).toBe(MAX_LISTENED)
    expect(groups().at(-1)).toBe(GROUP + 1009)
    host.wait(261)
    expect(groups()).toEqual([])
  })

  it('asks twice about a group that somebody left, and believes whoever answers', () => {
    for (const answered of [true, false]) {
      const { host, say, groups, queries } = router()
      say(record(igmp.IS_EXCLUDE), igmp.ALL_V3_ROUTERS)
      host.wait(1)
      queries()
      say(record(igmp.CHANGE_TO_INCLUDE), igmp.ALL_V3_ROUTERS)
      host.wait(1.5)
      expect(queries()).toMatchObject([
        { to: GROUP, group: GROUP, maxResponseCode: 10 },
        { to: GROUP, group: GROUP },
      ])
      if (answered) say(record(igmp.IS_EXCLUDE), igmp.ALL_V3_ROUTERS)
      host.wait(1)
      expect(groups()).toEqual(answered ? [GROUP] : [])
    }
  })

  it('is silent while one with a lower address asks, and for 255 seconds after', () => {
    const { host, say, queries } = router()
    host.wait(1)
    queries()
    const query = { kind: 'query', maxResponseCode: 100, group: 0, sources: [] } as const
    say(query, igmp.ALL_SYSTEMS, OWN + 1)
    host.wait(40)
    expect(queries()).toHaveLength(1)
    say(query, igmp.ALL_SYSTEMS, OWN - 1)
    host.wait(254)
    expect(queries()).toEqual([])
    host.wait(2)
    expect(queries()).toHaveLength(1)
  })

  it('does all of this the same when it is stored in between', () => {
    const run = (stored: boolean) => {
      const { host, say, queries } = router()
      const said = []
      for (const message of [record(igmp.IS_EXCLUDE), record(igmp.CHANGE_TO_INCLUDE), record(igmp.IS_EXCLUDE, GROUP + 1)]) {
        say(message, igmp.ALL_V3_ROUTERS)
        host.wait(0.5)
        if (stored && host.via.querying)
          host.via.querying = new Listening<number>(0, JSON.parse(JSON.stringify(host.via.querying.save())))
        host.sim.touch(host.stack)
        host.wait(70)
        said.push(...queries(), ...(host.via.querying?.groups ?? []))
      }
      return said
    }
    expect(run(true)).toEqual(run(false))
  })
})

describe('a querier of MLD', () => {
  const report = (type: number, group = GROUP6) => {
    const message: mld.Mld = { kind: 'report', records: [{ type, group, sources: [] }] }
    return packet(message, mld.ALL_V2_ROUTERS, PEER6)
  }
  function packet(message: mld.Mld, dst: bigint, src: bigint): Uint8Array {
    const out = new Uint8Array(8 + mld.len(message))
    ipv6.emitRouterAlert(out, 0, ipv6.ICMP6)
    mld.emit(message, out, 8, { src, dst })
    return packet6(ipv6.HOP_BY_HOP, out, { src, dst, hopLimit: 1 })
  }
  const queries = (host: LoneIp6) =>
    host.take().flatMap(({ at, ip, mld: said }) => (said?.kind === 'query' ? [{ at, to: formatIp6(ip.dst), ...said }] : []))

  it('asks from its link-local address, knows listeners, and asks twice about what was left', () => {
    const host = new LoneIp6().settled()
    setQuerying6(host.ip6, host.i6, true)
    const begin = host.sim.now
    host.wait(200)
    const asked = queries(host)
    expect(asked.map(({ at }) => (at - begin) / SECOND)).toEqual([0, 31.25, 156.25])
    expect(asked[0]).toMatchObject({ to: 'ff02::1', group: 0n, maxResponseCode: 10_000, robustness: 2, intervalCode: 125 })
    expect(host.hear(report(mld.IS_EXCLUDE)).verdict).toBe('delivered')
    expect(host.i6.querying?.groups.map(([group]) => group)).toEqual([GROUP6])
    const stored = JSON.parse(JSON.stringify(host.ip6.save()))
    host.ip6.load(stored)
    expect(host.ip6.save()).toEqual(stored)
    host.hear(report(mld.CHANGE_TO_INCLUDE))
    host.wait(1.5)
    expect(queries(host)).toMatchObject([{ to: 'ff05::1:3', group: GROUP6, maxResponseCode: 1000 }, { group: GROUP6 }])
    host.wait(1)
    expect(host.i6.querying?.groups).toEqual([])
  })

  it('leaves it to a neighbour with a lower address', () => {
    const host = new LoneIp6().settled()
    setQuerying6(host.ip6, host.i6, true)
    host.wait(1)
    queries(host)
    const told = { suppress: false, robustness: 2, intervalCode: 125 }
    const query: mld.Mld = { kind: 'query', maxResponseCode: 10_000, group: 0n, sources: [], ...told }
    host.hear(packet(query, six('ff02::1'), six('fe80::1')))
    host.wait(254)
    expect(queries(host)).toEqual([])
    host.wait(2)
    expect(queries(host)).toHaveLength(1)
  })
})
