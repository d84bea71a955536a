import { useCallback, useEffect, useState } from 'react'

export type Load<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Error }

export type Reloadable<T> = Load<T> & { readonly reload: () => void }

/** Loads once and on `reload`; what arrives after a newer request or after the component is gone is dropped. */
export function useLoad<T>(load: () => Promise<T>): Reloadable<T> {
  const [result, setResult] = useState<Load<T>>({ state: 'loading' })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for another round
  useEffect(() => {
    let current = true
    load().then(
      (value) => current && setResult({ state: 'ready', value }),
      (error: Error) => current && setResult({ state: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [load, turn])
  return { ...result, reload: useCallback(() => setTurn((one) => one + 1), []) }
}
