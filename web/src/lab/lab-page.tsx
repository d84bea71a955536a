import { useEffect, useState } from 'react'
import { config } from 'zod'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { LabClient } from './lab-client.ts'
import { LabContext, useLabState } from './lab-context.ts'
import { LabHeader } from './lab-header.tsx'
import './lab.css'
import { Workbench } from './workbench.tsx'

// Compiled validators need `eval`, which the page's security policy forbids.
config({ jitless: true })

export default function LabPage({ id }: { readonly id: string }) {
  const [lab, setLab] = useState<LabClient | null>(null)
  useEffect(() => {
    const client = new LabClient(id)
    setLab(client)
    return () => client.close()
  }, [id])
  if (lab === null) return null
  return (
    <LabContext value={lab}>
      <Lab id={id} />
    </LabContext>
  )
}

function Lab({ id }: { readonly id: string }) {
  const title = useLabState((state) => state.title)
  const refused = useLabState((state) => state.connection === 'refused')
  useEffect(() => {
    document.title = title === '' ? 'Lab · Switchroom' : `${title} · Switchroom`
  }, [title])
  if (refused) {
    return (
      <div className="lab">
        <PageHeader />
        <Notice title="This lab cannot be opened" tone="fail" centre>
          <p>It may have been deleted, or it belongs to another organisation. Ask whoever gave you the link.</p>
          <Button onClick={() => navigate('/')}>Go to your labs</Button>
        </Notice>
      </div>
    )
  }
  return (
    <div className="lab">
      <LabHeader id={id} />
      <Workbench id={id} />
    </div>
  )
}
