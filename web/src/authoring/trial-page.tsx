import { useCallback, useEffect, useState } from 'react'
import { authoring } from '../api/authoring.ts'
import { call } from '../api/http.ts'
import { useLoad } from '../api/use-load.ts'
import LabPage from '../lab/lab-page.tsx'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import './authoring.css'

const seedOf = (lab: string) => call<{ seed: number }>('GET', `/v1/labs/${encodeURIComponent(lab)}`)

/** A lab that somebody tries before students get it: the same console, and the way back. */
export default function TrialPage({ params }: PageProps) {
  const { id, lab } = params
  const authored = useLoad(useCallback(() => authoring.read(id), [id]))
  const seed = useLoad(useCallback(() => seedOf(lab), [lab]))
  const [building, setBuilding] = useState(false)
  const title = authored.state === 'ready' ? authored.value.title : ''
  const trial = authored.state === 'ready' ? authored.value.trial : null
  const older = authored.state === 'ready' && (trial?.lab !== lab || !trial.current)
  const back = useCallback(() => navigate(`/authoring/${id}`), [id])
  useEffect(() => {
    document.title = `Trying ${title} · Switchroom`
  }, [title])

  const build = (wanted: number | null) => {
    setBuilding(true)
    authoring.tryIt(id, wanted).then(
      (built) => navigate(`/authoring/${id}/try/${built.id}`),
      (error: Error) => {
        setBuilding(false)
        toast(`The lab was not built. ${error.message}`, 'fail')
      },
    )
  }
  const drawn = seed.state === 'ready' ? seed.value.seed : null
  return (
    <div className="trial">
      <section className="trial-bar" aria-label="Trial">
        <Button small onClick={back}>
          <Icon name="back" size={13} /> Back to the editor
        </Button>
        <span className="trial-words">
          You are trying <strong>{title || 'your draft'}</strong> as a student sees it
          {drawn !== null && (
            <>
              {' '}
              (seed <span className="mono">{drawn}</span>)
            </>
          )}
          {older && '. The draft has changed since it was built'}
        </span>
        {older && (
          <Button small disabled={building} onClick={() => build(drawn)}>
            <Icon name="reset" size={13} /> Build it again
          </Button>
        )}
        <Button small disabled={building} onClick={() => build(null)}>
          {building ? 'Building…' : 'With another seed'}
        </Button>
      </section>
      <LabPage params={{ id: lab }} />
    </div>
  )
}
