import type { KeyboardEvent } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useLabState } from '../lab-context.ts'
import { machineOf, nameOf } from '../lab-state.ts'

export function TerminalTabs({ onActivate }: { readonly onActivate: (console: string) => void }) {
  const consoles = useLabState((state) => state.consoles)
  const active = useLabState((state) => state.active)
  const topology = useLabState((state) => state.topology)
  const people = useLabState((state) => state.people)
  const you = useLabState((state) => state.you)
  const names = [...consoles.keys()]

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || active === null) return
    const next = names[(names.indexOf(active) + step + names.length) % names.length]
    onActivate(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-console="${CSS.escape(next)}"]`)?.focus()
  }

  return (
    <div className="terminal-tabs" role="tablist" aria-label="Machines" onKeyDown={onKeyDown}>
      {names.map((name) => {
        const view = consoles.get(name)!
        const node = topology?.nodes.find((one) => one.name === machineOf(name))
        const other = view.typist !== null && view.typist !== you
        const note = node !== undefined && node.power !== 'on' ? 'off' : other ? 'typing' : view.busy ? 'busy' : ''
        const label = `${node?.label ?? name}${name.includes(':') ? ` ${name.split(':')[1]}` : ''}`
        return (
          <button
            key={name}
            type="button"
            role="tab"
            data-console={name}
            aria-selected={name === active}
            aria-controls="terminal-body"
            tabIndex={name === active ? 0 : -1}
            title={other ? `${nameOf(people, view.typist)} is typing here` : undefined}
            onClick={() => onActivate(name)}
          >
            <Icon name={node?.kind === 'computer' ? 'computer' : node?.kind === 'guest' ? 'guest' : 'terminal'} size={13} />
            {label}
            {note !== '' && <small className={note}>{note}</small>}
          </button>
        )
      })}
    </div>
  )
}
