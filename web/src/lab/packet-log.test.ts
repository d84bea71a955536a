import { expect, test } from 'vitest'
import type { PacketRow } from '../../../durable/protocol.ts'
import { PacketLog } from './packet-log.ts'

const rows = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }) as PacketRow)
const known = (log: PacketLog) => log.rows.map((one) => one.sequence)

test('what comes twice is kept once', () => {
  const log = new PacketLog()
  log.add(rows(0, 1, 2), 0)
  log.add(rows(1, 2, 3), 0)
  expect(known(log)).toEqual([0, 1, 2, 3])
  expect(log.last).toBe(3)
})

test('what the lab has forgotten is forgotten here', () => {
  const log = new PacketLog()
  log.add(rows(0, 1, 2), 0)
  log.add(rows(3), 2)
  expect(known(log)).toEqual([2, 3])
})

test('listeners hear of changes, and only of those', () => {
  const log = new PacketLog()
  let heard = 0
  const stop = log.subscribe(() => (heard += 1))
  log.add(rows(0), 0)
  log.add(rows(0), 0)
  log.clear()
  stop()
  log.add(rows(5), 0)
  expect(heard).toBe(2)
  expect(known(log)).toEqual([5])
})
