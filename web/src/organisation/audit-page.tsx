import { useCallback, useEffect, useId, useState } from 'react'
import { type AuditEntry, organisationApi } from '../api/organisation.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { exactText } from '../ui/when.ts'
import { AreaFrame } from './area-frame.tsx'

const kinds: readonly (readonly [string, string])[] = [
  ['', 'everything'],
  ['member', 'members'],
  ['invitation', 'invitations'],
  ['key', 'keys'],
  ['session', 'sign-ins'],
  ['account', 'accounts'],
  ['person', 'erasures'],
  ['lab', 'labs'],
  ['course', 'courses'],
  ['organisation', 'the organisation'],
]

function Entry({ entry }: { readonly entry: AuditEntry }) {
  return (
    <tr>
      <td>
        <time dateTime={entry.at}>{exactText(entry.at)}</time>
      </td>
      <th scope="row">
        {entry.by.name}
        {entry.by.via !== 'session' && <small> ({entry.by.via})</small>}
      </th>
      <td>
        <code>{entry.action}</code>
      </td>
      <td>
        {entry.object.name === '' ? entry.object.kind : entry.object.name}
        {entry.detail !== '' && <small> {entry.detail}</small>}
      </td>
      <td className="mono">{entry.address}</td>
    </tr>
  )
}

export default function AuditPage() {
  const id = useId()
  const [kind, setKind] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null)
  const [next, setNext] = useState<number | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const load = useCallback(
    async (before: number | null) => {
      const day = (text: string, plus: number) => new Date(new Date(`${text}T00:00:00`).getTime() + plus).toISOString()
      const page = await organisationApi.audit({
        ...(kind !== '' && { action: `${kind}.` }),
        ...(from !== '' && { from: day(from, 0) }),
        ...(to !== '' && { to: day(to, 24 * 3_600_000) }),
        ...(before !== null && { before: String(before) }),
      })
      setEntries((old) => (before === null ? page.entries : [...(old ?? []), ...page.entries]))
      setNext(page.next)
      setError(null)
    },
    [kind, from, to],
  )
  useEffect(() => {
    load(null).catch(setError)
  }, [load])
  return (
    <AreaFrame title="Audit log">
      <section className="area-section wide" aria-labelledby="audit">
        <h2 id="audit">Audit log</h2>
        <div className="area-row">
          <label htmlFor={id}>
            Show{' '}
            <select id={id} className="field" value={kind} onChange={(event) => setKind(event.target.value)}>
              {kinds.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            From <input className="field" type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
          </label>
          <label>
            To <input className="field" type="date" value={to} onChange={(event) => setTo(event.target.value)} />
          </label>
        </div>
        {error !== null && (
          <Notice title="The log did not load" tone="fail">
            <p>{error.message}</p>
            <Button onClick={() => void load(null).catch(setError)}>Try again</Button>
          </Notice>
        )}
        {entries === null && error === null && (
          <span className="skeleton list-skeleton" role="status" aria-label="Loading the log" />
        )}
        {entries?.length === 0 && <p>Nothing of that kind was done then.</p>}
        {entries !== null && entries.length > 0 && (
          <div className="table-scroll">
            <table className="area-table">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Who</th>
                  <th scope="col">Did</th>
                  <th scope="col">To what</th>
                  <th scope="col">From where</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((one) => (
                  <Entry key={one.id} entry={one} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {next !== null && <Button onClick={() => void load(next).catch(setError)}>Show older ones</Button>}
      </section>
    </AreaFrame>
  )
}
