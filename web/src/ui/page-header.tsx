import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { navigate } from '../router.ts'
import { Button } from './button.tsx'
import './page-header.css'
import { PageNav } from './page-nav.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { Wordmark } from './wordmark.tsx'

/** The bar over every signed-in page; a page puts what is its own between the name and the person. */
export function PageHeader({ children, person = true }: { readonly children?: ReactNode; readonly person?: boolean }) {
  const { session, signOut } = useSession()
  return (
    <header className="page-header">
      <a
        className="page-home"
        href="/"
        aria-label="Switchroom, your labs"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          navigate('/')
        }}
      >
        <Wordmark />
        <strong>Switchroom</strong>
      </a>
      {person && <PageNav />}
      {children}
      {person && session !== null && (
        <div className="page-person">
          <a
            className="page-account"
            href="/account"
            title="Your account"
            aria-label={`${session.person.name}, your account`}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return
              event.preventDefault()
              navigate('/account')
            }}
          >
            {session.person.name}
            <small>
              {session.role}, {session.organisation.name}
            </small>
          </a>
          <Button small onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      )}
      <ThemeToggle />
    </header>
  )
}
