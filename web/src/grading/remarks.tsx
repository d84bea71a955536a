import { useState } from 'react'
import { grading, type SubmissionDetails } from '../api/grading.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { FormDialog, PointsField, TextArea } from './form-dialog.tsx'

type Props = { readonly details: SubmissionDetails; readonly check: string | null; readonly onChange: () => void }
type Request = SubmissionDetails['requests'][number]

/** What people say about a check, or the whole: comments, requests to look again, and their answers. */
export function Remarks({ details, check, onChange }: Props) {
  const [open, setOpen] = useState<'comment' | 'ask' | Request | null>(null)
  const comments = details.comments.filter((one) => one.check === check)
  const requests = details.requests.filter((one) => one.check === check)
  const waiting = requests.some(({ state }) => state === 'open')
  const remove = (id: string) =>
    grading.removeComment(details.id, id).then(onChange, (error: Error) => toast(error.message, 'fail'))
  return (
    <div className="remarks">
      {comments.length > 0 && (
        <ul className="comments" aria-label="Comments">
          {comments.map((one) => (
            <li key={one.id}>
              <strong>{one.by}</strong> <small>{whenText(one.createdAt)}</small>
              {one.mine && (
                <Button small quiet onClick={() => void remove(one.id)}>
                  Take back
                </Button>
              )}
              <p>{one.text}</p>
            </li>
          ))}
        </ul>
      )}
      {requests.map((one) => (
        <div key={one.id} className={`request ${one.state}`}>
          <p>
            <strong>{one.by} asks to look again</strong> <small>{whenText(one.createdAt)}</small>
          </p>
          <p>{one.text}</p>
          {one.state === 'open' ? (
            details.may.grade ? (
              <Button small primary onClick={() => setOpen(one)}>
                Answer
              </Button>
            ) : (
              <span className="badge warn">waits for an answer</span>
            )
          ) : (
            <p>
              <span className="badge">{one.state === 'accepted' ? 'accepted' : 'refused'}</span> {one.answer}
            </p>
          )}
        </div>
      ))}
      <div className="remark-actions">
        {details.may.speak && (
          <Button small quiet onClick={() => setOpen('comment')}>
            Comment
          </Button>
        )}
        {details.may.ask && !waiting && (
          <Button small quiet onClick={() => setOpen('ask')}>
            Ask to look again
          </Button>
        )}
      </div>
      {(open === 'comment' || open === 'ask') && (
        <SayDialog details={details} check={check} asks={open === 'ask'} onDone={onChange} onClose={() => setOpen(null)} />
      )}
      {open !== null && typeof open === 'object' && (
        <AnswerDialog details={details} request={open} onDone={onChange} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

type Dialog = { readonly details: SubmissionDetails; readonly onDone: () => void; readonly onClose: () => void }

function SayDialog({
  details,
  check,
  asks,
  onDone,
  onClose,
}: Dialog & { readonly check: string | null; readonly asks: boolean }) {
  const [text, setText] = useState('')
  const send = async () => {
    await (asks ? grading.ask : grading.comment)(details.id, check, text)
    onDone()
  }
  return (
    <FormDialog title={asks ? 'Ask to look again' : 'Comment'} action={asks ? 'Ask' : 'Say it'} onSend={send} onClose={onClose}>
      <TextArea
        label={asks ? 'Why do you think it deserves other points?' : 'Comment'}
        note={
          asks
            ? 'Those who grade answer with other points or with the reason why not.'
            : 'Everybody who can read the submission reads it.'
        }
        rows={4}
        most={4_000}
        text={text}
        onText={setText}
      />
    </FormDialog>
  )
}

function AnswerDialog({ details, request, onDone, onClose }: Dialog & { readonly request: Request }) {
  const [accept, setAccept] = useState(true)
  const [points, setPoints] = useState('')
  const [answer, setAnswer] = useState('')
  const send = async () => {
    await grading.answer(details.id, request.id, { accept, answer, ...(accept && points !== '' && { points: Number(points) }) })
    onDone()
  }
  return (
    <FormDialog title="Answer the request" action={accept ? 'Accept' : 'Refuse'} danger={!accept} onSend={send} onClose={onClose}>
      <blockquote>{request.text}</blockquote>
      <fieldset className="choice">
        <legend>Answer</legend>
        <label className="tick">
          <input type="radio" name="accept" checked={accept} onChange={() => setAccept(true)} /> Accept
        </label>
        <label className="tick">
          <input type="radio" name="accept" checked={!accept} onChange={() => setAccept(false)} /> Refuse
        </label>
      </fieldset>
      {accept && (
        <PointsField
          label={request.check === null ? 'Points of the whole submission' : 'Points of the check'}
          note="Empty: the points stay as they are."
          points={points}
          onPoints={setPoints}
        />
      )}
      <TextArea label="Reason" note="The student reads it." most={4_000} text={answer} onText={setAnswer} />
    </FormDialog>
  )
}
