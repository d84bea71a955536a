import type { ChatMessage } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { clockText, exactText } from '../../ui/when.ts'

type Props = { readonly message: ChatMessage; readonly mine: boolean; readonly onRemove: (() => void) | undefined }

export function ChatRow({ message: { by, wall, text, line, removedBy }, mine, onRemove }: Props) {
  const when = new Date(wall)
  return (
    <li className={mine ? 'chat-row mine' : 'chat-row'}>
      <div className="chat-by">
        <strong>{mine ? 'You' : by.name}</strong>
        <time dateTime={when.toISOString()} title={`${exactText(when)}, after line ${line}`}>
          {clockText(when)}
        </time>
        {onRemove !== undefined && removedBy === null && (
          <Button small quiet iconOnly aria-label={`Remove the message of ${by.name}`} title="Remove" onClick={onRemove}>
            <Icon name="trash" size={12} />
          </Button>
        )}
      </div>
      {removedBy === null ? (
        <p>{text}</p>
      ) : (
        <p className="removed">{removedBy === '' ? 'Removed.' : `Removed by ${removedBy}.`}</p>
      )}
    </li>
  )
}
