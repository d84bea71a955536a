// Fact sheet 4.3: how a connection fails. RFC 9293 section 3.10.7: what a segment meets where nobody listens.
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../sim/time.ts'
import { anIcmp, aSegment, LoneStack, OWN, PEER, PEER_MAC } from '../../test-support/lone-stack.ts'
import { parseIp } from '../../wire/addresses.ts'
import * as tcp from '../../wire/tcp.ts'

const WWW = parseIp('192.0.2.80') as number

function begin(os: 'windows' | 'linux', refuses = false) {
  const host = new LoneStack(os)
  host.know()
  host.stack.routes.add({
    destination: 0,
    prefixLength: 0,
    gateway: PEER,
    interface: 2,
    metric: 0,
    origin: 'dhcp',
    persistent: false,
  })
  const outcomes: [number, unknown][] = []
  const start = host.sim.now
  const owner = {
    name: 'test',
    streamEvent: (_: number, event: string, error: unknown) =>
      outcomes.push([(host.sim.now - start) / SECOND, event === 'failed' ? error : event]),
  }
  const socket = host.stack.tcp.connect(owner, WWW, 443)
  if (typeof socket === 'string') throw new Error(socket)
  const port = host.stack.tcp.ends(socket)?.localPort ?? 0
  const syns: number[] = []
  let syn: tcp.Tcp | undefined
  /** Lets time go by in steps of 10 ms; the far end refuses every SYN when it is told to. */
  const wait = (seconds: number) => {
    for (let i = 0; i < seconds * 100; i++) {
      for (const said of host.take()) {
        if (!('tcp' in said)) continue
        syn = said.tcp
        syns.push((said.at - start) / SECOND)
        if (refuses) host.hear(answer({ flags: tcp.RST | tcp.ACK, ack: said.tcp.seq + 1 }))
      }
      host.wait(0.01)
    }
  }
  const answer = (segment: Partial<tcp.Tcp>) => aSegment({ srcPort: 443, dstPort: port, seq: 0, ...segment }, { src: WWW })
  wait(0.01)
  return { host, port, outcomes, syns, wait, answer, iss: () => (syn?.seq ?? 0) as number, syn: () => syn }
}

describe('a connection that nobody answers', () => {
  it('of Windows: SYN and four more, after 1, 2, 4 and 8 seconds; over after 21', () => {
    const { outcomes, syns, wait } = begin('windows')
    wait(200)
    expect(syns).toEqual([0, 1, 3, 7, 15])
    expect(outcomes).toEqual([[21, 'timeout']])
  })

  it('of Linux: six more SYNs; over after 127 seconds', () => {
    const { outcomes, syns, wait } = begin('linux')
    wait(200)
    expect(syns).toEqual([0, 1, 3, 7, 15, 31, 63])
    expect(outcomes).toEqual([[127, 'timeout']])
  })
})

describe('a connection to a closed port', () => {
  it('is refused at once on Linux', () => {
    const { outcomes, syns, wait } = begin('linux', true)
    wait(10)
    expect(syns).toEqual([0])
    expect(outcomes).toHaveLength(1)
    expect(outcomes[0]).toEqual([0, 'refused'])
  })

  it('is refused on Windows after two more tries, half a second after each refusal', () => {
    const { outcomes, syns, wait } = begin('windows', true)
    wait(10)
    expect(syns).toHaveLength(3)
    expect(syns[1] - syns[0]).toBeCloseTo(0.5, 1)
    expect(syns[2] - syns[1]).toBeCloseTo(0.5, 1)
    expect(outcomes).toHaveLength(1)
    expect(outcomes[0][1]).toBe('refused')
  })
})

describe('a connection under way', () => {
  it('begins with a SYN from an ephemeral port, with MSS 1460', () => {
    for (const [os, low, high] of [
      ['windows', 49152, 65535],
      ['linux', 32768, 60999],
    ] as const) {
      const { syn, port } = begin(os)
      expect(port).toBeGreaterThanOrEqual(low)
      expect(port).toBeLessThanOrEqual(high)
      expect(syn()).toMatchObject({
        srcPort: port,
        dstPort: 443,
        flags: tcp.SYN,
        ack: 0,
        options: { mss: 1460, sackPermitted: true },
      })
    }
  })

  it('believes only a reset that acknowledges its SYN', () => {
    const { host, outcomes, wait, answer, iss } = begin('linux')
    for (const ack of [iss(), iss() + 2, 0]) host.hear(answer({ flags: tcp.RST | tcp.ACK, ack: ack >>> 0 }))
    host.hear(answer({ flags: tcp.RST, ack: 0 }))
    wait(0.1)
    expect(outcomes).toEqual([])
    host.hear(answer({ flags: tcp.RST | tcp.ACK, ack: (iss() + 1) >>> 0 }))
    expect(outcomes.map(([, outcome]) => outcome)).toEqual(['refused'])
  })

  it('is connected when SYN and ACK come, and acknowledges', () => {
    const { host, outcomes, answer, iss } = begin('linux')
    host.take()
    host.hear(answer({ flags: tcp.SYN | tcp.ACK, seq: 900, ack: (iss() + 1) >>> 0 }))
    expect(outcomes.map(([, outcome]) => outcome)).toEqual(['connected'])
    expect(host.take()).toMatchObject([{ tcp: { flags: tcp.ACK, seq: (iss() + 1) >>> 0, ack: 901 } }])
  })

  it('ends with the ICMP error that quotes it', () => {
    const { host, outcomes, port, iss } = begin('linux')
    const quoted = (srcPort: number) => aSegment({ srcPort, dstPort: 443, seq: iss() }, { src: OWN, dst: WWW }).slice(14, 14 + 28)
    host.hear(anIcmp({ kind: 'unreachable', code: 13, nextHopMtu: 0, original: quoted(port + 1) }))
    expect(outcomes).toEqual([])
    host.hear(anIcmp({ kind: 'unreachable', code: 13, nextHopMtu: 0, original: quoted(port) }))
    expect(outcomes.map(([, outcome]) => outcome)).toEqual([{ kind: 'prohibited', from: PEER, mtu: 0 }])
  })

  it('keeps the lab from settling until it is over', () => {
    const { host, wait } = begin('windows')
    expect(host.stack.transientAt()).toBeLessThan(Number.POSITIVE_INFINITY)
    wait(22)
    expect(host.stack.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a segment for a port where nobody listens', () => {
  const hear = (segment: Partial<tcp.Tcp>) => {
    const host = new LoneStack()
    host.know()
    const { verdict, detail } = host.hear(aSegment(segment))
    return { verdict, detail, answers: host.take() }
  }

  it('is answered with a reset that acknowledges it', () => {
    const { verdict, detail, answers } = hear({ flags: tcp.SYN, seq: 1000 })
    expect([verdict, detail]).toEqual(['no-listener', 'nothing listens on TCP 192.168.3.20:80'])
    expect(answers).toMatchObject([
      {
        to: PEER_MAC,
        ip: { src: OWN, dst: PEER },
        tcp: { srcPort: 80, dstPort: 5000, flags: tcp.RST | tcp.ACK, seq: 0, ack: 1001 },
      },
    ])
  })

  it('with data and FIN: the acknowledgement counts both', () => {
    const { answers } = hear({ flags: tcp.FIN, seq: 0xffffffff, payload: new Uint8Array(10) })
    expect(answers).toMatchObject([{ tcp: { flags: tcp.RST | tcp.ACK, ack: 10 } }])
  })

  it('with an acknowledgement: the reset has the number that is expected', () => {
    const { answers } = hear({ flags: tcp.ACK, seq: 5, ack: 777 })
    expect(answers).toMatchObject([{ tcp: { flags: tcp.RST, seq: 777, ack: 0 } }])
  })

  it('that is a reset is answered with nothing', () => {
    expect(hear({ flags: tcp.RST }).answers).toEqual([])
    expect(hear({ flags: tcp.RST | tcp.ACK }).answers).toEqual([])
  })
})
