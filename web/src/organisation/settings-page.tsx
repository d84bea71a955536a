import { useId, useState } from 'react'
import { type Organisation, organisationApi } from '../api/organisation.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'
import { AreaFrame } from './area-frame.tsx'
import { LeavingLabs } from './leaving-labs.tsx'

function Form({ organisation, reload }: { readonly organisation: Organisation; readonly reload: () => void }) {
  const { retry } = useSession()
  const id = useId()
  const [name, setName] = useState(organisation.name)
  const [joinByCode, setJoinByCode] = useState(organisation.joinByCode)
  const [keeps, setKeeps] = useState(organisation.retentionDays !== null)
  const [days, setDays] = useState(String(organisation.retentionDays ?? 365))
  const form = useForm(async () => {
    await organisationApi.change({ name, joinByCode, retentionDays: keeps ? Number(days) : null })
    toast('The settings are saved')
    reload()
    retry()
  })
  return (
    <form className="sign-in-form" onSubmit={form.onSubmit}>
      <TextField
        label="Name of the organisation"
        field="name"
        required
        maxLength={120}
        value={name}
        problem={form.problem}
        onText={setName}
      />
      <label className="area-check">
        <input type="checkbox" checked={joinByCode} onChange={(event) => setJoinByCode(event.target.checked)} />
        <span>
          Students may join a course by its code
          <small>With a name alone, without an e-mail address.</small>
        </span>
      </label>
      <label className="area-check">
        <input type="checkbox" checked={keeps} onChange={(event) => setKeeps(event.target.checked)} />
        <span>
          Remove labs and submissions that nobody uses
          <small>Grades stay. Two weeks before a lab goes, it is named below and on the page of whoever made it.</small>
        </span>
      </label>
      {keeps && (
        <div className="text-field">
          <label htmlFor={id}>After how many days without use</label>
          <input
            id={id}
            className="field"
            type="number"
            min={7}
            max={3650}
            required
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        </div>
      )}
      <FormProblem problem={form.problem} fields={['name']} />
      <Button type="submit" primary disabled={form.busy}>
        Save
      </Button>
    </form>
  )
}

export default function SettingsPage() {
  const organisation = useLoad(organisationApi.get)
  return (
    <AreaFrame title="Settings">
      <section className="area-section" aria-labelledby="settings">
        <h2 id="settings">Settings</h2>
        {organisation.state === 'loading' && (
          <span className="skeleton list-skeleton" role="status" aria-label="Loading the settings" />
        )}
        {organisation.state === 'failed' && (
          <Notice title="The settings did not load" tone="fail">
            <p>{organisation.error.message}</p>
            <Button onClick={organisation.reload}>Try again</Button>
          </Notice>
        )}
        {organisation.state === 'ready' && <Form organisation={organisation.value} reload={organisation.reload} />}
      </section>
      <LeavingLabs />
      <section className="area-section" aria-labelledby="take">
        <h2 id="take">Take it with you</h2>
        <p>Members and labs as a file, with the address at which each lab is exported.</p>
        <a className="button" href={organisationApi.exportAddress} download>
          Export the organisation
        </a>
      </section>
    </AreaFrame>
  )
}
