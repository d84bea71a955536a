import { useEffect } from 'react'
import { signIn } from '../api/sign-in.ts'
import { Button } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useTokenOfPage } from './invitation-page.tsx'
import { enterConsole, OpenPage } from './open-page.tsx'
import { FormProblem } from './text-field.tsx'
import { useForm } from './use-form.ts'

/** A press of a button, so that programs which look at links in letters do not use the link up. */
export default function MailPage() {
  const token = useTokenOfPage()
  useEffect(() => {
    document.title = 'Sign in · Switchroom'
  }, [])
  const form = useForm(async () => {
    await signIn.openMail(token)
    enterConsole()
  })
  return (
    <OpenPage title="Sign in">
      <p>Your letter brought you here.</p>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <FormProblem problem={form.problem} />
        <Button type="submit" primary disabled={form.busy || token === ''}>
          Sign in
        </Button>
        {(form.problem !== null || token === '') && <PageLink to="/">Ask for a new link</PageLink>}
      </form>
    </OpenPage>
  )
}
