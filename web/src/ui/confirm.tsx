import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from './button.tsx'

type Props = {
  readonly title: string
  readonly action: string
  /** What is confirmed takes something away. */
  readonly danger?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Mounted while it is open; the browser's own dialog keeps the focus inside and gives it back. */
export function Confirm({ title, action, danger = true, onConfirm, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog" aria-label={title} onClose={onClose}>
      <form
        method="dialog"
        onSubmit={() => {
          onConfirm()
        }}
      >
        <h3>{title}</h3>
        <div>{children}</div>
        <div className="actions">
          <Button onClick={() => dialog.current?.close()}>Cancel</Button>
          <Button type="submit" primary danger={danger}>
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
