import { useEffect } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { deedAt, partOf, placeOf } from './asked-back.ts'
import './asked-back.css'

const list = new Intl.ListFormat('en-GB')

/** Below the header while somebody asks whether the lab may go back; everybody sees who is still missing. */
export function AskedBackBar() {
  const lab = useLab()
  const asked = useLabState((state) => state.asked)
  const you = useLabState((state) => state.you)
  const role = useLabState((state) => state.people.find((one) => one.id === state.you)?.role ?? '')
  useEffect(() => {
    if (asked === null) return
    const timer = setTimeout(() => lab.askedInVain(), Math.max(0, asked.until - performance.now()))
    return () => clearTimeout(timer)
  }, [asked, lab])
  if (asked === null) return null

  const part = partOf(asked, you, role)
  const deed = deedAt(asked)
  const names = list.format(asked.missing.map((one) => one.name))
  return (
    <section className="lab-bar asked-back" role="alert" aria-label="Going back">
      <Icon name="rewind" size={14} />
      <span className="question">
        {part === 'asks' ? 'You want' : <strong>{asked.by.name}</strong>}
        {part === 'asks' ? ' to go back to ' : ' wants to go back to '}
        {placeOf(asked)}
        {deed !== null && (
          <>
            {' ('}
            <code title={deed}>{deed}</code>)
          </>
        )}
        .
      </span>
      {part !== 'asked' && <span className="missing">Still to agree: {names}.</span>}
      <span className="grow" />
      {part === 'asked' && (
        <>
          <Button small primary onClick={() => lab.consent(asked.id, true)}>
            Agree
          </Button>
          <Button small onClick={() => lab.consent(asked.id, false)}>
            Refuse
          </Button>
        </>
      )}
      {part === 'waiting' && (
        <Button small onClick={() => lab.consent(asked.id, false)}>
          Refuse after all
        </Button>
      )}
      {part === 'asks' && (
        <Button small onClick={() => lab.takeBack(asked.id)}>
          Take back
        </Button>
      )}
    </section>
  )
}
