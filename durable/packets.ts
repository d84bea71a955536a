import { VERDICTS, verdictNumber } from './engine/link/verdict.ts'
import { hex } from './engine/wire/bytes.ts'
import { createMemory, dissect, type Field, type Memory } from './engine/wire/dissect.ts'
import { type Filter, matches, type Subject } from './engine/wire/filter/index.ts'
import { MOST_BLOCKS, type Shelf, shelfOf } from './first-pages.ts'
import type { PacketDetail, PacketPage, PacketRow } from './protocol.ts'
import type { Seen, Sightings } from './store/frame-block.ts'

export type PacketQuery = {
  readonly after: number
  readonly limit: number
  readonly packet?: number
  readonly command?: number
  readonly filter?: Filter
}

/** How far back the beginnings of TCP connections are looked for when a page starts in the middle. */
const LOOK_BACK = 2_000

/**
 * Rows and details out of the stored sightings. TCP is told with numbers relative to the connection, which needs what was
 * seen before; what is known of connections is kept between pages and found again after the lab has slept.
 */
export class Packets {
  private readonly frames: Sightings
  private memory: Memory = createMemory()
  /** Sightings up to this one have been told to the memory. */
  private told = -1
  /** Pages of labs with the same packets, from the beginning up to `shelved`. */
  private shelf: Shelf | undefined
  private shelved = -1

  constructor(frames: Sightings) {
    this.frames = frames
  }

  forget(): void {
    this.memory = createMemory()
    this.told = -1
    this.shelf = undefined
    this.shelved = -1
  }

  get revision(): number {
    return this.frames.revision
  }

  page(query: PacketQuery): PacketPage {
    const { after, limit } = query
    const shelf = this.shelfFor(query)
    const kept = shelf?.find(after, limit)
    const page = kept ? { ...kept, packets: [...kept.packets], oldest: this.frames.oldest() ?? 0 } : this.read(query)
    if (shelf && page.packets.length === limit) {
      if (!kept) shelf.put(after, limit, page)
      this.shelved = page.next
    }
    return page
  }

  /** Where the beginning is read from, page after page. */
  private shelfFor({ after, packet, command, filter }: PacketQuery): Shelf | undefined {
    if (packet !== undefined || command !== undefined || filter !== undefined) return undefined
    if (after < 0) {
      const blocks = this.frames.firstBlocks(MOST_BLOCKS)
      this.shelf = blocks && shelfOf(blocks)
    } else if (after !== this.shelved) return undefined
    return this.shelf
  }

  private read({ after, limit, packet, command, filter }: PacketQuery): PacketPage {
    this.remember(after)
    const packets: PacketRow[] = []
    let next = after
    for (const seen of this.frames.after(after)) {
      const wanted =
        (packet === undefined || seen.packet === packet) &&
        (command === undefined || seen.origin === command) &&
        (filter === undefined || matches(filter, toSubject(seen)))
      if (wanted || isTcp(seen)) {
        const row = toRow(seen, this.memory)
        if (wanted) packets.push(row)
      }
      next = seen.sequence
      if (packets.length >= limit) break
    }
    this.told = Math.max(this.told, next)
    return { packets, oldest: this.frames.oldest() ?? 0, next }
  }

  detail(sequence: number): PacketDetail | undefined {
    this.remember(sequence - 1)
    for (const seen of this.frames.after(sequence - 1)) {
      if (seen.sequence !== sequence) return undefined
      return toDetail(seen, this.memory)
    }
    return undefined
  }

  private remember(upTo: number): void {
    if (upTo <= this.told) return
    for (const seen of this.frames.after(Math.max(this.told, upTo - LOOK_BACK))) {
      if (seen.sequence > upTo) break
      if (isTcp(seen)) dissect(seen.bytes, seen.place.linkType, this.memory, seen.length)
    }
    this.told = upTo
  }
}

export function toDetail(seen: Seen, memory: Memory = createMemory()): PacketDetail {
  const { layers } = dissect(seen.bytes, seen.place.linkType, memory, seen.length)
  const flat = layers.map((layer) => ({ ...layer, fields: layer.fields.flatMap(withInner) }))
  return { ...toRow(seen, memory), bytes: hex(seen.bytes, 0, seen.bytes.length), layers: flat }
}

/** Good enough to leave out most of the rest: the protocol field of an untagged IPv4 packet. */
const isTcp = ({ bytes, place }: Seen): boolean => bytes[place.linkType === 'ethernet' ? 23 : 9] === 6

const withInner = ({ fields = [], ...field }: Field): Omit<Field, 'fields'>[] => [field, ...fields.flatMap(withInner)]

export const verdictText = ({ verdict, detail }: Seen): string => {
  const { sentence } = VERDICTS[verdictNumber(verdict)] as (typeof VERDICTS)[number]
  return detail === '' ? sentence : `${sentence} ${detail}`
}

const toSubject = ({ bytes, length, time: timeMicros, sequence: number, place }: Seen): Subject => {
  const { machine, adapter, linkType } = place
  return { bytes, length, linkType, number, timeMicros, interfaceName: `${machine}/${adapter}` }
}

export function toRow(seen: Seen, memory: Memory = createMemory()): PacketRow {
  const { source, destination, protocol, info } = dissect(seen.bytes, seen.place.linkType, memory, seen.length)
  const { sequence, time, packet, cause, origin, place, direction, verdict, length, bytes } = seen
  const where = `${place.machine} / ${place.adapter}`
  return {
    sequence,
    time,
    packet,
    cause,
    command: origin,
    where,
    direction,
    verdict,
    verdictText: verdictText(seen),
    source,
    destination,
    protocol,
    info: bytes.length < length ? `${info} [first ${bytes.length} bytes kept]` : info,
    length,
  }
}
