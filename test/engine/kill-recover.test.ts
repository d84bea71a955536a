import { describe, expect, it } from 'vitest'
import { killAndRecover, recordAndReplay } from './kill-recover.ts'

// `npm run bench -- kill-recover replay` does 2,000 inputs and 1,000 sessions.
const LABS = 6
const INPUTS = 20

describe('a lab that is killed after every input', () => {
  for (let seed = 1; seed <= LABS; seed++) {
    it(`goes on as if nothing had been (seed ${seed})`, () => {
      const { differences, first } = killAndRecover(seed, INPUTS)
      expect(first).toBe('')
      expect(differences).toBe(0)
    })
  }
})

describe('a session run again', () => {
  for (let seed = 101; seed < 101 + LABS; seed++) {
    it(`is the same (seed ${seed})`, () => expect(recordAndReplay(seed, INPUTS)).toBeUndefined())
  }
})
