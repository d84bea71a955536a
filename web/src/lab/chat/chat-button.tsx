import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import './chat.css'

/** Opens and closes the chat; says how much was said meanwhile. */
export function ChatButton() {
  const lab = useLab()
  const { open, unread } = useLabState((state) => state.chat)
  const count = unread.length > 99 ? '99+' : String(unread.length)
  const newest = unread.at(-1)
  return (
    <>
      <Button
        small
        className="chat-button"
        aria-pressed={open}
        aria-label={unread.length === 0 ? 'Chat' : `Chat, ${unread.length} unread`}
        onClick={() => lab.showChat(!open)}
      >
        <Icon name="chat" size={14} /> Chat
        {unread.length > 0 && (
          <span className="chat-unread" aria-hidden="true">
            {count}
          </span>
        )}
      </Button>
      <span className="visually-hidden" role="status">
        {newest === undefined ? '' : `${newest.by.name}: ${newest.text}`}
      </span>
    </>
  )
}
