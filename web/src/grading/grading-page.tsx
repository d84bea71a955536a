import { type ReactNode, useEffect } from 'react'
import { PageHeader } from '../ui/page-header.tsx'
import './grading.css'
import { PageLink } from '../ui/page-link.tsx'

type Props = {
  readonly title: string
  /** Where this is a part of: `Grades`, then the assignment. */
  readonly above?: readonly { readonly label: string; readonly path: string }[]
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** What all pages about grades have in common. */
export function GradingPage({ title, above = [], actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Switchroom`
  }, [title])
  return (
    <div className="grading">
      <PageHeader />
      <main className="grading-main">
        {above.length > 0 && (
          <nav className="crumbs" aria-label="Where this is">
            {above.map(({ label, path }, at) => (
              <span key={path}>
                {at > 0 && <span aria-hidden="true"> / </span>}
                <PageLink to={path}>{label}</PageLink>
              </span>
            ))}
          </nav>
        )}
        <div className="grading-head">
          <h1>{title}</h1>
          {actions !== undefined && <div className="grading-actions">{actions}</div>}
        </div>
        {children}
      </main>
    </div>
  )
}
