import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { Button } from './button.tsx'
import './page-header.css'
import { PageLink } from './page-link.tsx'
import { PageNav } from './page-nav.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { Wordmark } from './wordmark.tsx'

/** The bar over every signed-in page; a page puts what is its own between the name and the person. */
export function PageHeader({ children, person = true }: { readonly children?: ReactNode; readonly person?: boolean }) {
  const { session, signOut } = useSession()
  return (
    <header className="page-header">
      <PageLink className="page-home" to="/" aria-label="Switchroom, your labs">
        <Wordmark />
        <strong>Switchroom</strong>
      </PageLink>
      {person && <PageNav />}
      {children}
      {person && session !== null && (
        <div className="page-person">
          <PageLink
            className="page-account"
            to="/account"
            title="Your account"
            aria-label={`${session.person.name}, your account`}
          >
            {session.person.name}
            <small>
              {session.role}, {session.organisation.name}
            </small>
          </PageLink>
          <Button small onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      )}
      <ThemeToggle />
    </header>
  )
}
