// What is measured in processes of their own: the first ping, and the memory that labs and guests take.
import { child, emptyProcess } from './child.ts'
import { type Benchmark, median, RUNS } from './harness.ts'
import { SMALL_RING } from './lab.ts'

const MORE_GUESTS = 20

export const firstPing: Benchmark = {
  name: 'first-ping-cpu-ms',
  says: 'from switching a guest on for the first time to a lease and an answered ping of www.example.com, in a fresh process',
  run: () => {
    const empty: number[] = []
    const measured: number[] = []
    for (let i = 0; i < RUNS; i++) {
      empty.push(emptyProcess())
      measured.push(child<number>('first-ping'))
    }
    return {
      value: median(measured),
      unit: 'processor milliseconds',
      reference: median(empty),
      referenceIs: 'a Node process that does nothing',
      runs: RUNS,
    }
  },
}

/** The median of three processes; each figure is in itself the mean of many labs. */
function heap(labs: number, guests: number, runs: number): { readonly bytes: number; readonly rows: number } {
  const measured = Array.from({ length: runs }, () =>
    child<{ bytes: number; rows: number }>('heap', [labs, guests], ['--expose-gc']),
  )
  return { bytes: median(measured.map(({ bytes }) => bytes)), rows: median(measured.map(({ rows }) => rows)) }
}

const HEAP_RUNS = 3

export const labHeap: Benchmark = {
  name: 'lab-heap-bytes',
  says: 'memory of the whole lab after a forced collection, shells in, capture out',
  run: () => {
    const { bytes, rows } = heap(20, 0, HEAP_RUNS)
    return { value: bytes, unit: 'bytes', reference: rows, referenceIs: 'its rows as they are stored', runs: HEAP_RUNS }
  },
}

export const guestHeap: Benchmark = {
  name: 'guest-heap-bytes',
  says: 'memory of one more Linux guest on the Default Switch, shell in, capture out',
  run: () => {
    const plain = heap(8, 0, HEAP_RUNS)
    const more = heap(8, MORE_GUESTS, HEAP_RUNS)
    return {
      value: (more.bytes - plain.bytes) / MORE_GUESTS,
      unit: 'bytes',
      reference: (more.rows - plain.rows) / MORE_GUESTS,
      referenceIs: 'its rows as they are stored',
      runs: HEAP_RUNS,
    }
  },
}

const OPEN_LABS = 10

export const firstLabOpen: Benchmark = {
  name: 'first-lab-open-bytes',
  says: 'memory of the open first lab after a forced collection, four consoles used, capture in',
  run: () => {
    const open = (...ring: readonly number[]): number =>
      median(
        Array.from(
          { length: HEAP_RUNS },
          () => child<{ bytes: number }>('open-lab', [OPEN_LABS, ...ring], ['--expose-gc']).bytes,
        ),
      )
    return {
      value: open(),
      unit: 'bytes',
      reference: open(SMALL_RING.slots, SMALL_RING.bytes),
      referenceIs: 'the same without the ring of its capture',
      runs: HEAP_RUNS,
    }
  },
}
