import { useCallback, useEffect, useState } from 'react'
import { type AuthoredDetails, authoring } from '../api/authoring.ts'
import { Problem } from '../api/http.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'
import './authoring.css'
import { DraftKeeper } from './draft-keeper.ts'
import { Editor } from './editor.tsx'
import { Versions } from './versions.tsx'

export default function EditorPage({ params }: PageProps) {
  const { id } = params
  const loaded = useLoad(useCallback(() => authoring.read(id), [id]))
  if (loaded.state === 'loading') return <Loading text="Opening the lab" />
  if (loaded.state === 'failed') {
    const gone = loaded.error instanceof Problem && (loaded.error.status === 404 || loaded.error.status === 403)
    return (
      <div className="authoring">
        <PageHeader />
        <Notice title={gone ? 'This lab cannot be opened' : 'The lab did not load'} tone="fail" centre>
          <p>{loaded.error.message}</p>
          {gone ? (
            <Button onClick={() => navigate('/authoring')}>Go to the labs that you write</Button>
          ) : (
            <Button onClick={loaded.reload}>Try again</Button>
          )}
        </Notice>
      </div>
    )
  }
  return <Opened first={loaded.value} />
}

function Opened({ first }: { readonly first: AuthoredDetails }) {
  const [lab, setLab] = useState(first)
  const [keeper, setKeeper] = useState<DraftKeeper | null>(null)
  const { id, draft } = lab
  const has = draft !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: a keeper for as long as there is a draft; it follows the draft itself
  useEffect(() => {
    if (draft === null) return
    const made = new DraftKeeper(id, draft)
    setKeeper(made)
    const warn = (event: BeforeUnloadEvent) => {
      if (made.store.get().state !== 'saved') event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
      made.close()
    }
  }, [id, has])

  if (draft === null) return <OnlyVersions lab={lab} onLab={setLab} />
  if (keeper === null) return null
  return <Editor lab={lab} keeper={keeper} onLab={setLab} />
}

/** The draft was deleted; what was published is kept. */
function OnlyVersions({ lab, onLab }: { readonly lab: AuthoredDetails; readonly onLab: (lab: AuthoredDetails) => void }) {
  const restore = (number: number) =>
    authoring.restore(lab.id, number, null).then(
      (now) => {
        onLab(now)
        toast(`Version ${number} is the draft now`)
      },
      (error: Error) => toast(`Nothing was restored. ${error.message}`, 'fail'),
    )
  return (
    <div className="authoring">
      <PageHeader />
      <main className="authoring-main single">
        <h1>{lab.title}</h1>
        <p className="authoring-lead">The draft was deleted. The versions below stay as they are.</p>
        <Versions lab={lab} onRestore={(number) => void restore(number)} onWithdraw={null} />
      </main>
    </div>
  )
}
