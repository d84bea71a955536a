import { useEffect, useState } from 'react'
import { authoring, type Examination, type Texts } from '../api/authoring.ts'

const QUIET_MS = 350

export type Looked = {
  readonly examination: Examination | null
  /** The texts are newer than what was found. */
  readonly stale: boolean
  readonly error: string
}

/** What is wrong with the texts and what is in them, a moment after the last key. */
export function useExamination(texts: Texts, seed: number): Looked {
  const [found, setFound] = useState<{ texts: Texts; seed: number; examination: Examination } | null>(null)
  const [error, setError] = useState('')
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      authoring.validate(texts, seed).then(
        (examination) => {
          if (!current) return
          setFound({ texts, seed, examination })
          setError('')
        },
        (problem: Error) => current && setError(problem.message),
      )
    }, QUIET_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [texts, seed])
  return {
    examination: found?.examination ?? null,
    stale: found === null || found.texts !== texts || found.seed !== seed,
    error,
  }
}
