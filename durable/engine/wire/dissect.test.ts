import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemory, dissect, type Field, type Layer } from './dissect.ts'
import { sampleFrames, samplePacket } from './samples/frames.ts'

const frameOf = (name: string): Uint8Array => {
  const found = sampleFrames.find((s) => s.name === name)
  if (found === undefined) throw new Error(name)
  return Uint8Array.from(found.frame)
}

const inside = (parts: readonly (Field | Layer)[], from: number, to: number): boolean =>
  parts.every((p) => p.from >= from && p.to <= to && p.from <= p.to && inside(p.fields ?? [], from, to))

describe('dissect', () => {
  it('tells the layers and their fields with octet ranges', () => {
    const d = dissect(frameOf('echo request'))
    expect([d.source, d.destination, d.protocol]).toEqual(['192.168.50.10', '192.168.50.1', 'ICMP'])
    expect(d.layers.map((l) => [l.name, l.from, l.to])).toEqual([
      ['Ethernet II', 0, 14],
      ['Internet Protocol Version 4', 14, 34],
      ['Internet Control Message Protocol', 34, 74],
    ])
    expect(d.layers[1].fields.find((f) => f.name === 'Time to live')).toEqual({
      name: 'Time to live',
      value: '128',
      from: 22,
      to: 23,
    })
  })

  it('stays inside the frame, also in what an ICMP error quotes and in a tunnel', () => {
    for (const { name, frame } of sampleFrames) {
      expect([name, inside(dissect(frame).layers, 0, frame.length)]).toEqual([name, true])
    }
    const quoted = dissect(frameOf('unreachable 3'))
    expect([quoted.source, quoted.protocol, quoted.layers.length]).toEqual(['192.168.50.10', 'ICMP', 5])
  })

  it('says what is wrong and shows as much as it can', () => {
    const ipSum = frameOf('udp')
    ipSum[24] ^= 1
    expect(dissect(ipSum).info).toBe('50001 → 50002 Len=5 [ipv4: bad checksum]')
    const udpSum = frameOf('udp')
    udpSum[45] ^= 1
    expect(dissect(udpSum).info).toBe('50001 → 50002 Len=5 [udp: bad checksum]')
    const sum = dissect(udpSum).layers[2].fields.find((f) => f.name === 'Checksum')?.value
    expect(sum).toMatch(/^0x[0-9a-f]{4} \[incorrect, should be 0x[0-9a-f]{4}\]$/)
    expect(dissect(frameOf('udp').subarray(0, 20))).toMatchObject({ protocol: 'IPv4', info: '[ipv4: truncated]' })
    expect(dissect(new Uint8Array(3)).info).toBe('[ethernet: truncated]')
    expect(dissect(new Uint8Array(0), 'raw-ip')).toMatchObject({ protocol: 'IPv4', info: '[ipv4: truncated]' })
  })

  it('of a frame of which only the beginning was kept tells the headers as of the whole one, and nothing behind', () => {
    let told = 0
    for (const { name, frame } of sampleFrames) {
      const whole = Uint8Array.from(frame)
      const { source, destination, protocol, info, layers } = dissect(whole)
      // What is carried above UDP or TCP, a tunnel with addresses of its own, is not told of when it is cut.
      if (layers.some((l) => l.name.includes('Tunnel'))) continue
      for (const kept of [64, 96, 128].filter((n) => n < whole.length)) {
        const cut = dissect(whole.subarray(0, kept), 'ethernet', undefined, whole.length)
        expect([name, inside(cut.layers, 0, kept)]).toEqual([name, true])
        if (['ICMP', 'TCP', 'UDP'].includes(protocol)) {
          expect([name, kept, cut.source, cut.destination]).toEqual([name, kept, source, destination])
          if (!/bad|Malformed/.test(info)) expect([name, kept, cut.info.includes('bad ')]).toEqual([name, kept, false])
          if (protocol === 'UDP') expect([name, cut.info]).toEqual([name, info])
          told++
        }
      }
    }
    expect(told).toBeGreaterThan(3)
    const bytes = frameOf('echo request')
    expect(dissect(bytes.subarray(0, 60), 'ethernet', undefined, bytes.length)).toMatchObject({ info: dissect(bytes).info })
  })

  it('tells the right checksum', () => {
    const frame = frameOf('udp')
    const right = (frame[40] << 8) | frame[41]
    frame[40] ^= 0x5a
    const told = dissect(frame).layers[2].fields.find((f) => f.name === 'Checksum')?.value
    expect(told).toContain(`should be 0x${right.toString(16).padStart(4, '0')}`)
  })

  it('never throws, stays inside and prints nothing a terminal obeys', () => {
    const corrupted = fc
      .tuple(
        fc.constantFrom(...sampleFrames, samplePacket),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }),
        fc.nat(),
      )
      .map(([{ frame }, changes, cut]) => {
        const b = Uint8Array.from(frame)
        for (const [at, v] of changes) b[at % b.length] = v
        return cut % 3 === 0 ? b.subarray(0, cut % (b.length + 1)) : b
      })
    const frames = fc.oneof({ arbitrary: corrupted, weight: 5 }, { arbitrary: fc.uint8Array({ maxLength: 200 }), weight: 1 })
    fc.assert(
      fc.property(frames, fc.constantFrom('ethernet' as const, 'raw-ip' as const), (frame, linkType) => {
        const d = dissect(frame, linkType, createMemory())
        expect(inside(d.layers, 0, frame.length)).toBe(true)
        expect(JSON.stringify(d)).not.toMatch(/\\u00[01]|\\[nrtbf]|[\u007f-\u009f]/)
      }),
      { numRuns: 3000 },
    )
  })
})
