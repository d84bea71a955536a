// RFC 9293 section 3.10.7, segment by segment: a test plays the other side by hand. Windows of 64,240, no options unless said.
import { describe, expect, it } from 'vitest'
import { anIcmp, aSegment, OWN, PEER } from '../../test-support/lone-stack.ts'
import { Dialogue, ISS, octets, THEIRS } from '../../test-support/tcp-dialogue.ts'
import * as tcp from '../../wire/tcp.ts'

describe('a connection from outside', () => {
  it('is answered with SYN and ACK, and is open when that is acknowledged', () => {
    const d = new Dialogue()
    d.say({ flags: tcp.SYN, seq: ISS, options: { mss: 1460, windowScale: 7, sackPermitted: true } })
    const [said] = d.host.take()
    expect(said).toMatchObject({
      tcp: { flags: tcp.SYN | tcp.ACK, ack: ISS + 1, window: 64240, options: { mss: 1460, windowScale: 7, sackPermitted: true } },
    })
    expect(d.state).toBe('SYN_RECEIVED')
    expect(d.notes.kinds).toEqual([])
    d.iss = (said as { tcp: tcp.Tcp }).tcp.seq
    d.ack()
    expect([d.state, d.notes.kinds]).toEqual(['ESTABLISHED', ['incoming']])
    expect(d.tcp.accept(d.listener)).toBeDefined()
    expect(d.tcp.accept(d.listener)).toBeUndefined()
  })

  it('offers nothing that the other side has not offered', () => {
    const d = new Dialogue()
    d.say({ flags: tcp.SYN, seq: ISS })
    expect(d.host.take()).toMatchObject([{ tcp: { options: { mss: 1460 } } }])
    const plain = new Dialogue('windows')
    plain.say({ flags: tcp.SYN, seq: ISS, options: { timestamps: { value: 7, echo: 0 } } })
    const [said] = plain.host.take() as { tcp: tcp.Tcp }[]
    expect(said?.tcp.options).toMatchObject({ mss: 1460, timestamps: { echo: 7 } })
    expect(said?.tcp.options.windowScale).toBeUndefined()
  })

  it('is answered again until it is given up', () => {
    const d = new Dialogue('linux')
    d.say({ flags: tcp.SYN, seq: ISS })
    d.host.wait(100)
    expect(d.host.take()).toHaveLength(6)
    expect(d.state).toBe('gone')
  })

  it('that is reset before it is open was never there', () => {
    const d = new Dialogue()
    d.say({ flags: tcp.SYN, seq: ISS })
    d.say({ flags: tcp.RST, seq: ISS + 1 })
    expect([d.state, d.notes.kinds]).toEqual(['gone', []])
  })

  it('waits when too many wait to be accepted (Linux), or is reset (Windows)', () => {
    for (const os of ['linux', 'windows'] as const) {
      const d = new Dialogue(os)
      for (const port of [6001, 6002, 6003]) {
        d.say({ srcPort: port, flags: tcp.SYN, seq: ISS })
        const [said] = d.host.take()
        const seq = said && 'tcp' in said ? said.tcp.seq : 0
        if (port < 6003) d.say({ srcPort: port, flags: tcp.ACK, seq: ISS + 1, ack: (seq + 1) >>> 0 })
        else
          expect(said === undefined ? 'silence' : (said as { tcp: tcp.Tcp }).tcp.flags & tcp.RST ? 'reset' : 'other').toBe(
            os === 'linux' ? 'silence' : 'reset',
          )
      }
    }
  })
})

describe('both at once', () => {
  it('open: two SYNs that cross make one connection', () => {
    const d = new Dialogue()
    const socket = d.tcp.connect(d.notes, PEER, THEIRS, { sourcePort: 4000 }) as number
    const [syn] = d.host.take() as { tcp: tcp.Tcp }[]
    d.iss = syn?.tcp.seq ?? 0
    d.say({ dstPort: 4000, flags: tcp.SYN, seq: ISS, options: { mss: 1460 } })
    expect(d.heard()).toEqual([['SYN,ACK', 0, 1, 0]])
    expect(d.state).toBe('SYN_RECEIVED')
    d.say({ dstPort: 4000, flags: tcp.SYN | tcp.ACK, seq: ISS, ack: (d.iss + 1) >>> 0 })
    expect(d.heard()).toEqual([['ACK', 1, 1, 0]])
    expect([d.state, d.notes.kinds, d.tcp.ends(socket)?.remotePort]).toEqual(['ESTABLISHED', ['connected'], THEIRS])
  })

  it('close: each acknowledges the other’s FIN, and both wait', () => {
    const d = new Dialogue().open()
    d.tcp.close(d.socket)
    expect(d.heard()).toEqual([['FIN,ACK', 1, 1, 0]])
    expect(d.state).toBe('FIN_WAIT_1')
    d.ack({ flags: tcp.FIN | tcp.ACK })
    expect(d.heard()).toEqual([['ACK', 2, 2, 0]])
    expect(d.state).toBe('CLOSING')
    d.ack({ seq: ISS + 2 }, 2)
    expect(d.state).toBe('TIME_WAIT')
    d.host.wait(61)
    expect(d.state).toBe('gone')
  })
})

describe('closing', () => {
  it('from our side: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT', () => {
    const d = new Dialogue().open()
    d.tcp.shutdown(d.socket)
    d.heard()
    d.ack({}, 2)
    expect(d.state).toBe('FIN_WAIT_2')
    d.ack({ flags: tcp.ACK | tcp.PSH, payload: octets(5) }, 2)
    expect(d.tcp.receive(d.socket)).toEqual(octets(5))
    d.heard()
    d.ack({ flags: tcp.FIN | tcp.ACK, seq: ISS + 6 }, 2)
    expect([d.heard(), d.state]).toEqual([[['ACK', 2, 7, 0]], 'TIME_WAIT'])
    // The FIN again: our acknowledgement was lost.
    d.ack({ flags: tcp.FIN | tcp.ACK, seq: ISS + 6 }, 2)
    expect(d.heard()).toEqual([['ACK', 2, 7, 0]])
  })

  it('from the other side: CLOSE-WAIT, LAST-ACK, gone', () => {
    const d = new Dialogue().open()
    d.ack({ flags: tcp.FIN | tcp.ACK })
    expect([d.heard(), d.state, d.tcp.ended(d.socket)]).toEqual([[['ACK', 1, 2, 0]], 'CLOSE_WAIT', true])
    d.tcp.send(d.socket, octets(3))
    d.tcp.close(d.socket)
    expect(d.state).toBe('LAST_ACK')
    expect(d.heard()).toEqual([
      ['PSH,ACK', 1, 2, 3],
      ['FIN,ACK', 4, 2, 0],
    ])
    d.ack({ seq: ISS + 2 }, 5)
    expect(d.state).toBe('gone')
  })

  it('with something unread resets', () => {
    const d = new Dialogue().open()
    d.ack({ payload: octets(4) })
    d.tcp.close(d.socket)
    expect(d.heard().map(([flags]) => flags)).toEqual(['RST,ACK'])
    expect(d.state).toBe('gone')
  })

  it('for good resets what still comes', () => {
    const d = new Dialogue().open()
    d.tcp.close(d.socket)
    d.ack({}, 2)
    d.heard()
    d.ack({ payload: octets(4) }, 2)
    expect(d.heard().map(([flags]) => flags)).toEqual(['RST,ACK'])
    expect(d.state).toBe('gone')
  })

  it('is not waited for without end when nobody owns the socket', () => {
    const d = new Dialogue('linux').open()
    d.tcp.close(d.socket)
    d.ack({}, 2)
    expect(d.state).toBe('FIN_WAIT_2')
    d.host.wait(61)
    expect(d.state).toBe('gone')
  })

  it('a new SYN that is later than the old connection takes the place of TIME-WAIT', () => {
    const d = new Dialogue().open()
    d.tcp.close(d.socket)
    d.ack({ flags: tcp.FIN | tcp.ACK }, 2)
    expect(d.state).toBe('TIME_WAIT')
    d.heard()
    d.say({ flags: tcp.SYN, seq: ISS - 500 })
    expect(d.state).toBe('TIME_WAIT')
    d.say({ flags: tcp.SYN, seq: ISS + 5000 })
    expect(d.state).toBe('SYN_RECEIVED')
  })
})

describe('a stranger (RFC 5961)', () => {
  it('resets only with the very number; otherwise he is challenged', () => {
    const d = new Dialogue().open()
    d.say({ flags: tcp.RST, seq: ISS + 100 })
    expect([d.heard(), d.state]).toEqual([[['ACK', 1, 1, 0]], 'ESTABLISHED'])
    d.say({ flags: tcp.RST, seq: ISS + 100_000 })
    expect([d.heard(), d.state]).toEqual([[], 'ESTABLISHED'])
    d.say({ flags: tcp.RST, seq: ISS + 1 })
    expect([d.heard(), d.state, d.notes.kinds.slice(-1)]).toEqual([[], 'gone', ['failed "reset"']])
  })

  it('opens nothing within a connection', () => {
    const d = new Dialogue().open()
    d.say({ flags: tcp.SYN, seq: ISS + 50 })
    expect([d.heard(), d.state]).toEqual([[['ACK', 1, 1, 0]], 'ESTABLISHED'])
  })

  it('acknowledges neither what was not sent nor the distant past', () => {
    const d = new Dialogue().open()
    for (const our of [5000, -200_000]) {
      const seen = d.ack({ payload: octets(3) }, our)
      expect([seen.verdict, seen.detail]).toEqual(['ignored', 'an acknowledgement of what was not sent'])
    }
    expect(d.tcp.readableBytes(d.socket)).toBe(0)
  })

  it('gets no more than five answers a second', () => {
    const d = new Dialogue().open()
    for (let i = 0; i < 50; i++) d.say({ flags: tcp.RST, seq: ISS + 100 + i })
    expect(d.heard()).toHaveLength(5)
  })
})

describe('timestamps (RFC 7323)', () => {
  const stamped = (value: number) => ({ timestamps: { value, echo: 1 } })
  it('of the past do not count, nor a segment without one', () => {
    const d = new Dialogue().open({ timestamps: { value: 1000, echo: 0 } })
    d.ack({ payload: octets(2), options: stamped(1010) })
    expect(d.tcp.receive(d.socket)).toEqual(octets(2))
    d.heard()
    const old = d.ack({ seq: ISS + 3, payload: octets(2), options: stamped(900) })
    expect(old.detail).toBe('a timestamp of the past')
    expect(d.ack({ seq: ISS + 3, payload: octets(2) }).detail).toBe('no timestamp')
    expect(d.tcp.readableBytes(d.socket)).toBe(0)
    d.ack({ seq: ISS + 3, payload: octets(2), options: stamped(1011) })
    expect(d.tcp.readableBytes(d.socket)).toBe(2)
  })
})

describe('keepalive', () => {
  it('asks a silent peer, and ends without an answer', () => {
    const d = new Dialogue().open()
    d.host.take()
    d.tcp.configure(d.socket, { keepAlive: { idle: 10, interval: 2, probes: 3 } })
    d.host.wait(10.1)
    expect(d.heard()).toEqual([['ACK', 0, 1, 0]])
    d.ack()
    d.host.wait(20)
    expect(d.heard().map(([flags]) => flags)).toEqual(['ACK', 'ACK', 'ACK', 'RST,ACK'])
    expect(d.notes.kinds.slice(-1)).toEqual(['failed "timeout"'])
  })
})

describe('ICMP', () => {
  const needed = (d: Dialogue, our: number, mtu: number) => {
    const original = aSegment({ srcPort: 80, dstPort: THEIRS, seq: (d.iss + our) >>> 0 }, { src: OWN, dst: PEER }).slice(
      14,
      14 + 28,
    )
    d.host.hear(anIcmp({ kind: 'unreachable', code: 4, nextHopMtu: mtu, original }))
  }
  it('that a packet is too big makes segments smaller, when it speaks of what is under way', () => {
    const d = new Dialogue().open({ mss: 1460 })
    d.host.take()
    d.tcp.send(d.socket, new Uint8Array(2920))
    expect(d.heard().map(([, , , n]) => n)).toEqual([1460, 1460])
    needed(d, 90_000, 1000)
    needed(d, 1, 1500)
    needed(d, 1, 9000)
    expect(d.heard()).toEqual([])
    needed(d, 1, 1000)
    expect(d.heard().map(([, seq, , n]) => [seq, n])).toEqual([
      [1, 960],
      [961, 960],
      [1921, 960],
      [2881, 40],
    ])
    // RFC 1191: nobody is believed who says that next to nothing fits.
    needed(d, 1, 68)
    expect(Math.max(...d.heard().map(([, , , n]) => n))).toBe(512)
  })

  it('of any other kind does not end a connection', () => {
    const d = new Dialogue().open()
    d.tcp.send(d.socket, octets(10))
    const original = aSegment({ srcPort: 80, dstPort: THEIRS, seq: (d.iss + 1) >>> 0 }, { src: OWN, dst: PEER }).slice(
      14,
      14 + 28,
    )
    for (const code of [0, 1, 2, 3, 13]) d.host.hear(anIcmp({ kind: 'unreachable', code, nextHopMtu: 0, original }))
    expect(d.state).toBe('ESTABLISHED')
  })
})

describe('what makes no sense is dropped, and counted by its reason', () => {
  it('at a listener and within a connection', () => {
    const d = new Dialogue().open()
    const flags = (bits: number) => d.say({ srcPort: 7000, flags: bits, seq: 5 })
    for (const bits of [0, tcp.FIN, tcp.FIN | tcp.PSH | tcp.URG, tcp.SYN | tcp.FIN]) expect(flags(bits).verdict).toBe('ignored')
    expect(flags(tcp.RST).verdict).toBe('ignored')
    expect(d.heard()).toEqual([])
    d.say({ flags: 0, seq: ISS + 1, payload: octets(3) })
    expect(d.tcp.readableBytes(d.socket)).toBe(0)
    const broken = (change: (bytes: Uint8Array) => void) => {
      const bytes = aSegment({ srcPort: THEIRS, dstPort: 80, flags: tcp.ACK, seq: ISS + 1, payload: octets(20) })
      change(bytes)
      return d.host.hear(bytes)
    }
    expect(broken((b) => (b[34 + 12] = 0x40)).detail).toBe('tcp: bad data offset')
    expect(broken((b) => (b[34 + 12] = 0xf0)).detail).toBe('tcp: bad data offset')
    expect(broken((b) => (b[34 + 20] ^= 1)).detail).toBe('tcp: bad checksum')
    const options = aSegment({ srcPort: THEIRS, dstPort: 80, flags: tcp.ACK, seq: ISS + 1, options: { mss: 1460 } })
    // A length of one: the option would never end. The checksum is put right again.
    options[34 + 21] = 1
    const sum = (options[34 + 16] << 8) | options[34 + 17]
    const right = (sum + 3) % 0xffff
    options[34 + 16] = right >> 8
    options[34 + 17] = right & 255
    expect(d.host.hear(options).detail).toBe('tcp: bad option')
    expect(Object.fromEntries(d.tcp.drops)).toMatchObject({
      'flags that open no connection': 4,
      'tcp: bad data offset': 2,
      'tcp: bad checksum': 1,
      'tcp: bad option': 1,
      'no acknowledgement': 1,
    })
    expect(d.state).toBe('ESTABLISHED')
  })

  it('a flood of SYNs fills one queue and no more, and old ones make room', () => {
    const d = new Dialogue().open()
    for (let i = 0; i < 20_000; i++) d.say({ srcPort: 1 + (i % 60_000), flags: tcp.SYN, seq: i })
    expect([...d.tcp.connections].length).toBeLessThanOrEqual(257)
    d.host.wait(2)
    d.host.take()
    // Who is unanswered for a while gives way to a newcomer.
    d.say({ srcPort: 61_000, flags: tcp.SYN, seq: 5 })
    expect(d.host.take()).toHaveLength(1)
    expect([...d.tcp.connections].length).toBeLessThanOrEqual(257)
    d.host.wait(120)
    expect([...d.tcp.connections].length).toBe(1)
    expect(d.tcp.context.memory.used).toBe(0)
  })

  it('of connections in TIME-WAIT only so many are kept, the oldest goes first', () => {
    const d = new Dialogue()
    for (let i = 0; i < 1100; i++) {
      const srcPort = 2000 + i
      d.say({ srcPort, flags: tcp.SYN, seq: ISS })
      const [said] = d.host.take() as { tcp: tcp.Tcp }[]
      const ours = (said?.tcp.seq ?? 0) + 1
      d.say({ srcPort, flags: tcp.ACK, seq: ISS + 1, ack: ours >>> 0 })
      d.tcp.close(d.tcp.accept(d.listener) as number)
      d.say({ srcPort, flags: tcp.ACK | tcp.FIN, seq: ISS + 1, ack: (ours + 1) >>> 0 })
      d.host.take()
    }
    const ports = [...d.tcp.connections].map((c) => c.remotePort)
    expect([ports.length, Math.min(...ports)]).toEqual([1024, 2000 + 1100 - 1024])
  })
})
