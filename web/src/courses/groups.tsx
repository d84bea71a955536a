import { useCallback, useState } from 'react'
import { type Course, type CourseGroup, coursesApi } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toasts.tsx'
import { Empty, Field, Loaded } from './parts.tsx'
import type { PeopleLoad } from './people.tsx'

type Props = { readonly course: Course; readonly people: PeopleLoad }

/** Who shares one lab in group assignments. */
export function Groups({ course, people }: Props) {
  // A class list may have brought groups along.
  const known = people.state === 'ready' ? people.value : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: other people are another round
  const groups = useLoad(useCallback(() => coursesApi.groups(course.id), [course.id, known]))
  const [editing, setEditing] = useState<CourseGroup | 'new' | null>(null)
  const [removing, setRemoving] = useState<CourseGroup | null>(null)
  const manages = course.part === 'manage'
  const reload = () => {
    groups.reload()
    people.reload()
  }
  return (
    <section aria-labelledby="groups">
      <div className="section-head">
        <h2 id="groups">Groups</h2>
        {manages && <Button onClick={() => setEditing('new')}>New group</Button>}
      </div>
      <Loaded load={groups} what="the groups">
        {({ groups: list }) =>
          list.length === 0 ? (
            <Empty title="No groups">In assignments for groups, the students of a group share one lab.</Empty>
          ) : (
            <ul className="lab-list">
              {list.map((group) => (
                <li key={group.id} className="group-item">
                  <span className="group-name">
                    {group.name}
                    <small>{group.members.length === 0 ? 'Nobody yet' : group.members.map(({ name }) => name).join(', ')}</small>
                  </span>
                  {manages && (
                    <>
                      <Button small onClick={() => setEditing(group)} aria-label={`Change ${group.name}`}>
                        Change
                      </Button>
                      <Button small quiet onClick={() => setRemoving(group)} aria-label={`Remove ${group.name}`}>
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
      {editing !== null && (
        <GroupDialog
          course={course}
          group={editing === 'new' ? null : editing}
          people={people}
          onDone={reload}
          onClose={() => setEditing(null)}
        />
      )}
      {removing !== null && (
        <Confirm
          title={`Remove the group ${removing.name}?`}
          action="Remove"
          onConfirm={() =>
            void coursesApi.removeGroup(course.id, removing.id).then(reload, (error: Error) => toast(error.message, 'fail'))
          }
          onClose={() => setRemoving(null)}
        >
          Its members lose the labs that they shared. What they handed in is kept.
        </Confirm>
      )}
    </section>
  )
}

type DialogProps = Props & { readonly group: CourseGroup | null; readonly onDone: () => void; readonly onClose: () => void }

function GroupDialog({ course, group, people, onDone, onClose }: DialogProps) {
  const [name, setName] = useState(group?.name ?? '')
  const [members, setMembers] = useState(() => new Set(group?.members.map(({ id }) => id)))
  const toggle = (id: string) => {
    const next = new Set(members)
    if (!next.delete(id)) next.add(id)
    setMembers(next)
  }
  const save = () =>
    coursesApi.saveGroup(course.id, group?.id ?? null, { name, members: [...members] }).then(
      () => {
        onDone()
        onClose()
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <Dialog title={group === null ? 'New group' : `Change ${group.name}`} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Field label="Name">
          <input className="field" value={name} maxLength={80} required onChange={(event) => setName(event.target.value)} />
        </Field>
        <fieldset className="member-list">
          <legend>Members</legend>
          <Loaded load={people} what="the people">
            {({ people: list }) =>
              list
                .filter(({ role }) => role === 'student')
                .map((one) => (
                  <label key={one.id} className="form-check">
                    <input type="checkbox" checked={members.has(one.id)} onChange={() => toggle(one.id)} />
                    <span>
                      {one.name}
                      {one.group !== null && one.group.id !== group?.id && (
                        <small className="quiet-text"> is in {one.group.name}, and would leave it</small>
                      )}
                    </span>
                  </label>
                ))
            }
          </Loaded>
        </fieldset>
        <div className="course-actions">
          <Button type="submit" primary disabled={name.trim() === ''}>
            Save the group
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
