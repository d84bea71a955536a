// Ports that are forwarded to the inside: what a home router's owner sets up, and WinNAT's static mappings (fact sheet 4.7).
import { type Ip4, inPrefix } from '../wire/addresses.ts'
import type { TCP, UDP } from '../wire/ipv4.ts'

export type Forward = {
  readonly id: number
  readonly protocol: typeof TCP | typeof UDP
  /** 0 = every outside address. */
  readonly externalIp: Ip4
  readonly externalPort: number
  readonly internalIp: Ip4
  readonly internalPort: number
  /** Who may use it; prefix length 0 = everybody. */
  readonly remote: Ip4
  readonly remotePrefixLength: number
}

export type NewForward = Omit<Forward, 'id'>

export class Forwards {
  private list: Forward[] = []
  /** Ids are never used twice while the machine is on. */
  private nextId = 0

  get all(): readonly Forward[] {
    return this.list
  }

  /** Undefined: the external port is forwarded already. */
  add(wanted: NewForward): Forward | undefined {
    const { protocol, externalIp, externalPort } = wanted
    if (this.list.some((f) => f.protocol === protocol && f.externalPort === externalPort && overlap(f.externalIp, externalIp)))
      return undefined
    const forward = { id: this.nextId++, ...wanted }
    this.list.push(forward)
    return forward
  }

  remove(id: number): Forward | undefined {
    const found = this.list.find((f) => f.id === id)
    this.list = this.list.filter((f) => f !== found)
    return found
  }

  /** The one for a packet to an outside endpoint. */
  find(protocol: number, externalIp: Ip4, externalPort: number): Forward | undefined {
    return this.list.find((f) => f.externalPort === externalPort && f.protocol === protocol && overlap(f.externalIp, externalIp))
  }

  /** The one that an inside endpoint is reached by. */
  reaching(protocol: number, internalIp: Ip4, internalPort: number, externalIp: Ip4): Forward | undefined {
    return this.list.find(
      (f) =>
        f.internalPort === internalPort &&
        f.internalIp === internalIp &&
        f.protocol === protocol &&
        overlap(f.externalIp, externalIp),
    )
  }

  holds(protocol: number, port: number): boolean {
    return this.list.some((f) => f.externalPort === port && f.protocol === protocol)
  }

  save(): { readonly next: number; readonly all: readonly Forward[] } {
    return { next: this.nextId, all: this.list.map((f) => ({ ...f })) }
  }

  load({ next, all }: ReturnType<Forwards['save']>): void {
    this.nextId = next
    this.list = all.map((f) => ({ ...f }))
  }
}

export const mayUse = (forward: Forward, remote: Ip4): boolean => inPrefix(remote, forward.remote, forward.remotePrefixLength)

const overlap = (a: Ip4, b: Ip4): boolean => a === 0 || b === 0 || a === b
