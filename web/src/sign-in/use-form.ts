import { type SyntheticEvent, useState } from 'react'
import { Problem } from '../api/http.ts'

/** A form that asks the service: what is going on, and what it said no to. */
export function useForm(submit: () => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    submit()
      .catch((error: unknown) => setProblem(error instanceof Problem ? error : new Problem(0, String(error))))
      .finally(() => setBusy(false))
  }
  return { busy, problem, onSubmit, clear: () => setProblem(null) }
}
