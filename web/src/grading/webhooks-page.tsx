import { useCallback, useState } from 'react'
import { type Delivery, grading, type Webhook } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'
import { whenText } from '../ui/when.ts'
import { Field, FormDialog } from './form-dialog.tsx'
import { GradingPage } from './grading-page.tsx'
import { ListTable } from './table-frame.tsx'
import { plural } from './words.ts'

const EVENTS = [
  ['submission.made', 'something was handed in'],
  ['grade.made', 'it was graded'],
  ['grade.changed', 'the grade was changed'],
] as const

type Shown = { readonly label: string; readonly secret: string }

/** Addresses that are told of submissions and grades. */
export default function WebhooksPage() {
  const loaded = useLoad(grading.webhooks)
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<Shown | null>(null)
  return (
    <GradingPage
      title="Webhooks"
      above={[{ label: 'Grades', path: '/grades' }]}
      actions={
        <Button primary onClick={() => setAdding(true)}>
          Add a webhook
        </Button>
      }
    >
      <p className="lead">
        Each is sent a signed message when something is handed in or graded. What does not arrive is sent again for some nine
        hours.
      </p>
      {loaded.state === 'loading' && <Loading text="Reading the webhooks" />}
      {loaded.state === 'failed' && (
        <Notice title="The webhooks did not load" tone="fail">
          <p>{loaded.error.message}</p>
        </Notice>
      )}
      {loaded.state === 'ready' && loaded.value.webhooks.length === 0 && (
        <div className="empty-list">
          <h3>No webhooks yet</h3>
          <p>Add the address of a program of yours that wants to hear of submissions and grades.</p>
        </div>
      )}
      {loaded.state === 'ready' &&
        loaded.value.webhooks.map((hook) => <Hook key={hook.id} hook={hook} onChange={loaded.reload} onSecret={setSecret} />)}
      {adding && <AddDialog onDone={loaded.reload} onSecret={setSecret} onClose={() => setAdding(false)} />}
      {secret !== null && (
        <Dialog title={`The secret of ${secret.label}`} onClose={() => setSecret(null)}>
          <p>Copy it now: it is not shown again. Your program checks the signature of each message with it.</p>
          <p>
            <code className="secret">{secret.secret}</code>
          </p>
          <Button primary onClick={() => void copyText(secret.secret, 'Secret copied')}>
            Copy the secret
          </Button>
        </Dialog>
      )}
    </GradingPage>
  )
}

type HookProps = { readonly hook: Webhook; readonly onChange: () => void; readonly onSecret: (shown: Shown) => void }

function Hook({ hook, onChange, onSecret }: HookProps) {
  const [log, setLog] = useState(false)
  const [asking, setAsking] = useState<'remove' | 'rotate' | null>(null)
  const act = <T,>(what: Promise<T>, done: (value: T) => void) =>
    void what.then(
      (value) => {
        done(value)
        onChange()
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <article className="hook" aria-label={hook.label}>
      <header>
        <h2>{hook.label}</h2>
        {hook.paused && <span className="badge warn">paused</span>}
        {hook.oldSecretUntil !== null && (
          <span className="badge">the old secret signs until {whenText(hook.oldSecretUntil)}</span>
        )}
      </header>
      <p>
        <code>{hook.url}</code>
      </p>
      <p>
        {EVENTS.filter(([name]) => hook.events.includes(name))
          .map(([, text]) => text)
          .join(', ')}
      </p>
      <div className="grading-actions">
        <Button
          small
          onClick={() =>
            act(grading.test(hook.id), () => {
              toast('A test message is on its way')
              setLog(true)
            })
          }
        >
          Send a test
        </Button>
        <Button small aria-pressed={log} onClick={() => setLog(!log)}>
          Messages
        </Button>
        <Button small onClick={() => act(grading.changeWebhook(hook.id, { paused: !hook.paused }), () => {})}>
          {hook.paused ? 'Go on' : 'Pause'}
        </Button>
        <Button small onClick={() => setAsking('rotate')}>
          New secret
        </Button>
        <Button small danger onClick={() => setAsking('remove')}>
          Delete
        </Button>
      </div>
      {log && <Log hook={hook} />}
      {asking === 'remove' && (
        <Confirm
          title={`Delete ${hook.label}?`}
          action="Delete the webhook"
          onConfirm={() => act(grading.removeWebhook(hook.id), () => toast(`${hook.label} deleted`))}
          onClose={() => setAsking(null)}
        >
          It is told nothing any more, and its log is gone.
        </Confirm>
      )}
      {asking === 'rotate' && (
        <Confirm
          title={`A new secret for ${hook.label}?`}
          action="Make a new secret"
          danger={false}
          onConfirm={() => act(grading.rotate(hook.id), ({ label, secret }) => onSecret({ label, secret }))}
          onClose={() => setAsking(null)}
        >
          For a day every message carries two signatures, one under the old secret and one under the new.
        </Confirm>
      )}
    </article>
  )
}

const told = { waiting: 'waits', delivered: 'received', failed: 'given up' } as const

function Log({ hook }: { readonly hook: Webhook }) {
  const loaded = useLoad(useCallback(() => grading.deliveries(hook.id), [hook.id]))
  const again = (one: Delivery) =>
    void grading.sendAgain(hook.id, one.id).then(loaded.reload, (error: Error) => toast(error.message, 'fail'))
  if (loaded.state === 'loading') return <Loading text="Reading the messages" />
  if (loaded.state === 'failed') return <p role="alert">{loaded.error.message}</p>
  const { deliveries } = loaded.value
  return (
    <div className="log">
      <Button small onClick={loaded.reload}>
        Look again
      </Button>
      {deliveries.length === 0 ? (
        <p>Nothing was sent yet.</p>
      ) : (
        <ListTable label={`Messages to ${hook.label}`} heads={['When', 'Event', 'State', 'Answer', 'Message', 'Again']}>
          {deliveries.map((one) => (
            <tr key={one.id}>
              <td>{whenText(one.createdAt)}</td>
              <td>{one.event}</td>
              <td>
                {told[one.state]}, {plural(one.attempts, 'attempt', 'attempts')}
              </td>
              <td>
                {one.status ?? ''} {one.answer}
              </td>
              <td>
                <details>
                  <summary>show</summary>
                  <code className="bytes">{one.payload}</code>
                </details>
              </td>
              <td>
                <Button small aria-label={`Send ${one.event} once more`} onClick={() => again(one)}>
                  Send again
                </Button>
              </td>
            </tr>
          ))}
        </ListTable>
      )}
    </div>
  )
}

type AddProps = { readonly onDone: () => void; readonly onSecret: (shown: Shown) => void; readonly onClose: () => void }

function AddDialog({ onDone, onSecret, onClose }: AddProps) {
  const [label, setLabel] = useState('')
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<readonly string[]>(EVENTS.map(([name]) => name))
  const send = async () => {
    const made = await grading.addWebhook({ label, url, events })
    onDone()
    onSecret({ label: made.label, secret: made.secret })
  }
  return (
    <FormDialog title="Add a webhook" action="Add" onSend={send} onClose={onClose}>
      <Field label="Name">
        {(field) => (
          <input
            id={field}
            className="field"
            required
            maxLength={120}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        )}
      </Field>
      <Field label="Address" note="https, and reachable from the Internet.">
        {(field) => (
          <input id={field} className="field" required type="url" value={url} onChange={(event) => setUrl(event.target.value)} />
        )}
      </Field>
      <fieldset className="choice">
        <legend>Tell it when</legend>
        {EVENTS.map(([name, text]) => (
          <label key={name} className="tick">
            <input
              type="checkbox"
              checked={events.includes(name)}
              onChange={(event) => setEvents(event.target.checked ? [...events, name] : events.filter((one) => one !== name))}
            />{' '}
            {text}
          </label>
        ))}
      </fieldset>
    </FormDialog>
  )
}
