import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { selfOf, TEACHES } from '../lab-state.ts'
import './chat.css'
import { withOlder } from './chat-log.ts'
import { ChatRow } from './chat-row.tsx'

const LONGEST = 1_000
const PAGE = 100

/** What people say to each other beside the lab. Plain text; hidden while it is closed, so that what is half written stays. */
export function ChatPanel() {
  const lab = useLab()
  const chat = useLabState((state) => state.chat)
  const you = useLabState((state) => state.you)
  const role = useLabState((state) => selfOf(state)?.role ?? '')
  const [text, setText] = useState('')
  const input = useRef<HTMLTextAreaElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const { open, messages, more } = chat
  const newest = messages.at(-1)?.id ?? 0

  useEffect(() => {
    if (open) input.current?.focus()
  }, [open])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is at the end, and so is the view
  useLayoutEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight
  }, [open, newest])

  const send = () => {
    if (text.trim() !== '' && lab.say(text)) setText('')
  }
  const close = () => {
    lab.showChat(false)
    // The keyboard does not stay in what is hidden.
    document.querySelector<HTMLElement>('.chat-button')?.focus()
  }
  const older = () =>
    api.chat(lab.id, messages[0]?.id ?? Number.MAX_SAFE_INTEGER, PAGE).then(
      (page) => lab.state.update({ chat: withOlder(lab.state.get().chat, page.messages, page.more) }),
      (error: Error) => toast(`Older messages did not load. ${error.message}`, 'fail'),
    )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <aside className="chat" aria-label="Chat" hidden={!open}>
      <div className="pane-bar">
        <h2>Chat</h2>
        <span className="grow" />
        <Button small quiet iconOnly aria-label="Close the chat" onClick={close}>
          <Icon name="cross" size={12} />
        </Button>
      </div>
      <ol className="chat-list" ref={list} role="log" aria-live={open ? 'polite' : 'off'} aria-label="Messages">
        {more && (
          <li className="chat-more">
            <Button small onClick={() => void older()}>
              Older messages
            </Button>
          </li>
        )}
        {messages.length === 0 && <li className="chat-none">Nothing was said yet. Everybody in this lab reads along.</li>}
        {messages.map((one) => (
          <ChatRow
            key={one.id}
            message={one}
            mine={one.by.id === you}
            onRemove={one.by.id === you || TEACHES.has(role) ? () => void lab.unsay(one.id) : undefined}
          />
        ))}
      </ol>
      {role === 'observer' ? (
        <p className="chat-reads">You may read along here.</p>
      ) : (
        <form
          className="chat-form"
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <textarea
            ref={input}
            className="field"
            aria-label="Message"
            placeholder="Message to everybody here"
            rows={2}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <div className="chat-send">
            <small>{text.length > LONGEST - 100 ? `${LONGEST - text.length} left` : 'Enter sends'}</small>
            <Button small primary type="submit" disabled={text.trim() === ''}>
              Send
            </Button>
          </div>
        </form>
      )}
    </aside>
  )
}
