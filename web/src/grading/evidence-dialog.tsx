import { useCallback } from 'react'
import { type Check, type Evidence, grading } from '../api/grading.ts'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Loading } from '../ui/loading.tsx'
import { ListTable } from './table-frame.tsx'

type Props = { readonly submission: string; readonly check: Check; readonly onClose: () => void }

/** Packets of the copy in which a check was tried: they are in no lab, so they are shown here with their bytes. */
export function EvidenceDialog({ submission, check, onClose }: Props) {
  const loaded = useLoad(useCallback(() => grading.evidence(submission, check.id), [submission, check.id]))
  return (
    <Dialog title={`${check.title}: the trial`} onClose={onClose}>
      <p>The check was tried in a copy of the submitted lab, which was not changed by it. These packets were seen there.</p>
      {loaded.state === 'loading' && <Loading text="Trying it again" />}
      {loaded.state === 'failed' && (
        <p role="alert">
          {loaded.error.message} <Button onClick={loaded.reload}>Try again</Button>
        </p>
      )}
      {loaded.state === 'ready' && (
        <>
          <Packets evidence={loaded.value.evidence} />
          <p className="mono small-print">digest {loaded.value.digest}</p>
        </>
      )}
    </Dialog>
  )
}

function Packets({ evidence }: { readonly evidence: Evidence }) {
  if (evidence.packets.length === 0) return <p>No packet was seen.</p>
  return (
    <ListTable label="Packets" heads={['Seconds', 'Where', '', 'From', 'To', 'Protocol', 'What', 'Became of it', 'Bytes']} mono>
      {evidence.packets.map((one) => (
        <tr key={one.sequence}>
          <td>{(one.time / 1e6).toFixed(6)}</td>
          <td>{one.where}</td>
          <td>{one.direction}</td>
          <td>{one.source}</td>
          <td>{one.destination}</td>
          <td>{one.protocol}</td>
          <td>{one.info}</td>
          <td>{one.verdictText}</td>
          <td>
            <details>
              <summary>{one.length}</summary>
              <code className="bytes">{one.bytes.replace(/(..)(?=.)/g, '$1 ')}</code>
            </details>
          </td>
        </tr>
      ))}
    </ListTable>
  )
}
