import { useState } from 'react'
import type { Task } from '../../../../durable/grading/report.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Hints } from './hints.tsx'
import './tasks.css'

type Props = { readonly id: string; readonly tasks: readonly Task[]; readonly onChanged: () => void }

/** What the lab asks: fields for answers, and the hints that there are. Nothing where it asks nothing and hints at nothing. */
export function Tasks({ id, tasks, onChanged }: Props) {
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
      <ol>
        {shown.map((task) => (
          <li key={task.id}>
            <TaskEntry {...{ id, task, onChanged }} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function TaskEntry({ id, task, onChanged }: { readonly id: string; readonly task: Task; readonly onChanged: () => void }) {
  const { title, points, ask } = task
  return (
    <article aria-label={title}>
      <h4>
        {title} <span className="task-points">{points === 1 ? '1 point' : `${points} points`}</span>
      </h4>
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
  const used = most !== null && tries >= most
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
        <Button small type="submit" disabled={sending || used || value.trim() === ''}>
          {given === null ? 'Answer' : 'Answer again'}
        </Button>
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
