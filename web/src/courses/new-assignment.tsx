import { useState } from 'react'
import { authoring } from '../api/authoring.ts'
import { api } from '../api/client.ts'
import { coursesApi } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'
import { Field, Loaded } from './parts.tsx'

const OWN = ':own'
/** Before the id of a version of a lab that the organisation has written. */
const WRITTEN = ':written '

const loadLabs = async () => {
  const [{ catalogue }, { labs }] = await Promise.all([api.catalogue(), authoring.published()])
  return { entries: catalogue, written: labs.flatMap(({ latest }) => (latest === null ? [] : [latest])) }
}
const wishOf = (lab: string, definition: string) =>
  lab === OWN ? { definition } : lab.startsWith(WRITTEN) ? { authoredVersion: lab.slice(WRITTEN.length) } : { catalogue: lab }

/** Begins an assignment: which lab it is of. Everything else is written in the editor. */
export function NewAssignment({ course }: { readonly course: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button primary onClick={() => setOpen(true)}>
        New assignment
      </Button>
      {open && <ChooseLab course={course} onClose={() => setOpen(false)} />}
    </>
  )
}

function ChooseLab({ course, onClose }: { readonly course: string; readonly onClose: () => void }) {
  const labs = useLoad(loadLabs)
  const [lab, setLab] = useState('')
  const [definition, setDefinition] = useState('')
  const make = () =>
    coursesApi.makeAssignment(course, wishOf(lab, definition)).then(
      (made) => navigate(`/assignments/${made.id}/edit`),
      (error: Error) => toast(`The assignment was not made. ${error.message}`, 'fail'),
    )
  return (
    <Dialog title="New assignment" onClose={onClose}>
      <Loaded load={labs} what="the catalogue">
        {({ entries, written }) => (
          <form
            className="dialog-form"
            onSubmit={(event) => {
              event.preventDefault()
              void make()
            }}
          >
            <Field label="Lab">
              <select className="field" required value={lab} onChange={(event) => setLab(event.target.value)}>
                <option value="">Choose a lab</option>
                {written.length > 0 && (
                  <optgroup label="Labs that your organisation has written">
                    {written.map(({ id, title, number }) => (
                      <option key={id} value={WRITTEN + id}>
                        {title}, version {number}
                      </option>
                    ))}
                  </optgroup>
                )}
                <optgroup label="Catalogue">
                  {entries.map(({ slug, title }) => (
                    <option key={slug} value={slug}>
                      {title}
                    </option>
                  ))}
                </optgroup>
                <option value={OWN}>A lab.yaml of your own</option>
              </select>
            </Field>
            {lab === OWN ? (
              <Field label="lab.yaml">
                <textarea
                  className="field code"
                  rows={12}
                  required
                  value={definition}
                  onChange={(event) => setDefinition(event.target.value)}
                />
              </Field>
            ) : (
              <p className="quiet-text">
                {entries.find(({ slug }) => slug === lab)?.summary ??
                  written.find(({ id }) => WRITTEN + id === lab)?.summary ??
                  'It becomes a draft: students do not see it until you publish it.'}
              </p>
            )}
            <div className="course-actions">
              <Button type="submit" primary disabled={lab === '' || (lab === OWN && definition.trim() === '')}>
                Make a draft
              </Button>
            </div>
          </form>
        )}
      </Loaded>
    </Dialog>
  )
}
