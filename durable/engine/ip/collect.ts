// Fragments received: kept until their datagram is whole, given up when that takes too long (RFC 1122 section 3.3.2).
import type { Frame } from '../link/frame.ts'
import { DELIVERED } from '../link/recorder.ts'
import { verdictNumber } from '../link/verdict.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { formatIp } from '../wire/addresses.ts'
import { hexNumber, newFrame, put16 } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { sendIcmpError } from './icmp.ts'
import type { Interface } from './interface.ts'
import { MAX_DATAGRAMS, type Waiting } from './reassembly.ts'
import type { Stack } from './stack.ts'

const INCOMPLETE = verdictNumber('incomplete')
const TABLE_FULL = verdictNumber('table-full')

/** A datagram put together from fragments: a frame with an Ethernet header, and how long its longest fragment was. */
export type Whole = { readonly frame: Frame; readonly longest: number }

const named = (w: Waiting): string => `datagram 0x${hexNumber(w.id, 4)} from ${formatIp(w.src)}`

/** Takes a fragment whose IP header begins at `at`; answers the datagram when this was the last one missing. */
export function collect(stack: Stack, via: Interface, frame: Frame, at: number): Whole | undefined {
  const { bytes } = frame
  const { reassembly } = stack
  stack.mib.reasmReqds++
  const head = ipv4.headerLen(bytes, at)
  const length = ipv4.totalLen(bytes, at) - head
  const more = ipv4.moreFragments(bytes, at)
  const offset = ipv4.fragmentOffset(bytes, at)
  // Only the last may end between two units of eight octets; one without octets says nothing.
  if (length === 0 || (more && (length & 7) !== 0)) return drop(stack, 'malformed', `ipv4: a fragment of ${length} bytes`)
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  const protocol = ipv4.protocol(bytes, at)
  const id = ipv4.id(bytes, at)
  const known = reassembly.find(src, dst, protocol, id)
  const due = stack.sim.now + stack.profile.reassemblySeconds * SECOND
  const packet = [frame.id, frame.cause, frame.origin] as const
  const waiting = known ?? reassembly.begin({ src, dst, protocol, id, via: via.index, due, packet })
  if (head + length > waiting.longest) waiting.longest = head + length
  if (offset === 0 && waiting.head.length === 0 && !waiting.spoilt) waiting.head = headOf(bytes, at, head)
  const taken = reassembly.add(waiting, offset, bytes.subarray(at + head, at + head + length), !more)
  switch (taken) {
    case 'whole':
      reassembly.remove(waiting)
      stack.mib.reasmOks++
      stack.sim.touch(stack)
      return { frame: wholeOf(waiting, frame), longest: waiting.longest }
    case 'waits':
      if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, DELIVERED, `waits for the rest of ${named(waiting)}`)
      break
    case 'again':
      drop(stack, 'ignored', `a fragment of ${named(waiting)} that is there already`)
      break
    case 'overlap':
    case 'spoilt':
      drop(stack, 'bad-fragment', `${named(waiting)}, bytes ${offset} to ${offset + length}`)
      break
    case 'too-long':
      drop(stack, 'malformed', `ipv4: a fragment that ends after ${offset + length} bytes`)
      break
    default:
      taken satisfies never
  }
  makeRoom(stack, waiting)
  stack.sim.touch(stack)
  return undefined
}

function drop(stack: Stack, code: 'malformed' | 'ignored' | 'bad-fragment', detail: string): undefined {
  stack.drop(code, detail)
  return undefined
}

/** Ethernet header (zeros from a tunnel) and IP header of the first fragment. */
function headOf(bytes: Uint8Array, at: number, head: number): Uint8Array {
  const kept = new Uint8Array(ethernet.HEADER_LEN + head)
  kept.set(bytes.subarray(at === ethernet.HEADER_LEN ? 0 : at, at + head), at === ethernet.HEADER_LEN ? 0 : ethernet.HEADER_LEN)
  return kept
}

/** The header of the first fragment, with its options, in front of everything. */
function wholeOf(w: Waiting, { id, cause, origin }: Frame): Frame {
  const bytes = newFrame(w.head.length + w.total)
  bytes.set(w.head)
  bytes.set(w.data.subarray(0, w.total), w.head.length)
  const at = ethernet.HEADER_LEN
  put16(bytes, at + 2, Math.min(0xffff, w.head.length - at + w.total))
  put16(bytes, at + 6, ipv4.dontFragment(bytes, at) ? 0x4000 : 0)
  ipv4.fixChecksum(bytes, at)
  return { bytes, id, cause, origin, stored: -1 }
}

/** A table that is too full gives up what has waited longest; nobody is told (RFC 1122 asks for that only after the time). */
function makeRoom(stack: Stack, kept: Waiting): void {
  for (let old = stack.reassembly.excess(kept); old !== undefined; old = stack.reassembly.excess(kept)) {
    stack.reassembly.remove(old)
    stack.mib.reasmFails++
    note(stack, old, TABLE_FULL, `${named(old)} was the oldest of more than ${MAX_DATAGRAMS} datagrams, or of too many bytes`)
  }
}

/** Says in the packet list what became of those that came. */
function note(stack: Stack, w: Waiting, verdict: number, detail: string): void {
  const via = stack.interfaces.get(w.via)
  if (via === undefined) return
  const [id, cause, origin] = w.packet
  stack.recorder.see(via.vantage, false, { bytes: quoted(w), id, cause, origin, stored: -1 }, verdict, detail)
}

/** As much of a datagram as is there from its beginning, as a first fragment; nothing when its beginning is missing. */
function quoted(w: Waiting): Uint8Array {
  if (w.head.length === 0 || w.runs[0] !== 0) return new Uint8Array(ethernet.HEADER_LEN)
  const length = Math.min(w.runs[1], 576) & ~7
  const bytes = new Uint8Array(w.head.length + length)
  bytes.set(w.head)
  bytes.set(w.data.subarray(0, length), w.head.length)
  put16(bytes, ethernet.HEADER_LEN + 2, bytes.length - ethernet.HEADER_LEN)
  ipv4.fixChecksum(bytes, ethernet.HEADER_LEN)
  return bytes
}

/** Datagrams whose time is over. Their sender is told if the first fragment is there (RFC 792, time exceeded, code 1). */
export function pollReassembly(stack: Stack, now: Micros): void {
  for (const w of stack.reassembly.due(now)) {
    stack.reassembly.remove(w)
    stack.mib.reasmFails++
    const via = stack.interfaces.get(w.via)
    if (w.spoilt || via === undefined) continue
    const [id, , origin] = w.packet
    stack.sim.cause = id
    stack.sim.origin = origin
    note(stack, w, INCOMPLETE, `${named(w)}: ${missing(w)}`)
    if (w.head.length > 0 && w.runs[0] === 0 && via.has(w.dst))
      sendIcmpError(stack, via, quoted(w), ethernet.HEADER_LEN, 'reassembly', 0)
  }
}

function missing({ runs, total }: Waiting): string {
  if (runs[0] !== 0) return 'its beginning is missing'
  if (total < 0 && runs.length === 2) return `nothing came after byte ${runs[1]}`
  return `bytes ${runs[1]} to ${runs[2] ?? total} are missing`
}
