// RFC 791 section 3.2 (fragmentation), RFC 815 and RFC 1122 section 3.3.2 (reassembly), RFC 5722 (overlaps).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aDatagram, anEcho, anIcmp, LoneStack, OWN, OWN_MAC, PEER, PEER_MAC } from '../test-support/lone-stack.ts'
import { put16 } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { fragmentsOf } from './fragment.ts'
import { sendEcho } from './icmp.ts'
import { MAX_BYTES, MAX_DATAGRAMS, Reassembly } from './reassembly.ts'
import { bindUdp } from './udp.ts'

const AT = ethernet.HEADER_LEN

/** The fragments of a frame, each a frame with the same Ethernet header. */
function cut(frame: Uint8Array, mtu: number): Uint8Array[] {
  const pieces = fragmentsOf(frame, AT, mtu)
  for (const piece of pieces) piece.set(frame.subarray(0, AT))
  return pieces
}

const filled = (length: number, seed = 7) => Uint8Array.from({ length }, (_, i) => (i * seed + (i >> 8)) & 255)

/** A host with a listener on port 6000, which keeps what it gets. */
function listener(os: 'windows' | 'linux' = 'linux') {
  const host = new LoneStack(os)
  host.know()
  const got: Uint8Array[] = []
  bindUdp(host.stack, { name: 'test', datagram: (_, { payload }) => got.push(payload.slice()) }, { port: 6000 })
  return { host, got }
}

describe('cutting', () => {
  it('keeps to the MTU, ends all but the last at eight octets, and adds up to the packet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 68, max: 4000 }), (length, mtu) => {
        const frame = aDatagram({ payload: filled(length) })
        const pieces = cut(frame, mtu)
        const whole = new Uint8Array(frame.length - AT - 20)
        let covered = 0
        pieces.forEach((piece, i) => {
          expect(ipv4.check(piece, AT, piece.length)).toBe(true)
          expect(ipv4.checksumOk(piece, AT)).toBe(true)
          expect(piece.length - AT).toBeLessThanOrEqual(mtu)
          expect(ipv4.moreFragments(piece, AT)).toBe(i < pieces.length - 1)
          expect(ipv4.fragmentOffset(piece, AT)).toBe(covered)
          whole.set(piece.subarray(AT + 20), covered)
          covered += piece.length - AT - 20
        })
        expect(covered).toBe(whole.length)
        expect(whole).toEqual(frame.subarray(AT + 20))
      }),
      { verbose: true },
    )
  })

  it('copies to later fragments only the options that say so', () => {
    const plain = aDatagram({ payload: filled(3000) })
    // Router alert (copied), record route (not copied).
    const options = Uint8Array.of(148, 4, 0, 0, 7, 7, 4, 0, 0, 0, 0, 0)
    const frame = new Uint8Array(plain.length + options.length)
    frame.set(plain.subarray(0, AT + 20))
    frame.set(options, AT + 20)
    frame.set(plain.subarray(AT + 20), AT + 32)
    frame[AT] = 0x48
    put16(frame, AT + 2, frame.length - AT)
    ipv4.fixChecksum(frame, AT)
    const [first, ...later] = cut(frame, 1500)
    expect(first.subarray(AT + 20, AT + 32)).toEqual(options)
    for (const piece of later) {
      expect(ipv4.headerLen(piece, AT)).toBe(24)
      expect(piece.subarray(AT + 20, AT + 24)).toEqual(Uint8Array.of(148, 4, 0, 0))
    }
  })

  it('a fragment can be cut again, and the last stays the last only of the last', () => {
    const frame = aDatagram({ payload: filled(4000) })
    const again = cut(frame, 1500).flatMap((piece) => cut(piece, 576))
    expect(again.filter((piece) => !ipv4.moreFragments(piece, AT))).toHaveLength(1)
    const { host, got } = listener()
    for (const piece of again) host.hear(piece)
    expect(got).toEqual([filled(4000)])
  })
})

describe('putting together', () => {
  it('any cut, in any order, with any of them twice: the datagram comes once and is whole', () => {
    const order = fc.tuple(fc.integer({ min: 0, max: 65_507 }), fc.integer({ min: 300, max: 1500 }), fc.nat(), fc.boolean())
    fc.assert(
      fc.property(order, ([length, mtu, shuffle, twice]) => {
        const { host, got } = listener()
        const pieces = cut(aDatagram({ payload: filled(length) }), mtu)
        let state = shuffle
        for (let i = pieces.length - 1; i > 0; i--) {
          state = (Math.imul(state, 1103515245) + 12345) >>> 0
          const j = state % (i + 1)
          const held = pieces[i]
          pieces[i] = pieces[j]
          pieces[j] = held
        }
        pieces.forEach((piece, i) => {
          host.hear(piece.slice())
          if (twice && i < pieces.length - 1) expect(host.hear(piece.slice()).verdict).toBe('ignored')
        })
        expect(got).toEqual([filled(length)])
        expect(host.stack.reassembly.size).toBe(0)
        expect(host.stack.reassembly.held).toBe(0)
      }),
      { numRuns: 60, verbose: true },
    )
  })

  it('in the middle of everything the state can be stored and put back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1481, max: 20_000 }), fc.nat({ max: 100 }), (length, stop) => {
        const { host, got } = listener()
        const pieces = cut(aDatagram({ payload: filled(length) }), 576).toReversed()
        pieces.forEach((piece, i) => {
          host.hear(piece)
          if (i !== stop % pieces.length) return
          const stored = JSON.stringify(host.stack.reassembly.save())
          host.stack.reassembly.load(JSON.parse(stored))
          expect(JSON.stringify(host.stack.reassembly.save())).toBe(stored)
        })
        expect(got).toEqual([filled(length)])
        expect(host.stack.reassembly.held).toBe(0)
      }),
      { numRuns: 40, verbose: true },
    )
  })

  it('fragments of several datagrams do not mix', () => {
    const { host, got } = listener()
    const a = cut(aDatagram({ payload: filled(3000, 3) }, { id: 1 }), 1500)
    const b = cut(aDatagram({ payload: filled(3000, 5) }, { id: 2 }), 1500)
    a.forEach((piece, i) => {
      host.hear(piece)
      host.hear(b[i])
    })
    expect(got).toEqual([filled(3000, 3), filled(3000, 5)])
  })

  it('fragments that overlap spoil their datagram, those that follow included', () => {
    const { host, got } = listener()
    const [first, second, third] = cut(aDatagram({ payload: filled(4000) }), 1500)
    host.hear(first)
    const evil = second.slice()
    put16(evil, AT + 6, 0x2000 | ((1480 - 8) >> 3))
    ipv4.fixChecksum(evil, AT)
    expect(host.hear(evil)).toMatchObject({ verdict: 'bad-fragment' })
    expect(host.hear(second)).toMatchObject({
      verdict: 'bad-fragment',
      detail: 'datagram 0x0007 from 192.168.3.1, bytes 1480 to 2960',
    })
    expect(host.hear(third)).toMatchObject({ verdict: 'bad-fragment' })
    host.wait(40)
    expect(got).toEqual([])
    expect(host.take()).toEqual([])
    expect(host.stack.reassembly.size).toBe(0)
  })

  it('what would be longer than a packet can be, has no octets or ends between two units is malformed', () => {
    const { host } = listener()
    const [piece] = cut(aDatagram({ payload: filled(3000) }), 1500)
    const changed = (flags: number, total = ipv4.totalLen(piece, AT)) => {
      const bytes = piece.slice()
      put16(bytes, AT + 2, total)
      put16(bytes, AT + 6, flags)
      ipv4.fixChecksum(bytes, AT)
      return host.hear(bytes)
    }
    expect(changed(0x1fff)).toMatchObject({ verdict: 'malformed', detail: 'ipv4: a fragment that ends after 67008 bytes' })
    expect(changed(0x2000, 20)).toMatchObject({ verdict: 'malformed', detail: 'ipv4: a fragment of 0 bytes' })
    expect(changed(0x2000, 31)).toMatchObject({ verdict: 'malformed', detail: 'ipv4: a fragment of 11 bytes' })
  })
})

describe('a datagram that does not become whole', () => {
  it.each([
    ['linux', 30],
    ['windows', 60],
  ] as const)('is given up by %s after %i seconds, and its sender is told', (os, seconds) => {
    const { host } = listener(os)
    const [first, , last] = cut(aDatagram({ payload: filled(4000) }), 1500)
    host.hear(first)
    host.wait(1)
    expect(host.hear(last)).toMatchObject({
      verdict: 'delivered',
      detail: 'waits for the rest of datagram 0x0007 from 192.168.3.1',
    })
    host.wait(seconds - 1.01)
    expect(host.take()).toEqual([])
    host.wait(0.02)
    const [error] = host.take()
    expect(error).toMatchObject({ to: PEER_MAC, ip: { src: OWN, dst: PEER }, icmp: { kind: 'time-exceeded', code: 1 } })
    expect(host.stack.reassembly.size).toBe(0)
    const seen = host.recorder.read(0).find(({ verdict }) => verdict === 'incomplete')
    expect(seen?.detail).toBe('datagram 0x0007 from 192.168.3.1: bytes 1480 to 2960 are missing')
  })

  it('without its beginning: nobody is told (RFC 792)', () => {
    const { host } = listener()
    const [, second] = cut(aDatagram({ payload: filled(4000) }), 1500)
    host.hear(second)
    host.wait(31)
    expect(host.take()).toEqual([])
    expect(host.recorder.read(0).some(({ verdict }) => verdict === 'incomplete')).toBe(true)
  })
})

describe('limits', () => {
  it('of number: the oldest goes, and the packet list says so', () => {
    const { host } = listener()
    for (let id = 1; id <= MAX_DATAGRAMS + 5; id++) {
      host.hear(cut(aDatagram({ payload: filled(2000) }, { id }), 1500)[0])
      expect(host.stack.reassembly.size).toBeLessThanOrEqual(MAX_DATAGRAMS)
    }
    expect(host.recorder.read(0).filter(({ verdict }) => verdict === 'table-full')).toHaveLength(5)
  })

  it('of bytes', () => {
    const { host } = listener()
    for (let id = 1; id <= 40; id++) {
      host.hear(cut(aDatagram({ payload: filled(60_000) }, { id }), 1500).at(-1) as Uint8Array)
      expect(host.stack.reassembly.held).toBeLessThanOrEqual(MAX_BYTES)
    }
    expect(host.stack.reassembly.size).toBeGreaterThan(10)
    const restored = new Reassembly()
    restored.load(JSON.parse(JSON.stringify(host.stack.reassembly.save())))
    expect([restored.size, restored.held, restored.dueAt]).toEqual([
      host.stack.reassembly.size,
      host.stack.reassembly.held,
      host.stack.reassembly.dueAt,
    ])
  })
})

describe('sending', () => {
  it.each([0, 1472, 1473, 2960, 65_507])('an echo request with %i bytes leaves in pieces and is answered in pieces', (size) => {
    const host = new LoneStack()
    const replies: number[] = []
    host.stack.echoes.set(9, { echoReply: (_from, _ident, _sequence, bytes) => replies.push(bytes), echoError() {} })
    const sent: Uint8Array[] = []
    host.stack.attach(2, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
    // Nobody knows the neighbour yet: all of it waits.
    expect(typeof sendEcho(host.stack, PEER, 9, 1, filled(size))).toBe('number')
    expect(sent).toHaveLength(1)
    host.know()
    host.via.neighbors.delete(PEER)
    host.know()
    sendEcho(host.stack, PEER, 9, 1, filled(size))
    const pieces = sent.slice(1)
    expect(pieces).toHaveLength(Math.max(1, Math.ceil((size + 8) / 1480)))
    const peer = new LoneStack('linux', PEER)
    peer.stack.interfaces.get(2)?.neighbors.add(OWN, 'permanent', OWN_MAC)
    if (peer.via) peer.via.mac = PEER_MAC
    const answers: Uint8Array[] = []
    peer.stack.attach(2, { up: true, transmit: ({ bytes }) => answers.push(bytes) })
    for (const piece of pieces) peer.hear(piece)
    expect(answers).toHaveLength(pieces.length)
    for (const answer of answers) host.hear(answer)
    expect(replies).toEqual([size])
  })

  it('all fragments wait for a neighbour who is being asked for', () => {
    const host = new LoneStack()
    const sent: Uint8Array[] = []
    host.stack.attach(2, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
    sendEcho(host.stack, PEER, 9, 1, filled(65_507))
    expect(sent).toHaveLength(1)
    expect(host.via.neighbors.get(PEER)?.waiting).toHaveLength(45)
  })

  it('refuses to cut what must not be cut, and what no packet can hold', () => {
    const host = new LoneStack()
    expect(sendEcho(host.stack, PEER, 9, 1, filled(1473), { dontFragment: true })).toBe('too-big')
    expect(typeof sendEcho(host.stack, PEER, 9, 1, filled(1472), { dontFragment: true })).toBe('number')
    expect(sendEcho(host.stack, PEER, 9, 1, filled(65_508))).toBe('too-big')
  })
})

describe('a router with a narrow link', () => {
  function narrow() {
    const host = new LoneStack()
    host.via.forwarding = true
    const out = host.plug(3, OWN_MAC + 1)
    out.forwarding = true
    out.mtu = 1000
    host.stack.addAddress(out, 0x0a000001, 24, 'manual')
    host.wait(5)
    host.know(0x0a000002, PEER_MAC + 5, out)
    host.know()
    const sent: Uint8Array[] = []
    host.stack.attach(3, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
    host.take()
    return { host, sent }
  }

  it('cuts what is too long', () => {
    const { host, sent } = narrow()
    expect(host.hear(anEcho({ dst: 0x0a000002, ttl: 9 }, filled(1400))).verdict).toBe('forwarded')
    expect(sent.map((bytes) => [ipv4.totalLen(bytes, AT), ipv4.fragmentOffset(bytes, AT), ipv4.ttl(bytes, AT)])).toEqual([
      [996, 0, 8],
      [452, 976, 8],
    ])
    expect(sent.every((bytes) => ipv4.checksumOk(bytes, AT))).toBe(true)
  })

  it('says how much it carries when it must not cut', () => {
    const { host, sent } = narrow()
    expect(host.hear(anEcho({ dst: 0x0a000002, dontFragment: true }, filled(1400))).verdict).toBe('would-fragment')
    expect(sent).toEqual([])
    expect(host.take()).toMatchObject([{ icmp: { kind: 'unreachable', code: 4, nextHopMtu: 1000 } }])
  })

  it('passes fragments on without putting them together', () => {
    const { host, sent } = narrow()
    const pieces = cut(anIcmp({ kind: 'echo-request', ident: 1, sequence: 1, payload: filled(2000) }, { dst: 0x0a000002 }), 800)
    host.hear(pieces[1])
    expect(sent).toHaveLength(1)
    expect(host.stack.reassembly.size).toBe(0)
  })
})
