import { type KeyboardEvent, useEffect, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { type Layers, type Range, sameRange, within } from './ranges.ts'
import { useMarkInView } from './use-mark-in-view.ts'

type Props = {
  readonly layers: Layers
  readonly marked: Range | null
  /** Bytes whose layer is to be open. */
  readonly reveal?: Range | null
  readonly onMark: (range: Range | null) => void
}

/** Layers and their fields; the one that has the focus or the pointer marks its bytes. */
export function PacketTree({ layers, marked, reveal = null, onMark }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<number>>(() => new Set(layers.slice(0, -1).keys()))
  const revealed = reveal === null ? -1 : layers.findIndex((one) => within(reveal, one) && !sameRange(reveal, one))
  useEffect(() => {
    if (revealed >= 0) setClosed((old) => new Set([...old].filter((one) => one !== revealed)))
  }, [revealed])
  const toggle = (index: number, open: boolean) => {
    const next = new Set(closed)
    if (open) next.delete(index)
    else next.add(index)
    setClosed(next)
  }
  const [first] = layers
  const tree = useMarkInView<HTMLDivElement>(marked)
  return (
    <div
      ref={tree}
      className="packet-tree"
      role="tree"
      aria-label="Decoded packet"
      tabIndex={-1}
      onKeyDown={moveFocus}
      onPointerLeave={() => onMark(null)}
    >
      {layers.map((layer, index) => {
        const open = !closed.has(index)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: layers have no other name, and never change places
          <div key={index} role="none">
            <button
              type="button"
              role="treeitem"
              aria-expanded={open}
              tabIndex={layer === first ? 0 : -1}
              className={`layer ${sameRange(marked, layer) || (!open && within(marked, layer)) ? 'marked' : ''}`}
              data-layer={index}
              onClick={() => toggle(index, !open)}
              onKeyDown={(event) => {
                if (event.key === 'ArrowRight') toggle(index, true)
                if (event.key === 'ArrowLeft') toggle(index, false)
              }}
              onFocus={() => onMark(layer)}
              onPointerEnter={() => onMark(layer)}
            >
              <span className={open ? 'twist open' : 'twist'}>
                <Icon name="down" size={10} />
              </span>
              {layer.name}
            </button>
            {open && (
              // biome-ignore lint/a11y/useSemanticElements: a group of a tree, not of a form
              <div role="group" className="fields">
                {layer.fields.map((field, at) => (
                  <div
                    // biome-ignore lint/suspicious/noArrayIndexKey: fields may repeat, and never change places
                    key={`${field.name} ${at}`}
                    role="treeitem"
                    tabIndex={-1}
                    className={sameRange(marked, field) && field.to > field.from ? 'marked' : ''}
                    onFocus={() => onMark(field)}
                    onPointerEnter={() => onMark(field)}
                  >
                    <span>{field.name}</span>
                    <span className="mono">{field.value}</span>
                  </div>
                ))}
              </div>
            )}
          </div>
        )
      })}
    </div>
  )
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')]
  items[items.indexOf(document.activeElement as HTMLElement) + step]?.focus()
}
