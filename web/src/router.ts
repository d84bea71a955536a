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

export function navigate(path: string): void {
  window.history.pushState(null, '', path)
  window.scrollTo(0, 0)
  tell()
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname)
