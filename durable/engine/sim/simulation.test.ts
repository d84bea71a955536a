import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part } from './part.ts'
import { Simulation } from './simulation.ts'
import { NEVER } from './time.ts'

/** A part with a list of times at which it has something to do. */
class Clock implements Part {
  readonly kind = 'clock'
  readonly version = 1
  readonly name: string
  due: number[]
  readonly transient: boolean
  readonly run: (part: Clock, now: number) => void

  constructor(name: string, due: number[], run: (part: Clock, now: number) => void = () => {}, transient = true) {
    this.name = name
    this.due = [...due].sort((a, b) => a - b)
    this.run = run
    this.transient = transient
  }
  pollAt(): number {
    return this.due[0] ?? NEVER
  }
  poll(now: number): void {
    this.due.shift()
    this.run(this, now)
  }
  transientAt(): number {
    return this.transient ? this.pollAt() : NEVER
  }
  save() {
    return { due: this.due }
  }
}

describe('the order of events', () => {
  it('is time, then the number of the part, whatever was added first to the queue', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 6 }), { maxLength: 12 }), (times) => {
        const sim = new Simulation(1)
        const ran: [number, number][] = []
        times.forEach((due, at) => {
          sim.add(new Clock(`part ${at}`, due, (part, now) => ran.push([now, sim.numberOf(part)])))
        })
        sim.run(NEVER)
        const expected = times.flatMap((due, at) => due.map((time): [number, number] => [time, at + 1]))
        expected.sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect(ran).toEqual(expected)
        expect(sim.nextAt()).toBe(NEVER)
      }),
    )
  })

  it('stays the same when parts are restored in another order under their stored numbers', () => {
    const sim = new Simulation(1)
    const ran: string[] = []
    for (const [name, number] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const)
      sim.add(new Clock(name, [5], () => ran.push(name)), number)
    sim.run(10)
    expect(ran).toEqual(['a', 'b', 'c'])
    const added = new Clock('d', [])
    sim.add(added)
    expect(sim.numberOf(added)).toBe(4)
  })

  it('never goes back: what was due in the past runs now', () => {
    const sim = new Simulation(1)
    sim.run(100)
    const seen: number[] = []
    sim.add(new Clock('late', [7], (_, now) => seen.push(now)))
    sim.run(200)
    expect(seen).toEqual([100])
    expect(sim.now).toBe(200)
  })
})

describe('a part that is touched', () => {
  it('runs at its new time, earlier or later or never', () => {
    const sim = new Simulation(1)
    const ran: string[] = []
    const parts = ['a', 'b', 'c'].map((name) => new Clock(name, [10], () => ran.push(`${name} ${sim.now}`)))
    for (const part of parts) sim.add(part)
    const [a, b, c] = parts
    a.due = [20]
    b.due = []
    c.due = [5]
    for (const part of parts) sim.touch(part)
    sim.run(100)
    expect(ran).toEqual(['c 5', 'a 20'])
  })
})

describe('a part that is removed', () => {
  it('runs no more, and its row goes', () => {
    const sim = new Simulation(1)
    const ran: string[] = []
    const parts = ['a', 'b', 'c', 'd'].map((name, at) => new Clock(name, [10 + at], () => ran.push(name)))
    for (const part of parts) sim.add(part)
    sim.remove(parts[1])
    sim.run(100)
    expect(ran).toEqual(['a', 'c', 'd'])
    expect(sim.takeRemoved()).toEqual(['b'])
    expect(sim.takeRemoved()).toEqual([])
    expect(sim.parts().map((p) => p.name)).toEqual(['a', 'c', 'd'])
    expect(sim.part('b')).toBeUndefined()
  })

  it('may remove itself while it runs, and its name may be given again', () => {
    const sim = new Simulation(1)
    const first = new Clock('process/7', [1, 2, 3], (part) => sim.remove(part))
    sim.add(first)
    sim.run(10)
    expect(first.due).toEqual([2, 3])
    sim.add(new Clock('process/7', []))
    expect(sim.takeRemoved()).toEqual([])
    expect(() => sim.add(new Clock('process/7', []))).toThrow('two parts are named process/7')
  })
})

describe('a frozen part', () => {
  it('does nothing until it thaws, though it is touched meanwhile', () => {
    const sim = new Simulation(1)
    const ran: string[] = []
    const guest = new Clock('guest/stack', [10, 20], () => ran.push(`guest ${sim.now}`))
    sim.add(guest)
    sim.add(new Clock('host/stack', [15], () => ran.push(`host ${sim.now}`)))
    sim.freeze((name) => name.startsWith('guest/'), true)
    guest.due.unshift(5)
    sim.touch(guest)
    sim.run(50)
    expect(ran).toEqual(['host 15'])
    sim.freeze((name) => name.startsWith('guest/'), false)
    sim.run(60)
    expect(ran).toEqual(['host 15', 'guest 50', 'guest 50', 'guest 50'])
  })

  it('does not keep the lab from settling, and is not named as unsettled', () => {
    const sim = new Simulation(1)
    sim.add(new Clock('guest/stack', [10]))
    sim.add(new Clock('host/stack', [20]))
    sim.add(new Clock('host/lease', [30], undefined, false))
    expect(sim.transientAt()).toBe(10)
    sim.freeze((name) => name.startsWith('guest/'), true)
    expect(sim.transientAt()).toBe(20)
    expect(sim.unsettled()).toEqual(['host/stack'])
    sim.run(25)
    expect(sim.transientAt()).toBe(NEVER)
    expect(sim.unsettled()).toEqual([])
  })
})

it('stops at its budget of events and says so', () => {
  const sim = new Simulation(1)
  sim.add(new Clock('busy', [1, 2, 3, 4, 5]))
  expect(sim.run(10, 3)).toBe(false)
  expect(sim.now).toBe(3)
  expect(sim.events).toBe(3)
  expect(sim.run(10, 3)).toBe(true)
  expect(sim.now).toBe(10)
})
