import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, sendUdp } from '../ip/udp.ts'
import { formatIp, type Ip4, parseIp } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as dns from '../wire/dns.ts'
import { DnsClient, type DnsClientState, type LookupResult } from './dns-client.ts'
import { DnsServer, type DnsServerOptions, type DnsServerState, zoneOf } from './dns-server.ts'
import { dataText } from './dns-stored.ts'
import { Net, runs, type Stored } from './fixtures.ts'

const ip = (text: string): Ip4 => parseIp(text) as Ip4

/** Lines of `name [ttl] type value`, names whole. */
const zone = (name: string, lines: string) =>
  zoneOf({
    name,
    records: lines
      .trim()
      .split('\n')
      .map((line) => {
        const [, owner, ttl, type, value] = /^\s*(\S+)\s+(?:(\d+)\s+)?([A-Z]+)\s+(.*)$/.exec(line) as RegExpExecArray
        return { name: owner === '@' ? name : owner, ttl: Number(ttl ?? 300), type, value }
      }),
  })

const ROOT = zone(
  '',
  `
  @ NS a.root.net
  a.root.net A 198.41.0.4
  test NS ns.nic.test
  ns.nic.test A 10.0.0.2
  other NS ns.other
  ns.other A 10.0.0.3`,
)
const TEST = zone(
  'test',
  `
  @ 600 SOA ns.nic.test admin.nic.test 1 3600 600 86400 60
  @ NS ns.nic.test
  ns.nic.test A 10.0.0.2
  example.test NS ns.far.other
  glued.test NS ns.glued.test
  ns.glued.test A 10.0.0.3
  lame.test NS ns.nic.test
  lost.test NS ns.lost.test
  ns.lost.test A 10.0.0.99`,
)
const EXAMPLE = zone(
  'example.test',
  `
  @ SOA ns.far.other admin.example.test 1 3600 600 86400 120
  @ NS ns.far.other
  @ MX 10 mail.example.test
  @ TXT "v=spf1 -all"
  mail.example.test A 10.1.0.25
  www.example.test 100 A 10.1.0.80
  www.example.test 100 A 10.1.0.81
  alias.example.test CNAME www.example.test
  out.example.test CNAME web.glued.test
  loop.example.test CNAME pool.example.test
  pool.example.test CNAME loop.example.test
  deep.empty.example.test A 10.1.0.7
  *.wild.example.test A 10.1.0.9
  sub.example.test NS ns.sub.example.test
  ns.sub.example.test A 10.0.0.55`,
)
const GLUED = zone('glued.test', 'web.glued.test 50 A 10.2.0.80')
const OTHER = zone('other', 'ns.far.other A 10.0.0.3\n@ NS ns.other\nns.other A 10.0.0.3')

type World = {
  readonly net: Net
  readonly box: Stack
  readonly client: DnsClient
  readonly resolver: DnsServer
  readonly forwarder: DnsServer
  readonly forwarderStack: Stack
  readonly told: (readonly [number, LookupResult])[]
  servers: Ip4[]
  upstream: Ip4[]
  readonly requester: { readonly name: string; resolved(token: number, result: LookupResult): void }
}

function world(dialect: 'windows' | 'linux' = 'windows', { seed = 3, stored }: { seed?: number; stored?: Stored } = {}): World {
  const net = new Net(seed, stored)
  const machine = (name: string, addresses: string[], os: 'windows' | 'linux' = 'linux') => {
    const stack = net.machine(name, os)
    const via = net.plug(stack, 'lan')
    net.load(stack)
    if (net.fresh) for (const address of addresses) stack.addAddress(via, ip(address), 8, 'ics') // not probed for
    return stack
  }
  const server = (stack: Stack, options: Partial<DnsServerOptions>) =>
    net.add(
      new DnsServer(
        net.sim,
        stack,
        { mode: 'authority', zones: [], roots: [], upstream: () => [], ...options },
        net.state<DnsServerState>(`${stack.machine}/dns-server`),
      ),
    )
  server(machine('root', ['10.0.0.1']), { zones: [ROOT] })
  server(machine('tld', ['10.0.0.2']), { zones: [TEST] })
  server(machine('far', ['10.0.0.3']), { zones: [EXAMPLE, GLUED, OTHER] })
  const resolver = server(machine('resolver', ['10.0.0.8']), { mode: 'resolver', roots: [ip('10.0.0.1')] })
  const forwarderStack = machine('forwarder', ['10.0.0.9'])
  const w = { servers: [ip('10.0.0.9')], upstream: [ip('10.0.0.8')] }
  const forwarder = server(forwarderStack, {
    mode: 'forwarder',
    upstream: () => w.upstream,
    local: {
      lookup: (name, type) =>
        dns.sameName(name, 'labhost.mshome.net')
          ? type === 'A'
            ? [{ type: 'A', name: 'LABHOST.mshome.net', ttl: 0, address: ip('10.0.0.9') }]
            : []
          : name.toLowerCase().endsWith('.mshome.net')
            ? 'no-such-name'
            : undefined,
    },
  })
  const box = machine('box', ['10.9.0.1'], dialect)
  const client = net.add(
    new DnsClient(
      net.sim,
      box,
      {
        dialect,
        ownNames: () => ['BOX', 'localhost'],
        hosts: () => [{ ip: ip('10.7.0.1'), names: ['Printer.home', 'printer'] }],
        suffixes: () => ['mshome.net', 'example.test'],
        servers: () => w.servers,
      },
      net.state<DnsClientState>('box/dns-client'),
    ),
  )
  const told: (readonly [number, LookupResult])[] = []
  const requester = { name: 'box/process/1', resolved: (token: number, result: LookupResult) => void told.push([token, result]) }
  client.reattach(requester)
  return Object.assign(w, { net, box, client, resolver, forwarder, forwarderStack, told, requester })
}

/** What a lookup came to, as one line: source, canonical name and data. */
function show(result: LookupResult | undefined): string {
  if (result === undefined) return 'nothing yet'
  if ('failure' in result) return result.failure
  return [result.source, result.canonical, ...result.records.map((r) => `${r.type} ${dataText(r)}`)].join(' ')
}

function lookup(w: World, name: string, type = 'A', seconds = 15): string {
  const before = w.told.length
  w.client.lookup(name, type, w.requester, 1)
  w.net.run(seconds)
  return show(w.told[before]?.[1])
}

/** A raw query from the box to a server. */
function ask(w: World, server: string, name: string, type = 'A', change: Partial<dns.Dns> = {}): dns.Dns | undefined {
  let answer: dns.Dns | undefined
  const owner = {
    name: 'asker',
    datagram(_: unknown, { payload }: { payload: Uint8Array }) {
      const parsed = dns.parse(payload, 0, payload.length)
      if (typeof parsed !== 'string') answer = parsed
    },
  }
  const socket = bindUdp(w.box, owner, { port: w.box.takePort() })
  if (!socket) return undefined
  sendUdp(w.box, socket, ip(server), 53, dns.encode({ ...dns.query(77, { name, type }), ...change }))
  w.net.run(20)
  return answer
}

const datas = (records: readonly dns.DnsRecord[] = []): string[] =>
  records.flatMap((r) => (r.type === 'OPT' ? [] : [`${r.name} ${r.ttl} ${r.type} ${dataText(r)}`]))

const queries = (w: World, machine: string) =>
  w.net
    .seen()
    .filter((s) => s.verdict === 'sent' && w.net.recorder.vantages[s.vantage].machine === machine)
    .filter((s) => s.bytes.length > 54 && s.bytes[23] === 17 && u16(s.bytes, 36) === 53)
    .map((s) => ({
      at: s.time / 1e6,
      to: formatIp(((s.bytes[30] << 24) | (s.bytes[31] << 16) | (s.bytes[32] << 8) | s.bytes[33]) >>> 0),
    }))

describe('authority', () => {
  const far = '10.0.0.3'
  it('answers for its zones', () => {
    const w = world()
    const www = ask(w, far, 'WWW.example.test')
    expect(www).toMatchObject({
      id: 77,
      authoritative: true,
      recursionAvailable: false,
      recursionDesired: true,
      rcode: dns.NOERROR,
    })
    expect(datas(www?.answers)).toEqual(['WWW.example.test 100 A 10.1.0.80', 'WWW.example.test 100 A 10.1.0.81'])
    expect(datas(ask(w, far, 'alias.example.test')?.answers)).toEqual([
      'alias.example.test 300 CNAME www.example.test',
      'www.example.test 100 A 10.1.0.80',
      'www.example.test 100 A 10.1.0.81',
    ])
    const mail = ask(w, far, 'example.test', 'MX')
    expect(datas(mail?.answers)).toEqual(['example.test 300 MX 10 mail.example.test'])
    expect(datas(mail?.additionals)).toEqual(['mail.example.test 300 A 10.1.0.25'])
    expect(datas(ask(w, far, 'a.b.wild.example.test')?.answers)).toEqual(['a.b.wild.example.test 300 A 10.1.0.9'])
    expect(datas(ask(w, far, 'out.example.test')?.answers)).toHaveLength(2)
  })

  it('says no in the three ways', () => {
    const w = world()
    const missing = ask(w, far, 'nope.example.test')
    expect(missing).toMatchObject({ rcode: dns.NXDOMAIN, authoritative: true, answers: [] })
    expect(missing?.authorities[0]?.type).toBe('SOA')
    expect(ask(w, far, 'www.example.test', 'AAAA')).toMatchObject({ rcode: dns.NOERROR, answers: [], authoritative: true })
    expect(ask(w, far, 'empty.example.test')).toMatchObject({ rcode: dns.NOERROR, answers: [] })
    expect(ask(w, far, 'www.elsewhere.net')).toMatchObject({ rcode: dns.REFUSED })
    expect(ask(w, far, 'loop.example.test')).toMatchObject({ rcode: dns.SERVFAIL })
  })

  it('delegates with glue', () => {
    const referral = ask(world(), '10.0.0.2', 'web.glued.test')
    expect(referral).toMatchObject({ authoritative: false, rcode: dns.NOERROR, answers: [] })
    expect(datas(referral?.authorities)).toEqual(['glued.test 300 NS ns.glued.test'])
    expect(datas(referral?.additionals)).toEqual(['ns.glued.test 300 A 10.0.0.3'])
  })

  it('refuses nonsense', () => {
    const w = world()
    expect(ask(w, far, 'x', 'A', { questions: [] })).toMatchObject({ rcode: dns.FORMERR, id: 77 })
    expect(ask(w, far, 'x', 'A', { opcode: 4 })).toMatchObject({ rcode: dns.NOTIMP })
    expect(ask(w, far, 'example.test', 'AXFR')).toMatchObject({ rcode: dns.REFUSED })
    expect(ask(w, far, 'example.test', 'A', { response: true })).toBeUndefined()
  })
})

describe('resolver', () => {
  const own = '10.0.0.8'
  it('walks from the root, to servers in other zones and through aliases', () => {
    const w = world()
    const www = ask(w, own, 'www.example.test')
    expect(www).toMatchObject({ rcode: dns.NOERROR, recursionAvailable: true, authoritative: false })
    expect(datas(www?.answers)).toEqual(['www.example.test 100 A 10.1.0.80', 'www.example.test 100 A 10.1.0.81'])
    // root, tld, then root for the server's own name, its zone, and the zone itself.
    expect(queries(w, 'resolver').map((q) => q.to)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.3', '10.0.0.3'])
    const out = ask(w, own, 'out.example.test')
    expect(datas(out?.answers)).toEqual(['out.example.test 300 CNAME web.glued.test', 'web.glued.test 50 A 10.2.0.80'])
  })

  it('keeps what it learned as long as it may, and counts down', () => {
    const w = world()
    ask(w, own, 'www.example.test')
    const before = queries(w, 'resolver').length
    w.net.run(10)
    expect(datas(ask(w, own, 'www.example.test')?.answers)[0]).toMatch(/^www.example.test (6|7)\d A/)
    expect(queries(w, 'resolver')).toHaveLength(before)
    w.net.run(100)
    ask(w, own, 'www.example.test')
    // Its servers are still known: one question is enough.
    expect(queries(w, 'resolver')).toHaveLength(before + 1)
  })

  it('keeps "no" as long as the SOA record says', () => {
    const w = world()
    expect(ask(w, own, 'nope.example.test')).toMatchObject({ rcode: dns.NXDOMAIN })
    const before = queries(w, 'resolver').length
    expect(ask(w, own, 'nope.example.test', 'AAAA')).toMatchObject({ rcode: dns.NXDOMAIN })
    expect(ask(w, own, 'www.example.test', 'AAAA')).toMatchObject({ rcode: dns.NOERROR, answers: [] })
    expect(queries(w, 'resolver')).toHaveLength(before + 1)
    w.net.run(120)
    ask(w, own, 'nope.example.test')
    expect(queries(w, 'resolver')).toHaveLength(before + 2)
  })

  it('gives up on loops, lame and silent servers', () => {
    const w = world()
    expect(ask(w, own, 'loop.example.test')).toMatchObject({ rcode: dns.SERVFAIL })
    expect(ask(w, own, 'www.lame.test')).toMatchObject({ rcode: dns.SERVFAIL })
    expect(ask(w, own, 'www.lost.test')).toMatchObject({ rcode: dns.SERVFAIL })
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('answers without recursion only what it knows', () => {
    const w = world()
    expect(ask(w, own, 'www.example.test', 'A', { recursionDesired: false })).toMatchObject({ rcode: dns.REFUSED })
    ask(w, own, 'www.example.test')
    expect(ask(w, own, 'www.example.test', 'A', { recursionDesired: false })?.answers).toHaveLength(2)
  })
})

describe('forwarder', () => {
  const own = '10.0.0.9'
  it('passes on, remembers, and has names of its own', () => {
    const w = world()
    expect(ask(w, own, 'alias.example.test')).toMatchObject({
      rcode: dns.NOERROR,
      recursionAvailable: true,
      authoritative: false,
    })
    const before = queries(w, 'forwarder').length
    expect(ask(w, own, 'alias.example.test')?.answers).toHaveLength(3)
    expect(queries(w, 'forwarder')).toHaveLength(before)
    expect(datas(ask(w, own, 'labhost.mshome.net')?.answers)).toEqual(['LABHOST.mshome.net 0 A 10.0.0.9'])
    expect(ask(w, own, 'nobody.mshome.net')).toMatchObject({ rcode: dns.NXDOMAIN })
    expect(ask(w, own, 'nope.example.test')).toMatchObject({ rcode: dns.NXDOMAIN })
  })

  it('goes to the next server, and follows a change at once', () => {
    const w = world()
    w.upstream = [ip('10.0.0.77'), ip('10.0.0.8')]
    expect(ask(w, own, 'www.example.test')?.answers).toHaveLength(2)
    w.upstream = [ip('10.0.0.3')]
    ask(w, own, 'mail.example.test')
    expect(queries(w, 'forwarder').at(-1)?.to).toBe('10.0.0.3')
  })

  it('waits for a slow answer and asks the same question meanwhile', () => {
    const w = world()
    w.net.cables.get('far/eth0')?.plug(false)
    w.client.lookup('web.glued.test', 'A', w.requester, 1)
    w.net.run(1.5)
    w.net.cables.get('far/eth0')?.plug(true)
    w.net.run(3)
    expect(show(w.told[0]?.[1])).toBe('dns web.glued.test A 10.2.0.80')
  })

  it('SERVFAIL at the end', () => {
    const w = world()
    w.upstream = [ip('10.0.0.77')]
    expect(ask(w, own, 'www.example.test')).toMatchObject({ rcode: dns.SERVFAIL })
    w.upstream = []
    expect(ask(w, own, 'www.example.test')).toMatchObject({ rcode: dns.SERVFAIL })
  })

  it('cuts answers above 512 octets for who cannot take more, and has no TCP', () => {
    const w = world()
    const big = Array.from({ length: 60 }, (_, i) => `big.test 60 A 10.3.0.${i + 1}`).join('\n')
    const stack = w.net.machine('big', 'linux')
    stack.addAddress(w.net.plug(stack, 'lan'), ip('10.0.0.10'), 8, 'manual')
    w.net.add(
      new DnsServer(w.net.sim, stack, { mode: 'authority', zones: [zone('big.test', big)], roots: [], upstream: () => [] }),
    )
    expect(ask(w, '10.0.0.10', 'big.test')).toMatchObject({ truncated: true })
    const edns: dns.Opt = { type: 'OPT', udpSize: 4096, extendedRcode: 0, version: 0, dnssecOk: false, options: [] }
    expect(ask(w, '10.0.0.10', 'big.test', 'A', { additionals: [edns] })).toMatchObject({ truncated: false })
    let outcome: unknown
    w.box.tcp.connect({ name: 'test', streamEvent: (_, _event, error) => void (outcome = error) }, ip(own), 53)
    w.net.run(5)
    expect(outcome).toBe('refused')
  })
})

describe('the system’s resolver', () => {
  it('knows itself and the hosts file without asking', () => {
    const w = world()
    expect(lookup(w, 'box')).toBe('local BOX A 10.9.0.1')
    expect(lookup(w, 'localhost')).toBe('local localhost A 127.0.0.1')
    expect(lookup(w, 'printer')).toBe('hosts Printer.home A 10.7.0.1')
    expect(lookup(w, '1.0.7.10.in-addr.arpa', 'PTR')).toBe('hosts 1.0.7.10.in-addr.arpa PTR Printer.home')
    expect(queries(w, 'box')).toEqual([])
    expect(w.client.cacheView().map((row) => `${row.entry} ${row.type} ${row.data}`)).toEqual([
      'Printer.home A 10.7.0.1',
      'printer A 10.7.0.1',
      '1.0.7.10.in-addr.arpa PTR Printer.home',
    ])
  })

  it('asks servers, with suffixes for single labels, and caches', () => {
    const w = world()
    expect(lookup(w, 'labhost')).toBe('dns LABHOST.mshome.net A 10.0.0.9')
    // mshome.net has no such name, example.test does.
    expect(lookup(w, 'www')).toBe('dns www.example.test A 10.1.0.80 A 10.1.0.81')
    const before = queries(w, 'box').length
    expect(lookup(w, 'www')).toBe('cache www.example.test A 10.1.0.80 A 10.1.0.81')
    expect(queries(w, 'box')).toHaveLength(before)
    expect(lookup(w, 'alias.example.test')).toBe('dns www.example.test CNAME www.example.test A 10.1.0.80 A 10.1.0.81')
    w.client.flush()
    lookup(w, 'www')
    expect(queries(w, 'box').length).toBeGreaterThan(before + 1)
    expect(lookup(w, 'nope.example.test')).toBe('not-found')
    expect(w.client.cacheView().find((row) => row.entry === 'nope.example.test')).toMatchObject({ found: false })
    expect(lookup(w, 'printer.local')).toBe('not-found')
  })

  it('cacheOnly and noHosts', () => {
    const w = world()
    const results: string[] = []
    const requester = { name: 'other', resolved: (_: number, result: LookupResult) => void results.push(show(result)) }
    w.client.lookup('www.example.test', 'A', requester, 1, { cacheOnly: true })
    w.client.lookup('printer.home', 'A', requester, 2, { noHosts: true })
    w.client.lookup('printer.home', 'A', requester, 3)
    w.net.run(10)
    expect(results).toEqual(['not-found', 'hosts Printer.home A 10.7.0.1', 'not-found'])
  })

  it('Windows: one silent server is asked at 0, 1, 2, 4, 8 s and given up after ten', () => {
    const w = world()
    w.servers = [ip('10.0.0.1')]
    w.net.cables.get('root/eth0')?.plug(false)
    w.box.interfaces.get(2)?.neighbors.add(ip('10.0.0.1'), 'permanent', 1)
    expect(lookup(w, 'www.example.test', 'A', 9.9)).toBe('nothing yet')
    w.net.run(0.2)
    expect(show(w.told[0]?.[1])).toBe('timeout')
    expect(queries(w, 'box').map((q) => Math.round(q.at))).toEqual([0, 1, 2, 4, 8])
  })

  it('Windows: the second server after one second, all from the third round on', () => {
    const w = world()
    w.servers = [ip('10.0.0.1'), ip('10.0.0.2')]
    for (const [name, mac] of [
      ['root', 1],
      ['tld', 2],
    ] as const) {
      w.net.cables.get(`${name}/eth0`)?.plug(false)
      w.box.interfaces.get(2)?.neighbors.add(ip(`10.0.0.${mac}`), 'permanent', mac)
    }
    expect(lookup(w, 'www.example.test')).toBe('timeout')
    const at = (server: string) =>
      queries(w, 'box')
        .filter((q) => q.to === server)
        .map((q) => Math.round(q.at))
    expect(at('10.0.0.1')).toEqual([0, 2, 4, 8])
    expect(at('10.0.0.2')).toEqual([1, 2, 4, 8])
  })

  it('SERVFAIL and a closed port move on at once; nobody to ask is said at once', () => {
    const w = world()
    w.servers = [ip('10.9.0.1'), ip('10.0.0.3'), ip('10.0.0.8')]
    expect(lookup(w, 'web.glued.test', 'A', 3)).toBe('dns web.glued.test A 10.2.0.80')
    w.servers = [ip('10.0.0.3')]
    expect(lookup(w, 'www.elsewhere.net', 'A', 3)).toBe('timeout')
    w.servers = []
    expect(lookup(w, 'www.elsewhere.net', 'A', 3)).toBe('no-server')
  })
})

describe('stored and restored', () => {
  const name =
    (text: string, type = 'A') =>
    (w: World) =>
      w.client.lookup(text, type, w.requester, 9)
  const acts = [
    [0, name('www.example.test')],
    [1, name('labhost')],
    [2, name('out.example.test')],
    [3, name('nobody')],
    [20, name('www.lost.test')],
    [40, name('www.example.test')],
    [60, name('printer')],
  ] as const

  it('at any moment changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom('windows' as const, 'linux' as const), fc.nat(330), fc.nat(50), (dialect, step, seed) => {
        const { plain, restored } = runs((stored) => world(dialect, { seed, stored }), acts, 100, step)
        expect(restored).toEqual(plain)
      }),
      { numRuns: 30 },
    )
  }, 30_000)
})
