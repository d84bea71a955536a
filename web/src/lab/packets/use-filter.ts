import { useEffect, useState } from 'react'
import type { FilterFault, Reading } from './display-filter.ts'

export type { FilterFault } from './display-filter.ts'

export type FilterUse = {
  /** The display filter in force; empty when there is none. */
  readonly display: string
  /** Words to look for instead. */
  readonly words: string
  readonly fault: FilterFault | null
}

/** Nobody is corrected in the middle of a word. */
const PATIENCE_MS = 500
const words = (text: string): FilterUse => ({ display: '', words: text, fault: null })

/** What the text of the filter box means. The grammar is loaded with the first character. */
export function useFilter(text: string): FilterUse {
  const [use, setUse] = useState<FilterUse>(words(''))
  useEffect(() => {
    if (text.trim() === '') {
      setUse(words(''))
      return
    }
    let current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const mean = (reading: Reading) => {
      if (!current) return
      if (reading.kind === 'words') setUse(words(text))
      else if (reading.kind === 'filter') setUse({ display: text.trim(), words: '', fault: null })
      else {
        // The filter that was in force stays so until this one is one.
        setUse((old) => ({ ...old, fault: null }))
        timer = setTimeout(() => setUse((old) => ({ ...old, fault: reading.fault })), PATIENCE_MS)
      }
    }
    void import('./display-filter.ts').then(
      ({ read }) => mean(read(text)),
      () => mean({ kind: 'words' }),
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  return use
}
