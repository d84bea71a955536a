import { useState } from 'react'
import { api, type LabEntry } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Reloadable } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { copyText } from '../ui/copy.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { tell } from '../ui/tell.ts'
import { whenText } from '../ui/when.ts'

type Props = { readonly labs: Reloadable<{ labs: LabEntry[] }> }

export function LabList({ labs }: Props) {
  const { session } = useSession()
  const [deleting, setDeleting] = useState<LabEntry | null>(null)
  const remove = (lab: LabEntry) =>
    tell(api.remove(lab.id), `${lab.title} deleted`, labs.reload, `${lab.title} was not deleted. `)

  if (labs.state === 'loading') return <span className="skeleton list-skeleton" role="status" aria-label="Loading your labs" />
  if (labs.state === 'failed') {
    return (
      <Notice title="Your labs did not load" tone="fail">
        <p>{labs.error.message}</p>
        <Button onClick={labs.reload}>Try again</Button>
      </Notice>
    )
  }
  if (labs.value.labs.length === 0) {
    return (
      <div className="empty-list">
        <h3>No labs yet</h3>
        <p>Start one on the right. It stays as you leave it, and whoever has its link works in it with you.</p>
      </div>
    )
  }
  return (
    <>
      <ul className="lab-list">
        {labs.value.labs.map((lab) => (
          <li key={lab.id}>
            <PageLink to={`/labs/${lab.id}`}>
              {lab.title}
              <small>
                Started {whenText(lab.createdAt)}
                {lab.createdBy.id === session?.person.id ? '' : ` by ${lab.createdBy.name}`}
              </small>
            </PageLink>
            <Button
              small
              aria-label={`Copy the link of ${lab.title}`}
              onClick={() =>
                void copyText(
                  `${window.location.origin}/labs/${lab.id}`,
                  'Link copied. Whoever has it and is signed in can join.',
                )
              }
            >
              <Icon name="link" size={14} /> Copy link
            </Button>
            <Button small quiet iconOnly aria-label={`Delete ${lab.title}`} title="Delete" onClick={() => setDeleting(lab)}>
              <Icon name="trash" size={14} />
            </Button>
          </li>
        ))}
      </ul>
      {deleting !== null && (
        <Confirm
          title={`Delete ${deleting.title}?`}
          action="Delete the lab"
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(null)}
        >
          Its machines, terminals and packets are gone for everybody who has the link. This cannot be undone.
        </Confirm>
      )}
    </>
  )
}
