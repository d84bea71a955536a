import { Suspense, useEffect } from 'react'
import { SessionProvider, useSession } from './api/session.tsx'
import { matchPath } from './match-path.ts'
import { SuspendedPage } from './organisation/suspended-page.tsx'
import { LandingPage } from './pages/landing.tsx'
import { rememberWanted } from './pages/wanted.ts'
import { pages } from './pages.ts'
import { inPlatform, navigate, usePath } from './router.ts'
import { Boundary } from './ui/boundary.tsx'
import { Button } from './ui/button.tsx'
import { Loading } from './ui/loading.tsx'
import { Notice } from './ui/notice.tsx'
import { PageHeader } from './ui/page-header.tsx'
import { Toasts } from './ui/toasts.tsx'

export function App() {
  return (
    <SessionProvider>
      <Boundary>
        <Suspense fallback={<Loading text="Opening the page" />}>
          <Page />
        </Suspense>
      </Boundary>
      <Toasts />
    </SessionProvider>
  )
}

function pageOf(path: string) {
  for (const page of pages) {
    const params = matchPath(page.path, path)
    if (params !== undefined) return { ...page, params }
  }
  return undefined
}

function Page() {
  const path = usePath()
  const page = pageOf(path)
  const { session, state, retry } = useSession()
  const open = page?.open === true
  const wanted = page !== undefined && !open && path !== '/' && state === 'signed-out' ? path : null
  useEffect(() => {
    // The secret of a link, and the moment that an address names, are part of what was wanted.
    if (wanted !== null) rememberWanted(wanted + window.location.search + window.location.hash)
  }, [wanted])

  if (page !== undefined && open) return <page.component params={page.params} />
  if (state === 'loading') return <Loading text="Looking for your session" />
  if (state === 'suspended') return <SuspendedPage />
  if (state === 'failed') {
    return (
      <Notice title="The service does not answer" tone="fail" centre>
        <p>Your labs are kept; this page only could not reach them. Check the connection and try again.</p>
        <Button onClick={retry}>Try again</Button>
      </Notice>
    )
  }
  if (session === null && inPlatform) return <SignedOutThere />
  if (session === null) return <LandingPage opening={wanted !== null && /^\/(labs\/|open$)/.test(wanted)} />
  if (page !== undefined) return <page.component key={path} params={page.params} />
  return (
    <div className="page-alone">
      <PageHeader />
      <Notice title="There is no such page" centre>
        <p>The address may have lost a part when it was copied.</p>
        <Button onClick={() => navigate('/')}>Go to your labs</Button>
      </Notice>
    </div>
  )
}

/** Whoever comes from a learning platform has nothing to sign in with but that. */
const SignedOutThere = () => (
  <Notice title="You are not signed in any more" centre>
    <p>
      Open the link in your course again. If that leads here at once, your browser keeps no sign-in for pages inside other pages:
      ask your teacher to let the link open in a new window.
    </p>
  </Notice>
)
