import { useState } from 'react'
import { api } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { Icon } from '../ui/icon.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'
import { ChatButton } from './chat/chat-button.tsx'
import { ConnectionState } from './connection-state.tsx'
import { Presence } from './presence.tsx'

export function LabHeader({ id, title }: { readonly id: string; readonly title: string }) {
  const [asking, setAsking] = useState(false)
  const reset = () =>
    api.reset(id).then(
      () => toast('The lab is back at its beginning'),
      (error: Error) => toast(`The lab was not reset. ${error.message}`, 'fail'),
    )
  return (
    <PageHeader person={false}>
      <h1 className="lab-title">{title === '' ? <span className="skeleton title-skeleton" /> : title}</h1>
      <ConnectionState />
      <Presence />
      <ChatButton />
      <Button small onClick={() => void copyText(window.location.href, 'Link copied. Whoever has it and is signed in can join.')}>
        <Icon name="link" size={14} /> Copy link
      </Button>
      <a className="button small" href={api.captureAddress(id)} download title="All packets, for Wireshark">
        <Icon name="download" size={14} /> Capture
      </a>
      <Button small onClick={() => setAsking(true)}>
        <Icon name="reset" size={14} /> Reset
      </Button>
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
