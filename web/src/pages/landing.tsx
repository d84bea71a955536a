import { type SyntheticEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { Wordmark } from '../ui/wordmark.tsx'
import { LandingDrawing } from './landing-drawing.tsx'
import './landing.css'

/** Accepts a whole sign-in link of this site, or only its last part. */
export function signInPath(text: string): string | null {
  const token = /(?:^|\/auth\/link\/)([A-Za-z0-9._~-]{8,})\/?$/.exec(text.trim())
  return token === null ? null : `/auth/link/${token[1]}`
}

export function LandingPage({ opening }: { readonly opening: boolean }) {
  const [link, setLink] = useState('')
  const [refused, setRefused] = useState(false)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const path = signInPath(link)
    if (path === null) setRefused(true)
    else window.location.assign(path)
  }
  return (
    <div className="landing">
      <header className="landing-header">
        <Wordmark />
        <strong>Switchroom</strong>
        <ThemeToggle />
      </header>
      <main className="landing-main">
        <section className="landing-text">
          <h1>A network lab with every frame on the table</h1>
          <p>
            A Windows 11 computer with Hyper-V, its guests, the home network around it and an Internet behind that. Type what you
            would type on the real thing, then open any packet that it caused.
          </p>
          <form className="landing-card" onSubmit={submit} noValidate>
            <h2>Sign in</h2>
            <p>
              {opening ? 'This lab was shared with you. ' : ''}Open the sign-in link that your teacher sent you, or paste it here.
              {opening ? ' You come back to the lab afterwards.' : ''}
            </p>
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
              <Button type="submit" primary disabled={link.trim() === ''}>
                Sign in
              </Button>
            </div>
            {refused && (
              <p id="sign-in-refused" className="landing-refused" role="alert">
                This is not a sign-in link. It contains /auth/link/ and ends with a long code.
              </p>
            )}
            <p className="landing-small">
              Running Switchroom yourself? <code>npm start</code> prints links for a demo teacher and two students.
            </p>
          </form>
        </section>
        <LandingDrawing />
      </main>
      <footer className="landing-footer">
        <a href="/docs.html">HTTP interface</a>
      </footer>
    </div>
  )
}
