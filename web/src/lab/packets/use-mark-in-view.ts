import { type RefObject, useEffect, useRef } from 'react'
import type { Range } from './ranges.ts'

/** What is marked from elsewhere is scrolled to; what the pointer is on is in view already. */
export function useMarkInView<E extends HTMLElement>(marked: Range | null): RefObject<E | null> {
  const box = useRef<E>(null)
  useEffect(() => {
    if (marked === null || box.current?.matches(':hover') === true) return
    box.current?.querySelector('.marked')?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  return box
}
