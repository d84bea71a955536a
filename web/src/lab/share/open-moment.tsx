import { useEffect, useState } from 'react'
import { links } from '../../api/links.ts'
import { navigate } from '../../router.ts'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

/** `/labs/ID?at=LINE`: goes on to the lab as it was right after that line. */
export function OpenMoment({ id, line }: { readonly id: string; readonly line: number }) {
  const [failed, setFailed] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    links.view(id, line).then(
      ({ lab }) => current && navigate(`/labs/${lab}`, true),
      (error: Error) => current && setFailed(error.message),
    )
    return () => {
      current = false
    }
  }, [id, line])
  return (
    <div className="lab">
      <PageHeader />
      {failed === null ? (
        <Loading text={`Building the lab as it was after line ${line}`} />
      ) : (
        <Notice title="This moment cannot be shown" tone="fail" centre>
          <p>{failed}</p>
          <Button onClick={() => navigate(`/labs/${id}`)}>Go to the lab as it is</Button>
        </Notice>
      )}
    </div>
  )
}
