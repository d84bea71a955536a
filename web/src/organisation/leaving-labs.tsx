import { organisationApi } from '../api/organisation.ts'
import { useLoad } from '../api/use-load.ts'
import './organisation.css'
import { PageLink } from '../ui/page-link.tsx'
import { dayText } from '../ui/when.ts'

/** Labs that are removed soon because nobody uses them. Nothing when there are none. */
export function LeavingLabs() {
  const leaving = useLoad(organisationApi.leaving)
  if (leaving.state !== 'ready' || leaving.value.labs.length === 0) return null
  return (
    <section className="area-section leaving" aria-labelledby="leaving">
      <h2 id="leaving">Removed soon</h2>
      <p>Nobody has used these labs for a long time. Open one and type in it to keep it.</p>
      <ul className="plain-list">
        {leaving.value.labs.map((one) => (
          <li key={one.id}>
            <PageLink to={`/labs/${one.id}`}>{one.title}</PageLink>
            <span>
              on <time dateTime={one.removedAt}>{dayText(one.removedAt)}</time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
