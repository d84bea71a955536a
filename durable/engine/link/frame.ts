/**
 * A frame on its way. It has one owner; whoever duplicates it (flood, mirror) copies it with `copyFrame`.
 * `id` names the packet and survives switching, flooding, routing, NAT and tagging.
 */
export type Frame = {
  bytes: Uint8Array
  readonly id: number
  /** The packet that made some machine generate this one; 0 when a command or a timer did. */
  readonly cause: number
  /** The command at the start of the chain, 0 when none. */
  readonly origin: number
  /** Where the recorder keeps these very bytes, or -1 once they have been rewritten: bytes are kept once a rewrite. */
  stored: number
}

/** What switches pass on at most: a jumbo frame of 9,216 octets with its header and a tag. */
export const LONGEST_FRAME = 9234

export function copyFrame(frame: Frame): Frame {
  return { bytes: frame.bytes.slice(), id: frame.id, cause: frame.cause, origin: frame.origin, stored: frame.stored }
}

/** A rewrite in place (NAT, TTL, new link addresses): the recorder must keep the bytes anew. */
export function rewritten(frame: Frame): void {
  frame.stored = -1
}

/** A rewrite that needs other bytes (tag pushed, fragment cut): same packet, new bytes. */
export function withBytes(frame: Frame, bytes: Uint8Array): Frame {
  return { bytes, id: frame.id, cause: frame.cause, origin: frame.origin, stored: -1 }
}
