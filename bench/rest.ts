// Many labs in one service: what they take at rest, how soon one answers, what they take in memory.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const LABS = 1000
const WAKE = 100
const OPEN = 50

export type AtRest = {
  /** Bytes per lab in the files of the service, and of the export of one. */
  readonly stored: number
  readonly file: number
  /** Milliseconds of the first command and of the one after it. */
  readonly first: number
  readonly second: number
  /** Bytes in memory per open lab, and of the rows of one. */
  readonly opened: number
  readonly rows: number
}

let known: AtRest | undefined
/** The labs are made once for all figures. */
const measured = (): AtRest => {
  known ??= child<AtRest>('at-rest', [LABS, WAKE, OPEN])
  return known
}

export const labsAtRest: Benchmark = {
  name: 'labs-at-rest-bytes',
  says: `files of the service per lab, with ${LABS} labs that were made and left`,
  run: () => {
    const { stored, file } = measured()
    return { value: stored, unit: 'bytes', reference: file, referenceIs: 'the export of one', runs: 1 }
  },
}

export const wake: Benchmark = {
  name: 'wake-median-ms',
  says: `the first command on a lab at rest among ${LABS}: its object had left memory; by the API`,
  run: () => {
    const { first, second } = measured()
    return { value: first, unit: 'milliseconds', reference: second, referenceIs: 'the same command again', runs: WAKE }
  },
}

export const openLabs: Benchmark = {
  name: 'open-labs-bytes',
  says: `growth of the resident memory of workerd per lab, with ${OPEN} labs open`,
  run: () => {
    const { opened, rows } = measured()
    return { value: opened, unit: 'bytes', reference: rows, referenceIs: 'its rows as they are stored', runs: 1 }
  },
}
