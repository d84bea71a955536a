import { useState } from 'react'
import { api } from '../api/client.ts'
import type { Problem } from '../api/http.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toasts.tsx'

/** A lab of which a part cannot be read: what is damaged, and the way back to where it was whole. */
export function DamagedLab({ id, problem }: { readonly id: string; readonly problem: Problem }) {
  const [busy, setBusy] = useState(false)
  const { line } = problem
  const back = (to: number) => {
    setBusy(true)
    api.rewind(id, to, false).then(
      () => window.location.reload(),
      (error: Error) => {
        setBusy(false)
        toast(`The lab was not rewound. ${error.message}`, 'fail')
      },
    )
  }
  return (
    <Notice title="A part of this lab is damaged" tone="fail" centre>
      <p>{problem.message}</p>
      {line !== undefined && (
        <Button primary disabled={busy} onClick={() => back(line)}>
          {line === 0 ? 'Rewind to the beginning' : `Rewind to line ${line}`}
        </Button>
      )}
    </Notice>
  )
}
