import type { ReactNode } from 'react'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { Wordmark } from '../ui/wordmark.tsx'
import './sign-in.css'
import { PageLink } from '../ui/page-link.tsx'

/** A page for those who are not signed in yet: one card, and the way home. */
export function OpenPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="open-page">
      <header className="open-header">
        <PageLink className="page-home" to="/">
          <Wordmark />
          <strong>Switchroom</strong>
        </PageLink>
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
