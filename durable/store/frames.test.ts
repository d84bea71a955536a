import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { host } from '../test-support.ts'
import { openDatabase } from './database.ts'
import type { Seen } from './frame-block.ts'
import { FrameLog, KEPT } from './frames.ts'

const place = { machine: 'm', adapter: 'eth0', linkType: 'ethernet' } as const
const seen = (from: number, count: number, bytes = new Uint8Array(60)): Seen[] =>
  Array.from({ length: count }, (_, i) => {
    const number = { sequence: from + i, time: from + i, packet: from + i, cause: 0, origin: 0 }
    return { ...number, place, direction: 'out', verdict: 'sent', detail: '', length: bytes.length, bytes }
  })

const inObject = (work: (log: FrameLog, rows: () => number) => void) =>
  runInDurableObject(host().stub, (_, { storage }) => {
    const rows = () => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM frame_block').one().n
    work(new FrameLog(openDatabase(storage)), rows)
  })

const sequences = (log: FrameLog, after: number) => [...log.after(after)].map(({ sequence }) => sequence)

it('finds what came after, wherever blocks begin and end', () =>
  inObject((log, rows) => {
    for (let from = 0; from < 200; from += 2) log.append(seen(from, 2))
    log.append(seen(230, 1_100))
    expect(rows()).toBe(103)
    const all = [...Array(200).keys(), ...Array.from({ length: 1_100 }, (_, i) => 230 + i)]
    for (const after of [-1, 0, 1, 2, 63, 64, 198, 199, 210, 229, 230, 728, 1_329, 5_000]) {
      expect(sequences(log, after)).toEqual(all.filter((sequence) => sequence > after))
    }
  }))

it('keeps so many sightings, and drops the oldest blocks first', () =>
  inObject((log, rows) => {
    for (let from = 0; from < 30_000; from += 500) log.append(seen(from, 500))
    expect(log.oldest()).toBe(9_500)
    expect(rows()).toBe(41)
    expect(sequences(log, -1)).toHaveLength(KEPT.sightings + 500)
  }))

it('keeps so many bytes', () =>
  inObject((log) => {
    const noise = () => crypto.getRandomValues(new Uint8Array(1_500))
    for (let from = 0; from < 8_000; from += 250) log.append(seen(from, 250).map((one) => ({ ...one, bytes: noise() })))
    const kept = sequences(log, -1)
    expect(kept.length * 1_500).toBeLessThanOrEqual(KEPT.bytes)
    expect(kept.length * 1_500).toBeGreaterThan(KEPT.bytes * 0.9)
    expect(kept.at(-1)).toBe(7_999)
  }))
