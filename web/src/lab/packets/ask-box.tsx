import { useState } from 'react'
import type { QueryAnswer } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab } from '../lab-context.ts'
import './ask-box.css'

type Props = {
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  readonly onShowLine: (line: number) => void
  readonly onClose: () => void
}

/** A question about all that has happened, and what shows the answer. */
export default function AskBox({ onShowPackets, onShowLine, onClose }: Props) {
  const { id } = useLab()
  const [text, setText] = useState('')
  const [asking, setAsking] = useState(false)
  const [answer, setAnswer] = useState<{ query: string; value: QueryAnswer } | null>(null)
  const [refused, setRefused] = useState('')
  const ask = () => {
    const query = text.trim()
    if (query === '') return
    setAsking(true)
    setRefused('')
    api
      .query(id, query)
      .then(
        (value) => setAnswer({ query, value }),
        (error: Error) => {
          setAnswer(null)
          setRefused(error.message)
        },
      )
      .finally(() => setAsking(false))
  }
  return (
    <section className="ask-box" aria-label="Ask the history">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <input
          // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
          autoFocus
          className="field small mono"
          aria-label="Question about what has happened"
          placeholder="packet(dns) before packet(icmp)"
          spellCheck={false}
          aria-invalid={refused !== ''}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button small primary type="submit" disabled={asking || text.trim() === ''}>
          Ask
        </Button>
        <Button small quiet iconOnly aria-label="Close the question" onClick={onClose}>
          <Icon name="cross" size={12} />
        </Button>
      </form>
      <div role="status">
        {asking && 'Looking through the history…'}
        {!asking && refused !== '' && (
          <p className="ask-refused">
            <Icon name="warn" size={13} /> {refused}
          </p>
        )}
        {!asking && answer !== null && <Told {...answer} {...{ onShowPackets, onShowLine }} />}
      </div>
    </section>
  )
}

type ToldProps = Omit<Props, 'onClose'> & { readonly query: string; readonly value: QueryAnswer }

const SHOWN = 8

function Told({ query, value: { holds, why, packets, commands }, onShowPackets, onShowLine }: ToldProps) {
  return (
    <>
      <p className={holds ? 'holds' : 'fails'}>
        <Icon name={holds ? 'check' : 'cross'} size={13} />
        <span>
          <strong>{holds ? 'It holds.' : 'It does not hold.'}</strong> {why}
        </span>
      </p>
      {(packets.length > 0 || commands.length > 0) && (
        <p className="evidence">
          {packets.length > 0 && (
            <Button small onClick={() => onShowPackets(query, packets)}>
              Show {packets.length === 1 ? 'the packet' : `${packets.length} packets`}
            </Button>
          )}
          {commands.slice(0, SHOWN).map((one) => (
            <Button key={one} small onClick={() => onShowLine(one)}>
              Line {one}
            </Button>
          ))}
          {commands.length > SHOWN && <span>and {commands.length - SHOWN} more lines</span>}
        </p>
      )}
    </>
  )
}
