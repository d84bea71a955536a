// Whatever a stranger or a broken peer sends: no exception, no unbounded memory, and a connection that can still be ended. Seeds are printed.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aSegment } from '../../test-support/lone-stack.ts'
import { Dialogue, ISS, octets, THEIRS } from '../../test-support/tcp-dialogue.ts'
import type * as tcp from '../../wire/tcp.ts'

const near = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.integer({ min: -70_000, max: 140_000 }),
  fc.integer({ min: -0x7fffffff, max: 0x7fffffff }),
)
const blocks = fc.array(fc.record({ left: near, right: near }), { maxLength: 4 })
const segment = fc.record({
  flags: fc.integer({ min: 0, max: 255 }),
  seq: near,
  ack: near,
  window: fc.constantFrom(0, 1, 100, 64_240, 65_535),
  length: fc.constantFrom(0, 1, 10, 1460),
  stamp: fc.option(near, { nil: undefined }),
  sack: fc.option(blocks, { nil: undefined }),
  scale: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
  mss: fc.option(fc.constantFrom(0, 1, 63, 536, 65_535), { nil: undefined }),
  port: fc.constantFrom(THEIRS, THEIRS, THEIRS, 7000),
  act: fc.constantFrom('', '', '', 'send', 'read', 'shut', 'close', 'wait', 'long', 'restore'),
})

it('any segments in any order, while we send, read and close', () => {
  fc.assert(
    fc.property(fc.constantFrom('windows', 'linux'), fc.boolean(), fc.array(segment, { maxLength: 60 }), (os, stamps, all) => {
      const d = new Dialogue(os as 'windows' | 'linux').open({
        mss: 1460,
        windowScale: 7,
        sackPermitted: true,
        ...(stamps ? { timestamps: { value: 100, echo: 0 } } : {}),
      })
      for (const { flags, seq, ack, window, length, stamp, sack, scale, mss, port, act } of all) {
        const base = (n: number) => (ISS + 1 + n) >>> 0
        const options: tcp.TcpOptions = {
          ...(mss === undefined ? {} : { mss }),
          ...(scale === undefined ? {} : { windowScale: scale }),
          ...(stamp === undefined ? {} : { timestamps: { value: stamp >>> 0, echo: 1 } }),
          ...(sack === undefined
            ? {}
            : { sack: sack.map(({ left, right }) => ({ left: (d.iss + left) >>> 0, right: (d.iss + right) >>> 0 })) }),
        }
        const message = {
          srcPort: port,
          dstPort: 80,
          flags,
          seq: base(seq),
          ack: (d.iss + 1 + ack) >>> 0,
          window,
          options,
          payload: octets(length),
        }
        const { verdict, detail } = d.host.hear(aSegment(message))
        if (verdict !== 'delivered') expect(detail).not.toBe('')
        if (act === 'send') d.tcp.send(d.socket, new Uint8Array(20_000))
        else if (act === 'read') d.tcp.receive(d.socket)
        else if (act === 'shut') d.tcp.shutdown(d.socket)
        else if (act === 'close') d.tcp.close(d.socket)
        else if (act === 'wait') d.host.wait(0.3)
        else if (act === 'long') d.host.wait(30)
        // What is stored can be read again, whatever has happened.
        else if (act === 'restore') expect(JSON.parse(JSON.stringify(d.tcp.save()))).toEqual(d.tcp.save())
        for (const c of d.tcp.connections) {
          expect(c.earlyStart.length).toBeLessThanOrEqual(128)
          expect(c.sackedStart.length).toBeLessThanOrEqual(256)
          expect(c.in.length).toBeLessThanOrEqual(c.rcvLimit + 8192)
          expect((c.max - c.una) | 0).toBeGreaterThanOrEqual(0)
          expect((c.nxt - c.una) | 0).toBeGreaterThanOrEqual(0)
          expect((c.max - c.nxt) | 0).toBeGreaterThanOrEqual(0)
        }
        expect(d.host.take().length).toBeLessThan(400)
      }
      d.tcp.close(d.socket)
      d.tcp.close(d.listener)
      d.host.wait(4000)
      expect([...d.tcp.connections]).toEqual([])
      expect(d.tcp.context.memory.used).toBe(0)
    }),
    { numRuns: 400, verbose: true },
  )
})
