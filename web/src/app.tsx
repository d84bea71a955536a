import { lazy, Suspense, useEffect } from 'react'
import { SessionProvider, useSession } from './api/session.tsx'
import { HomePage } from './pages/home.tsx'
import { LandingPage } from './pages/landing.tsx'
import { rememberWanted } from './pages/wanted.ts'
import { navigate, useRoute } from './router.ts'
import { Boundary } from './ui/boundary.tsx'
import { Button } from './ui/button.tsx'
import { Loading } from './ui/loading.tsx'
import { Notice } from './ui/notice.tsx'
import { Toasts } from './ui/toasts.tsx'

const DocsPage = lazy(() => import('./pages/docs-page.tsx'))
const LabPage = lazy(() => import('./lab/lab-page.tsx'))

export function App() {
  return (
    <SessionProvider>
      <Boundary>
        <Suspense fallback={<Loading text="Opening the lab" />}>
          <Page />
        </Suspense>
      </Boundary>
      <Toasts />
    </SessionProvider>
  )
}

function Page() {
  const route = useRoute()
  const { session, state, retry } = useSession()
  const wanted = route.page === 'lab' && state === 'signed-out' ? window.location.pathname : null
  useEffect(() => {
    if (wanted !== null) rememberWanted(wanted)
  }, [wanted])

  // Open to all: it holds nothing but the shape of requests.
  if (route.page === 'docs') return <DocsPage />
  if (state === 'loading') return <Loading text="Looking for your session" />
  if (state === 'failed') {
    return (
      <Notice title="The service does not answer" tone="fail" centre>
        <p>Your labs are kept; this page only could not reach them. Check the connection and try again.</p>
        <Button onClick={retry}>Try again</Button>
      </Notice>
    )
  }
  if (session === null) return <LandingPage opening={wanted !== null} />
  if (route.page === 'lab') return <LabPage key={route.id} id={route.id} />
  if (route.page === 'home') return <HomePage />
  return (
    <Notice title="There is no such page" centre>
      <p>The address may have lost a part when it was copied.</p>
      <Button onClick={() => navigate('/')}>Go to your labs</Button>
    </Notice>
  )
}
