import { useState } from 'react'
import type { Erased } from '../api/account.ts'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

type Props = {
  readonly name: string
  readonly what: string
  readonly erase: () => Promise<Erased>
  readonly onErased: (erased: Erased) => void
  readonly onClose: () => void
}

/** The name is typed, because nothing brings it back. */
export function EraseDialog({ name, what, erase, onErased, onClose }: Props) {
  const [typed, setTyped] = useState('')
  const form = useForm(async () => onErased(await erase()))
  return (
    <Dialog title={`Erase ${name}?`} onClose={onClose}>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <p>{what}</p>
        <p>This cannot be undone.</p>
        <TextField label={`Type “${name}” to confirm`} autoComplete="off" required value={typed} onText={setTyped} />
        <FormProblem problem={form.problem} />
        <Button type="submit" primary danger disabled={form.busy || typed.trim() !== name.trim()}>
          Erase for ever
        </Button>
      </form>
    </Dialog>
  )
}
