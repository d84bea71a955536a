import { useRef } from 'react'
import './filter-box.css'
import type { FilterFault } from './use-filter.ts'

type Props = { readonly text: string; readonly fault: FilterFault | null; readonly onText: (text: string) => void }

export const FILTER_FAULT = 'packet-filter-fault'

/** Words or a display filter; what cannot be read of it is underlined in its place. */
export function FilterBox({ text, fault, onText }: Props) {
  const mirror = useRef<HTMLDivElement>(null)
  return (
    <span className="filter-box">
      <input
        className="field packet-filter"
        type="search"
        placeholder="Filter: dns, ip.ttl < 64"
        aria-label="Show only packets that contain these words"
        title="Words that must stand in the row, or a display filter as Wireshark has them"
        spellCheck={false}
        autoComplete="off"
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : FILTER_FAULT}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onScroll={(event) => mirror.current?.scrollTo({ left: event.currentTarget.scrollLeft })}
      />
      {fault !== null && (
        <div className="filter-mirror" aria-hidden="true" ref={mirror}>
          {text.slice(0, fault.from)}
          <u>{text.slice(fault.from, fault.to)}</u>
          {text.slice(fault.to)}
        </div>
      )}
    </span>
  )
}
