// Every codec of the registry, held to the same promises.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIp6, type Ip6, readIp6 } from './addresses.ts'
import type { Arp } from './arp.ts'
import type { Dhcp } from './dhcp.ts'
import { type Dhcpv6, MESSAGES } from './dhcpv6.ts'
import type { Dns, DnsRecord } from './dns.ts'
import type { Icmp } from './icmp.ts'
import type { Icmp6 } from './icmpv6.ts'
import type { Igmp } from './igmp.ts'
import { type Codec, codecs } from './index.ts'
import type { Ipv4 } from './ipv4.ts'
import type { Ipv6 } from './ipv6.ts'
import type { L2tp } from './l2tp.ts'
import type { Mld } from './mld.ts'
import type { Ndp } from './ndp.ts'
import type { NdOption } from './ndp-options.ts'
import type { Ppp } from './ppp.ts'
import type { Tcp } from './tcp.ts'
import type { Udp } from './udp.ts'

const BETWEEN = { src: 0xc0a83201, dst: 0xffffffff }
const POISON = 0xdd
/** These tell their own length, by a field or by counts, so that nothing shorter passes. */
const FRAMED = new Set(['arp', 'ipv4', 'ipv6', 'udp', 'dns'])
const RUNS = { numRuns: 300 }

const bits = (n: number) => fc.nat({ max: 2 ** n - 1 })
const u8 = bits(8)
const u16 = bits(16)
const u32 = fc
  .double({ min: 0, max: 0xffffffff, noNaN: true })
  .map(Math.floor)
  .map((n) => n + 0)
const mac = fc.tuple(u16, u32).map(([high, low]) => high * 0x100000000 + low)
const bytes = fc.uint8Array({ maxLength: 64 })
const latin1 = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 20 }).map((cs) => String.fromCharCode(...cs))
const address6: fc.Arbitrary<Ip6> = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => readIp6(b, 0))
const ip6 = address6.map(formatIp6)
const sequenceOf = <T>(a: fc.Arbitrary<T>) => fc.array(a, { maxLength: 4 })

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/)
const name = fc.oneof(
  fc.array(label, { maxLength: 5 }).map((labels) => labels.join('.')),
  fc.constantFrom('www.example.com', 'example.com', 'a\\.b.example.com', 'caf\\233.test', 'back\\\\slash.test'),
)

const named = fc.record({
  name,
  ttl: u32,
  class: fc.option(
    u16.filter((n) => n !== 1),
    { nil: undefined },
  ),
})
const data: fc.Arbitrary<object> = fc.oneof(
  fc.record({ type: fc.constant('A'), address: u32 }),
  fc.record({ type: fc.constant('AAAA'), address: ip6 }),
  fc.record({ type: fc.constantFrom('NS', 'CNAME', 'PTR'), target: name }),
  fc.record({
    type: fc.constant('SOA'),
    primary: name,
    mailbox: name,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
  }),
  fc.record({ type: fc.constant('MX'), preference: u16, exchange: name }),
  fc.record({ type: fc.constant('TXT'), strings: fc.array(latin1, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('SRV'), priority: u16, weight: u16, port: u16, target: name }),
  fc.record({ type: fc.constant('other'), code: fc.integer({ min: 100, max: 65535 }), data: bytes }),
)
const opt = fc.record({
  type: fc.constant('OPT'),
  udpSize: u16,
  extendedRcode: u8,
  version: u8,
  dnssecOk: fc.boolean(),
  options: sequenceOf(fc.record({ code: u16, data: bytes })),
})
const record = fc
  .oneof({ arbitrary: fc.tuple(named, data).map(([n, d]) => ({ ...n, ...d })), weight: 8 }, { arbitrary: opt, weight: 1 })
  .map((r) => r as DnsRecord)

const sack = fc.array(fc.record({ left: u32, right: u32 }), { minLength: 1, maxLength: 2 })
const pppOptions = sequenceOf(fc.record({ type: u8, data: bytes }))
const uniqueOptions = fc.uniqueArray(
  fc.record({ code: fc.integer({ min: 1, max: 254 }).filter((c) => c !== 52), data: fc.uint8Array({ maxLength: 600 }) }),
  { selector: (o) => o.code, maxLength: 6 },
)

const eights = (less: number) =>
  fc.nat({ max: 6 }).chain((n) => fc.uint8Array({ minLength: 8 * n + 8 - less, maxLength: 8 * n + 8 - less }))
const fullName = name.filter((n) => n !== '')
const ndOptions = sequenceOf(
  fc.oneof(
    fc.record({ type: fc.constantFrom('source-link', 'target-link'), mac }),
    fc.record({
      type: fc.constant('prefix'),
      prefix: address6,
      length: fc.nat({ max: 128 }),
      onLink: fc.boolean(),
      autonomous: fc.boolean(),
      valid: u32,
      preferred: u32,
    }),
    fc.record({ type: fc.constant('redirected'), original: eights(8) }),
    fc.record({ type: fc.constant('mtu'), mtu: u32 }),
    fc.record({ type: fc.constant('nonce'), nonce: eights(2) }),
    fc.record({ type: fc.constant('route'), prefix: address6, length: fc.nat({ max: 128 }), preference: bits(2), lifetime: u32 }),
    fc.record({ type: fc.constant('rdnss'), lifetime: u32, servers: fc.array(address6, { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('dnssl'), lifetime: u32, names: fc.array(fullName, { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('other'), code: fc.integer({ min: 40, max: 255 }), data: eights(2) }),
  ),
) as fc.Arbitrary<NdOption[]>

type Member<V> = {
  readonly codec: Codec<V>
  readonly values: fc.Arbitrary<V> /** Random octets cannot pass. */
  readonly summed: boolean
}
const member = <V>(codec: Codec<V>, values: fc.Arbitrary<V>, summed: boolean): Member<V> => ({ codec, values, summed })

const members = [
  member<Arp>(
    codecs.arp,
    fc.record({ op: fc.constantFrom(1, 2), senderMac: mac, senderIp: u32, targetMac: mac, targetIp: u32 }),
    false,
  ),
  member<Ipv4>(
    codecs.ipv4,
    fc.record({
      src: u32,
      dst: u32,
      protocol: u8,
      ttl: u8,
      tos: u8,
      id: u16,
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: bits(13).map((n) => n * 8),
      headerLen: fc.constant(20),
      payload: bytes,
    }),
    true,
  ),
  member<Icmp>(
    codecs.icmp,
    fc.oneof(
      fc.record({ kind: fc.constantFrom('echo-request', 'echo-reply'), ident: u16, sequence: u16, payload: bytes }),
      fc.record({ kind: fc.constant('unreachable'), code: u8, nextHopMtu: u16, original: bytes }),
      fc.record({ kind: fc.constant('time-exceeded'), code: u8, original: bytes }),
      fc.record({ kind: fc.constant('redirect'), code: u8, gateway: u32, original: bytes }),
      fc.record({ kind: fc.constant('parameter-problem'), code: u8, pointer: u8, original: bytes }),
    ),
    true,
  ),
  member<Igmp>(
    codecs.igmp,
    fc.oneof(
      fc.record({ kind: fc.constant('query'), maxResponseCode: u8, group: u32, sources: sequenceOf(u32) }),
      fc.record({
        kind: fc.constant('query'),
        maxResponseCode: u8,
        group: u32,
        sources: sequenceOf(u32),
        robustness: fc.integer({ min: 1, max: 7 }),
        intervalCode: fc.integer({ min: 1, max: 255 }),
      }),
      fc.record({
        kind: fc.constant('report'),
        records: sequenceOf(fc.record({ type: u8, group: u32, sources: sequenceOf(u32) })),
      }),
    ),
    true,
  ),
  member<Ipv6>(
    codecs.ipv6,
    fc.record({
      src: address6,
      dst: address6,
      nextHeader: u8,
      hopLimit: u8,
      trafficClass: u8,
      flowLabel: bits(20),
      payload: bytes,
    }),
    true,
  ),
  member<Icmp6>(
    codecs.icmpv6,
    fc.oneof(
      fc.record({ kind: fc.constantFrom('echo-request', 'echo-reply'), ident: u16, sequence: u16, payload: bytes }),
      fc.record({ kind: fc.constantFrom('unreachable', 'time-exceeded'), code: u8, original: bytes }),
      fc.record({ kind: fc.constant('packet-too-big'), mtu: u32, original: bytes }),
      fc.record({ kind: fc.constant('parameter-problem'), code: u8, pointer: u32, original: bytes }),
    ),
    true,
  ),
  member<Ndp>(
    codecs.ndp,
    fc.oneof(
      fc.record({ kind: fc.constant('router-solicitation'), options: ndOptions }),
      fc.record({
        kind: fc.constant('router-advertisement'),
        hopLimit: u8,
        managed: fc.boolean(),
        other: fc.boolean(),
        preference: bits(2),
        lifetime: u16,
        reachableTime: u32,
        retransTimer: u32,
        options: ndOptions,
      }),
      fc.record({ kind: fc.constant('neighbor-solicitation'), target: address6, options: ndOptions }),
      fc.record({
        kind: fc.constant('neighbor-advertisement'),
        router: fc.boolean(),
        solicited: fc.boolean(),
        override: fc.boolean(),
        target: address6,
        options: ndOptions,
      }),
      fc.record({ kind: fc.constant('redirect'), target: address6, destination: address6, options: ndOptions }),
    ),
    true,
  ),
  member<Mld>(
    codecs.mld,
    fc.oneof(
      fc.record({
        kind: fc.constant('query'),
        maxResponseCode: u16,
        group: address6,
        suppress: fc.boolean(),
        robustness: bits(3),
        intervalCode: u8,
        sources: sequenceOf(address6),
      }),
      fc.record({
        kind: fc.constant('report'),
        records: sequenceOf(fc.record({ type: u8, group: address6, sources: sequenceOf(address6) })),
      }),
    ),
    true,
  ),
  member<Udp>(codecs.udp, fc.record({ srcPort: u16, dstPort: fc.integer({ min: 1, max: 65535 }), payload: bytes }), true),
  member<Tcp>(
    codecs.tcp,
    fc.record({
      srcPort: fc.integer({ min: 1, max: 65535 }),
      dstPort: fc.integer({ min: 1, max: 65535 }),
      seq: u32,
      ack: u32,
      flags: u8,
      window: u16,
      urgent: u16,
      options: fc.record(
        {
          mss: u16,
          windowScale: u8,
          sackPermitted: fc.constant(true),
          timestamps: fc.record({ value: u32, echo: u32 }),
          sack: sack.map((blocks) => blocks.slice(0, 1)),
        },
        { requiredKeys: [] },
      ),
      payload: bytes,
    }),
    true,
  ),
  member<Dhcp>(
    codecs.dhcp,
    fc.record(
      {
        op: fc.constantFrom(1, 2),
        xid: u32,
        secs: u16,
        broadcast: fc.boolean(),
        ciaddr: u32,
        yiaddr: u32,
        siaddr: u32,
        giaddr: u32,
        chaddr: mac,
        hops: fc.integer({ min: 1, max: 255 }),
        options: uniqueOptions,
      },
      { requiredKeys: ['op', 'xid', 'secs', 'broadcast', 'ciaddr', 'yiaddr', 'siaddr', 'giaddr', 'chaddr', 'options'] },
    ),
    false,
  ),
  member<Dhcpv6>(
    codecs.dhcpv6,
    fc.record({
      message: fc.constantFrom(...MESSAGES),
      transaction: bits(24),
      options: sequenceOf(
        fc.oneof(
          fc.record({ type: fc.constantFrom('client-id', 'server-id'), duid: bytes }),
          fc.record({
            type: fc.constant('ia-na'),
            iaid: u32,
            t1: u32,
            t2: u32,
            addresses: sequenceOf(fc.record({ ip: address6, preferred: u32, valid: u32, status: bits(3) })),
            status: bits(3),
          }),
          fc.record({ type: fc.constant('option-request'), codes: sequenceOf(u16) }),
          fc.record({ type: fc.constant('preference'), value: u8 }),
          fc.record({ type: fc.constant('elapsed'), hundredths: u16 }),
          fc.record({ type: fc.constant('status'), code: u16, message: latin1 }),
          fc.record({ type: fc.constant('rapid-commit') }),
          fc.record({ type: fc.constant('dns-servers'), servers: sequenceOf(address6) }),
          fc.record({ type: fc.constant('domain-list'), names: sequenceOf(fullName) }),
          fc.record({ type: fc.constant('refresh-time'), seconds: u32 }),
          fc.record({ type: fc.constant('other'), code: fc.integer({ min: 100, max: 65535 }), data: bytes }),
        ),
      ),
    }) as fc.Arbitrary<Dhcpv6>,
    false,
  ),
  member<Dns>(
    codecs.dns,
    fc.record({
      id: u16,
      response: fc.boolean(),
      opcode: bits(4),
      authoritative: fc.boolean(),
      truncated: fc.boolean(),
      recursionDesired: fc.boolean(),
      recursionAvailable: fc.boolean(),
      rcode: bits(4),
      questions: sequenceOf(fc.record({ name, type: fc.constantFrom('A', 'AAAA', 'PTR', 'HTTPS', 'TYPE999'), class: u16 })),
      answers: sequenceOf(record),
      authorities: sequenceOf(record),
      additionals: sequenceOf(record),
    }),
    false,
  ),
  member<L2tp>(
    codecs.l2tp,
    fc.oneof(
      fc.record({
        kind: fc.constant('control'),
        tunnelId: u16,
        sessionId: u16,
        ns: u16,
        nr: u16,
        avps: sequenceOf(fc.record({ type: u16, mandatory: fc.boolean(), data: bytes })),
      }),
      fc.record({ kind: fc.constant('data'), tunnelId: u16, sessionId: u16, payload: bytes }),
    ),
    false,
  ),
  member<Ppp>(
    codecs.ppp,
    fc.oneof(
      fc.record({ protocol: fc.constant('ipv4'), payload: bytes }),
      fc.record({
        protocol: fc.constantFrom('lcp', 'ipcp'),
        message: fc.constantFrom('configure-request', 'configure-ack', 'configure-nak', 'configure-reject'),
        id: u8,
        options: pppOptions,
      }),
      fc.record({
        protocol: fc.constantFrom('lcp', 'ipcp'),
        message: fc.constantFrom('terminate-request', 'terminate-ack', 'code-reject'),
        id: u8,
        data: bytes,
      }),
      fc.record({
        protocol: fc.constant('lcp'),
        message: fc.constantFrom('echo-request', 'echo-reply', 'discard-request'),
        id: u8,
        magic: u32,
        data: bytes,
      }),
      fc.record({ protocol: fc.constant('lcp'), message: fc.constant('protocol-reject'), id: u8, rejected: u16, data: bytes }),
      fc.record({
        protocol: fc.constant('pap'),
        message: fc.constant('authenticate-request'),
        id: u8,
        peerId: latin1,
        password: latin1,
      }),
      fc.record({
        protocol: fc.constant('pap'),
        message: fc.constantFrom('authenticate-ack', 'authenticate-nak'),
        id: u8,
        text: latin1,
      }),
      fc.record({ protocol: fc.constant('other'), number: fc.constantFrom(0x8057, 0x80fd, 0xc025, 0x57), payload: bytes }),
    ),
    false,
  ),
] as readonly Member<unknown>[]

/** Octets as lists, so that a view into a frame equals an array of its own; absent and undefined are the same. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, v) => (v instanceof Uint8Array ? [...v] : typeof v === 'bigint' ? formatIp6(v) : v)),
  )
}

function emitted(codec: Codec<unknown>, value: unknown): Uint8Array {
  const out = new Uint8Array(codec.len(value))
  codec.emit(value, out, 0, BETWEEN)
  return out
}

it('covers the registry', () => {
  expect(members.map((m) => m.codec.name)).toEqual(Object.values(codecs).map((c) => c.name))
})

describe.each(members.map((m) => [m.codec.name, m] as const))('%s', (_, { codec, values, summed }) => {
  it('parses what it emits', () => {
    fc.assert(
      fc.property(values, (value) => {
        const out = emitted(codec, value)
        expect(plain(codec.parse(out, 0, out.length, BETWEEN))).toEqual(plain(value))
      }),
      RUNS,
    )
  })

  it('emits at an offset over old octets and leaves its neighbours alone', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 33 }), (value, at) => {
        const clean = emitted(codec, value)
        const out = new Uint8Array(at + clean.length + 7).fill(POISON)
        codec.emit(value, out, at, BETWEEN)
        expect([...out.subarray(at, at + clean.length)]).toEqual([...clean])
        expect(out.subarray(0, at).every((b) => b === POISON)).toBe(true)
        expect(out.subarray(at + clean.length).every((b) => b === POISON)).toBe(true)
        expect(plain(codec.parse(out, at, at + clean.length, BETWEEN))).toEqual(plain(value))
      }),
      RUNS,
    )
  })

  it('survives truncation at every length', () => {
    fc.assert(
      fc.property(values, (value) => {
        const out = emitted(codec, value)
        for (let end = 0; end < out.length; end++) {
          const cut = codec.parse(out, 0, end, BETWEEN)
          if (FRAMED.has(codec.name)) expect(typeof cut).toBe('string')
        }
      }),
      { numRuns: 60 },
    )
  })

  it('never throws on random octets, and means what it parsed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: 20 }), (random, at) => {
        const value = codec.parse(random, Math.min(at, random.length), random.length, BETWEEN)
        if (typeof value === 'string') return
        const again = emitted(codec, value)
        expect(plain(codec.parse(again, 0, again.length, BETWEEN))).toEqual(plain(value))
      }),
      { numRuns: 3000 },
    )
  })

  it('never throws on a good message with one octet changed', () => {
    fc.assert(
      fc.property(values, fc.nat(), u8, (value, where, octet) => {
        const out = emitted(codec, value)
        if (out.length === 0) return
        const i = where % out.length
        const same = out[i] === octet
        out[i] = octet
        const read = codec.parse(out, 0, out.length, BETWEEN)
        // IPv4 sums its header only, IPv6 nothing; a zero UDP checksum means none.
        if (summed && !same && codec.name !== 'ipv4' && codec.name !== 'ipv6' && codec.name !== 'udp')
          expect(typeof read).toBe('string')
      }),
      RUNS,
    )
  })
})
