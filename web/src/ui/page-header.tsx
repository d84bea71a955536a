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
          <span>
            {session.person.name}
            <small>
              {session.role}, {session.organisation.name}
            </small>
          </span>
          <Button small onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      )}
      <ThemeToggle />
    </header>
  )
}
