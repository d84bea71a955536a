// TCP conversations as tcpdump follows them: from the first segment with an acknowledgement on, sequence numbers count from
// the beginning of the conversation.
import { hex, u16, u32 } from '../bytes.ts'

/** What is taken from a segment's sequence number, acknowledgement and selective acknowledgements before they are shown. */
export type Bases = readonly [sequence: number, acknowledgement: number, selective: number]

/** `[address:port of both ends, sequence base, acknowledgement base]`, the longest unused first. */
export type StoredConversations = readonly (readonly [key: string, sequence: number, acknowledgement: number])[]

const NONE: Bases = [0, 0, 0]
const MOST = 256
const SYN = 2
const ACK = 16

export class Conversations {
  private readonly known: Map<string, { readonly sequence: number; readonly acknowledgement: number }>

  constructor(stored: StoredConversations = []) {
    this.known = new Map(stored.map(([key, sequence, acknowledgement]) => [key, { sequence, acknowledgement }]))
  }

  /** Looks at a packet whose network header begins at `net`. */
  follow(bytes: Uint8Array, net: number): Bases {
    const at = segmentAt(bytes, net)
    if (at < 0 || at + 20 > bytes.length) return NONE
    const flags = bytes[at + 13] as number
    if ((flags & ACK) === 0) return NONE
    const [from, to] = [u16(bytes, at), u16(bytes, at + 2)]
    const wide = (bytes[net] as number) >> 4 === 6
    const [src, dst] = wide
      ? [hex(bytes, net + 8, net + 24), hex(bytes, net + 24, net + 40)]
      : [hex(bytes, net + 12, net + 16), hex(bytes, net + 16, net + 20)]
    // One entry for both directions, the higher port first.
    const reversed = from < to || (from === to && src < dst)
    const key = reversed ? `${dst} ${src} ${to} ${from}` : `${src} ${dst} ${from} ${to}`
    const sequence = u32(bytes, at + 4)
    const acknowledgement = u32(bytes, at + 8)
    const entry = this.known.get(key)
    this.known.delete(key)
    if (entry === undefined || (flags & SYN) !== 0) {
      const next = reversed
        ? { acknowledgement: sequence, sequence: (acknowledgement - 1) >>> 0 }
        : { sequence, acknowledgement: (acknowledgement - 1) >>> 0 }
      this.remember(key, next)
      return [0, 0, reversed ? next.sequence : next.acknowledgement]
    }
    this.remember(key, entry)
    return reversed
      ? [entry.acknowledgement, entry.sequence, entry.sequence]
      : [entry.sequence, entry.acknowledgement, entry.acknowledgement]
  }

  private remember(key: string, entry: { readonly sequence: number; readonly acknowledgement: number }): void {
    this.known.set(key, entry)
    const oldest = this.known.size > MOST ? this.known.keys().next().value : undefined
    if (oldest !== undefined) this.known.delete(oldest)
  }

  save(): StoredConversations {
    return [...this.known].map(([key, { sequence, acknowledgement }]) => [key, sequence, acknowledgement] as const)
  }
}

/** Where a TCP header begins behind a network header, or -1. */
function segmentAt(bytes: Uint8Array, net: number): number {
  if (net + 20 > bytes.length) return -1
  const version = (bytes[net] as number) >> 4
  if (version === 4) {
    const first = (u16(bytes, net + 6) & 0x1fff) === 0
    return first && bytes[net + 9] === 6 ? net + ((bytes[net] as number) & 15) * 4 : -1
  }
  return version === 6 && net + 40 <= bytes.length && bytes[net + 6] === 6 ? net + 40 : -1
}
