import { type CapturedPacket, LINK_ETHERNET, LINK_RAW_IP, pcapng } from './engine/lab/pcapng.ts'
import type { Vantage } from './engine/link/recorder.ts'
import { verdictText } from './packets.ts'
import type { Place, Seen } from './store/frame-block.ts'
import type { FrameLog } from './store/frames.ts'

export type CaptureWindow = { readonly fromTime?: number; readonly toTime?: number; readonly packets?: readonly number[] }

/** An answer may have 32 MiB; when there is more, the newest are told. */
const LARGEST = 24 * 1024 * 1024
/** Block, options and comment around the bytes of a packet, at most about. */
const AROUND = 200

/** Everything that was seen as a capture file, one interface per adapter. What was dropped says why in a comment. */
export function capture(frames: FrameLog, vantages: readonly Vantage[], epochMicros: number, window: CaptureWindow): Uint8Array {
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
  const interfaces = names.map((name) => ({
    name,
    linkType: places.get(name)?.linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET,
  }))
  return pcapng(
    interfaces,
    kept.map((one) => toCaptured(one, number.get(nameOf(one.place)) ?? 0)),
    epochMicros,
  )
}

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
