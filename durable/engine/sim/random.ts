/** FNV-1a over the UTF-16 units of a text: the seed of a part's random stream comes from its name. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let h = seed >>> 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0
  return h
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(x: number): number {
  let h = x | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * A counted random stream: draw number n of a seed is a function of (seed, n) alone, so the only state to store is the
 * counter. Not for secrets.
 */
export class RandomStream {
  readonly seed: number
  counter: number

  constructor(labSeed: number, name: string, counter = 0) {
    this.seed = mix(hashText(name) ^ mix(labSeed))
    this.counter = counter
  }

  /** The next unsigned 32-bit number. */
  next(): number {
    this.counter++
    return mix(mix(this.seed + Math.imul(this.counter, 0x9e3779b9)) ^ this.seed)
  }

  /** A whole number in [0, limit). The bias of the multiply method is below limit / 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit)
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }
}
