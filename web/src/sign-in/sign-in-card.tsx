import { useState } from 'react'
import { signIn } from '../api/sign-in.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { LinkForm } from './link-form.tsx'
import { enterConsole } from './open-page.tsx'
import './sign-in.css'
import { PageLink } from '../ui/page-link.tsx'
import { FormProblem, TextField } from './text-field.tsx'
import { useForm } from './use-form.ts'

const refusals: Readonly<Record<string, string>> = {
  'not-a-member': 'You proved who you are, but nobody here has that identity. Ask for an invitation.',
  'other-account': 'This identity belongs to another account here.',
  domain: 'People with this e-mail domain are not let in by that way.',
  failed: 'The sign-in there did not succeed. Try again, or come in another way.',
}

function PasswordForm({ mail }: { readonly mail: boolean }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [sent, setSent] = useState(false)
  const form = useForm(async () => {
    await signIn.password(email, password)
    enterConsole()
  })
  const letter = useForm(async () => {
    await signIn.askMail(email)
    setSent(true)
  })
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    setSent(false)
    form.clear()
    letter.clear()
  }
  return (
    <form className="sign-in-form" onSubmit={form.onSubmit}>
      <TextField label="E-mail address" type="email" autoComplete="username" required value={email} onText={change(setEmail)} />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onText={change(setPassword)}
      />
      <FormProblem problem={form.problem ?? letter.problem} />
      {sent && (
        <p role="status" className="sign-in-sent">
          If somebody here has this address, a letter with a link is on its way. It works for twenty minutes.
        </p>
      )}
      <div className="sign-in-actions">
        <Button type="submit" primary disabled={form.busy}>
          Sign in
        </Button>
        {mail && (
          <Button disabled={letter.busy || !email.includes('@')} onClick={letter.onSubmit}>
            Send me a link instead
          </Button>
        )}
      </div>
    </form>
  )
}

function ReturnForm() {
  const [code, setCode] = useState('')
  const form = useForm(async () => {
    await signIn.comeBack(code)
    enterConsole()
  })
  return (
    <form className="sign-in-form" onSubmit={form.onSubmit}>
      <TextField
        label="Return code"
        className="mono"
        autoComplete="off"
        spellCheck={false}
        required
        minLength={8}
        value={code}
        placeholder="abcd-efgh-jkmn-pqrs"
        hint="It was shown to you when you joined. Lost it? Who teaches you can give you a new one."
        onText={(text) => {
          setCode(text)
          form.clear()
        }}
      />
      <FormProblem problem={form.problem} />
      <Button type="submit" disabled={form.busy}>
        Come back
      </Button>
    </form>
  )
}

/** All the ways in that are configured here. */
export function SignInCard({ opening }: { readonly opening: boolean }) {
  const ways = useLoad(signIn.ways)
  // Whole or not at all, so that nothing moves under the pointer.
  if (ways.state === 'loading')
    return <span className="skeleton sign-in-skeleton" role="status" aria-label="Looking for the ways to sign in" />
  const refusal = refusals[new URLSearchParams(window.location.search).get('sign-in') ?? '']
  const { mail = false, oidc = [] } = ways.state === 'ready' ? ways.value : {}
  return (
    <section className="landing-card" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign in</h2>
      {opening && <p>This lab was shared with you. You come back to it after signing in.</p>}
      {refusal !== undefined && (
        <p className="form-problem" role="alert">
          {refusal}
        </p>
      )}
      <div className="sign-in-providers">
        {oidc.map((one) => (
          <a key={one.id} className="button" href={`/auth/oidc/${one.id}`}>
            Sign in with {one.name}
          </a>
        ))}
      </div>
      <PasswordForm mail={mail} />
      <p className="sign-in-join">
        <PageLink to="/join" className="button">
          Join a course with a code
        </PageLink>
        <span>No e-mail address needed.</span>
      </p>
      <details className="sign-in-more">
        <summary>I have a return code</summary>
        <ReturnForm />
      </details>
      <details className="sign-in-more">
        <summary>I have a sign-in link</summary>
        <LinkForm />
      </details>
    </section>
  )
}
