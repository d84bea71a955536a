// Initial sequence numbers (RFC 6528): a clock of 4 microseconds plus a keyed function of both ends, so that nobody who does
// not see the connection can guess them. The function is HalfSipHash-2-4 (Aumasson and Bernstein, reference implementation).
import type { RandomStream } from '../../sim/random.ts'
import type { IpAddress } from '../../wire/addresses.ts'

export type Key = { readonly k0: number; readonly k1: number }

/** The key of a machine follows from the seed of the lab and the machine's name: nothing has to be stored. */
export const keyOf = (random: RandomStream): Key => ({ k0: random.next() | 0, k1: random.next() | 0 })

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n))

/** HalfSipHash-2-4 of whole 32-bit words. */
export function halfSipHash({ k0, k1 }: Key, words: readonly number[]): number {
  let v0 = k0
  let v1 = k1
  let v2 = 0x6c796765 ^ k0
  let v3 = 0x74656462 ^ k1
  const round = () => {
    v0 = (v0 + v1) | 0
    v1 = rotl(v1, 5) ^ v0
    v0 = rotl(v0, 16)
    v2 = (v2 + v3) | 0
    v3 = rotl(v3, 8) ^ v2
    v0 = (v0 + v3) | 0
    v3 = rotl(v3, 7) ^ v0
    v2 = (v2 + v1) | 0
    v1 = rotl(v1, 13) ^ v2
    v2 = rotl(v2, 16)
  }
  for (const word of words) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }
  const last = ((words.length * 4) & 255) << 24
  v3 ^= last
  round()
  round()
  v0 ^= last
  v2 ^= 0xff
  for (let i = 0; i < 4; i++) round()
  return v1 ^ v3
}

function addWords(words: number[], address: IpAddress): void {
  if (typeof address === 'number') words.push(address | 0)
  else for (let shift = 96n; shift >= 0n; shift -= 32n) words.push(Number((address >> shift) & 0xffffffffn) | 0)
}

/** A number that belongs to both ends of a connection. `what` keeps its uses apart: sequence numbers, timestamps. */
export function keyed(
  key: Key,
  what: number,
  local: IpAddress,
  localPort: number,
  remote: IpAddress,
  remotePort: number,
): number {
  const words: number[] = [what]
  addWords(words, local)
  addWords(words, remote)
  words.push((localPort << 16) | remotePort)
  return halfSipHash(key, words)
}
