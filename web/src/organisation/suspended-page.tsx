import { useState } from 'react'
import { accountApi } from '../api/account.ts'
import { organisationApi } from '../api/organisation.ts'
import { useSession } from '../api/session.tsx'
import { OpenPage } from '../sign-in/open-page.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** What there is to do while the organisation is suspended: take one's data along. */
export function SuspendedPage() {
  const { signOut } = useSession()
  const [refused, setRefused] = useState(false)
  const whole = async () => {
    const answer = await fetch(organisationApi.exportAddress, { credentials: 'same-origin' })
    if (!answer.ok) return setRefused(true)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = 'switchroom-organisation.json'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <OpenPage title="This organisation is suspended">
      <p className="suspended-mark">
        <Icon name="pause" /> Nothing is lost. Labs, courses and grades are kept as they are.
      </p>
      <p>Until whoever runs this installation lifts it, data can be exported and nothing else can be done.</p>
      <div className="sign-in-actions">
        <a className="button" href={accountApi.exportAddress} download>
          Export my data
        </a>
        <Button onClick={() => void whole()}>Export the organisation</Button>
        <Button quiet onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
      {refused && (
        <p className="form-problem" role="alert">
          Only an owner may export the whole organisation.
        </p>
      )}
    </OpenPage>
  )
}
