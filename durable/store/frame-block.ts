import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sighting, Vantage } from '../engine/link/recorder.ts'
import { VERDICTS, verdictNumber } from '../engine/link/verdict.ts'
import { ByteReader, ByteWriter } from './varint.ts'

// Many sightings in one blob: a text head with the places and details they mention, then numbers and bytes, all deflated
// (the copies of a flooded frame stand close together and cost little). Places are named, because the engine may number
// them otherwise after the lab was restored.

export type Place = Pick<Vantage, 'machine' | 'adapter' | 'linkType'>
/** A sighting that knows its place by name. */
export type Seen = Omit<Sighting, 'vantage'> & { readonly place: Place }

/** Whatever keeps sightings, as those see it who read them. */
export interface Sightings {
  /** Those after a sequence number, oldest first. */
  after(sequence: number): Iterable<Seen>
  oldest(): number | undefined
  /** All there is, as it is stored, if it stands in at most so many rows, begins with the first sighting and nothing is left out. */
  firstBlocks(most: number): Uint8Array[] | undefined
  /** Another number when what was read before may not be so any more. */
  readonly revision: number
}

type Head = { readonly v: 1; readonly places: readonly Place[]; readonly details: readonly string[] }

/** Far more than 500 frames can take. */
const LARGEST = 8 * 1024 * 1024

export function packFrames(seen: readonly Seen[]): Uint8Array {
  const places: Place[] = []
  const details: string[] = []
  const body = new ByteWriter()
  let sequence = 0
  let time = 0
  for (const one of seen) {
    body.number(one.sequence - sequence)
    body.number(one.time - time)
    sequence = one.sequence
    time = one.time
    body.number(one.packet)
    body.number(one.cause)
    body.number(one.origin)
    body.number(indexOf(places, one.place, samePlace))
    body.number(verdictNumber(one.verdict) * 2 + (one.direction === 'out' ? 1 : 0))
    body.number(indexOf(details, one.detail, Object.is))
    body.number(one.length)
    body.number(one.bytes.length)
    body.bytes(one.bytes)
  }
  const head = new TextEncoder().encode(JSON.stringify({ v: 1, places, details } satisfies Head))
  const whole = new ByteWriter()
  whole.number(head.length)
  whole.bytes(head)
  whole.number(seen.length)
  whole.bytes(body.taken())
  return deflateRawSync(whole.taken())
}

export function unpackFrames(packed: Uint8Array): Seen[] {
  const reader = new ByteReader(inflateRawSync(packed, { maxOutputLength: LARGEST }))
  const head = JSON.parse(new TextDecoder().decode(reader.bytes(reader.number()))) as Head
  if (head.v !== 1) throw new Error(`frame block of version ${String(head.v)}`)
  const seen: Seen[] = []
  let sequence = 0
  let time = 0
  for (let left = reader.number(); left > 0; left--) {
    sequence += reader.number()
    time += reader.number()
    const packet = reader.number()
    const cause = reader.number()
    const origin = reader.number()
    const place = known(head.places[reader.number()])
    const mark = reader.number()
    const verdict = known(VERDICTS[Math.floor(mark / 2)]).code
    const detail = known(head.details[reader.number()])
    const length = reader.number()
    const bytes = reader.bytes(reader.number())
    seen.push({
      sequence,
      time,
      packet,
      cause,
      origin,
      place,
      direction: mark % 2 === 1 ? 'out' : 'in',
      verdict,
      detail,
      length,
      bytes,
    })
  }
  return seen
}

const samePlace = (a: Place, b: Place) => a.machine === b.machine && a.adapter === b.adapter && a.linkType === b.linkType

function indexOf<T>(list: T[], item: T, same: (a: T, b: T) => boolean): number {
  const at = list.findIndex((other) => same(other, item))
  return at >= 0 ? at : list.push(item) - 1
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('frame block names something that it does not hold')
  return value
}
