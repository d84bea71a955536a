import { useSession } from '../api/session.tsx'
import { usePath } from '../router.ts'
import './page-nav.css'
import { PageLink } from './page-link.tsx'

type Area = {
  readonly path: string
  readonly label: string
  /** Where else pages of it are. */
  readonly also?: readonly string[]
  /** Who sees it; default: everybody who is signed in. */
  readonly roles?: readonly string[]
}

/** The parts of the product that a person can go to from everywhere. */
const areas: readonly Area[] = [
  { path: '/labs', label: 'Labs' },
  { path: '/courses', label: 'Courses', also: ['/assignments'] },
  { path: '/grades', label: 'Grades', also: ['/submissions', '/jobs', '/similarity', '/webhooks'] },
  { path: '/authoring', label: 'Authoring', roles: ['teacher', 'owner'] },
  { path: '/platforms', label: 'Platforms', roles: ['teacher', 'owner'] },
  { path: '/organisation', label: 'Organisation', roles: ['teacher', 'owner'] },
]

export function PageNav() {
  const { session } = useSession()
  const path = usePath()
  const shown = areas.filter(({ roles }) => session !== null && (roles === undefined || roles.includes(session.role)))
  const isHere = (area: Area) =>
    [area.path, ...(area.also ?? [])].some((begin) => path.startsWith(begin)) || (area.path === '/labs' && path === '/')
  if (shown.length < 2) return null
  return (
    <nav className="page-nav" aria-label="Areas">
      {shown.map((area) => (
        <PageLink key={area.path} to={area.path} aria-current={isHere(area) ? 'page' : undefined}>
          {area.label}
        </PageLink>
      ))}
    </nav>
  )
}
