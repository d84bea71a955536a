import { useEffect, useState } from 'react'
import { type OperatorApi, operatorApi } from '../api/operator.ts'
import { useLoad } from '../api/use-load.ts'
import '../organisation/organisation.css'
import { ShownOnce } from '../sign-in/shown-once.tsx'
import '../sign-in/sign-in.css'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { OperatedRow } from './operated-row.tsx'

/** For whoever runs the installation: its organisations. The key is kept by this page alone, and goes with it. */
export default function OperatorPage() {
  const [api, setApi] = useState<OperatorApi | null>(null)
  useEffect(() => {
    document.title = 'Organisations · Switchroom'
  }, [])
  return (
    <div className="area-page">
      <PageHeader person={false}>
        <span className="page-person" />
      </PageHeader>
      <main className="area-main">
        <h1>Organisations of this installation</h1>
        {api === null ? <KeyForm onOpen={setApi} /> : <Organisations api={api} />}
      </main>
    </div>
  )
}

function KeyForm({ onOpen }: { readonly onOpen: (api: OperatorApi) => void }) {
  const [key, setKey] = useState('')
  const form = useForm(async () => {
    const api = operatorApi(key.trim())
    await api.organisations()
    onOpen(api)
  })
  return (
    <section className="area-section" aria-label="Key">
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <TextField
          label="Key of the operator"
          type="password"
          autoComplete="off"
          required
          value={key}
          hint="The installation was set up with it (OPERATOR_KEY). It is forgotten when this page is closed."
          onText={setKey}
        />
        {form.problem?.status === 404 ? (
          <p className="form-problem" role="alert">
            This installation has no key for its operator, so nobody can do this here.
          </p>
        ) : (
          <FormProblem problem={form.problem} />
        )}
        <Button type="submit" primary disabled={form.busy}>
          Open
        </Button>
      </form>
    </section>
  )
}

function Organisations({ api }: { readonly api: OperatorApi }) {
  const loaded = useLoad(api.organisations)
  return (
    <>
      <NewOrganisation api={api} onMade={loaded.reload} />
      <section className="area-section wide" aria-labelledby="organisations">
        <h2 id="organisations">Organisations</h2>
        {loaded.state === 'loading' && (
          <span className="skeleton list-skeleton" role="status" aria-label="Loading the organisations" />
        )}
        {loaded.state === 'failed' && (
          <Notice title="The organisations did not load" tone="fail">
            <p>{loaded.error.message}</p>
            <Button onClick={loaded.reload}>Try again</Button>
          </Notice>
        )}
        {loaded.state === 'ready' && loaded.value.organisations.length === 0 && <p>There is none yet.</p>}
        {loaded.state === 'ready' && loaded.value.organisations.length > 0 && (
          <div className="table-scroll">
            <table className="area-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Since</th>
                  <th scope="col">Members</th>
                  <th scope="col">Labs</th>
                  <th scope="col">Limits</th>
                  <th scope="col">
                    <span className="visually-hidden">What can be done</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {loaded.value.organisations.map((one) => (
                  <OperatedRow key={one.id} api={api} organisation={one} reload={loaded.reload} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </>
  )
}

function NewOrganisation({ api, onMade }: { readonly api: OperatorApi; readonly onMade: () => void }) {
  const [name, setName] = useState('')
  const [made, setMade] = useState<{ readonly name: string; readonly link: string } | null>(null)
  const form = useForm(async () => {
    const { ownerInvitation } = await api.make(name)
    setMade({ name, link: window.location.origin + ownerInvitation })
    setName('')
    onMade()
  })
  return (
    <section className="area-section" aria-labelledby="new-organisation">
      <h2 id="new-organisation">A new organisation</h2>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <TextField label="Its name" field="name" required maxLength={120} value={name} problem={form.problem} onText={setName} />
        <FormProblem problem={form.problem} fields={['name']} />
        <Button type="submit" primary disabled={form.busy}>
          Make it
        </Button>
      </form>
      {made !== null && (
        <ShownOnce label={`Invitation of the owner of ${made.name}`} text={made.link} copied="Invitation copied">
          Whoever opens it first owns the organisation. It is shown only now.
        </ShownOnce>
      )}
    </section>
  )
}
