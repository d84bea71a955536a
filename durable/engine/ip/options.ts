// Options of an IPv4 header (RFC 791 section 3.1): what is wrong with them, and what a router writes into them on the way. Those
// that nobody here knows are passed on as they are.
import type { Micros } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { put32, u32 } from '../wire/bytes.ts'
import * as ipv4 from '../wire/ipv4.ts'

const END = 0
const NO_OPERATION = 1
const RECORD_ROUTE = 7
const TIMESTAMP = 68
const LOOSE_SOURCE_ROUTE = 131
const STRICT_SOURCE_ROUTE = 137
const ROUTER_ALERT = 148

/** Octet of the header that is wrong (for a parameter problem), or a word for what is refused; undefined: nothing is wrong. */
export type OptionFault = number | 'source route' | undefined

/** What Linux checks (ip_options_compile), in its order; routers and hosts alike refuse source routes (RFC 7126 section 4.3). */
export function faultOf(bytes: Uint8Array, at: number): OptionFault {
  const end = at + ipv4.headerLen(bytes, at)
  for (let i = at + ipv4.HEADER_LEN; i < end; ) {
    const type = bytes[i]
    if (type === END) return undefined
    if (type === NO_OPERATION) {
      i++
      continue
    }
    const length = i + 1 < end ? bytes[i + 1] : 0
    if (length < 2 || i + length > end) return i - at
    const wrong = fault(bytes, i, length)
    if (wrong !== undefined) return typeof wrong === 'number' ? i - at + wrong : wrong
    i += length
  }
  return undefined
}

/** Counted from the option's first octet. */
function fault(bytes: Uint8Array, i: number, length: number): OptionFault {
  switch (bytes[i]) {
    case LOOSE_SOURCE_ROUTE:
    case STRICT_SOURCE_ROUTE:
      return length < 3 ? 1 : bytes[i + 2] < 4 ? 2 : 'source route'
    case RECORD_ROUTE:
      return length < 3 ? 1 : bytes[i + 2] < 4 ? 2 : undefined
    case TIMESTAMP:
      if (length < 4) return 1
      if (bytes[i + 2] < 5) return 2
      // Full, and the count of those who found no room is at its end.
      return bytes[i + 2] > length && bytes[i + 3] >> 4 === 15 ? 3 : undefined
    case ROUTER_ALERT:
      return length < 4 ? 1 : undefined
    default:
      return undefined
  }
}

/** A router writes itself into record route and timestamp, where there is room; `own` is the address it sends from. */
export function recordPassage(bytes: Uint8Array, at: number, own: Ip4, now: Micros): void {
  const end = at + ipv4.headerLen(bytes, at)
  for (let i = at + ipv4.HEADER_LEN; i < end && bytes[i] !== END; ) {
    if (bytes[i] === NO_OPERATION) {
      i++
      continue
    }
    const length = bytes[i + 1]
    if (bytes[i] === RECORD_ROUTE && bytes[i + 2] + 3 <= length) {
      put32(bytes, i + bytes[i + 2] - 1, own)
      bytes[i + 2] += 4
    } else if (bytes[i] === TIMESTAMP) stamp(bytes, i, length, own, now)
    i += length
  }
  ipv4.fixChecksum(bytes, at)
}

/** Flag 0: times alone; 1: each behind its address; 3: only where the address that is asked for is ours. */
function stamp(bytes: Uint8Array, i: number, length: number, own: Ip4, now: Micros): void {
  const flag = bytes[i + 3] & 15
  const place = i + bytes[i + 2] - 1
  const size = flag === 0 ? 4 : 8
  if (bytes[i + 2] - 1 + size > length) {
    if (flag !== 3 && bytes[i + 3] >> 4 < 15) bytes[i + 3] += 16
    return
  }
  if (flag === 3 && u32(bytes, place) !== own) return
  if (flag !== 0) put32(bytes, place, own)
  // The top bit: not milliseconds since midnight, but of the lab's own clock.
  put32(bytes, place + size - 4, 0x80000000 + (Math.floor(now / 1000) % 0x80000000))
  bytes[i + 2] += size
}
