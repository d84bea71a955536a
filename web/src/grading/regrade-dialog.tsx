import { useCallback, useState } from 'react'
import { grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import { navigate } from '../router.ts'
import { Field, FormDialog } from './form-dialog.tsx'
import { plural } from './words.ts'

type Props = { readonly id: string; readonly count: number; readonly mayCorrect: boolean; readonly onClose: () => void }

/** Grades everything again, by the rubric as it is or by a corrected one. */
export function RegradeDialog({ id, count, mayCorrect, onClose }: Props) {
  const rubrics = useLoad(useCallback(() => grading.rubrics(id), [id]))
  const [reason, setReason] = useState('')
  const [correcting, setCorrecting] = useState(false)
  const [text, setText] = useState<string | null>(null)
  const current = rubrics.state === 'ready' ? (rubrics.value.rubric ?? checksOf(rubrics.value.definition)) : ''
  const send = async () => {
    const { job } = await grading.regrade(id, { reason, ...(correcting && { rubric: text ?? current }) })
    navigate(`/jobs/${job.id}`)
  }
  return (
    <FormDialog
      title={`Grade ${plural(count, 'submission', 'submissions')} again`}
      action="Grade again"
      onSend={send}
      onClose={onClose}
    >
      <p>The kept labs are graded as they were handed in. Afterwards you see what has changed, student by student.</p>
      <Field label="Reason" note="It is kept with the version of the rubric.">
        {(field) => (
          <input
            id={field}
            className="field"
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {mayCorrect && (
        <label className="tick">
          <input type="checkbox" checked={correcting} onChange={(event) => setCorrecting(event.target.checked)} /> Correct the
          rubric
        </label>
      )}
      {correcting && (
        <Field label="Rubric" note="Checks as in a lab.yaml. It is tried on one submission before anything is changed.">
          {(field) => (
            <textarea
              id={field}
              className="field mono"
              rows={14}
              spellCheck={false}
              value={text ?? current}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  )
}

/** The checks of a definition, as a rubric begins. */
function checksOf(definition: string): string {
  const lines = definition.split('\n')
  const from = lines.findIndex((line) => /^checks:/.test(line))
  if (from < 0) return ''
  const rest = lines.slice(from + 1)
  const end = rest.findIndex((line) => /^[^\s#-]/.test(line))
  return ['checks:', ...(end < 0 ? rest : rest.slice(0, end))].join('\n').trimEnd().concat('\n')
}
