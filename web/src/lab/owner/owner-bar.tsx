import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { type Asking, selfOf, TEACHES } from '../lab-state.ts'
import './owner-bar.css'

/** Seconds until a moment by the clock of this page. */
function useLeft(until: number | undefined): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (until === undefined) return
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), 500)
    return () => clearInterval(timer)
  }, [until])
  return until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1000))
}

/** Over a terminal: who types there, and the ways to it. Not shown to somebody who is alone. */
export function OwnerBar({ console }: { readonly console: string }) {
  const view = useLabState((state) => state.consoles.get(console))
  const you = useLabState((state) => state.you)
  const self = useLabState(selfOf)
  const several = useLabState((state) => state.people.length > 1)
  const owner = view?.owner ?? null
  const watches = self?.watching === true
  if (view === undefined || self === undefined) return null
  if (!several && !watches && self.role !== 'observer' && (owner === null || owner.id === you)) return null
  const mine = owner?.id === you
  const looks = self.role === 'observer' || watches
  const role = mine ? 'mine' : owner === null ? 'free' : 'taken'
  return (
    <div className={`owner-bar ${role}`}>
      <Icon name={mine ? 'keyboard' : owner === null ? 'keyboard' : 'lock'} size={14} />
      <span className="owner-name" role="status">
        {mine ? <strong>You have this terminal.</strong> : null}
        {!mine && owner !== null && (
          <>
            <strong>{owner.name}</strong> has this terminal{view.typist === owner.id ? ' and is typing' : ''}.
          </>
        )}
        {owner === null && (looks ? 'Nobody types here now.' : 'Free: type, and it is yours.')}
        {looks && ' You only watch.'}
      </span>
      {mine && view.asking[0] !== undefined && <Asked console={console} asking={view.asking[0]} more={view.asking.length - 1} />}
      {!(mine && view.asking.length > 0) && <Ways console={console} />}
    </div>
  )
}

/** Somebody asks for your terminal. */
function Asked({ console, asking, more }: { readonly console: string; readonly asking: Asking; readonly more: number }) {
  const lab = useLab()
  const left = useLeft(asking.until)
  return (
    <>
      <span className="owner-asked" role="alert">
        <strong>{asking.name}</strong> asks for it{more > 0 ? `, and ${more} more` : ''}.
      </span>
      <span className="owner-left" aria-hidden="true">
        {left} s
      </span>
      <Button small primary onClick={() => lab.handOver(console, 'give', asking.id)}>
        Give it to {asking.name}
      </Button>
      <Button small onClick={() => lab.handOver(console, 'refuse', asking.id)}>
        Keep it
      </Button>
    </>
  )
}

/** What somebody can do about a terminal, as things stand. */
function Ways({ console }: { readonly console: string }) {
  const lab = useLab()
  const owner = useLabState((state) => state.consoles.get(console)?.owner ?? null)
  const you = useLabState((state) => state.you)
  const self = useLabState(selfOf)
  const waiting = useLabState((state) => state.consoles.get(console)?.asking.find((one) => one.id === state.you))
  const left = useLeft(waiting?.until)
  const over = waiting !== undefined && left === 0
  useEffect(() => {
    // The lab looks at its clock when it hears something.
    if (over) lab.terminal(console, 'ask')
  }, [over, lab, console])
  if (self === undefined || self.role === 'observer') return null
  if (self.watching === true) {
    return (
      <Button small onClick={() => lab.watch(false)}>
        Stop only watching
      </Button>
    )
  }
  if (owner === null || owner.id === you) {
    return (
      <>
        {owner !== null && (
          <Button small onClick={() => lab.terminal(console, 'let-go')}>
            Let go
          </Button>
        )}
        <Button small quiet onClick={() => lab.watch(true)}>
          Only watch
        </Button>
      </>
    )
  }
  return (
    <>
      {waiting === undefined ? (
        <Button small primary onClick={() => lab.terminal(console, 'ask')}>
          Ask for it
        </Button>
      ) : (
        <>
          <span className="owner-left" role="status">
            You asked. {owner.name} has {left} s to answer.
          </span>
          <Button small onClick={() => lab.terminal(console, 'unask')}>
            Do not ask
          </Button>
        </>
      )}
      {TEACHES.has(self.role) && (
        <Button small onClick={() => lab.terminal(console, 'take-over')}>
          Take over
        </Button>
      )}
    </>
  )
}
