import { useCallback, useEffect, useState } from 'react'
import { type AuthoredLab, authoring, type NewAuthored } from '../api/authoring.ts'
import { api } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import '../pages/home.css'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'
import './authoring.css'
import { tell } from '../ui/tell.ts'
import { AuthoredRow } from './authored-row.tsx'

const edit = (id: string) => navigate(`/authoring/${id}`)

/** The labs that the organisation has written, and what new ones can be made of. */
export default function AuthoringPage() {
  const labs = useLoad(authoring.list)
  const [busy, setBusy] = useState<string | null>(null)
  const [removing, setRemoving] = useState<AuthoredLab | null>(null)
  useEffect(() => {
    document.title = 'Authoring · Switchroom'
  }, [])

  const make = (what: string, wish: NewAuthored) => {
    setBusy(what)
    authoring.create(wish).then(
      (made) => edit(made.id),
      (error: Error) => {
        setBusy(null)
        toast(`No lab was made. ${error.message}`, 'fail')
      },
    )
  }
  const remove = (lab: AuthoredLab) =>
    tell(authoring.remove(lab.id), `The draft of ${lab.title} is deleted`, labs.reload, `${lab.title} was not deleted. `)

  return (
    <div className="authoring">
      <PageHeader />
      <main className="authoring-main">
        <section aria-labelledby="authored-labs">
          <header className="authoring-head">
            <h1 id="authored-labs">Labs that you write</h1>
            <Button disabled={busy !== null} onClick={() => make('new', {})}>
              New lab
            </Button>
          </header>
          {labs.state === 'loading' && <span className="skeleton list-skeleton" role="status" aria-label="Loading your labs" />}
          {labs.state === 'failed' && (
            <Notice title="The labs did not load" tone="fail">
              <p>{labs.error.message}</p>
              <Button onClick={labs.reload}>Try again</Button>
            </Notice>
          )}
          {labs.state === 'ready' && (
            <Written
              labs={labs.value.labs}
              busy={busy}
              onDuplicate={(lab) => make(lab.id, { lab: lab.id })}
              onRemove={setRemoving}
            />
          )}
          <Deleted />
        </section>
        <section aria-labelledby="to-duplicate">
          <h2 id="to-duplicate">Duplicate from the catalogue</h2>
          <p className="authoring-lead">Take a lab that works and change it. The original stays as it is.</p>
          <CatalogueList busy={busy} onDuplicate={(slug) => make(slug, { catalogue: slug })} />
        </section>
      </main>
      {removing !== null && (
        <Confirm
          title={`Delete the draft of ${removing.title}?`}
          action="Delete the draft"
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(null)}
        >
          {removing.latest === null
            ? 'It was never published, so nothing of it is kept.'
            : 'Versions that were published stay as they are: assignments made of them go on, and any of them can be made a draft again.'}
        </Confirm>
      )}
    </div>
  )
}

type WrittenProps = {
  readonly labs: readonly AuthoredLab[]
  readonly busy: string | null
  readonly onDuplicate: (lab: AuthoredLab) => void
  readonly onRemove: (lab: AuthoredLab) => void
}

function Written({ labs, busy, onDuplicate, onRemove }: WrittenProps) {
  const { session } = useSession()
  if (labs.length === 0) {
    return (
      <div className="empty-list">
        <h3>Nothing written yet</h3>
        <p>Duplicate a lab of the catalogue, or begin with a small new one.</p>
      </div>
    )
  }
  const me = session?.person.id
  const groups = [
    { name: 'Yours', labs: labs.filter(({ owner }) => owner.id === me) },
    { name: 'Of colleagues', labs: labs.filter(({ owner }) => owner.id !== me) },
  ].filter((group) => group.labs.length > 0)
  return groups.map((group) => (
    <div key={group.name}>
      {groups.length > 1 && <h2 className="authored-group">{group.name}</h2>}
      <ul className="authored-list" aria-label={group.name}>
        {group.labs.map((lab) => (
          <AuthoredRow
            key={lab.id}
            lab={lab}
            mine={lab.owner.id === me}
            busy={busy !== null}
            onDuplicate={() => onDuplicate(lab)}
            onRemove={lab.owner.id === me || session?.role === 'owner' ? () => onRemove(lab) : null}
          />
        ))}
      </ul>
    </div>
  ))
}

/** Labs whose draft is gone: what was published of them is still there. */
function Deleted() {
  const [open, setOpen] = useState(false)
  const labs = useLoad(useCallback(() => (open ? authoring.deleted() : Promise.resolve({ labs: [] })), [open]))
  return (
    <details className="authored-deleted" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Deleted, with versions that are kept</summary>
      {labs.state === 'loading' && <p role="status">Loading…</p>}
      {labs.state === 'failed' && <p role="alert">{labs.error.message}</p>}
      {labs.state === 'ready' && labs.value.labs.length === 0 && <p>There is none.</p>}
      {labs.state === 'ready' && (
        <ul className="authored-list" aria-label="Deleted">
          {labs.value.labs.map((lab) => (
            <AuthoredRow key={lab.id} lab={lab} mine busy={false} onDuplicate={null} onRemove={null} />
          ))}
        </ul>
      )}
    </details>
  )
}

function CatalogueList({ busy, onDuplicate }: { readonly busy: string | null; readonly onDuplicate: (slug: string) => void }) {
  const catalogue = useLoad(api.catalogue)
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
  return (
    <ul className="catalogue-list">
      {catalogue.value.catalogue.map(({ slug, title, summary }) => (
        <li key={slug}>
          <div>
            <h3>{title}</h3>
            <p>{summary}</p>
          </div>
          <Button small disabled={busy !== null} aria-label={`Duplicate ${title}`} onClick={() => onDuplicate(slug)}>
            {busy === slug ? 'Duplicating…' : 'Duplicate'}
          </Button>
        </li>
      ))}
    </ul>
  )
}
