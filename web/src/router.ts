import { useSyncExternalStore } from 'react'

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'lab'; readonly id: string }
  | { readonly page: 'docs' }
  | { readonly page: 'unknown' }

/** Three pages do not need a routing library. */
export function routeOf(path: string): Route {
  if (path === '/' || path === '/labs' || path === '/labs/') return { page: 'home' }
  if (path === '/docs' || path === '/docs.html') return { page: 'docs' }
  const lab = /^\/labs\/([A-Za-z0-9_-]{1,80})\/?$/.exec(path)
  return lab === null ? { page: 'unknown' } : { page: 'lab', id: lab[1] }
}

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

export function navigate(path: string): void {
  window.history.pushState(null, '', path)
  window.scrollTo(0, 0)
  tell()
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => window.location.pathname))
}
