import { type SyntheticEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'

/** Accepts a whole sign-in link of this site, or only its last part. */
export function signInPath(text: string): string | null {
  const token = /(?:^|\/auth\/link\/)([A-Za-z0-9._~-]{8,})\/?$/.exec(text.trim())
  return token === null ? null : `/auth/link/${token[1]}`
}

export function LinkForm() {
  const [link, setLink] = useState('')
  const [refused, setRefused] = useState(false)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const path = signInPath(link)
    if (path === null) setRefused(true)
    else window.location.assign(path)
  }
  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      <label htmlFor="sign-in-link">Sign-in link</label>
      <div className="landing-row">
        <input
          id="sign-in-link"
          className="field mono"
          autoComplete="off"
          spellCheck={false}
          value={link}
          placeholder={`${window.location.origin}/auth/link/…`}
          aria-invalid={refused}
          aria-describedby={refused ? 'sign-in-refused' : undefined}
          onChange={(event) => {
            setLink(event.target.value)
            setRefused(false)
          }}
        />
        <Button type="submit" disabled={link.trim() === ''}>
          Open it
        </Button>
      </div>
      {refused && (
        <p id="sign-in-refused" className="form-problem" role="alert">
          This is not a sign-in link. It contains /auth/link/ and ends with a long code.
        </p>
      )}
    </form>
  )
}
