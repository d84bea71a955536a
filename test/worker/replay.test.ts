// The same sessions as in Node, killed and replayed inside workerd; `npm run bench -- recovery-workerd` runs the full count.
import { describe, expect, it } from 'vitest'
import { killAndRecover, recordAndReplay } from '../engine/kill-recover.ts'

const SESSIONS = Number((import.meta as { env?: { VITE_SESSIONS?: string } }).env?.VITE_SESSIONS ?? 4)
const INPUTS = 12

describe('inside workerd', () => {
  for (let seed = 1; seed <= SESSIONS; seed++) {
    it(`a lab that is killed goes on as if nothing had been (seed ${seed})`, () => {
      expect(killAndRecover(seed, INPUTS)).toEqual({ differences: 0, first: '' })
    })
    it(`a session run again is the same (seed ${seed})`, () => expect(recordAndReplay(seed, INPUTS)).toBeUndefined())
  }
})
