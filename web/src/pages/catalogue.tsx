import { useState } from 'react'
import { api, type CatalogueEntry } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'

export function Catalogue() {
  const catalogue = useLoad(api.catalogue)
  const [starting, setStarting] = useState<string | null>(null)

  const start = (entry: CatalogueEntry) => {
    setStarting(entry.slug)
    api.create(entry.slug).then(
      (lab) => navigate(`/labs/${lab.id}`),
      (error: Error) => {
        setStarting(null)
        toast(`${entry.title} did not start. ${error.message}`, 'fail')
      },
    )
  }

  if (catalogue.state === 'loading')
    return <span className="skeleton card-skeleton" role="status" aria-label="Loading the catalogue" />
  if (catalogue.state === 'failed') {
    return (
      <Notice title="The catalogue did not load" tone="fail">
        <p>{catalogue.error.message}</p>
        <Button onClick={catalogue.reload}>Try again</Button>
      </Notice>
    )
  }
  if (catalogue.value.catalogue.length === 0)
    return <Notice title="The catalogue is empty">This installation has no labs yet.</Notice>
  return (
    <ul className="cards">
      {catalogue.value.catalogue.map((entry) => (
        <li key={entry.slug} className="card">
          <h3>{entry.title}</h3>
          <p>{entry.summary}</p>
          <Button primary disabled={starting !== null} onClick={() => start(entry)} aria-label={`Start ${entry.title}`}>
            {starting === entry.slug ? 'Powering on…' : 'Start'}
          </Button>
        </li>
      ))}
    </ul>
  )
}
