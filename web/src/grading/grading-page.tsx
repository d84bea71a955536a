import { type ReactNode, useEffect } from 'react'
import { navigate } from '../router.ts'
import { PageHeader } from '../ui/page-header.tsx'
import './grading.css'

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
            {above.map(({ label, path }) => (
              <span key={path}>
                <Go to={path}>{label}</Go>
                <span aria-hidden="true"> / </span>
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

/** A link within the console. */
export function Go({
  to,
  className,
  children,
}: {
  readonly to: string
  readonly className?: string
  readonly children: ReactNode
}) {
  return (
    <a
      className={className}
      href={to}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </a>
  )
}
