// All connections and listeners of a machine: which one a segment belongs to, who is due first, and how many there may be.
import { type Micros, NEVER } from '../../sim/time.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import type { Socket } from '../hooks.ts'
import type { Connection } from './connection.ts'
import { TIME_WAIT } from './state.ts'

export type Listener = {
  readonly id: Socket
  readonly owner: string
  readonly port: number
  /** Undefined: all addresses of both families. */
  readonly address: IpAddress | undefined
  readonly backlog: number
  readonly component: string
  readonly image: string
  /** Connections that are open and wait to be accepted, oldest first. */
  readonly waiting: Socket[]
  /** Derived: connections that are being opened from outside. */
  half: number
}

const keyOf = (localPort: number, remotePort: number): number => (localPort << 16) | remotePort

export class Table {
  /** In order of their numbers: the order in which they came. */
  readonly byId = new Map<Socket, Connection>()
  readonly listeners = new Map<Socket, Listener>()
  /** How many connections are in TIME-WAIT. */
  timeWaits = 0
  private readonly byPorts = new Map<number, Connection>()
  private readonly byPort = new Map<number, Listener[]>()
  private readonly portUse = new Map<number, number>()
  private readonly heap: Connection[] = []
  private last: Connection | undefined

  get size(): number {
    return this.byId.size
  }

  find(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): Connection | undefined {
    const { last } = this
    if (
      last !== undefined &&
      last.remotePort === remotePort &&
      last.localPort === localPort &&
      last.remote === remote &&
      last.local === local
    )
      return last
    let c = this.byPorts.get(keyOf(localPort, remotePort))
    while (c !== undefined && (c.remote !== remote || c.local !== local)) c = c.next
    if (c !== undefined) this.last = c
    return c
  }

  add(c: Connection): void {
    this.byId.set(c.id, c)
    const key = keyOf(c.localPort, c.remotePort)
    c.next = this.byPorts.get(key)
    this.byPorts.set(key, c)
    this.portUse.set(c.localPort, (this.portUse.get(c.localPort) ?? 0) + 1)
    if (c.state === TIME_WAIT) this.timeWaits++
  }

  remove(c: Connection): void {
    if (!this.byId.delete(c.id)) return
    if (this.last === c) this.last = undefined
    const key = keyOf(c.localPort, c.remotePort)
    let at = this.byPorts.get(key)
    if (at === c) {
      if (c.next === undefined) this.byPorts.delete(key)
      else this.byPorts.set(key, c.next)
    } else {
      while (at !== undefined && at.next !== c) at = at.next
      if (at !== undefined) at.next = c.next
    }
    c.next = undefined
    const left = (this.portUse.get(c.localPort) ?? 1) - 1
    if (left === 0) this.portUse.delete(c.localPort)
    else this.portUse.set(c.localPort, left)
    if (c.state === TIME_WAIT) this.timeWaits--
    this.schedule(c, NEVER)
  }

  /** The most specific listener: one for this very address is asked first. */
  listenerFor(address: IpAddress, port: number): Listener | undefined {
    const found = this.byPort.get(port)
    return found?.find((l) => l.address === address) ?? found?.find((l) => l.address === undefined)
  }

  listenersAt(port: number): readonly Listener[] {
    return this.byPort.get(port) ?? []
  }

  addListener(listener: Listener): void {
    this.listeners.set(listener.id, listener)
    this.byPort.set(listener.port, [...this.listenersAt(listener.port), listener])
  }

  removeListener(listener: Listener): void {
    this.listeners.delete(listener.id)
    const left = this.listenersAt(listener.port).filter((l) => l !== listener)
    if (left.length === 0) this.byPort.delete(listener.port)
    else this.byPort.set(listener.port, left)
  }

  usesPort(port: number): boolean {
    return this.portUse.has(port) || this.byPort.has(port)
  }

  /** The first connection, in order of age, that is as asked. */
  oldest(which: (c: Connection) => boolean): Connection | undefined {
    for (const c of this.byId.values()) if (which(c)) return c
    return undefined
  }

  clear(): void {
    this.byId.clear()
    this.listeners.clear()
    this.byPorts.clear()
    this.byPort.clear()
    this.portUse.clear()
    this.heap.length = 0
    this.last = undefined
    this.timeWaits = 0
  }

  // Who is due first: a binary heap by (time, number)

  get dueAt(): Micros {
    return this.heap.length === 0 ? NEVER : (this.heap[0] as Connection).due
  }

  /** Everybody who is due at some time, in no order. */
  get scheduled(): readonly Connection[] {
    return this.heap
  }

  first(): Connection | undefined {
    return this.heap[0]
  }

  schedule(c: Connection, due: Micros): void {
    if (due === c.due && (due === NEVER || c.heapIndex >= 0)) return
    const earlier = due < c.due
    c.due = due
    if (due === NEVER) this.unschedule(c)
    else if (c.heapIndex < 0) {
      c.heapIndex = this.heap.length
      this.heap.push(c)
      this.up(c)
    } else if (earlier) this.up(c)
    else this.down(c)
  }

  private unschedule(c: Connection): void {
    const at = c.heapIndex
    if (at < 0) return
    c.heapIndex = -1
    const last = this.heap.pop() as Connection
    if (last === c) return
    last.heapIndex = at
    this.heap[at] = last
    this.up(last)
    this.down(last)
  }

  private up(c: Connection): void {
    const { heap } = this
    let at = c.heapIndex
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt] as Connection
      if (!before(c, parent)) break
      heap[at] = parent
      parent.heapIndex = at
      at = parentAt
    }
    heap[at] = c
    c.heapIndex = at
  }

  private down(c: Connection): void {
    const { heap } = this
    let at = c.heapIndex
    for (;;) {
      let childAt = at * 2 + 1
      if (childAt >= heap.length) break
      if (childAt + 1 < heap.length && before(heap[childAt + 1] as Connection, heap[childAt] as Connection)) childAt++
      const child = heap[childAt] as Connection
      if (!before(child, c)) break
      heap[at] = child
      child.heapIndex = at
      at = childAt
    }
    heap[at] = c
    c.heapIndex = at
  }
}

const before = (a: Connection, b: Connection): boolean => a.due < b.due || (a.due === b.due && a.id < b.id)
