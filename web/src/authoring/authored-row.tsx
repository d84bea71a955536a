import type { AuthoredLab } from '../api/authoring.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { whenText } from '../ui/when.ts'
import { StateChip } from './state-chip.tsx'

type Props = {
  readonly lab: AuthoredLab
  readonly mine: boolean
  readonly busy: boolean
  readonly onDuplicate: (() => void) | null
  readonly onRemove: (() => void) | null
}

export function AuthoredRow({ lab, mine, busy, onDuplicate, onRemove }: Props) {
  return (
    <li>
      <PageLink to={`/authoring/${lab.id}`}>
        {lab.title}
        <small>
          Changed {whenText(lab.updatedAt)}
          {mine ? '' : `, ${lab.owner.name}`}
          {lab.origin === null ? '' : `, made of ${lab.origin}`}
        </small>
      </PageLink>
      <StateChip state={lab.state} version={lab.latest?.number ?? null} />
      {onDuplicate !== null && (
        <Button small disabled={busy} aria-label={`Duplicate ${lab.title}`} onClick={onDuplicate}>
          Duplicate
        </Button>
      )}
      {onRemove !== null && (
        <Button small quiet iconOnly aria-label={`Delete the draft of ${lab.title}`} title="Delete the draft" onClick={onRemove}>
          <Icon name="trash" size={14} />
        </Button>
      )}
    </li>
  )
}
