import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import './splitter.css'

type Props = {
  readonly label: string
  /** `column`: a vertical bar between left and right. */
  readonly axis: 'column' | 'row'
  readonly size: number
  readonly min: number
  readonly max: number
  /** -1 when the sized pane lies after the bar. */
  readonly sign?: 1 | -1
  readonly onSize: (size: number) => void
}

const STEP = 16

export function Splitter({ label, axis, size, min, max, sign = 1, onSize }: Props) {
  const drag = useRef<{ at: number; size: number } | null>(null)
  const set = (next: number) => onSize(Math.round(Math.min(Math.max(next, min), max)))
  const place = (event: PointerEvent) => (axis === 'column' ? event.clientX : event.clientY)

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { at: place(event), size }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (drag.current !== null) set(drag.current.size + sign * (place(event) - drag.current.at))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const more = axis === 'column' ? 'ArrowRight' : 'ArrowDown'
    const less = axis === 'column' ? 'ArrowLeft' : 'ArrowUp'
    if (event.key === more) set(size + sign * STEP)
    else if (event.key === less) set(size - sign * STEP)
    else if (event.key === 'Home') set(min)
    else if (event.key === 'End') set(max)
    else return
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is not an <hr>
    <div
      className={`splitter ${axis}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'column' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null
      }}
      onKeyDown={onKeyDown}
    />
  )
}
