import { useSyncExternalStore } from 'react'

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

/** In a frame of a learning platform every address stands below one that the platform may show (worker/routes/lti.ts). */
const base = /^\/frame\/[^/]+\/[^/]+(?=\/|$)/.exec(window.location.pathname)?.[0] ?? ''
export const inPlatform = base !== ''

/** `instead`: the way back does not lead to the present page. */
export function navigate(path: string, instead = false): void {
  if (instead) window.history.replaceState(null, '', base + path)
  else window.history.pushState(null, '', base + path)
  window.scrollTo(0, 0)
  tell()
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname.slice(base.length) || '/')
