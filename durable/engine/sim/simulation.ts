import type { Part } from './part.ts'
import { RandomStream } from './random.ts'
import { type Micros, NEVER } from './time.ts'

/** Bookkeeping of one part: its number decides the order of events that fall on the same microsecond. */
type Slot = { readonly part: Part; readonly number: number; due: Micros; heapIndex: number; frozen: boolean }

/** Who looks at what has happened, from outside of it. */
export interface Observer {
  /** After an event, or after somebody changed something by hand. */
  observe(people: boolean): void
}

/**
 * The event loop: an indexed binary heap of parts, ordered by (due time, part number). There is one entry a part, not one
 * an event; a part orders its own events by its own stored sequence. Nothing here reads a clock.
 */
export class Simulation {
  now: Micros = 0
  /** Events run since the lab was built in this process; budgets count these. */
  events = 0
  /** Packet ids are never reused: the last one given. */
  lastPacket = 0
  /** What the packet generated next is caused by: a packet id, or 0 for a timer or a command. */
  cause = 0
  /** The command whose doing this is, inherited by everything it sets off; 0 when no command did. */
  origin = 0

  /** Commands that run a program without end: what only they wait for is not waited for by anybody else. */
  readonly parked = new Set<number>()

  /** Told after each event; hardly ever is there one. */
  readonly observers = new Set<Observer>()

  readonly seed: number
  private readonly slots = new Map<Part, Slot>()
  private readonly names = new Map<string, Slot>()
  private readonly heap: Slot[] = []
  private nextNumber = 1
  private readonly removedNames = new Set<string>()

  constructor(seed: number) {
    this.seed = seed
  }

  random(name: string, counter = 0): RandomStream {
    return new RandomStream(this.seed, name, counter)
  }

  /** Adds a part at the end of the order of parts, or under the number it had when it was stored. */
  add(part: Part, number = this.nextNumber): void {
    if (this.names.has(part.name)) throw new Error(`two parts are named ${part.name}`)
    if (number >= this.nextNumber) this.nextNumber = number + 1
    const slot: Slot = { part, number, due: NEVER, heapIndex: -1, frozen: false }
    this.slots.set(part, slot)
    part.slot = slot
    this.names.set(part.name, slot)
    this.removedNames.delete(part.name)
    this.touch(part)
  }

  remove(part: Part): void {
    const slot = this.slots.get(part)
    if (!slot) return
    this.unschedule(slot)
    this.slots.delete(part)
    part.slot = undefined
    this.names.delete(part.name)
    this.removedNames.add(part.name)
  }

  part(name: string): Part | undefined {
    return this.names.get(name)?.part
  }

  numberOf(part: Part): number {
    return this.slots.get(part)?.number ?? 0
  }

  get partNumber(): number {
    return this.nextNumber
  }
  set partNumber(next: number) {
    this.nextNumber = next
  }

  parts(): Part[] {
    return [...this.slots.values()].sort((a, b) => a.number - b.number).map((slot) => slot.part)
  }

  /** Tells that what a part is due for changed: its due time is read again. */
  touch(part: Part): void {
    const slot = part.slot as Slot | undefined
    if (slot === undefined) return
    const due = slot.frozen ? NEVER : part.pollAt()
    if (due !== slot.due) this.schedule(slot, due)
  }

  /** Stops the time of some parts, or lets it go on: a saved virtual machine notices nothing of what passes meanwhile. */
  freeze(which: (name: string) => boolean, frozen: boolean): void {
    for (const slot of this.slots.values()) {
      if (!which(slot.part.name) || slot.frozen === frozen) continue
      slot.frozen = frozen
      this.schedule(slot, frozen ? NEVER : slot.part.pollAt())
    }
  }

  /** The names of parts removed since the last call and not there again: their rows go. */
  takeRemoved(): string[] {
    const removed = [...this.removedNames]
    this.removedNames.clear()
    return removed
  }

  /** When the next event is due, or NEVER. */
  nextAt(): Micros {
    return this.heap.length === 0 ? NEVER : (this.heap[0] as Slot).due
  }

  /** Runs the next event. False when there is none, or none up to `limit`. */
  step(limit: Micros = NEVER): boolean {
    if (this.heap.length === 0) return false
    const slot = this.heap[0] as Slot
    if (slot.due > limit || slot.due === NEVER) return false
    if (slot.due > this.now) this.now = slot.due
    this.events++
    this.cause = 0
    this.origin = 0
    slot.part.poll(this.now)
    if (slot.part.slot === slot) this.schedule(slot, slot.frozen ? NEVER : slot.part.pollAt())
    if (this.observers.size > 0) this.observe(false)
    return true
  }

  observe(people: boolean): void {
    for (const observer of [...this.observers]) observer.observe(people)
  }

  /** Runs everything due up to `until`, at most `budget` events; leaves `now` at `until` when it got there. */
  run(until: Micros, budget = NEVER): boolean {
    for (let left = budget; left > 0; left--) {
      if (!this.step(until)) {
        if (until !== NEVER && until > this.now) this.now = until
        return true
      }
    }
    return false
  }

  /** The earliest due time of transient work in the whole lab: NEVER means that it has settled. */
  transientAt(): Micros {
    let at = NEVER
    for (const slot of this.heap) {
      const due = slot.part.transientAt()
      if (due < at) at = due
    }
    return at
  }

  /** Who still has transient work, for the sentence that says what is unsettled. */
  unsettled(): string[] {
    return this.parts()
      .filter((part) => !(part.slot as Slot).frozen && part.transientAt() !== NEVER)
      .map((part) => part.name)
  }

  private schedule(slot: Slot, due: Micros): void {
    if (due === NEVER) {
      this.unschedule(slot)
      slot.due = NEVER
      return
    }
    if (slot.heapIndex < 0) {
      slot.due = due
      slot.heapIndex = this.heap.length
      this.heap.push(slot)
      this.up(slot)
    } else if (due !== slot.due) {
      const earlier = due < slot.due
      slot.due = due
      if (earlier) this.up(slot)
      else this.down(slot)
    }
  }

  private unschedule(slot: Slot): void {
    const at = slot.heapIndex
    if (at < 0) return
    slot.heapIndex = -1
    const last = this.heap.pop() as Slot
    if (last === slot) return
    last.heapIndex = at
    this.heap[at] = last
    this.up(last)
    this.down(last)
  }

  private up(slot: Slot): void {
    const heap = this.heap
    let at = slot.heapIndex
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt] as Slot
      if (!before(slot, parent)) break
      heap[at] = parent
      parent.heapIndex = at
      at = parentAt
    }
    heap[at] = slot
    slot.heapIndex = at
  }

  private down(slot: Slot): void {
    const heap = this.heap
    const end = heap.length
    let at = slot.heapIndex
    for (;;) {
      let childAt = at * 2 + 1
      if (childAt >= end) break
      if (childAt + 1 < end && before(heap[childAt + 1] as Slot, heap[childAt] as Slot)) childAt++
      const child = heap[childAt] as Slot
      if (!before(child, slot)) break
      heap[at] = child
      child.heapIndex = at
      at = childAt
    }
    heap[at] = slot
    slot.heapIndex = at
  }
}

const before = (a: Slot, b: Slot): boolean => a.due < b.due || (a.due === b.due && a.number < b.number)
