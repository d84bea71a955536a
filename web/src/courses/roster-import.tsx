import { useState } from 'react'
import { type Course, coursesApi, type RosterDone, type RosterPreview } from '../api/courses.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import { Field } from './parts.tsx'

type Props = { readonly course: Course; readonly onDone: () => void; readonly onClose: () => void }

const becomesWords = { new: 'New', known: 'Known, comes into the course', enrolled: 'In the course already' } as const

/** A class list: chosen or pasted, looked at, and imported whole or not at all. */
export function RosterImport({ course, onDone, onClose }: Props) {
  const [csv, setCsv] = useState('')
  const [preview, setPreview] = useState<RosterPreview | null>(null)
  const [done, setDone] = useState<RosterDone | null>(null)
  const [busy, setBusy] = useState(false)
  const during = <T,>(work: Promise<T>, then: (value: T) => void) => {
    setBusy(true)
    work.then(then, (error: Error) => toast(error.message, 'fail')).finally(() => setBusy(false))
  }
  const look = (text: string) => during(coursesApi.previewRoster(course.id, text), setPreview)

  if (done !== null) {
    const links = done.links.map(({ name, path }) => `${name}\t${window.location.origin}${path}`).join('\n')
    return (
      <Dialog title="Class list imported" onClose={onClose}>
        <div className="dialog-form">
          <p>
            {done.added} new, {done.known} known.{' '}
            {done.links.length > 0 && 'Each new person has a link that signs them in, once, within a week. It is shown only now.'}
          </p>
          {done.links.length > 0 && (
            <>
              <div className="course-table-scroll">
                <table className="course-table">
                  <tbody>
                    {done.links.map(({ name, path }) => (
                      <tr key={path}>
                        <th scope="row">{name}</th>
                        <td>
                          <code className="roster-link">{`${window.location.origin}${path}`}</code>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <div className="course-actions">
                <Button onClick={() => void copyText(links, 'Names and links copied')}>Copy all names and links</Button>
              </div>
            </>
          )}
          <div className="course-actions">
            <Button primary onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="Import a class list" onClose={onClose}>
      <div className="dialog-form">
        <Field
          label="Class list (CSV)"
          hint="The first line names the columns: name (or first name and last name), and if you like email, role, group."
        >
          <textarea
            className="field code"
            rows={8}
            value={csv}
            placeholder={'name,email,group\nAnn Example,ann@example.org,Red'}
            onChange={(event) => {
              setCsv(event.target.value)
              setPreview(null)
            }}
          />
        </Field>
        <div className="course-actions">
          <label className="button">
            Choose a file
            <input
              type="file"
              className="visually-hidden"
              accept=".csv,.txt,text/csv,text/plain"
              onChange={(event) => {
                const file = event.target.files?.[0]
                if (file === undefined) return
                void file.text().then((text) => {
                  setCsv(text)
                  look(text)
                })
              }}
            />
          </label>
          <Button disabled={csv.trim() === '' || busy} onClick={() => look(csv)}>
            Look at it
          </Button>
        </div>
        {preview !== null && <Preview preview={preview} />}
        {preview !== null && preview.faults.length === 0 && (
          <div className="course-actions">
            <Button
              primary
              disabled={busy}
              onClick={() =>
                during(coursesApi.importRoster(course.id, csv), (value) => {
                  setDone(value)
                  onDone()
                })
              }
            >
              Import {preview.rows.length} {preview.rows.length === 1 ? 'person' : 'people'}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Preview({ preview }: { readonly preview: RosterPreview }) {
  const { rows, faults, ignored } = preview
  return (
    <>
      {faults.length > 0 && (
        <div role="alert">
          <p>Nothing is imported as long as a line is broken.</p>
          <ul className="finding-list">
            {faults.map((fault) => (
              <li key={`${fault.line} ${fault.column}`} className="blocks">
                <Icon name="warn" />
                <span>
                  <strong>
                    Line {fault.line}
                    {fault.column === '' ? '' : `, column “${fault.column}”`}:
                  </strong>{' '}
                  {fault.message}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {ignored.length > 0 && <p className="quiet-text">Columns that are not used: {ignored.join(', ')}.</p>}
      {rows.length > 0 && (
        <div className="course-table-scroll">
          <table className="course-table">
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Name</th>
                <th scope="col">E-mail</th>
                <th scope="col">Part</th>
                <th scope="col">Group</th>
                <th scope="col">Is</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.line}>
                  <td>{row.line}</td>
                  <th scope="row">{row.name}</th>
                  <td>{row.email ?? '–'}</td>
                  <td>{row.role}</td>
                  <td>{row.group ?? '–'}</td>
                  <td>{becomesWords[row.becomes]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
