import { useState } from 'react'
import { type Account, accountApi } from '../api/account.ts'
import { useSession } from '../api/session.tsx'
import { signIn } from '../api/sign-in.ts'
import { useLoad } from '../api/use-load.ts'
import { ShownOnce } from '../sign-in/shown-once.tsx'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'

type Props = { readonly account: Account; readonly reload: () => void }

export function NameSection({ account, reload }: Props) {
  const { retry } = useSession()
  const [name, setName] = useState(account.name)
  const form = useForm(async () => {
    await accountApi.rename(name)
    toast('Your name is changed')
    reload()
    retry()
  })
  return (
    <section className="area-section" aria-labelledby="account-name">
      <h2 id="account-name">Name</h2>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <TextField
          label="What you are called"
          field="name"
          required
          maxLength={120}
          autoComplete="name"
          value={name}
          problem={form.problem}
          onText={setName}
        />
        <FormProblem problem={form.problem} fields={['name']} />
        <Button type="submit" disabled={form.busy || name.trim() === account.name}>
          Change the name
        </Button>
      </form>
    </section>
  )
}

export function PasswordSection({ account, reload }: Props) {
  const ways = useLoad(signIn.ways)
  const has = account.ways.includes('credential')
  const letters = ways.state === 'ready' && ways.value.mail
  const [email, setEmail] = useState('')
  const [old, setOld] = useState('')
  const [password, setPassword] = useState('')
  const form = useForm(async () => {
    await accountApi.setPassword({ password, ...(has && { old }), ...(account.email === null && { email }) })
    toast(
      letters && account.email === null
        ? `A letter is on its way to ${email}`
        : 'Your password is set. Other sessions of yours have ended.',
    )
    setOld('')
    setPassword('')
    reload()
  })
  const providers = ways.state === 'ready' ? ways.value.oidc : []
  return (
    <section className="area-section" aria-labelledby="account-password">
      <h2 id="account-password">Signing in</h2>
      {account.email === null ? (
        <p>You have no e-mail address here. With one and a password you can sign in from anywhere.</p>
      ) : (
        <p>
          {account.email} {account.verified ? '(proved)' : '(not proved: only a name beside your password)'}
        </p>
      )}
      {account.unproved !== null && (
        <p role="status">
          A letter is on its way to {account.unproved}. Open the link in it in this browser: until then the address does not
          count.
        </p>
      )}
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        {account.email === null && (
          <TextField
            label="E-mail address"
            field="email"
            type="email"
            required
            autoComplete="username"
            value={email}
            problem={form.problem}
            onText={setEmail}
          />
        )}
        {has && (
          <TextField
            label="Old password"
            field="old"
            type="password"
            required
            autoComplete="current-password"
            value={old}
            problem={form.problem}
            onText={setOld}
          />
        )}
        <TextField
          label="New password"
          field="password"
          type="password"
          required
          minLength={10}
          autoComplete="new-password"
          value={password}
          problem={form.problem}
          hint="At least 10 characters."
          onText={setPassword}
        />
        <FormProblem problem={form.problem} fields={['email', 'old', 'password']} />
        <Button type="submit" disabled={form.busy}>
          {has ? 'Change the password' : 'Set a password'}
        </Button>
      </form>
      {account.email === null &&
        providers.map((one) => (
          <a key={one.id} className="button" href={`/auth/oidc/${one.id}`}>
            Connect {one.name}
          </a>
        ))}
    </section>
  )
}

/** Another address, or a letter that proves the one that there is. Only where letters are sent. */
export function AddressSection({ account, reload }: Props) {
  const ways = useLoad(signIn.ways)
  const has = account.ways.includes('credential')
  const [email, setEmail] = useState(account.verified ? '' : (account.email ?? ''))
  const [password, setPassword] = useState('')
  const form = useForm(async () => {
    await accountApi.setAddress({ email, ...(has && { password }) })
    toast(`A letter is on its way to ${email}`)
    setPassword('')
    reload()
  })
  if (account.email === null || ways.state !== 'ready' || !ways.value.mail) return null
  return (
    <section className="area-section" aria-labelledby="account-address">
      <h2 id="account-address">E-mail address</h2>
      <p>A letter goes to the address; it counts when you open the link in it.</p>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <TextField
          label={account.verified ? 'New address' : 'Your address'}
          field="email"
          type="email"
          required
          autoComplete="email"
          value={email}
          problem={form.problem}
          onText={setEmail}
        />
        {has && (
          <TextField
            label="Your password"
            field="password"
            type="password"
            required
            autoComplete="current-password"
            value={password}
            problem={form.problem}
            onText={setPassword}
          />
        )}
        <FormProblem problem={form.problem} fields={['email', 'password']} />
        <Button type="submit" disabled={form.busy}>
          Send the letter
        </Button>
      </form>
    </section>
  )
}

export function ReturnCodeSection() {
  const [code, setCode] = useState<string | null>(null)
  const form = useForm(async () => setCode((await accountApi.returnCode()).code))
  return (
    <section className="area-section" aria-labelledby="account-return">
      <h2 id="account-return">Return code</h2>
      <p>Brings you back without an e-mail address. A new one ends the one before.</p>
      {code !== null && (
        <ShownOnce label="Your return code" text={code} copied="Return code copied">
          It is shown only now.
        </ShownOnce>
      )}
      <form onSubmit={form.onSubmit}>
        <FormProblem problem={form.problem} />
        <Button type="submit" disabled={form.busy}>
          Make a new return code
        </Button>
      </form>
    </section>
  )
}
