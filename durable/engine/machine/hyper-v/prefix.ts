import type { RandomStream } from '../../sim/random.ts'
import { type Ip4, inPrefix } from '../../wire/addresses.ts'

export type Network = { readonly network: Ip4; readonly prefixLength: number }

/** The private ranges that the Default Switch draws from (fact sheet 4.5). */
const RANGES: readonly Network[] = [
  { network: 0xac100000, prefixLength: 12 },
  { network: 0xc0a80000, prefixLength: 16 },
]
const TRIES = 256

/** A private network of this size that overlaps none of those in use; undefined when there seems to be none. */
export function drawPrefix(random: RandomStream, prefixLength: number, used: readonly Network[]): Ip4 | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    // Captures show 172.x far more often than 192.168.x: the draw is over all networks of both ranges alike.
    const counts = RANGES.map((range) => 1 << (prefixLength - range.prefixLength))
    const at = random.below((counts[0] as number) + (counts[1] as number))
    const second = at >= (counts[0] as number)
    const range = RANGES[second ? 1 : 0] as Network
    const index = second ? at - (counts[0] as number) : at
    const network = (range.network + index * (1 << (32 - prefixLength))) >>> 0
    if (!used.some((other) => overlaps({ network, prefixLength }, other))) return network
  }
  return undefined
}

const overlaps = (a: Network, b: Network): boolean => {
  const shorter = Math.min(a.prefixLength, b.prefixLength)
  return inPrefix(a.network, b.network, shorter)
}
