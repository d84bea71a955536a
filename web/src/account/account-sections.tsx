import { useState } from 'react'
import { type Account, accountApi } from '../api/account.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import { EraseDialog } from '../organisation/erase-dialog.tsx'
import { Meter } from '../organisation/meter.tsx'
import { enterConsole } from '../sign-in/open-page.tsx'
import { Button } from '../ui/button.tsx'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'

const ways: Readonly<Record<string, string>> = {
  password: 'with a password',
  mail: 'by a link in a letter',
  oidc: 'by a provider',
  link: 'by a sign-in link',
  code: 'by joining a course',
  return: 'with a return code',
  invitation: 'by an invitation',
  lti: 'from a learning platform',
  switch: 'from another organisation',
  'first-owner': 'as the first owner',
}

/** Enough of what a browser says of itself to know it again. */
function browserName(agent: string | null): string {
  const name = /(Firefox|Edg|Chrome|Safari)\//.exec(agent ?? '')?.[1]?.replace('Edg', 'Edge') ?? 'A program'
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent ?? '')?.[1]
  return system === undefined ? name : `${name} on ${system}`
}

export function OrganisationsSection({ account }: { readonly account: Account }) {
  const { session } = useSession()
  if (account.organisations.length < 2) return null
  const change = (id: string) =>
    accountApi.changeOrganisation(id).then(
      () => enterConsole(),
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <section className="area-section" aria-labelledby="account-organisations">
      <h2 id="account-organisations">Your organisations</h2>
      <ul className="plain-list">
        {account.organisations.map((one) => (
          <li key={one.id}>
            <span>
              {one.name}
              <small>
                {one.role}
                {one.suspended ? ', suspended' : ''}
              </small>
            </span>
            {one.id === session?.organisation.id ? (
              <span className="here">You are here</span>
            ) : (
              <Button small onClick={() => void change(one.id)}>
                Go to {one.name}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function SessionsSection({ account, reload }: { readonly account: Account; readonly reload: () => void }) {
  const end = (id: string) => tell(accountApi.endSession(id), 'The session has ended', reload)
  return (
    <section className="area-section" aria-labelledby="account-sessions">
      <h2 id="account-sessions">Where you are signed in</h2>
      <ul className="plain-list">
        {account.sessions.map((one) => (
          <li key={one.id}>
            <span>
              {browserName(one.agent)}
              <small>
                {one.organisation}, {whenText(one.createdAt)}, {ways[one.way] ?? one.way}
              </small>
            </span>
            {one.current ? (
              <span className="here">This one</span>
            ) : (
              <Button small onClick={() => void end(one.id)}>
                End it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function UsageSection() {
  const usage = useLoad(accountApi.usage)
  if (usage.state !== 'ready') return null
  const { limits, ...used } = usage.value
  return (
    <section className="area-section" aria-labelledby="account-usage">
      <h2 id="account-usage">What you use</h2>
      <div className="meters">
        <Meter label="Labs" used={used.labs} most={limits['personLabs'] ?? 0} />
        <Meter label="Machines" used={used.machines} most={limits['personMachines'] ?? 0} />
        <Meter label="Live hours this month" used={used.liveHours} most={limits['personLiveHours'] ?? 0} />
        <Meter label="At rest" used={used.bytes} most={limits['personBytes'] ?? 0} bytes />
      </div>
    </section>
  )
}

export function DataSection({ account }: { readonly account: Account }) {
  const [erasing, setErasing] = useState(false)
  return (
    <section className="area-section" aria-labelledby="account-data">
      <h2 id="account-data">Your data</h2>
      <p>Everything that is known of you here, as a file: your rows, what you typed in labs, what you said.</p>
      <div className="sign-in-actions">
        <a className="button" href={accountApi.exportAddress} download>
          Export my data
        </a>
        <Button danger onClick={() => setErasing(true)}>
          Erase me
        </Button>
      </div>
      {erasing && (
        <EraseDialog
          name={account.name}
          what="Your labs, submissions and grades are destroyed, your messages go, and lines that you typed in labs of others stay without your name. You are signed out at once."
          erase={() => accountApi.erase(account.name)}
          onErased={() => enterConsole()}
          onClose={() => setErasing(false)}
        />
      )}
    </section>
  )
}
