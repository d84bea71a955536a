import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import './dialog.css'
import { Icon } from './icon.tsx'

type Props = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }

/** Something to look at closely, over the page; mounted while it is open. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog wide" aria-label={title} onClose={onClose}>
      <header>
        <h3>{title}</h3>
        <Button small quiet iconOnly aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="cross" size={12} />
        </Button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  )
}
