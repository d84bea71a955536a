import { useEffect, useState } from 'react'
import type { PacketDetail } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import type { Load } from '../../api/use-load.ts'

/** The decoded packet. What was shown stays until the next one is here, so that stepping through rows does not flicker. */
export function usePacketDetail(id: string, sequence: number | null): Load<PacketDetail> | null {
  const [result, setResult] = useState<Load<PacketDetail> | null>(null)
  useEffect(() => {
    if (sequence === null) {
      setResult(null)
      return
    }
    let current = true
    setResult((old) => (old?.state === 'ready' ? old : { state: 'loading' }))
    api.packet(id, sequence).then(
      (value) => current && setResult({ state: 'ready', value }),
      (error: Error) => current && setResult({ state: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [id, sequence])
  return result
}
