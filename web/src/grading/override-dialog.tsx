import { useState } from 'react'
import { type Check, grading, type SubmissionDetails } from '../api/grading.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'
import { FormDialog, PointsField, TextArea } from './form-dialog.tsx'
import { pointsText } from './words.ts'

type Props = {
  readonly details: SubmissionDetails
  /** null: the whole submission. */
  readonly check: Check | null
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Gives a check, or the whole, other points than the checks did. The reason is for the student. */
export function OverrideDialog({ details, check, onDone, onClose }: Props) {
  const id = check?.id ?? null
  const given = details.overrides.find((one) => one.check === id)
  const now = check === null ? details.grade?.final : check.points
  const of = check === null ? details.grade?.of : check.of
  const [points, setPoints] = useState(String(given?.points ?? now ?? 0))
  const [reason, setReason] = useState(given?.reason ?? '')
  const send = async () => {
    await grading.override(details.id, { check: id, points: Number(points), reason })
    onDone()
  }
  const end = () =>
    grading.endOverride(details.id, id).then(
      () => {
        onDone()
        onClose()
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <FormDialog
      title={check === null ? 'Points of the whole submission' : check.title}
      action="Give these points"
      onSend={send}
      onClose={onClose}
    >
      <p>
        {check === null
          ? 'They are the last word: nothing is taken off them for lateness, and grading again keeps them.'
          : `The check gave ${pointsText(check.points, check.of)}. Grading again keeps what you give.`}
      </p>
      <PointsField label={`Points${of === undefined ? '' : `, of ${of}`}`} required points={points} onPoints={setPoints} />
      <TextArea label="Reason" note="The student reads it." most={1_000} text={reason} onText={setReason} />
      {given !== undefined && (
        <Button small onClick={() => void end()}>
          Let the {check === null ? 'checks' : 'check'} count again
        </Button>
      )}
    </FormDialog>
  )
}
