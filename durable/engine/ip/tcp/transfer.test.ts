// Streams over lines that lose, delay, double and swap: everything arrives, in order, and both ends close. Seeds are printed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Receiver, Sender } from '../../test-support/streams.ts'
import { type PairOptions, RIGHT, type StoredPair, TcpPair } from '../../test-support/tcp-pair.ts'

const MIB = 1 << 20

/** One side opens and both may send: octets from the left, octets from the right. */
class Transfer {
  pair: TcpPair
  receiver: Receiver
  sender: Sender
  private readonly octets: number
  private readonly sizes: readonly number[]
  private readonly options: PairOptions

  constructor(octets: number, options: PairOptions, sizes: readonly number[] = [65_536]) {
    this.octets = octets
    this.options = options
    this.sizes = sizes
    this.pair = new TcpPair(options)
    this.receiver = new Receiver(this.pair.right)
    this.pair.right.tcp.listen(this.receiver, { port: 80 })
    this.sender = new Sender(this.pair.left, octets, sizes)
    this.sender.socket = this.pair.left.tcp.connect(this.sender, RIGHT, 80) as number
  }

  /** Everything stored as text, and built anew from it. */
  restore(): void {
    const stored = JSON.parse(JSON.stringify(this.pair.store())) as StoredPair
    const sender = this.sender.save()
    const receiver = this.receiver.save()
    this.pair = new TcpPair(this.options, stored)
    this.sender = new Sender(this.pair.left, this.octets, this.sizes, sender)
    this.receiver = new Receiver(this.pair.right, receiver)
  }

  get over(): boolean {
    return (this.receiver.done && this.sender.finished) || this.failed
  }
  get failed(): boolean {
    return this.sender.failure !== undefined || this.receiver.failure !== undefined
  }
  run(seconds: number): boolean {
    return this.pair.until(() => this.over, seconds)
  }
  get outcome() {
    const { got, wrong, done } = this.receiver
    return { got, wrong, done, failures: [this.sender.failure, this.receiver.failure] }
  }
}

const whole = (octets: number) => ({ got: octets, wrong: 0, done: true, failures: [undefined, undefined] })

describe('a transfer', () => {
  it.each([
    ['linux', 'linux'],
    ['windows', 'linux'],
    ['linux', 'windows'],
    ['windows', 'windows'],
  ] as const)('of a MiB from %s to %s on a good line: nothing is sent twice', (from, to) => {
    const t = new Transfer(MIB, { delay: 1000, systems: [from, to] })
    t.run(10)
    expect(t.outcome).toEqual(whole(MIB))
    expect(t.pair.left.tcp.counters.retransSegs).toBe(0)
    expect([...t.pair.right.tcp.drops, ...t.pair.left.tcp.drops]).toEqual([])
    t.pair.wait(130)
    expect([...t.pair.left.tcp.connections, ...t.pair.right.tcp.connections]).toEqual([])
    expect(t.pair.left.tcp.context.memory.used + t.pair.right.tcp.context.memory.used).toBe(0)
  })

  it.each([1, 2, 3, 4, 5])('that loses 20 of 1,000, 40 ms each way, never stands still for 2 s (seed %i)', (seed) => {
    const t = new Transfer(4 * MIB, { delay: 40_000, loss: 20, seed })
    expect(t.run(300)).toBe(true)
    expect(t.outcome).toEqual(whole(4 * MIB))
    expect(t.receiver.longest).toBeLessThan(2_000_000)
  })

  it('is sent again in smaller pieces when the way carries less', () => {
    const t = new Transfer(300_000, { delay: 5000, mtu: 1280 })
    t.run(20)
    expect(t.outcome).toEqual(whole(300_000))
    expect(t.pair.left.tcp.context.mtus.get(RIGHT)?.mtu).toBe(1280)
  })
})

it('a machine talks to itself, in segments as large as its loopback carries', () => {
  const pair = new TcpPair()
  const { left, line } = pair
  const { carried } = line
  const receiver = new Receiver(left)
  left.tcp.listen(receiver, { port: 80, address: 0x7f000001 })
  const sender = new Sender(left, 3 * MIB)
  sender.socket = left.tcp.connect(sender, 0x7f000001, 80) as number
  pair.until(() => receiver.done, 10)
  expect([receiver.got, receiver.wrong, line.carried]).toEqual([3 * MIB, 0, carried])
  expect(left.tcp.counters.outSegs).toBeLessThan(200)
})

it('a connection whose address is taken away sends nothing until it is back', () => {
  const t = new Transfer(2 * MIB, { delay: 20_000, rate: 20_000_000 })
  t.run(0.3)
  const { left, line, sim } = t.pair
  const via = left.interfaces.get(2)
  const [address] = via?.addresses ?? []
  if (via === undefined || address === undefined) throw new Error('no address')
  left.removeAddress(via, address.ip)
  t.pair.wait(0.5)
  const carried = line.carried
  t.pair.wait(5)
  expect(line.carried).toBe(carried)
  left.addAddress(via, address.ip, 24, 'ics')
  expect(t.run(60)).toBe(true)
  expect(t.outcome).toEqual(whole(2 * MIB))
  expect(sim.now).toBeLessThan(30_000_000)
})

const faults = fc.record({
  loss: fc.integer({ min: 0, max: 80 }),
  double: fc.integer({ min: 0, max: 50 }),
  delay: fc.constantFrom(10, 1000, 20_000, 60_000),
  jitter: fc.constantFrom(0, 500, 15_000, 40_000),
  rate: fc.constantFrom(undefined, 2_000_000, 100_000_000),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  systems: fc.constantFrom(['linux', 'linux'], ['windows', 'linux'], ['linux', 'windows'], ['windows', 'windows']),
}) as fc.Arbitrary<PairOptions>
const sizes = fc.array(fc.constantFrom(1, 7, 100, 1460, 1461, 5000, 40_000, 200_000), { minLength: 1, maxLength: 4 })

describe('whatever the line does', () => {
  it('all octets arrive in order and both ends close', () => {
    fc.assert(
      fc.property(faults, sizes, fc.integer({ min: 0, max: 300_000 }), (options, chunks, octets) => {
        // Octet by octet a line would be busy for a day.
        const total = Math.min(octets, Math.max(...chunks) * 400)
        const t = new Transfer(total, options, chunks)
        t.run(1800)
        // An opening that is lost again and again is given up, as it should be.
        if (t.receiver.socket === 0 && t.sender.failure === 'timeout') return
        expect(t.outcome).toEqual(whole(total))
        t.pair.wait(300)
        expect([...t.pair.left.tcp.connections, ...t.pair.right.tcp.connections].map((c) => c.state)).toEqual([])
      }),
      { numRuns: 150, verbose: true },
    )
  })

  it('storing and restoring at any moment changes nothing', () => {
    fc.assert(
      fc.property(faults, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }), (options, steps) => {
        const chunks = [100, 30_000, 1460]
        const straight = new Transfer(120_000, options, chunks)
        const broken = new Transfer(120_000, options, chunks)
        for (const count of steps) {
          for (let i = 0; i < count; i++) {
            straight.pair.sim.step()
            broken.pair.sim.step()
          }
          broken.restore()
        }
        straight.run(1800)
        broken.run(1800)
        expect(broken.outcome).toEqual(straight.outcome)
        expect(broken.pair.sim.now).toBe(straight.pair.sim.now)
        expect(broken.pair.store()).toEqual(straight.pair.store())
      }),
      { numRuns: 60, verbose: true },
    )
  })
})
