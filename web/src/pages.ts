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
  // It holds nothing but the shape of requests.
  { path: '/docs', component: lazy(() => import('./pages/docs-page.tsx')), open: true },
  { path: '/docs.html', component: lazy(() => import('./pages/docs-page.tsx')), open: true },
]
