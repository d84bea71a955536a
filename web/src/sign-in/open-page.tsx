import type { ReactNode } from 'react'
import { navigate } from '../router.ts'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { Wordmark } from '../ui/wordmark.tsx'
import './sign-in.css'

/** A page for those who are not signed in yet: one card, and the way home. */
export function OpenPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="open-page">
      <header className="open-header">
        <a
          className="page-home"
          href="/"
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            navigate('/')
          }}
        >
          <Wordmark />
          <strong>Switchroom</strong>
        </a>
        <ThemeToggle />
      </header>
      <main className="open-main">
        <section className="open-card" aria-labelledby="open-title">
          <h1 id="open-title">{title}</h1>
          {children}
        </section>
      </main>
    </div>
  )
}

/** Into the console anew, so that everything knows who is signed in. */
export const enterConsole = (path = '/') => window.location.assign(path)
