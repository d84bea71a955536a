import { useState } from 'react'
import { type Assignment, coursesApi, type Stage, type TableRow } from '../api/courses.ts'
import type { Reloadable } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/tell.ts'
import { Empty, Field, Loaded } from './parts.tsx'

type Props = { readonly assignment: Assignment; readonly stages: Reloadable<{ stages: Stage[] }>; readonly assists: boolean }

/** States that students can be put to. */
export function Stages({ assignment, stages, assists }: Props) {
  const [giving, setGiving] = useState<Stage | null>(null)
  const done = (what: Promise<unknown>, said: string) => tell(what, said, stages.reload)
  return (
    <section aria-labelledby="stages">
      <h2 id="stages">States to catch up</h2>
      <Loaded load={stages} what="the stages">
        {({ stages: list }) =>
          list.length === 0 ? (
            <Empty title="None yet">
              Try the assignment as a student, work up to where the class should be, and keep that state as a stage. Then give it
              to whoever fell behind.
            </Empty>
          ) : (
            <ul className="lab-list">
              {list.map((stage) => (
                <li key={stage.id}>
                  <span className="group-name">
                    {stage.name}
                    <small>{stage.forAll ? 'Every student may go to it' : `Given to ${stage.given}`}</small>
                  </span>
                  {assists && (
                    <>
                      <Button small onClick={() => setGiving(stage)} aria-label={`Give ${stage.name} to the whole class`}>
                        Give to the class
                      </Button>
                      <Button
                        small
                        onClick={() =>
                          void done(
                            coursesApi.changeStage(assignment.id, stage.id, { forAll: !stage.forAll }),
                            `“${stage.name}” is changed`,
                          )
                        }
                      >
                        {stage.forAll ? 'Only for whom it is given' : 'Open to all'}
                      </Button>
                      <Button
                        small
                        quiet
                        aria-label={`Remove ${stage.name}`}
                        onClick={() => void done(coursesApi.removeStage(assignment.id, stage.id), `“${stage.name}” is removed`)}
                      >
                        Remove
                      </Button>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {giving !== null && (
        <Confirm
          title={`Give “${giving.name}” to the whole class?`}
          action="Give it to all"
          danger={false}
          onConfirm={() => void done(coursesApi.giveStage(assignment.id, giving.id), `The class has “${giving.name}”`)}
          onClose={() => setGiving(null)}
        >
          Everybody is offered to go on from there. Nobody loses their own lab: they decide when, and can go back.
        </Confirm>
      )}
    </section>
  )
}

type GiveProps = {
  readonly assignment: Assignment
  readonly stages: readonly Stage[]
  readonly row: TableRow
  readonly onDone: () => void
  readonly onClose: () => void
}

/** One state for one student or group. */
export function GiveStage({ assignment, stages, row, onDone, onClose }: GiveProps) {
  const [stage, setStage] = useState(stages[0]?.id ?? '')
  const give = () =>
    tell(coursesApi.giveStage(assignment.id, stage, [row.holder]), `${row.name} can go on from there`, () => {
      onDone()
      onClose()
    })
  return (
    <Dialog title={`Give a state to ${row.name}`} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          void give()
        }}
      >
        <Field label="State" hint="They are offered to go on from there, and keep their own lab.">
          <select className="field" value={stage} onChange={(event) => setStage(event.target.value)}>
            {stages.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </Field>
        <div className="course-actions">
          <Button type="submit" primary>
            Give it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
