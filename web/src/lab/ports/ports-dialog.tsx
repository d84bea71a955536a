import { useCallback, useEffect, useState } from 'react'
import type { PortState } from '../../../../durable/protocol.ts'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useLab, useLabState } from '../lab-context.ts'
import { PlugForm } from './plug-form.tsx'
import { PluggedList } from './plugged-list.tsx'
import './ports.css'

/** How often the counters are read while somebody looks at them, in milliseconds. */
const AGAIN = 2_000

/** Real machines at the ports of the lab: who is there, and how another is plugged in. */
export default function PortsDialog({ onClose }: { readonly onClose: () => void }) {
  const { id } = useLab()
  const topology = useLabState((state) => state.topology)
  const loaded = useLoad(useCallback(() => api.ports(id), [id]))
  const [known, setKnown] = useState<readonly PortState[] | null>(null)
  const { reload } = loaded
  const ready = loaded.state === 'ready' ? loaded.value.ports : null
  useEffect(() => {
    if (ready !== null) setKnown(ready)
  }, [ready])
  useEffect(() => {
    const timer = setInterval(reload, AGAIN)
    return () => clearInterval(timer)
  }, [reload])
  const labels = new Map(topology?.nodes.map((one) => [one.name, one.label]))
  return (
    <Dialog title="Real machines" onClose={onClose}>
      {known === null && loaded.state === 'loading' && <Loading text="Looking at the ports" />}
      {known === null && loaded.state === 'failed' && <p>{loaded.error.message}</p>}
      {known !== null && (
        <>
          <PluggedList ports={known} labels={labels} onChanged={reload} />
          <PlugForm ports={known} labels={labels} />
        </>
      )}
    </Dialog>
  )
}
