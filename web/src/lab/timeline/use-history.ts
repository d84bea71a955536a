import { useCallback, useEffect, useRef, useState } from 'react'
import type { History } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import type { Load } from '../../api/use-load.ts'
import { useLab, useLabState } from '../lab-context.ts'
import { askAfter, KEPT, merge, PAGE } from './history-log.ts'

const QUIET_MS = 250

/** The journal of the lab, kept up with what happens. */
export function useHistory(): Load<History> & { readonly again: () => void } {
  const { id } = useLab()
  const turns = useLabState((state) => state.turns)
  const [result, setResult] = useState<Load<History>>({ state: 'loading' })
  const [round, setRound] = useState(0)
  const known = useRef<History | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again after every turn, and when it is told to
  useEffect(() => {
    let current = true
    const show = (history: History) => {
      known.current = history
      if (current) setResult({ state: 'ready', value: history })
    }
    const load = () =>
      follow(id, known.current, () => current).then(
        (history) => history !== null && show(history),
        (error: Error) => current && known.current === null && setResult({ state: 'failed', error }),
      )
    const timer = setTimeout(() => void load(), known.current === null ? 0 : QUIET_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id, turns, round])

  const again = useCallback(() => {
    known.current = null
    setRound((one) => one + 1)
  }, [])
  return { ...result, again }
}

/** Page after page to the newest line. */
async function follow(id: string, from: History | null, wanted: () => boolean): Promise<History | null> {
  let history = from
  let after = from === null ? 0 : askAfter(from)
  for (let asked = 0; asked <= KEPT * 4 && wanted(); asked += PAGE) {
    const page = await api.history(id, after, PAGE)
    const merged = merge(history, page)
    if (merged === null) {
      history = null
      after = 0
      continue
    }
    history = merged
    const last = page.lines.at(-1)?.id
    if (last === undefined || last <= after || page.lines.length < PAGE) break
    after = last
  }
  return wanted() ? history : null
}
