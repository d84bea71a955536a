import { lazy, Suspense, useState } from 'react'
import { api } from '../api/client.ts'
import { LabAssignment } from '../courses/lab-assignment.tsx'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'
import { ChatButton } from './chat/chat-button.tsx'
import { ConnectionState } from './connection-state.tsx'
import { useLabState } from './lab-context.ts'
import { looksOn } from './lab-state.ts'
import { Presence } from './presence.tsx'

const ShareDialog = lazy(() => import('./share/share-dialog.tsx'))

type Props = {
  readonly id: string
  readonly title: string
  /** Nobody changes it: something that was handed in, or a lab as it was. */
  readonly frozen: boolean
}

export function LabHeader({ id, title, frozen }: Props) {
  const looks = useLabState(looksOn)
  const [asking, setAsking] = useState(false)
  const [sharing, setSharing] = useState(false)
  const reset = () =>
    api.reset(id).then(
      () => toast('The lab is back at its beginning'),
      (error: Error) => toast(`The lab was not reset. ${error.message}`, 'fail'),
    )
  return (
    <PageHeader person={false}>
      <h1 className="lab-title">{title === '' ? <span className="skeleton title-skeleton" /> : title}</h1>
      <LabAssignment id={id} />
      <ConnectionState />
      <Presence />
      <ChatButton />
      <Button small onClick={() => setSharing(true)}>
        <Icon name="share" size={14} /> Share
      </Button>
      <a className="button small" href={api.captureAddress(id)} download title="All packets, for Wireshark">
        <Icon name="download" size={14} /> Capture
      </a>
      {!frozen && !looks && (
        <Button small onClick={() => setAsking(true)}>
          <Icon name="reset" size={14} /> Reset
        </Button>
      )}
      {sharing && (
        <Suspense fallback={null}>
          <ShareDialog onClose={() => setSharing(false)} />
        </Suspense>
      )}
      {asking && (
        <Confirm
          title="Reset the lab?"
          action="Reset for everybody"
          onConfirm={() => void reset()}
          onClose={() => setAsking(false)}
        >
          All machines go back to how they were at the beginning. Terminal text and packets are removed for everybody who is here.
        </Confirm>
      )}
    </PageHeader>
  )
}
