import { useState } from 'react'
import { coursesApi } from '../api/courses.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import { Field } from './parts.tsx'

/** In a lab in which somebody tries an assignment: keeps its state as a stage of it. */
export function StoreStage({ assignment, lab }: { readonly assignment: string; readonly lab: string }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [forAll, setForAll] = useState(false)
  const store = () =>
    coursesApi.addStage(assignment, { name, labId: lab, forAll }).then(
      () => {
        toast(`“${name}” is stored. Give it to students on the page of the assignment.`)
        setOpen(false)
      },
      (error: Error) => toast(`The state was not stored. ${error.message}`, 'fail'),
    )
  return (
    <>
      <Button small primary onClick={() => setOpen(true)}>
        <Icon name="flag" size={14} /> Keep as a stage
      </Button>
      {open && (
        <Dialog title="Keep this state as a stage" onClose={() => setOpen(false)}>
          <form
            className="dialog-form"
            onSubmit={(event) => {
              event.preventDefault()
              void store()
            }}
          >
            <Field label="Name" hint="As students read it: “After task 3”.">
              <input className="field" value={name} maxLength={120} required onChange={(event) => setName(event.target.value)} />
            </Field>
            <label className="form-check">
              <input type="checkbox" checked={forAll} onChange={(event) => setForAll(event.target.checked)} />
              Every student may go to it, without its being given
            </label>
            <div className="course-actions">
              <Button type="submit" primary disabled={name.trim() === ''}>
                Keep it
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
