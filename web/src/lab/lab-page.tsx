import { useCallback, useEffect, useState } from 'react'
import { config } from 'zod'
import { api, type LabSummary } from '../api/client.ts'
import { Problem } from '../api/http.ts'
import { useSession } from '../api/session.tsx'
import { type Load, useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ChatPanel } from './chat/chat-panel.tsx'
import { AskedBackBar } from './consent/asked-back-bar.tsx'
import { DamagedLab } from './damaged-lab.tsx'
import { LabClient } from './lab-client.ts'
import { LabContext, useLabState } from './lab-context.ts'
import { LabHeader } from './lab-header.tsx'
import './lab.css'
import { OpenMoment } from './share/open-moment.tsx'
import { ViewBar } from './share/view-bar.tsx'
import { Workbench } from './workbench.tsx'

// Compiled validators need `eval`, which the page's security policy forbids.
config({ jitless: true })

export default function LabPage({ params }: PageProps) {
  const { id } = params
  const [lab, setLab] = useState<LabClient | null>(null)
  const moment = momentOf(window.location.search)
  useEffect(() => {
    if (moment !== null) return
    const client = new LabClient(id)
    setLab(client)
    return () => client.close()
  }, [id, moment])
  if (moment !== null) return <OpenMoment id={id} line={moment} />
  if (lab === null) return null
  return (
    <LabContext value={lab}>
      <Lab id={id} />
    </LabContext>
  )
}

/** The line that an address asks for. */
const momentOf = (search: string): number | null => {
  const at = new URLSearchParams(search).get('at')
  return at !== null && /^\d{1,9}$/.test(at) ? Number(at) : null
}

const problemOf = (summary: Load<LabSummary>) =>
  summary.state === 'failed' && summary.error instanceof Problem ? summary.error : null

function Lab({ id }: { readonly id: string }) {
  const summary = useLoad(useCallback(() => api.summary(id), [id]))
  const { retry } = useSession()
  const live = useLabState((state) => state.title)
  const title = live !== '' ? live : summary.state === 'ready' ? summary.value.title : ''
  const problem = problemOf(summary)
  const kind = summary.state === 'ready' ? summary.value.kind : null
  const status = problem?.status ?? 0
  const disconnected = useLabState((state) => state.connection === 'refused')
  const refused = disconnected || status === 404 || status === 403
  useEffect(() => {
    if (status === 401) retry()
  }, [status, retry])
  useEffect(() => {
    document.title = title === '' ? 'Lab · Switchroom' : `${title} · Switchroom`
  }, [title])
  if (problem?.code === 'corrupt-part') {
    return (
      <div className="lab">
        <PageHeader />
        <DamagedLab id={id} problem={problem} />
      </div>
    )
  }
  if (refused) {
    return (
      <div className="lab">
        <PageHeader />
        <Notice title="This lab cannot be opened" tone="fail" centre>
          <p>
            It may have been deleted, an invitation may be over, or it belongs to another organisation. Ask whoever gave you the
            link.
          </p>
          <Button onClick={() => navigate('/')}>Go to your labs</Button>
        </Notice>
      </div>
    )
  }
  return (
    <div className="lab">
      <LabHeader id={id} title={title} frozen={kind === 'submission' || kind === 'view'} />
      {kind === 'view' && <ViewBar id={id} title={title} />}
      <AskedBackBar />
      <div className="lab-row">
        <div className="lab-main">
          <Workbench id={id} summary={summary} />
        </div>
        <ChatPanel />
      </div>
    </div>
  )
}
