import { useCallback, useState } from 'react'
import { kept as stored } from '../ui/kept.ts'

export type Sizes = { readonly brief: number; readonly topology: number; readonly packets: number; readonly timeline: number }

const KEY = 'switchroom.sizes'

/** At 1,280 pixels: 80 columns of terminal, and a brief that can be read. */
function initial(): Sizes {
  const wide = window.innerWidth - 1280
  const sizes = {
    brief: 270 + Math.max(0, Math.round(wide * 0.12)),
    topology: Math.round(Math.max(230, window.innerHeight * 0.36)),
    packets: 388 + Math.max(0, Math.round(wide * 0.45)),
    timeline: 400 + Math.max(0, Math.round(wide * 0.12)),
  }
  try {
    const kept = JSON.parse(stored.get(KEY) ?? '{}') as Partial<Record<keyof Sizes, unknown>>
    for (const key of Object.keys(sizes) as (keyof Sizes)[]) {
      const size = kept[key]
      if (typeof size === 'number') sizes[key] = size
    }
  } catch {
    // Whatever stands there, it is not ours.
  }
  return sizes
}

export function useSizes(): [Sizes, (key: keyof Sizes, size: number) => void] {
  const [sizes, setSizes] = useState(initial)
  const set = useCallback((key: keyof Sizes, size: number) => {
    setSizes((old) => {
      const next = { ...old, [key]: size }
      stored.set(KEY, JSON.stringify(next))
      return next
    })
  }, [])
  return [sizes, set]
}
