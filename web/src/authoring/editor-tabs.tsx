import type { KeyboardEvent } from 'react'

export const tabs = ['definition', 'brief', 'solutions'] as const
export type Tab = (typeof tabs)[number]
const words: Record<Tab, string> = { definition: 'Definition', brief: 'Brief', solutions: 'Solution' }

type Props = { readonly tab: Tab; readonly faults: Readonly<Record<Tab, number>>; readonly onTab: (tab: Tab) => void }

export function EditorTabs({ tab, faults, onTab }: Props) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    onTab(next)
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  return (
    <div className="editor-tabs" role="tablist" aria-label="Texts" onKeyDown={onKeyDown}>
      {tabs.map((one) => (
        <button
          key={one}
          id={`tab-${one}`}
          type="button"
          role="tab"
          aria-selected={one === tab}
          aria-controls={`panel-${one}`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {words[one]}
          {faults[one] > 0 && (
            <span className="tab-faults">
              {faults[one]}
              <span className="visually-hidden"> {faults[one] === 1 ? 'fault' : 'faults'}</span>
            </span>
          )}
        </button>
      ))}
      {tab === 'definition' && <span className="editor-keys">Ctrl+Space: what can stand here</span>}
    </div>
  )
}
