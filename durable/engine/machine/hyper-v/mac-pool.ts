// Dynamic addresses of virtual adapters (fact sheet 4.9): 00-15-5D, two octets of an address that the computer had when
// Hyper-V was first used, and a counter: 256 of them.
import type { Mac } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'

const MICROSOFT: Mac = 0x00155d000000
const POOL = 256

export type MacPoolState = { readonly first: Mac; readonly last: Mac } | null

export class MacPool {
  private readonly machine: Machine
  private state: MacPoolState

  constructor(machine: Machine, state: MacPoolState) {
    this.machine = machine
    this.state = state
  }

  /** The range; it is fixed when it is first looked at and the computer has an address. */
  get range(): NonNullable<MacPoolState> {
    const start = this.state?.first ?? this.start()
    if (start !== undefined) this.state ??= { first: start, last: start + POOL - 1 }
    return this.state ?? { first: MICROSOFT, last: MICROSOFT + POOL - 1 }
  }

  set range(range: NonNullable<MacPoolState>) {
    this.state = range
  }

  /** The lowest address that nobody has; undefined: the pool is used up. */
  take(used: ReadonlySet<Mac>): Mac | undefined {
    const { first, last } = this.range
    for (let mac = first; mac <= last; mac++) if (!used.has(mac)) return mac
    return undefined
  }

  private start(): Mac | undefined {
    for (const via of this.machine.stack.interfaces.values()) {
      if (via.kind === 'loopback' || via.kind === 'ppp' || via.hidden) continue
      const own = via.addresses.find(({ state, origin }) => state === 'preferred' && origin !== 'link-local')
      if (own !== undefined) return MICROSOFT + (own.ip & 0xffff) * POOL
    }
    return undefined
  }

  save(): MacPoolState {
    return this.state
  }
}
