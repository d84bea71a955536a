import { useState } from 'react'
import { lti, type Platform, type Step } from '../api/lti.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { PlatformForm } from './platform-form.tsx'
import { StateMark } from './state-mark.tsx'

type Props = { readonly platform: Platform; readonly owner: boolean; readonly onChange: () => void }

export function PlatformCard({ platform, owner, onChange }: Props) {
  const [mode, setMode] = useState<'show' | 'edit' | 'remove' | 'testing'>('show')
  const [steps, setSteps] = useState<readonly Step[]>([])
  const { id, name } = platform
  if (mode === 'edit') {
    const save = async (wish: Parameters<typeof lti.change>[1]) => {
      await lti.change(id, wish)
      setMode('show')
      onChange()
    }
    return <PlatformForm platform={platform} onSave={save} onCancel={() => setMode('show')} />
  }
  const test = () => {
    setMode('testing')
    setSteps([])
    lti
      .test(id)
      .then(
        (done) => setSteps(done.steps),
        (error: Error) => toast(error.message, 'fail'),
      )
      .finally(() => setMode('show'))
  }
  const remove = () => lti.remove(id).then(onChange, (error: Error) => toast(`${name} was not removed. ${error.message}`, 'fail'))
  return (
    <article className="lti-card" aria-label={name}>
      <div className="lti-head">
        <h3>{name}</h3>
        {owner && (
          <div className="lti-row">
            <Button small disabled={mode === 'testing'} onClick={test}>
              {mode === 'testing' ? 'Testing …' : 'Test'}
            </Button>
            <Button small onClick={() => setMode('edit')}>
              Change
            </Button>
            <Button small danger onClick={() => setMode('remove')}>
              Remove
            </Button>
          </div>
        )}
      </div>
      <dl className="lti-facts">
        <dt>Issuer</dt>
        <dd className="mono">{platform.issuer}</dd>
        <dt>Client ID</dt>
        <dd className="mono">{platform.clientId}</dd>
        <dt>Deployment IDs</dt>
        <dd className="mono">{platform.deploymentIds.join(', ') || 'none yet: nobody can come from there'}</dd>
        <dt>Who teaches there</dt>
        <dd>{platform.instructorRole === 'teacher' ? 'is a teacher here' : 'assists in the course here'}</dd>
        <dt>Last launch</dt>
        <dd>{platform.lastLaunchAt === null ? 'none yet' : whenText(platform.lastLaunchAt)}</dd>
      </dl>
      <div role="status" className="lti-cards">
        {steps.map(({ step, ok, message }) => (
          <StateMark key={step} tone={ok ? 'pass' : 'fail'}>
            {message}
          </StateMark>
        ))}
      </div>
      {mode === 'remove' && (
        <Confirm title={`Remove ${name}?`} action="Remove" onConfirm={() => void remove()} onClose={() => setMode('show')}>
          <p>Nobody can come from there any more, and no grade goes there. People, courses, work and grades here stay.</p>
        </Confirm>
      )}
    </article>
  )
}
