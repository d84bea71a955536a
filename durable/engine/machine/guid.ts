import { hashText } from '../sim/random.ts'

/** A GUID that is the same for the same lab and label: upper case, version 4 layout (RFC 9562). */
export function guidOf(seed: number, label: string): string {
  const word = (n: number): string =>
    hashText(`${label}#${n}`, (0x811c9dc5 ^ seed) >>> 0)
      .toString(16)
      .padStart(8, '0')
  const hex = word(1) + word(2) + word(3) + word(4)
  const variant = '89AB'[hashText(label, seed >>> 0) & 3] as string
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`.toUpperCase()
}

/** A link-local interface identifier as Windows makes one: random-looking, stable (RFC 7217). */
export function stableLinkLocal(seed: number, label: string): string {
  const groups: string[] = []
  for (let i = 0; i < 4; i++) groups.push((hashText(`${label}@${i}`, (0x811c9dc5 ^ seed) >>> 0) & 0xffff).toString(16))
  return `fe80::${groups.join(':')}`
}
