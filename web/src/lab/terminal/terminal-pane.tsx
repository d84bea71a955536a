import { lazy, Suspense, useRef, useState } from 'react'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { machineOf } from '../lab-state.ts'
import { OwnerBar } from '../owner/owner-bar.tsx'
import { PaneZoom, type PaneZoomProps } from '../pane-zoom.tsx'
import { PowerButton } from './power-button.tsx'
import { TerminalFoot } from './terminal-foot.tsx'
import { TerminalTabs } from './terminal-tabs.tsx'
import './terminal.css'
import type { Choice } from './typing.ts'

const CausesPanel = lazy(() => import('../why/causes-panel.tsx'))
const TerminalView = lazy(() => import('./terminal-view.tsx'))

type Props = { readonly zoom: PaneZoomProps; readonly onShowPackets: (title: string, packets: readonly number[]) => void }

/** The terminals of a lab, one at a time; those that were looked at stay alive behind. */
export function TerminalPane({ zoom, onShowPackets }: Props) {
  const lab = useLab()
  const consoles = useLabState((state) => state.consoles)
  const active = useLabState((state) => state.active)
  const topology = useLabState((state) => state.topology)
  const [choice, setChoice] = useState<Choice | null>(null)
  /** The command that is asked about. */
  const [job, setJob] = useState<string | null>(null)
  const tabs = useRef<HTMLDivElement>(null)
  const opened = useRef(new Set<string>())
  if (active !== null) opened.current.add(active)

  const machine = active === null ? null : machineOf(active)
  const node = topology?.nodes.find((one) => one.name === machine)
  const caused = (active === null ? undefined : consoles.get(active)?.caused) ?? null
  const asked = caused?.unanswered && caused.job === job ? caused : null
  const off = node !== undefined && node.power !== 'on'

  return (
    <section className="pane terminal-pane" aria-label="Terminals">
      <div className="pane-bar" ref={tabs}>
        <TerminalTabs onActivate={(name) => lab.activate(name)} />
        {node !== undefined && <PowerButton node={node} />}
        <PaneZoom {...zoom} />
      </div>
      {active !== null && <OwnerBar console={active} />}
      <div
        className="terminal-body"
        id="terminal-body"
        role="tabpanel"
        aria-label={active === null ? 'Terminal' : `Terminal of ${active}`}
      >
        {consoles.size === 0 && <Loading text="Waiting for the lab" />}
        {off && (
          <div className="terminal-off">
            <Notice title={`${node.label} is ${node.power === 'saved' ? 'saved' : 'off'}`} centre>
              <p>{node.power === 'saved' ? 'Its memory is on disk.' : 'Nothing runs on it, so there is nothing to type to.'}</p>
              <PowerButton node={node} prominent />
            </Notice>
          </div>
        )}
        <Suspense fallback={<Loading text="Opening the terminal" />}>
          {[...consoles.keys()]
            .filter((name) => opened.current.has(name))
            .map((name) => (
              <TerminalView
                key={name}
                console={name}
                label={`Terminal of ${name}. Escape on an empty line leaves it.`}
                active={name === active}
                onChoices={setChoice}
                onLeave={() => tabs.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()}
              />
            ))}
        </Suspense>
      </div>
      {asked !== null && (
        <Suspense fallback={null}>
          <CausesPanel key={asked.job} {...asked} onShowPackets={onShowPackets} onClose={() => setJob(null)} />
        </Suspense>
      )}
      {active !== null && (
        <TerminalFoot
          console={active}
          choice={choice}
          why={asked !== null}
          onWhy={() => setJob(asked === null ? (caused?.job ?? null) : null)}
          onShowPackets={onShowPackets}
        />
      )}
    </section>
  )
}
