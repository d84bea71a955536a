import { useEffect, useState } from 'react'
import type { Explanation } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import type { Load } from '../../api/use-load.ts'

/** Why a packet ended as it did. While the whole way is fetched, what was shown stays. */
export function useExplanation(id: string, packet: number, path: boolean): Load<Explanation> {
  const [result, setResult] = useState<Load<Explanation>>({ state: 'loading' })
  useEffect(() => {
    let current = true
    setResult((old) => (old.state === 'ready' && old.value.packet === packet ? old : { state: 'loading' }))
    api.why(id, packet, path).then(
      (value) => current && setResult({ state: 'ready', value }),
      (error: Error) => current && setResult({ state: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [id, packet, path])
  return result
}
