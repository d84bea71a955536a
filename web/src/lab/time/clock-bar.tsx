import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useLabState } from '../lab-context.ts'
import { looksOn } from '../lab-state.ts'
import { AdvanceButtons } from './advance-buttons.tsx'
import { ClockFace } from './clock-face.tsx'
import './amount.css'
import './clock.css'
import { LiveControls } from './live-controls.tsx'
import { ModeSwitch } from './mode-switch.tsx'
import type { Starts } from './moment.ts'
import { NextMenu } from './next-menu.tsx'
import { AdvanceOutcome } from './outcome.tsx'
import { useClock } from './use-clock.ts'

type Props = {
  readonly starts: Starts
  readonly onShowPackets: (title: string, packets: readonly number[]) => void
  /** Buttons that belong beside the time. */
  readonly children: ReactNode
}

/** Lab time and everything that moves it. A lab that tells no time has none of this. */
export function ClockBar({ starts, onShowPackets, children }: Props) {
  const clock = useLabState((state) => state.clock)
  const looks = useLabState(looksOn)
  const { busy, outcome, change, advance } = useClock()
  if (clock === null) return null
  const { state } = clock
  const step = (text: string, kind: 'event' | 'packet', icon: 'step' | 'step-packet') => (
    <Button small disabled={busy} title={`Go on by one ${kind}`} onClick={() => advance(`the next ${kind}`, { step: kind })}>
      <Icon name={icon} size={13} /> {text}
    </Button>
  )
  return (
    <section className="clock-bar" aria-label="Time">
      <ClockFace clock={clock} starts={starts} />
      {!looks && (
        <>
          <ModeSwitch mode={state.mode} onMode={(mode) => change({ mode })} />
          {state.mode === 'live' && <LiveControls state={state} onChange={change} />}
          <span className="group">
            {step('Event', 'event', 'step')}
            {step('Packet', 'packet', 'step-packet')}
          </span>
          <AdvanceButtons busy={busy} onAdvance={advance} />
          <NextMenu clock={clock} busy={busy} onAdvance={advance} />
        </>
      )}
      {outcome === null || outcome.answer.endedAt > state.now ? (
        <span className="outcome" role="status">
          {busy ? 'Time passes…' : ''}
        </span>
      ) : (
        <AdvanceOutcome outcome={outcome} starts={starts} onShowPackets={onShowPackets} />
      )}
      {children}
    </section>
  )
}
