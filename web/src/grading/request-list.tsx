import { useCallback } from 'react'
import { grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import { PageLink } from '../ui/page-link.tsx'
import { whenText } from '../ui/when.ts'
import { plural } from './words.ts'

type Props = { readonly assignment: string; readonly titles: ReadonlyMap<string, string> }

/** Requests to look again that wait for an answer. Nothing when there are none. */
export function RequestList({ assignment, titles }: Props) {
  const loaded = useLoad(useCallback(() => grading.requests(assignment), [assignment]))
  if (loaded.state !== 'ready' || loaded.value.requests.length === 0) return null
  const { requests } = loaded.value
  return (
    <section className="requests" aria-labelledby="waiting">
      <h2 id="waiting">{plural(requests.length, 'request', 'requests')} to look again</h2>
      <ul className="plain-list">
        {requests.map((one) => (
          <li key={one.id}>
            <PageLink to={`/submissions/${one.submission}`}>
              {one.by}: {one.check === null ? 'the whole submission' : (titles.get(one.check) ?? one.check)}
              <small>
                {whenText(one.createdAt)}: {one.text}
              </small>
            </PageLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
