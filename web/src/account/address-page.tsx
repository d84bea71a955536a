import { useEffect, useState } from 'react'
import { accountApi } from '../api/account.ts'
import { useTokenOfPage } from '../sign-in/invitation-page.tsx'
import { OpenPage } from '../sign-in/open-page.tsx'
import { FormProblem } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'

/** Where the letter to a new address leads. A press of a button, so that programs which look at links do not use it up. */
export default function AddressPage() {
  const token = useTokenOfPage()
  const [proved, setProved] = useState<string | null>(null)
  useEffect(() => {
    document.title = 'Your e-mail address · Switchroom'
  }, [])
  const form = useForm(async () => setProved((await accountApi.proveAddress(token)).email))
  return (
    <OpenPage title="Your e-mail address">
      {proved !== null ? (
        <p role="status">{proved} is yours. You can sign in with it from now on.</p>
      ) : (
        <form className="sign-in-form" onSubmit={form.onSubmit}>
          <p>Your letter brought you here. Confirm that its address is yours.</p>
          <FormProblem problem={form.problem} />
          <Button type="submit" primary disabled={form.busy || token === ''}>
            Confirm the address
          </Button>
        </form>
      )}
      <PageLink to="/account">Your account</PageLink>
    </OpenPage>
  )
}
