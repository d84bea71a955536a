import { Fragment, useState } from 'react'
import type { Lesson, Task } from '../../../../durable/grading/report.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'
import { Hints } from './hints.tsx'
import './tasks.css'

type Props = {
  readonly id: string
  readonly tasks: readonly Task[]
  readonly lesson: Lesson | null
  readonly onChanged: () => void
}
type Group = { readonly title: string | null; readonly tasks: readonly Task[] }

/** As the lesson numbers them; one without a title where there is no lesson. Numbers stay those of the brief. */
function groupsOf(tasks: readonly Task[], lesson: Lesson | null): Group[] {
  if (lesson === null) return [{ title: null, tasks }]
  return lesson.tasks.map(({ title, checks }, at) => ({
    title: `${at + 1}. ${title}`,
    tasks: tasks.filter(({ id }) => checks.includes(id)),
  }))
}

/** What the lab asks: fields for answers, and the hints that there are. Nothing where it asks nothing and hints at nothing. */
export function Tasks({ id, tasks, lesson, onChanged }: Props) {
  const shown = tasks.filter(({ ask, hints }) => ask !== null || hints.of > 0)
  const asked = shown.filter(({ ask }) => ask !== null)
  if (shown.length === 0) return null
  return (
    <details className="tasks" open>
      <summary>
        <h3>Tasks</h3>
        {asked.length > 0 && (
          <span className="task-points">
            {asked.filter(({ answer }) => answer !== null).length} of {asked.length} answered
          </span>
        )}
      </summary>
      {lesson !== null && <Objectives {...{ lesson }} />}
      {groupsOf(shown, lesson)
        .filter((group) => group.tasks.length > 0)
        .map((group) => (
          <Fragment key={group.title}>
            {group.title !== null && <h4 className="task-group">{group.title}</h4>}
            <ol>
              {group.tasks.map((task) => (
                <li key={task.id}>
                  <TaskEntry {...{ id, task, inGroup: group.title !== null, onChanged }} />
                </li>
              ))}
            </ol>
          </Fragment>
        ))}
    </details>
  )
}

function Objectives({ lesson: { minutes, objectives } }: { readonly lesson: Lesson }) {
  return (
    <details className="objectives">
      <summary>About {minutes === 1 ? '1 minute' : `${minutes} minutes`} · what you can do afterwards</summary>
      <ul>
        {objectives.map((objective) => (
          <li key={objective}>{objective}</li>
        ))}
      </ul>
    </details>
  )
}

type EntryProps = {
  readonly id: string
  readonly task: Task
  readonly inGroup: boolean
  readonly onChanged: () => void
}

function TaskEntry({ id, task, inGroup, onChanged }: EntryProps) {
  const { title, points, ask } = task
  const Heading = inGroup ? 'h5' : 'h4'
  return (
    <article aria-label={title}>
      <Heading>
        {title} <span className="task-points">{points === 1 ? '1 point' : `${points} points`}</span>
      </Heading>
      {ask !== null && <AnswerForm key={task.answer?.line ?? 0} {...{ id, task, ask, onChanged }} />}
      <Hints {...{ id, task, onChanged }} />
    </article>
  )
}

type FormProps = {
  readonly id: string
  readonly task: Task
  readonly ask: NonNullable<Task['ask']>
  readonly onChanged: () => void
}

function AnswerForm({ id, task, ask, onChanged }: FormProps) {
  const [value, setValue] = useState('')
  const [sending, setSending] = useState(false)
  const { question, choices, list, tries, most } = ask
  const looks = useLabState(looksOn)
  const used = looks || (most !== null && tries >= most)
  const send = () => {
    setSending(true)
    api
      .answer(id, task.id, value)
      .then(onChanged, (error: Error) => toast(`The answer was not taken. ${error.message}`, 'fail'))
      .finally(() => setSending(false))
  }
  const field = `answer-${task.id}`
  const given = task.answer
  return (
    <form
      className="answer"
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() !== '' && !sending && !used) send()
      }}
    >
      {choices === null ? (
        <>
          <label htmlFor={field} className={question === task.title ? 'visually-hidden' : ''}>
            {question}
          </label>
          <input
            id={field}
            className="field small mono"
            value={value}
            maxLength={500}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            disabled={used}
            placeholder={list ? 'one, another' : ''}
            onChange={(event) => setValue(event.target.value)}
          />
        </>
      ) : (
        <fieldset disabled={used} aria-label={question}>
          {question !== task.title && <legend>{question}</legend>}
          {choices.map((choice) => (
            <label key={choice.id}>
              <input
                type="radio"
                name={field}
                value={choice.id}
                checked={value === choice.id}
                onChange={() => setValue(choice.id)}
              />{' '}
              {choice.text}
            </label>
          ))}
        </fieldset>
      )}
      <div className="answer-foot">
        {!looks && (
          <Button small type="submit" disabled={sending || used || value.trim() === ''}>
            {given === null ? 'Answer' : 'Answer again'}
          </Button>
        )}
        <span className="answer-given" role="status">
          {given !== null && (
            <>
              Answered by {given.by}:{' '}
              <strong className="mono">{choices?.find((choice) => choice.id === given.value)?.text ?? given.value}</strong>
            </>
          )}
          {most !== null && ` ${tries} of ${most} answers used`}
        </span>
      </div>
    </form>
  )
}
