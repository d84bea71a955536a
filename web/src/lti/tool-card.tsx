import { useState } from 'react'
import { lti, type Overview } from '../api/lti.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'

const stateWords = { current: 'signs now', next: 'signs next, published already', previous: 'published still' } as const

/** What the administrator of a platform types in there. */
export function ToolCard({ overview }: { readonly overview: Overview }) {
  const { tool } = overview
  const rows = [
    ['Initiate login URL', tool.loginUrl],
    ['Launch URL, redirect URI', tool.launchUrl],
    ['Deep linking, content selection URL', tool.launchUrl],
    ['Public key set (JWKS) URL', tool.jwksUrl],
    ['Domain', tool.domain],
  ] as const
  return (
    <div className="lti-card">
      <h3>What to type into the learning platform</h3>
      <dl className="lti-copy">
        {rows.map(([label, value]) => (
          <CopyRow key={label} label={label} value={value} />
        ))}
      </dl>
      <p className="lti-lead">
        The version is LTI 1.3. Allow the services “Assignment and Grade Services” (columns and grades) and “Names and Role
        Provisioning”. Names and e-mail addresses of students need not be shared.
      </p>
    </div>
  )
}

const CopyRow = ({ label, value }: { readonly label: string; readonly value: string }) => (
  <>
    <dt>{label}</dt>
    <dd className="mono">{value}</dd>
    <dd>
      <Button small aria-label={`Copy: ${label}`} onClick={() => void copyText(value, `Copied: ${label}`)}>
        Copy
      </Button>
    </dd>
  </>
)

type KeyProps = { readonly overview: Overview; readonly owner: boolean; readonly onChange: () => void }

export function KeyCard({ overview, owner, onChange }: KeyProps) {
  const [asking, setAsking] = useState<'first' | 'forced' | null>(null)
  const rotate = (force: boolean) =>
    lti.rotate(force).then(
      () => {
        toast('The next key signs from now on')
        onChange()
      },
      (error: Error & { code?: string }) => {
        if (error.code === 'too-soon') setAsking('forced')
        else toast(`The keys were not changed. ${error.message}`, 'fail')
      },
    )
  const order = ['current', 'next', 'previous']
  const keys = [...overview.keys].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return (
    <div className="lti-card">
      <div className="lti-head">
        <h3>Keys with which this organisation signs</h3>
        {owner && (
          <Button small onClick={() => setAsking('first')}>
            Change to the next key
          </Button>
        )}
      </div>
      <dl className="lti-facts">
        {keys.map(({ kid, state, createdAt }) => (
          <div key={kid} style={{ display: 'contents' }}>
            <dt>{stateWords[state]}</dt>
            <dd>
              <span className="mono">{kid}</span>, made {whenText(createdAt)}
            </dd>
          </div>
        ))}
      </dl>
      {asking !== null && (
        <Confirm
          key={asking}
          title={asking === 'first' ? 'Change to the next key?' : 'The next key is less than a day old. Change all the same?'}
          action={asking === 'first' ? 'Change' : 'Change all the same'}
          danger={asking === 'forced'}
          onConfirm={() => void rotate(asking === 'forced')}
          onClose={() => setAsking(null)}
        >
          <p>
            {asking === 'first'
              ? 'Platforms find the keys by themselves, at the key set URL above. The present key stays published until the next change.'
              : 'Platforms that keep our key set for a day would refuse grades and choices until they read it again. Do it if a key has become known.'}
          </p>
        </Confirm>
      )}
    </div>
  )
}
