import { kept } from '../ui/kept.ts'

const KEY = 'switchroom.wanted'
const KEPT_FOR = 30 * 60 * 1000

/** The page that somebody without a session tried to open: offered again after the sign-in link has been used. */
export function rememberWanted(path: string): void {
  kept.set(KEY, JSON.stringify({ path, until: Date.now() + KEPT_FOR }))
}

export function takeWanted(): string | null {
  const text = kept.get(KEY)
  if (text === null) return null
  kept.remove(KEY)
  try {
    const wanted = JSON.parse(text) as { path?: unknown; until?: unknown }
    if (typeof wanted.path !== 'string' || typeof wanted.until !== 'number') return null
    return wanted.until > Date.now() && /^\/[a-z]/.test(wanted.path) ? wanted.path : null
  } catch {
    return null
  }
}
