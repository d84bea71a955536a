import { useState } from 'react'
import type { Operated, OperatorApi } from '../api/operator.ts'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/tell.ts'
import { whenText } from '../ui/when.ts'
import { limitNames, limitText, unitOf } from './limits.ts'

type Props = { readonly api: OperatorApi; readonly organisation: Operated; readonly reload: () => void }

export function OperatedRow({ api, organisation, reload }: Props) {
  const { id, name, createdAt, suspendedAt, suspendedReason, members, labs, quotas } = organisation
  const [open, setOpen] = useState<'suspend' | 'limits' | null>(null)
  const close = () => setOpen(null)
  const own = limitNames.filter(([key]) => quotas[key] !== undefined)
  return (
    <tr>
      <th scope="row">
        {name}
        {suspendedAt !== null && (
          <small>
            {' '}
            suspended {whenText(suspendedAt)}
            {suspendedReason === null || suspendedReason === '' ? '' : `: ${suspendedReason}`}
          </small>
        )}
      </th>
      <td>{whenText(createdAt)}</td>
      <td>{members}</td>
      <td>{labs}</td>
      <td>{own.length === 0 ? 'as usual' : own.map(([key, words]) => `${words}: ${limitText(key, quotas[key])}`).join(', ')}</td>
      <td className="table-end">
        <Button small aria-label={`Limits of ${name}`} onClick={() => setOpen('limits')}>
          Limits
        </Button>{' '}
        {suspendedAt === null ? (
          <Button small danger aria-label={`Suspend ${name}`} onClick={() => setOpen('suspend')}>
            Suspend
          </Button>
        ) : (
          <Button
            small
            aria-label={`Resume ${name}`}
            onClick={() => void tell(api.change(id, { suspended: false }), `${name} goes on`, reload)}
          >
            Resume
          </Button>
        )}
        {open === 'suspend' && <SuspendDialog {...{ api, organisation, reload }} onClose={close} />}
        {open === 'limits' && <LimitsDialog {...{ api, organisation, reload }} onClose={close} />}
      </td>
    </tr>
  )
}

type DialogProps = Props & { readonly onClose: () => void }

function SuspendDialog({ api, organisation: { id, name }, reload, onClose }: DialogProps) {
  const [reason, setReason] = useState('')
  const form = useForm(async () => {
    await api.change(id, { suspended: true, reason })
    reload()
    onClose()
  })
  return (
    <Dialog title={`Suspend ${name}?`} onClose={onClose}>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <p>Its people see only a page that says so and lets them export what is theirs. Labs that are open close at once.</p>
        <TextField
          label="Reason"
          field="reason"
          maxLength={500}
          value={reason}
          problem={form.problem}
          hint="It stands in the audit log of the organisation."
          onText={setReason}
        />
        <FormProblem problem={form.problem} fields={['reason']} />
        <Button type="submit" primary danger disabled={form.busy}>
          Suspend it
        </Button>
      </form>
    </Dialog>
  )
}

function LimitsDialog({ api, organisation: { id, name, quotas }, reload, onClose }: DialogProps) {
  const [limits, setLimits] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(limitNames.map(([key]) => [key, quotas[key] === undefined ? '' : String(quotas[key] / unitOf(key))])),
  )
  const form = useForm(async () => {
    const set = Object.entries(limits).filter(([, text]) => text !== '')
    await api.change(id, { quotas: Object.fromEntries(set.map(([key, text]) => [key, Math.round(Number(text) * unitOf(key))])) })
    reload()
    onClose()
  })
  return (
    <Dialog title={`Limits of ${name}`} onClose={onClose}>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <p>What is left empty is as usual.</p>
        {limitNames.map(([key, words]) => (
          <TextField
            key={key}
            label={words}
            type="number"
            min={0}
            step={unitOf(key) === 1 ? 1 : 'any'}
            value={limits[key] ?? ''}
            onText={(text) => setLimits({ ...limits, [key]: text })}
          />
        ))}
        <FormProblem problem={form.problem} />
        <Button type="submit" primary disabled={form.busy}>
          Set the limits
        </Button>
      </form>
    </Dialog>
  )
}
