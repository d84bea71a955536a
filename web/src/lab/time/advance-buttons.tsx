import { useId, useState } from 'react'
import type { AdvanceRequest } from '../../../../durable/protocol.ts'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { DAY, durationText, HOUR, MINUTE, parseDuration } from './duration.ts'

type Props = { readonly busy: boolean; readonly onAdvance: (asked: string, request: AdvanceRequest) => void }

const amounts: readonly (readonly [string, number])[] = [
  ['1 min', MINUTE],
  ['1 h', HOUR],
  ['1 day', DAY],
]

/** Lets time pass: by an amount that is there, or one that is typed. */
export function AdvanceButtons({ busy, onAdvance }: Props) {
  return (
    <fieldset className="advance">
      <legend className="visually-hidden">Let time pass</legend>
      {amounts.map(([text, by]) => (
        <Button key={text} small disabled={busy} title={`Let ${text} pass`} onClick={() => onAdvance(text, { by })}>
          +{text}
        </Button>
      ))}
      <Popover label="Other" name="Let another time pass" disabled={busy}>
        {(close) => (
          <CustomAmount
            onAmount={(by) => {
              close()
              onAdvance(durationText(by), { by })
            }}
          />
        )}
      </Popover>
    </fieldset>
  )
}

function CustomAmount({ onAmount }: { readonly onAmount: (by: number) => void }) {
  const [text, setText] = useState('')
  const [refused, setRefused] = useState('')
  const id = useId()
  return (
    <form
      className="custom-amount"
      onSubmit={(event) => {
        event.preventDefault()
        const parsed = parseDuration(text)
        if (parsed.ok) onAmount(parsed.micros)
        else setRefused(parsed.message)
      }}
    >
      <label htmlFor={id}>How much lab time?</label>
      <span>
        <input
          id={id}
          className="field"
          value={text}
          placeholder="2 h 30 min"
          aria-invalid={refused !== ''}
          aria-describedby={`${id}-why`}
          onChange={(event) => {
            setText(event.target.value)
            setRefused('')
          }}
        />
        <Button type="submit" primary>
          Advance
        </Button>
      </span>
      <small id={`${id}-why`} role={refused === '' ? undefined : 'alert'} className={refused === '' ? '' : 'refused'}>
        {refused === '' ? 'Leases renew, entries age: everything that is due happens.' : refused}
      </small>
    </form>
  )
}
