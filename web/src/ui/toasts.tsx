import { useEffect, useRef } from 'react'
import { Icon } from './icon.tsx'
import { createStore, useStore } from './store.ts'

type Toast = { readonly id: number; readonly text: string; readonly tone: 'plain' | 'fail' }
const toasts = createStore<{ readonly list: readonly Toast[] }>({ list: [] })
let last = 0

export function toast(text: string, tone: Toast['tone'] = 'plain'): void {
  const id = ++last
  toasts.set({ list: [...toasts.get().list.slice(-2), { id, text, tone }] })
  setTimeout(() => toasts.set({ list: toasts.get().list.filter((one) => one.id !== id) }), tone === 'fail' ? 7_000 : 3_500)
}

export function Toasts() {
  const list = useStore(toasts, (value) => value.list)
  const place = useRef<HTMLDivElement>(null)
  // A dialog that opened since would cover it: what is shown last is on top. Browsers before 2024 have no popovers.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every toast anew
  useEffect(() => {
    place.current?.hidePopover?.()
    place.current?.showPopover?.()
  }, [list.at(-1)?.id])
  return (
    <div ref={place} className="toasts" popover="manual" role="status" aria-live="polite">
      {list.map((one) => (
        <div key={one.id} className={`toast ${one.tone}`}>
          <Icon name={one.tone === 'fail' ? 'warn' : 'check'} />
          {one.text}
        </div>
      ))}
    </div>
  )
}
