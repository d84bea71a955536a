import { useCallback, useState } from 'react'
import { type Course, type CoursePerson, coursesApi } from '../api/courses.ts'
import { type Reloadable, useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { Empty, Field, Loaded } from './parts.tsx'
import { RosterImport } from './roster-import.tsx'
import { spanText } from './words.ts'

export type PeopleLoad = Reloadable<{ people: CoursePerson[] }>
type Props = { readonly course: Course; readonly people: PeopleLoad }

const roleWords = { student: 'Student', assistant: 'Assistant', observer: 'Observer' } as const

/** Who is in the course. */
export function People({ course, people }: Props) {
  const [importing, setImporting] = useState(false)
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<CoursePerson | null>(null)
  const [timing, setTiming] = useState<CoursePerson | null>(null)
  const manages = course.part === 'manage'
  const change = (what: Promise<unknown>, done: string) => tell(what, done, people.reload)
  return (
    <section aria-labelledby="people">
      <div className="section-head">
        <h2 id="people">People</h2>
        {manages && (
          <div className="course-actions">
            <Button onClick={() => setAdding(true)}>Add somebody</Button>
            <Button onClick={() => setImporting(true)}>Import a class list</Button>
          </div>
        )}
      </div>
      <Loaded load={people} what="the people">
        {({ people: list }) =>
          list.length === 0 ? (
            <Empty title="Nobody is in the course yet">Import a class list, or give your students the code.</Empty>
          ) : (
            <div className="course-table-scroll">
              <table className="course-table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Part</th>
                    <th scope="col">Group</th>
                    <th scope="col">Extra time</th>
                    {manages && <th scope="col" aria-label="What can be done" />}
                  </tr>
                </thead>
                <tbody>
                  {list.map((person) => (
                    <tr key={person.id}>
                      <th scope="row">{person.name}</th>
                      <td>
                        {manages ? (
                          <select
                            className="field small"
                            aria-label={`Part of ${person.name}`}
                            value={person.role}
                            onChange={(event) =>
                              void change(
                                coursesApi.changePerson(course.id, person.id, { role: event.target.value }),
                                `${person.name} is changed`,
                              )
                            }
                          >
                            {Object.entries(roleWords).map(([role, word]) => (
                              <option key={role} value={role}>
                                {word}
                              </option>
                            ))}
                          </select>
                        ) : (
                          roleWords[person.role]
                        )}
                      </td>
                      <td>{person.group?.name ?? '–'}</td>
                      <td>{extraText(person)}</td>
                      {manages && (
                        <td className="actions">
                          {person.role === 'student' && (
                            <Button small onClick={() => setTiming(person)} aria-label={`Extra time for ${person.name}`}>
                              Extra time
                            </Button>
                          )}
                          <Button
                            small
                            quiet
                            iconOnly
                            title="Remove"
                            aria-label={`Remove ${person.name}`}
                            onClick={() => setRemoving(person)}
                          >
                            <Icon name="trash" size={14} />
                          </Button>
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {importing && <RosterImport course={course} onDone={people.reload} onClose={() => setImporting(false)} />}
      {adding && <AddPerson course={course} onDone={people.reload} onClose={() => setAdding(false)} />}
      {timing !== null && (
        <ExtraTime
          person={timing}
          onSave={(extra) => void change(coursesApi.changePerson(course.id, timing.id, extra), `${timing.name} has more time`)}
          onClose={() => setTiming(null)}
        />
      )}
      {removing !== null && (
        <Confirm
          title={`Remove ${removing.name} from the course?`}
          action="Remove"
          onConfirm={() =>
            void change(coursesApi.removePerson(course.id, removing.id), `${removing.name} is not in the course any more`)
          }
          onClose={() => setRemoving(null)}
        >
          They see nothing of the course any more. What they did is kept, and theirs again when they come back.
        </Confirm>
      )}
    </section>
  )
}

type Extra = { readonly extraMinutes: number; readonly extraPercent: number }

function extraText({ extraMinutes, extraPercent }: Extra): string {
  const parts = [
    ...(extraMinutes > 0 ? [spanText(extraMinutes * 60_000)] : []),
    ...(extraPercent > 0 ? [`${extraPercent} % of the time`] : []),
  ]
  return parts.length === 0 ? '–' : parts.join(' and ')
}

type ExtraProps = { readonly person: CoursePerson; readonly onSave: (extra: Extra) => void; readonly onClose: () => void }

function ExtraTime({ person, onSave, onClose }: ExtraProps) {
  const [hours, setHours] = useState(String(person.extraMinutes / 60))
  const [percent, setPercent] = useState(String(person.extraPercent))
  return (
    <Dialog title={`Extra time for ${person.name}`} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          onSave({ extraMinutes: Math.round(Number(hours) * 60), extraPercent: Number(percent) })
          onClose()
        }}
      >
        <Field label="Hours" hint="Every assignment of the course is due so much later for them.">
          <input
            className="field"
            type="number"
            min={0}
            max={8760}
            step="0.25"
            required
            value={hours}
            onChange={(event) => setHours(event.target.value)}
          />
        </Field>
        <Field
          label="Percent of the time"
          hint="Of the time between opening and due, in addition: 25 % of an hour are 15 minutes. It counts for assignments that have both dates."
        >
          <input
            className="field"
            type="number"
            min={0}
            max={400}
            step={1}
            required
            value={percent}
            onChange={(event) => setPercent(event.target.value)}
          />
        </Field>
        <div className="course-actions">
          <Button type="submit" primary>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type AddProps = { readonly course: Course; readonly onDone: () => void; readonly onClose: () => void }

function AddPerson({ course, onDone, onClose }: AddProps) {
  const others = useLoad(useCallback(() => coursesApi.others(course.id), [course.id]))
  const [person, setPerson] = useState('')
  const [role, setRole] = useState('student')
  const add = () =>
    coursesApi.addPerson(course.id, person, role).then(
      () => {
        onDone()
        onClose()
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <Dialog title="Add somebody to the course" onClose={onClose}>
      <Loaded load={others} what="the people">
        {({ people }) =>
          people.length === 0 ? (
            <Empty title="Everybody is in the course">New people come by a class list or with the code of the course.</Empty>
          ) : (
            <form
              className="dialog-form"
              onSubmit={(event) => {
                event.preventDefault()
                void add()
              }}
            >
              <Field label="Who">
                <select className="field" required value={person} onChange={(event) => setPerson(event.target.value)}>
                  <option value="">Choose a member of your organisation</option>
                  {people.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name} ({one.role})
                    </option>
                  ))}
                </select>
              </Field>
              <Field label="As">
                <select className="field" value={role} onChange={(event) => setRole(event.target.value)}>
                  {Object.entries(roleWords).map(([one, word]) => (
                    <option key={one} value={one}>
                      {word}
                    </option>
                  ))}
                </select>
              </Field>
              <div className="course-actions">
                <Button type="submit" primary disabled={person === ''}>
                  Add
                </Button>
              </div>
            </form>
          )
        }
      </Loaded>
    </Dialog>
  )
}
