import { useEffect, useState } from 'react'
import { lti } from '../api/lti.ts'
import { useSession } from '../api/session.tsx'
import { useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toasts.tsx'
import { CoursesThere } from './courses-there.tsx'
import './lti.css'
import { PlatformCard } from './platform-card.tsx'
import { PlatformForm } from './platform-form.tsx'
import { KeyCard, ToolCard } from './tool-card.tsx'

/** The learning platforms of the organisation: owners register them, teachers see what became of courses and grades. */
export default function PlatformsPage() {
  const overview = useLoad(lti.overview)
  const { session } = useSession()
  const owner = session?.role === 'owner'
  const [adding, setAdding] = useState(false)
  useEffect(() => {
    document.title = 'Learning platforms · Switchroom'
  }, [])
  return (
    <div className="lti">
      <PageHeader />
      <main className="lti-main">
        <section aria-labelledby="platforms">
          <div className="lti-head">
            <h1 id="platforms">Learning platforms</h1>
            {owner && overview.state === 'ready' && overview.value.ready && !adding && (
              <Button primary onClick={() => setAdding(true)}>
                Add a platform
              </Button>
            )}
          </div>
          <p className="lti-lead">
            Students open assignments from Moodle, Canvas or another platform with LTI 1.3, without a second sign-in, and their
            grades appear there.
          </p>
          {overview.state === 'loading' && (
            <span className="skeleton" style={{ height: 160 }} role="status" aria-label="Loading" />
          )}
          {overview.state === 'failed' && (
            <Notice title="The platforms did not load" tone="fail">
              <p>{overview.error.message}</p>
              <Button onClick={overview.reload}>Try again</Button>
            </Notice>
          )}
          {overview.state === 'ready' && !overview.value.ready && (
            <Notice title="Learning platforms cannot be used on this instance" tone="fail">
              <p>
                The secret <code>LTI_KEY_SECRET</code> of the service is not set. Whoever runs it must set it.
              </p>
            </Notice>
          )}
          {overview.state === 'ready' && overview.value.ready && (
            <>
              {adding && (
                <PlatformForm
                  platform={null}
                  onCancel={() => setAdding(false)}
                  onSave={async (wish) => {
                    await lti.add(wish)
                    toast('Registered')
                    setAdding(false)
                    overview.reload()
                  }}
                />
              )}
              {overview.value.platforms.length === 0 && !adding && (
                <p className="lti-lead">
                  {owner ? 'None is registered yet.' : 'None is registered yet. An owner of the organisation can add one.'}
                </p>
              )}
              <ul className="lti-cards">
                {overview.value.platforms.map((platform) => (
                  <li key={platform.id}>
                    <PlatformCard platform={platform} owner={owner} onChange={overview.reload} />
                  </li>
                ))}
              </ul>
              <ToolCard overview={overview.value} />
              <KeyCard overview={overview.value} owner={owner} onChange={overview.reload} />
            </>
          )}
        </section>
        <section aria-labelledby="courses-there">
          <h2 id="courses-there">Courses there</h2>
          <CoursesThere />
        </section>
      </main>
    </div>
  )
}
