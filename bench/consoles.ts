// Many people at one lab in live time, one of whom takes nothing any more.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const SOCKETS = 50
const PACKETS = 2000
const SECONDS = 10

export type Consoles = {
  /** Packets a second: all that acknowledge together, the slowest of them, and what the lab recorded. */
  readonly received: number
  readonly slowest: number
  readonly recorded: number
  /** Gaps that nobody asked for, over all that acknowledge. */
  readonly lost: number
  /** The one that does not: characters that it was sent, how many it may be, and whether it was told what it missed. */
  readonly stalled: { readonly sent: number; readonly budget: number; readonly told: boolean }
}

export const manyConsoles: Benchmark = {
  name: 'many-consoles',
  says: `${SOCKETS - 1} sockets that acknowledge and one that does not, on a lab at about ${PACKETS} packets a second for ${SECONDS} s`,
  run: () => {
    const { received, slowest, recorded, lost, stalled } = child<Consoles>('consoles', [SOCKETS, PACKETS, SECONDS])
    if (lost > 0) throw new Error(`${lost} gaps in what sockets that acknowledge were sent`)
    if (stalled.sent > stalled.budget) throw new Error(`a socket that does not acknowledge was sent ${stalled.sent} characters`)
    if (!stalled.told) throw new Error('a socket that stalled was not told what it missed')
    const each = `packets recorded a second; the slowest socket got ${Math.round(slowest)}, none lost any`
    return { value: received, unit: 'packets a second, all sockets', reference: recorded, referenceIs: each, runs: 1 }
  },
}
