import { type InputHTMLAttributes, useId } from 'react'
import type { Problem } from '../api/http.ts'

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
  readonly hint?: string
  /** Shown under the field that it is about. */
  readonly problem?: Problem | null
  readonly field?: string
}

export function TextField({ label, value, onText, hint, problem, field, className = '', ...rest }: Props) {
  const id = useId()
  const wrong = problem !== undefined && problem !== null && field !== undefined && problem.field === field
  const notes = [hint !== undefined && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={`field ${className}`}
        value={value}
        aria-invalid={wrong}
        aria-describedby={notes === '' ? undefined : notes}
        onChange={(event) => onText(event.target.value)}
        {...rest}
      />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
      {wrong && (
        <p id={`${id}-wrong`} className="form-problem" role="alert">
          {problem.message}
        </p>
      )}
    </div>
  )
}

/** What the service said no to and no field shows. */
export function FormProblem({ problem, fields = [] }: { readonly problem: Problem | null; readonly fields?: readonly string[] }) {
  if (problem === null || (problem.field !== undefined && fields.includes(problem.field))) return null
  return (
    <p className="form-problem" role="alert">
      {problem.message}
    </p>
  )
}
