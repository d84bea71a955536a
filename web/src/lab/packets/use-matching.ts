import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { PacketRow } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/http.ts'
import { useLab } from '../lab-context.ts'

export type Matching = {
  readonly rows: readonly PacketRow[]
  readonly state: 'none' | 'loading' | 'ready'
  /** Why the lab did not take the filter. */
  readonly refused: string
}

const PAGE = 500
const MOST_PAGES = 60
const QUIET_MS = 150
const nothing: Matching = { rows: [], state: 'none', refused: '' }

/** What a display filter lets pass of all that the lab keeps: bytes are with the lab, so it is the lab that is asked. */
export function useMatching(display: string): Matching {
  const { id, packets } = useLab()
  const version = useSyncExternalStore(packets.subscribe, packets.version)
  const [result, setResult] = useState<Matching>(nothing)
  const known = useRef({ display: '', after: -1, rows: [] as readonly PacketRow[] })

  // biome-ignore lint/correctness/useExhaustiveDependencies: asks for more whenever there are new packets
  useEffect(() => {
    if (display === '') {
      known.current = { display: '', after: -1, rows: [] }
      setResult(nothing)
      return
    }
    const fresh = known.current.display !== display || packets.last < known.current.after
    if (fresh) {
      known.current = { display, after: -1, rows: [] }
      setResult((old) => ({ ...old, state: 'loading', refused: '' }))
    }
    let current = true
    const ask = async () => {
      for (let turn = 0; turn < MOST_PAGES && current; turn += 1) {
        const { after, rows } = known.current
        const page = await api.packets(id, { after, limit: PAGE, filter: display })
        if (!current) return
        known.current = {
          display,
          after: Math.max(after, page.next),
          rows: [...rows.filter((one) => one.sequence >= page.oldest), ...page.packets.filter((one) => one.sequence > after)],
        }
        if (page.next <= after) break
      }
      if (current) setResult({ rows: known.current.rows, state: 'ready', refused: '' })
    }
    const timer = setTimeout(
      () =>
        void ask().catch((error: Error) => {
          const refused = error instanceof Problem && error.field === 'filter' ? error.message : `Not filtered. ${error.message}`
          if (current) setResult({ rows: [], state: 'ready', refused })
        }),
      fresh ? 0 : QUIET_MS,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id, packets, display, version])
  return result
}
