import { type ReactNode, useEffect } from 'react'
import { useSession } from '../api/session.tsx'
import { usePath } from '../router.ts'
import '../sign-in/sign-in.css'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import './organisation.css'
import { PageLink } from '../ui/page-link.tsx'

const tabs = [
  { path: '/organisation', label: 'Members', roles: ['teacher', 'owner'] },
  { path: '/organisation/usage', label: 'Usage', roles: ['teacher', 'owner'] },
  { path: '/organisation/keys', label: 'Keys', roles: ['owner'] },
  { path: '/organisation/audit', label: 'Audit log', roles: ['owner'] },
  { path: '/organisation/settings', label: 'Settings', roles: ['owner'] },
] as const

/** The pages of an organisation: its name, the others of them, and one of them. */
export function AreaFrame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { session } = useSession()
  const here = usePath()
  useEffect(() => {
    document.title = `${title} · Switchroom`
  }, [title])
  const role = session?.role ?? ''
  const shown = tabs.filter(({ roles }) => (roles as readonly string[]).includes(role))
  const allowed = shown.some(({ path }) => path === here.replace(/\/$/, ''))
  return (
    <div className="area-page">
      <PageHeader />
      <main className="area-main">
        <h1>{session?.organisation.name}</h1>
        {shown.length > 0 && (
          <nav className="area-tabs" aria-label="Organisation">
            {shown.map(({ path, label }) => (
              <span key={path} data-here={path === here.replace(/\/$/, '')}>
                <PageLink to={path}>{label}</PageLink>
              </span>
            ))}
          </nav>
        )}
        {allowed ? (
          children
        ) : (
          <Notice title="This page is for those who run the organisation">
            <p>Your role is {role}. Ask an owner if you need something from here.</p>
          </Notice>
        )}
      </main>
    </div>
  )
}
