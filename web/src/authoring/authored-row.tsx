import type { AuthoredLab } from '../api/authoring.ts'
import { whenText } from '../pages/when.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { StateChip } from './state-chip.tsx'

type Props = {
  readonly lab: AuthoredLab
  readonly mine: boolean
  readonly busy: boolean
  readonly onOpen: () => void
  readonly onDuplicate: (() => void) | null
  readonly onRemove: (() => void) | null
}

export function AuthoredRow({ lab, mine, busy, onOpen, onDuplicate, onRemove }: Props) {
  return (
    <li>
      <a
        href={`/authoring/${lab.id}`}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {lab.title}
        <small>
          Changed {whenText(new Date(lab.updatedAt), new Date())}
          {mine ? '' : `, ${lab.owner.name}`}
          {lab.origin === null ? '' : `, made of ${lab.origin}`}
        </small>
      </a>
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
