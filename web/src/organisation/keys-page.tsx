import { useId, useState } from 'react'
import { type Key, organisationApi } from '../api/organisation.ts'
import { useLoad } from '../api/use-load.ts'
import { ShownOnce } from '../sign-in/shown-once.tsx'
import { FormProblem, TextField } from '../sign-in/text-field.tsx'
import { useForm } from '../sign-in/use-form.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Notice } from '../ui/notice.tsx'
import { tell } from '../ui/tell.ts'
import { dayText, whenText } from '../ui/when.ts'
import { AreaFrame } from './area-frame.tsx'

const scopes: readonly (readonly [string, string])[] = [
  ['labs:read', 'look at labs'],
  ['labs:write', 'make labs and type in them'],
  ['labs:check', 'run checks'],
  ['courses:read', 'read courses and rosters'],
  ['courses:write', 'change courses and rosters'],
  ['grades:read', 'read grades'],
  ['grades:write', 'grade and override'],
]
const lives: readonly (readonly [string, number | undefined])[] = [
  ['30 days', 30],
  ['90 days', 90],
  ['a year', 365],
  ['until it is revoked', undefined],
]

function NewKey({ onMade }: { readonly onMade: () => void }) {
  const id = useId()
  const [label, setLabel] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>(['labs:read'])
  const [life, setLife] = useState(1)
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm(async () => {
    const expiresInDays = lives[life]?.[1]
    const made = await organisationApi.addKey({ label, scopes: chosen, ...(expiresInDays !== undefined && { expiresInDays }) })
    setSecret(made.secret)
    setLabel('')
    onMade()
  })
  const toggle = (scope: string) => setChosen(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope])
  return (
    <>
      <form className="sign-in-form" onSubmit={form.onSubmit}>
        <TextField
          label="What it is for"
          field="label"
          required
          maxLength={120}
          value={label}
          problem={form.problem}
          onText={setLabel}
        />
        <fieldset className="area-choices">
          <legend>What it may do</legend>
          {scopes.map(([scope, text]) => (
            <label key={scope}>
              <input type="checkbox" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
              <code>{scope}</code> {text}
            </label>
          ))}
        </fieldset>
        <div className="text-field">
          <label htmlFor={id}>It works for</label>
          <select id={id} className="field" value={life} onChange={(event) => setLife(Number(event.target.value))}>
            {lives.map(([text], at) => (
              <option key={text} value={at}>
                {text}
              </option>
            ))}
          </select>
        </div>
        <FormProblem problem={form.problem} fields={['label']} />
        <Button type="submit" primary disabled={form.busy || chosen.length === 0}>
          Make the key
        </Button>
      </form>
      {secret !== null && (
        <ShownOnce label="The key" text={secret} copied="Key copied">
          Send it as <code>Authorization: Bearer …</code>. Only its hash is kept: it is shown now and never again.
        </ShownOnce>
      )}
    </>
  )
}

export default function KeysPage() {
  const keys = useLoad(organisationApi.keys)
  const [ending, setEnding] = useState<Key | null>(null)
  const end = (key: Key) => tell(organisationApi.removeKey(key.id), `${key.label} is revoked`, keys.reload)
  const rows = keys.state === 'ready' ? keys.value.keys : []
  return (
    <AreaFrame title="Keys">
      <section className="area-section" aria-labelledby="new-key">
        <h2 id="new-key">A new key</h2>
        <p>For programs: a grader, a script, a learning platform.</p>
        <NewKey onMade={keys.reload} />
      </section>
      <section className="area-section wide" aria-labelledby="keys">
        <h2 id="keys">Keys</h2>
        {keys.state === 'loading' && <span className="skeleton list-skeleton" role="status" aria-label="Loading the keys" />}
        {keys.state === 'failed' && (
          <Notice title="The keys did not load" tone="fail">
            <p>{keys.error.message}</p>
            <Button onClick={keys.reload}>Try again</Button>
          </Notice>
        )}
        {keys.state === 'ready' && rows.length === 0 && <p>There is none yet.</p>}
        {rows.length > 0 && (
          <div className="table-scroll">
            <table className="area-table">
              <thead>
                <tr>
                  <th scope="col">For</th>
                  <th scope="col">Begins with</th>
                  <th scope="col">May</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Ends</th>
                  <th scope="col">
                    <span className="visually-hidden">What can be done</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      {one.label}
                      {one.createdByName !== '' && <small> by {one.createdByName}</small>}
                    </th>
                    <td>
                      <code>{one.prefix === '' ? 'sr_…' : `${one.prefix}…`}</code>
                    </td>
                    <td>{one.scopes.join(', ')}</td>
                    <td>{one.lastUsedAt === null ? 'never' : whenText(one.lastUsedAt)}</td>
                    <td>{one.expiresAt === null ? 'never' : dayText(one.expiresAt)}</td>
                    <td className="table-end">
                      <Button small danger aria-label={`Revoke ${one.label}`} onClick={() => setEnding(one)}>
                        Revoke
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {ending !== null && (
        <Confirm
          title={`Revoke ${ending.label}?`}
          action="Revoke"
          onConfirm={() => void end(ending)}
          onClose={() => setEnding(null)}
        >
          Whatever uses it is refused from now on.
        </Confirm>
      )}
    </AreaFrame>
  )
}
