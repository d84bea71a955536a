import { type ReactNode, useEffect } from 'react'
import type { Reloadable } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import './courses.css'
import { PageLink } from '../ui/page-link.tsx'

type PageProps = {
  readonly title: string
  /** Above the title: where this page is. */
  readonly above?: { readonly path: string; readonly text: string }
  readonly actions?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A page of courses: its name, what can be done with it, and what it says. */
export function CoursePageFrame({ title, above, actions, wide = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Switchroom`
  }, [title])
  return (
    <div className="course-page">
      <PageHeader />
      <main className={wide ? 'course-main wide' : 'course-main'}>
        <header className="course-head">
          <div>
            {above !== undefined && (
              <PageLink to={above.path} className="course-above">
                {above.text}
              </PageLink>
            )}
            <h1>{title}</h1>
          </div>
          {actions !== undefined && <div className="course-actions">{actions}</div>}
        </header>
        {children}
      </main>
    </div>
  )
}

type LoadedProps<T> = { readonly load: Reloadable<T>; readonly what: string; readonly children: (value: T) => ReactNode }

/** What was loaded, or that it is under way, or why it is not there. */
export function Loaded<T>({ load, what, children }: LoadedProps<T>) {
  if (load.state === 'loading') return <span className="skeleton list-skeleton" role="status" aria-label={`Loading ${what}`} />
  if (load.state === 'failed')
    return (
      <Notice title={`${what.charAt(0).toUpperCase()}${what.slice(1)} did not load`} tone="fail">
        <p>{load.error.message}</p>
        <Button onClick={load.reload}>Try again</Button>
      </Notice>
    )
  return <>{children(load.value)}</>
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty-list">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

/** A label over whatever is typed or chosen. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly error?: string
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="form-field">
      <span>{label}</span>
      {children}
      {hint !== undefined && <small>{hint}</small>}
      {error !== undefined && <small className="form-error">{error}</small>}
    </label>
  )
}
