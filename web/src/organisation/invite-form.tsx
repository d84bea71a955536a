import { useId, useState } from 'react'
import { organisationApi } from '../api/organisation.ts'
import { ShownOnce } from '../sign-in/shown-once.tsx'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'
import { rolesUpTo } from './roles.ts'

export function InviteForm({ own, onInvited }: { readonly own: string; readonly onInvited: () => void }) {
  const id = useId()
  const [role, setRole] = useState('student')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [link, setLink] = useState<string | null>(null)
  const form = useForm(async () => {
    const made = await organisationApi.invite({ role, ...(name.trim() && { name }), ...(email.trim() && { email }) })
    setLink(made.path === null ? null : window.location.origin + made.path)
    if (made.path === null) toast(`A letter is on its way to ${email}`)
    setName('')
    setEmail('')
    onInvited()
  })
  return (
    <>
      <form className="area-form" onSubmit={form.onSubmit}>
        <TextField label="Name (optional)" field="name" maxLength={120} value={name} problem={form.problem} onText={setName} />
        <TextField
          label="E-mail address (optional)"
          field="email"
          type="email"
          value={email}
          problem={form.problem}
          onText={setEmail}
        />
        <div className="text-field">
          <label htmlFor={id}>Role</label>
          <select id={id} className="field" value={role} onChange={(event) => setRole(event.target.value)}>
            {rolesUpTo(own).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <Button type="submit" primary disabled={form.busy}>
          Invite
        </Button>
      </form>
      <FormProblem problem={form.problem} fields={['name', 'email']} />
      {link !== null && (
        <ShownOnce label="Invitation link" text={link} copied="Invitation link copied">
          Send it to one person. It works once, within two weeks, and is shown only now.
        </ShownOnce>
      )}
    </>
  )
}
