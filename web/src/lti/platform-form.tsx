import { type SyntheticEvent, useId, useState } from 'react'
import { Problem } from '../api/http.ts'
import type { Platform, PlatformSettings } from '../api/lti.ts'
import { Button } from '../ui/button.tsx'

const lines = (text: string) => text.split(/[\s,]+/).filter((one) => one !== '')

type TextField = 'name' | 'issuer' | 'clientId' | 'authUrl' | 'tokenUrl' | 'jwksUrl'
const fields: readonly { readonly name: TextField; readonly label: string; readonly hint: string }[] = [
  { name: 'name', label: 'Name', hint: 'What you call it here: “Moodle of the school”.' },
  { name: 'issuer', label: 'Issuer (platform ID)', hint: 'Exactly as the platform shows it.' },
  { name: 'clientId', label: 'Client ID', hint: 'Given by the platform when the tool is added there.' },
  { name: 'authUrl', label: 'Authentication request URL', hint: 'Where the platform signs people in (OIDC).' },
  { name: 'tokenUrl', label: 'Access token URL', hint: 'For grades and class lists.' },
  { name: 'jwksUrl', label: 'Key set (JWKS) URL', hint: 'The public keys of the platform.' },
]

type Props = {
  readonly platform: Platform | null
  readonly onSave: (wish: Partial<PlatformSettings>) => Promise<void>
  readonly onCancel: () => void
}

/** A platform that is registered, or changed. */
export function PlatformForm({ platform, onSave, onCancel }: Props) {
  const id = useId()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field: string; message: string } | null>(null)
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? '').trim()
    const frames = lines(text('frameOrigins'))
    const wish: Partial<PlatformSettings> = {
      ...Object.fromEntries(fields.map(({ name }) => [name, text(name)])),
      deploymentIds: lines(text('deploymentIds')),
      instructorRole: text('instructorRole') === 'assistant' ? 'assistant' : 'teacher',
      tokenAudience: text('tokenAudience') || null,
      ...((frames.length > 0 || platform !== null) && { frameOrigins: frames }),
    }
    setBusy(true)
    setProblem(null)
    onSave(wish).catch((error: Error) => {
      setBusy(false)
      setProblem({ field: (error instanceof Problem && error.field) || '', message: error.message })
    })
  }
  const about = (name: string) => {
    const wrong = problem?.field.split('.')[0] === name
    return { 'aria-invalid': wrong, 'aria-describedby': wrong ? `${id}-problem` : undefined }
  }
  const complaint = (name: string) =>
    problem?.field.split('.')[0] === name && (
      <span id={`${id}-problem`} role="alert">
        {problem.message}
      </span>
    )
  const isPlaced =
    fields.some(({ name }) => name === problem?.field.split('.')[0]) || /^(deploymentIds|frameOrigins)/.test(problem?.field ?? '')
  return (
    <form
      className="lti-card lti-form"
      onSubmit={submit}
      aria-label={platform === null ? 'Add a platform' : `Change ${platform.name}`}
    >
      {fields.map(({ name, label, hint }, at) => (
        <label key={name}>
          {label}
          <input
            className="field"
            name={name}
            required
            // biome-ignore lint/a11y/noAutofocus: the form was asked for by a button
            autoFocus={at === 0}
            autoComplete="off"
            spellCheck={false}
            defaultValue={platform?.[name] ?? ''}
            {...about(name)}
          />
          <small>{hint}</small>
          {complaint(name)}
        </label>
      ))}
      <label>
        Deployment IDs
        <textarea
          className="field"
          name="deploymentIds"
          rows={2}
          defaultValue={platform?.deploymentIds.join('\n') ?? ''}
          {...about('deploymentIds')}
        />
        <small>One on each line. More can be added later: a launch from an unknown one says which id it has.</small>
        {complaint('deploymentIds')}
      </label>
      <label>
        Pages that may show Switchroom in a frame
        <textarea
          className="field"
          name="frameOrigins"
          rows={2}
          defaultValue={platform?.frameOrigins.join('\n') ?? ''}
          placeholder="https://moodle.example.edu"
          {...about('frameOrigins')}
        />
        <small>Empty: the sites of the issuer and of the authentication request URL.</small>
        {complaint('frameOrigins')}
      </label>
      <label>
        Who teaches a course there
        <select className="field" name="instructorRole" defaultValue={platform?.instructorRole ?? 'teacher'}>
          <option value="teacher">becomes a teacher of this organisation</option>
          <option value="assistant">only assists in the course here</option>
        </select>
        <small>Teachers work in every course of the organisation. Nobody becomes an owner by a launch.</small>
      </label>
      <label>
        Audience of our token requests
        <input
          className="field"
          name="tokenAudience"
          autoComplete="off"
          spellCheck={false}
          defaultValue={platform?.tokenAudience ?? ''}
        />
        <small>Only if the platform names one; else leave it empty.</small>
      </label>
      {problem !== null && !isPlaced && (
        <p className="wide" role="alert">
          {problem.message}
        </p>
      )}
      <div className="wide lti-row">
        <Button type="submit" primary disabled={busy}>
          {platform === null ? 'Register the platform' : 'Save'}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
