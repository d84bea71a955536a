import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Problem } from '../api/http.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

type Props = {
  readonly title: string
  readonly action: string
  readonly danger?: boolean
  /** Done: the dialog closes. Failed: it stays open and says why. */
  readonly onSend: () => Promise<unknown>
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Fields in a dialog; the browser's own keeps the focus inside and gives it back. */
export function FormDialog({ title, action, danger = false, onSend, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [state, setState] = useState<{ readonly sending: boolean; readonly fault: string | null }>({
    sending: false,
    fault: null,
  })
  useEffect(() => dialog.current?.showModal(), [])
  const send = () => {
    setState({ sending: true, fault: null })
    onSend().then(
      () => dialog.current?.close(),
      (error: Error) => setState({ sending: false, fault: faultText(error) }),
    )
  }
  return (
    <dialog ref={dialog} className="dialog form-dialog" aria-label={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!state.sending) send()
        }}
      >
        <h3>{title}</h3>
        {children}
        {state.fault !== null && (
          <p className="fault" role="alert">
            <Icon name="warn" size={14} /> {state.fault}
          </p>
        )}
        <div className="actions">
          <Button onClick={() => dialog.current?.close()}>Cancel</Button>
          <Button type="submit" primary danger={danger} disabled={state.sending}>
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  )
}

const faultText = (error: Error) => {
  const line = error instanceof Problem && error.line !== undefined ? `Line ${error.line}: ` : ''
  return `${line}${error.message}`
}

type FieldProps = { readonly label: string; readonly note?: string; readonly children: (id: string) => ReactNode }

/** A label over a field, with a note under it. */
export function Field({ label, note, children }: FieldProps) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {note !== undefined && <small>{note}</small>}
    </div>
  )
}

type TextProps = Omit<FieldProps, 'children'> & {
  readonly text: string
  readonly onText: (text: string) => void
  readonly most: number
  readonly rows?: number
}

/** Some lines that somebody has to write. */
export const TextArea = ({ label, note, text, onText, most, rows = 3 }: TextProps) => (
  <Field label={label} note={note}>
    {(field) => (
      <textarea
        id={field}
        className="field"
        required
        rows={rows}
        maxLength={most}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    )}
  </Field>
)

type PointsProps = Omit<FieldProps, 'children'> & {
  readonly points: string
  readonly onPoints: (points: string) => void
  readonly required?: boolean
}

/** Points that somebody gives. */
export const PointsField = ({ label, note, points, onPoints, required = false }: PointsProps) => (
  <Field label={label} note={note}>
    {(field) => (
      <input
        id={field}
        className="field"
        type="number"
        required={required}
        min={0}
        max={10_000}
        step={0.01}
        value={points}
        onChange={(event) => onPoints(event.target.value)}
      />
    )}
  </Field>
)
