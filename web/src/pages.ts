import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Params } from './match-path.ts'
import { HomePage } from './pages/home.tsx'

export type PageProps = { readonly params: Params }
type Page = {
  readonly path: string
  readonly component: ComponentType<PageProps> | LazyExoticComponent<ComponentType<PageProps>>
  /** Also for those who are not signed in. */
  readonly open?: true
}

/** Every page of the console: a page is one file and one line here. */
export const pages: readonly Page[] = [
  { path: '/', component: HomePage },
  { path: '/labs', component: HomePage },
  { path: '/labs/:id', component: lazy(() => import('./lab/lab-page.tsx')) },
  { path: '/authoring', component: lazy(() => import('./authoring/authoring-page.tsx')) },
  { path: '/authoring/:id', component: lazy(() => import('./authoring/editor-page.tsx')) },
  { path: '/authoring/:id/try/:lab', component: lazy(() => import('./authoring/trial-page.tsx')) },
  { path: '/open', component: lazy(() => import('./pages/open-link.tsx')) },
  { path: '/grades', component: lazy(() => import('./grading/overview-page.tsx')) },
  { path: '/grades/:assignment', component: lazy(() => import('./grading/grades-page.tsx')) },
  { path: '/submissions/:id', component: lazy(() => import('./grading/submission-page.tsx')) },
  { path: '/jobs', component: lazy(() => import('./grading/jobs-page.tsx')) },
  { path: '/jobs/:job', component: lazy(() => import('./grading/job-page.tsx')) },
  { path: '/similarity/:job', component: lazy(() => import('./grading/similarity-page.tsx')) },
  { path: '/webhooks', component: lazy(() => import('./grading/webhooks-page.tsx')) },
  { path: '/courses', component: lazy(() => import('./courses/courses-page.tsx')) },
  { path: '/courses/:course', component: lazy(() => import('./courses/course-page.tsx')) },
  { path: '/assignments/:assignment', component: lazy(() => import('./courses/assignment-page.tsx')) },
  { path: '/assignments/:assignment/edit', component: lazy(() => import('./courses/editor-page.tsx')) },
  { path: '/platforms', component: lazy(() => import('./lti/platforms-page.tsx')) },
  { path: '/launches/:id', component: lazy(() => import('./lti/launch-page.tsx')) },
  { path: '/account', component: lazy(() => import('./account/account-page.tsx')) },
  { path: '/account/address', component: lazy(() => import('./account/address-page.tsx')) },
  { path: '/organisation', component: lazy(() => import('./organisation/members-page.tsx')) },
  { path: '/organisation/usage', component: lazy(() => import('./organisation/usage-page.tsx')) },
  { path: '/organisation/keys', component: lazy(() => import('./organisation/keys-page.tsx')) },
  { path: '/organisation/audit', component: lazy(() => import('./organisation/audit-page.tsx')) },
  { path: '/organisation/settings', component: lazy(() => import('./organisation/settings-page.tsx')) },
  { path: '/join', component: lazy(() => import('./sign-in/join-page.tsx')), open: true },
  { path: '/join/:code', component: lazy(() => import('./sign-in/join-page.tsx')), open: true },
  { path: '/invitation', component: lazy(() => import('./sign-in/invitation-page.tsx')), open: true },
  // Opened with the key of the installation.
  { path: '/operator', component: lazy(() => import('./operator/operator-page.tsx')), open: true },
  { path: '/sign-in/mail', component: lazy(() => import('./sign-in/mail-page.tsx')), open: true },
  // It holds nothing but the shape of requests.
  { path: '/docs', component: lazy(() => import('./pages/docs-page.tsx')), open: true },
  { path: '/docs.html', component: lazy(() => import('./pages/docs-page.tsx')), open: true },
]
