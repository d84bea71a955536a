import type { CaptureBlocks } from './contract.ts'
import { type CapturedPacket, LINK_ETHERNET, LINK_RAW_IP, pcapng, pcapngMore } from './engine/lab/pcapng.ts'
import type { Vantage } from './engine/link/recorder.ts'
import { verdictText } from './packets.ts'
import type { Place, Seen, Sightings } from './store/frame-block.ts'

export type CaptureWindow = { readonly fromTime?: number; readonly toTime?: number; readonly packets?: readonly number[] }

/** An answer may have 32 MiB; when there is more, the newest are told. */
const LARGEST = 24 * 1024 * 1024
/** Block, options and comment around the bytes of a packet, at most about. */
const AROUND = 200

/** Everything that was seen as a capture file, one interface per adapter. What was dropped says why in a comment. */
export function capture(frames: Sightings, vantages: readonly Vantage[], epochMicros: number, window: CaptureWindow): Uint8Array {
  const { fromTime = 0, toTime = Number.POSITIVE_INFINITY, packets } = window
  const ids = packets && new Set(packets)
  const seen: Seen[] = []
  for (const one of frames.after(-1)) {
    if (one.time > toTime) break
    if (one.time >= fromTime && (!ids || ids.has(one.packet))) seen.push(one)
  }
  const kept = newest(seen)
  // In order of name, which does not depend on when the lab was last restored.
  const places = new Map([...vantages, ...kept.map((one) => one.place)].map((place) => [nameOf(place), place]))
  const names = [...places.keys()].sort()
  const number = new Map(names.map((name, at) => [name, at]))
  return pcapng(
    names.map((name) => toInterface(name, places.get(name))),
    kept.map((one) => toCaptured(one, number.get(nameOf(one.place)) ?? 0)),
    epochMicros,
  )
}

/** What one answer of a live capture holds at most, about. */
const BLOCKS = { packets: 2_000, bytes: 1024 * 1024 } as const

/** What was seen after a sighting, as more of a capture file: interfaces are described when they are first seen. */
export function captureAfter(frames: Sightings, epochMicros: number, after: number, known: readonly string[]): CaptureBlocks {
  const interfaces = [...known]
  const described: ReturnType<typeof toInterface>[] = []
  const packets: CapturedPacket[] = []
  let bytes = 0
  let next = after
  let more = false
  for (const seen of frames.after(after)) {
    more = packets.length >= BLOCKS.packets || bytes >= BLOCKS.bytes
    if (more) break
    const name = nameOf(seen.place)
    if (!interfaces.includes(name)) {
      interfaces.push(name)
      described.push(toInterface(name, seen.place))
    }
    packets.push(toCaptured(seen, interfaces.indexOf(name)))
    bytes += seen.bytes.length + AROUND
    next = seen.sequence
  }
  const write = known.length === 0 ? pcapng : pcapngMore
  // Without an interface a file is not begun: the head comes with the first packet.
  const file = interfaces.length === 0 ? new Uint8Array() : write(described, packets, epochMicros)
  return { bytes: file, next, interfaces, more }
}

const toInterface = (name: string, place: Place | undefined) => ({
  name,
  linkType: place?.linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET,
})
const nameOf = ({ machine, adapter }: Place) => `${machine}/${adapter}`
const usual = new Set<string>(['sent', 'delivered', 'forwarded'])

function toCaptured(seen: Seen, at: number): CapturedPacket {
  const { time, bytes, length, direction, verdict } = seen
  const packet = { interface: at, timeMicros: time, bytes, originalLength: length, direction }
  return usual.has(verdict) ? packet : { ...packet, comment: verdictText(seen) }
}

function newest(seen: readonly Seen[]): readonly Seen[] {
  let room = LARGEST
  let from = seen.length
  while (from > 0) {
    room -= (seen[from - 1] as Seen).bytes.length + AROUND
    if (room < 0) break
    from--
  }
  return seen.slice(from)
}
