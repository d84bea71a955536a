const KEY = 'switchroom.wanted'
const KEPT_FOR = 30 * 60 * 1000

/** The page that somebody without a session tried to open: offered again after the sign-in link has been used. */
export function rememberWanted(path: string): void {
  window.localStorage.setItem(KEY, JSON.stringify({ path, until: Date.now() + KEPT_FOR }))
}

export function takeWanted(): string | null {
  const text = window.localStorage.getItem(KEY)
  if (text === null) return null
  window.localStorage.removeItem(KEY)
  try {
    const wanted = JSON.parse(text) as { path?: unknown; until?: unknown }
    if (typeof wanted.path !== 'string' || typeof wanted.until !== 'number') return null
    return wanted.until > Date.now() && /^\/[a-z]/.test(wanted.path) ? wanted.path : null
  } catch {
    return null
  }
}
