import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import './popover.css'

type Props = {
  readonly label: ReactNode
  /** What a screen reader calls what opens. */
  readonly name: string
  readonly quiet?: boolean
  readonly disabled?: boolean
  readonly onOpen?: () => void
  readonly children: (close: () => void) => ReactNode
}

/** A button and what it opens below itself: Escape and a press elsewhere close it, arrows move between its buttons. */
export function Popover({ label, name, quiet, disabled, onOpen, children }: Props) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLSpanElement>(null)
  const close = () => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }
  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('.popover-body :is(button:not(:disabled), input)')?.focus()
    const away = (event: PointerEvent) => {
      if (box.current?.contains(event.target as Node) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', away, true)
    return () => document.removeEventListener('pointerdown', away, true)
  }, [open])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside have the focus; the keys are for all of them
    <span className="popover" ref={box} onKeyDown={(event) => open && onKey(event, close)}>
      <Button
        small
        quiet={quiet}
        disabled={disabled}
        aria-expanded={open}
        aria-haspopup="true"
        onClick={() => {
          if (!open) onOpen?.()
          setOpen(!open)
        }}
      >
        {label} <Icon name="down" size={10} />
      </Button>
      {open && (
        <section className="popover-body" aria-label={name}>
          {children(close)}
        </section>
      )}
    </span>
  )
}

function onKey(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  if (event.key === 'Escape') {
    event.preventDefault()
    close()
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('.popover-body button:not(:disabled)')]
  if (step === 0 || items.length === 0 || event.target instanceof HTMLInputElement) return
  event.preventDefault()
  const at = items.indexOf(document.activeElement as HTMLElement)
  items[(at + step + items.length) % items.length].focus()
}
