import { useCallback, useEffect, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { signIn } from '../api/sign-in.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { enterConsole, OpenPage } from './open-page.tsx'
import { ReturnCodePage } from './return-code-page.tsx'
import { FormProblem, TextField } from './text-field.tsx'
import { useForm } from './use-form.ts'

/** The token stands behind the `#`: it reaches no log on the way, and it is gone from the address bar once it was read. */
export function useTokenOfPage(): string {
  const [token] = useState(() => window.location.hash.slice(1))
  useEffect(() => {
    if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [token])
  return token
}

export default function InvitationPage() {
  const { session, state } = useSession()
  const token = useTokenOfPage()
  const offer = useLoad(useCallback(() => signIn.lookAtInvitation(token === '' ? 'missing-token' : token), [token]))
  const [name, setName] = useState<string | null>(null)
  const [email, setEmail] = useState<string | null>(null)
  const [password, setPassword] = useState('')
  const [returnCode, setReturnCode] = useState<string | null>(null)
  useEffect(() => {
    document.title = 'Invitation · Switchroom'
  }, [])
  const found = offer.state === 'ready' ? offer.value : null
  const called = name ?? found?.name ?? ''
  const address = email ?? found?.email ?? ''
  const accept = useForm(async () => {
    const fresh = { name: called, ...(address !== '' && { email: address }), ...(password !== '' && { password }) }
    const accepted = await signIn.accept(token, session === null ? fresh : {})
    if (accepted.returnCode === null) enterConsole()
    else setReturnCode(accepted.returnCode)
  })

  if (returnCode !== null) {
    return (
      <ReturnCodePage name={called} code={returnCode}>
        Without an e-mail address and a password, this is how you come back. It is shown only now.
      </ReturnCodePage>
    )
  }
  if (offer.state === 'failed') {
    return (
      <OpenPage title="This invitation does not work">
        <p>{offer.error.message}</p>
      </OpenPage>
    )
  }
  if (found === null || state === 'loading') return <Loading text="Looking at your invitation" />
  return (
    <OpenPage title={found.organisation}>
      <p>
        {found.invitedBy} invites you as {found.role}
        {found.course === null ? '' : `, in the course ${found.course}`}.
      </p>
      <form className="sign-in-form" onSubmit={accept.onSubmit}>
        {session === null ? (
          <>
            <TextField
              label="What are you called?"
              field="name"
              autoComplete="name"
              required
              maxLength={120}
              value={called}
              problem={accept.problem}
              onText={setName}
            />
            <TextField
              label="E-mail address (to sign in with)"
              field="email"
              type="email"
              autoComplete="username"
              value={address}
              problem={accept.problem}
              hint="You may leave it empty. Then you get a code to come back with."
              onText={setEmail}
            />
            <TextField
              label="Password"
              field="password"
              type="password"
              autoComplete="new-password"
              minLength={10}
              required={address !== '' && found.email === null}
              value={password}
              problem={accept.problem}
              hint="At least 10 characters."
              onText={setPassword}
            />
          </>
        ) : (
          <p>You accept as {session.person.name}.</p>
        )}
        <FormProblem problem={accept.problem} fields={session === null ? ['name', 'email', 'password'] : []} />
        <Button type="submit" primary disabled={accept.busy}>
          Accept
        </Button>
      </form>
    </OpenPage>
  )
}
