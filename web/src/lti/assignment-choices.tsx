import type { Launch } from '../api/lti.ts'
import { dateText } from '../ui/when.ts'

type Props = {
  readonly list: Launch['assignments']
  readonly several: boolean
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

export function AssignmentChoices({ list, several, chosen, onChange }: Props) {
  const pick = (id: string, on: boolean) => {
    if (!several) onChange([id])
    else onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))
  }
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="visually-hidden">Assignments</legend>
      <ul className="lti-choices">
        {list.map(({ id, title, state, dueAt }) => (
          <li key={id}>
            <label>
              <input
                type={several ? 'checkbox' : 'radio'}
                name="assignment"
                value={id}
                checked={chosen.includes(id)}
                onChange={(event) => pick(id, event.target.checked)}
              />
              <span>{title}</span>
              <small>
                {state === 'draft' ? 'draft: students do not see it yet' : dueAt === null ? '' : `due ${dateText(dueAt)}`}
              </small>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
