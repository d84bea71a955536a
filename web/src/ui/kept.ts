// What the browser keeps for us. In a frame of another site it may keep nothing, and says so with an exception at every touch.

const attempt = <T>(use: () => T): T | null => {
  try {
    return use()
  } catch {
    return null
  }
}

export const kept = {
  get: (key: string): string | null => attempt(() => window.localStorage.getItem(key)),
  set: (key: string, value: string): void => void attempt(() => window.localStorage.setItem(key, value)),
  remove: (key: string): void => void attempt(() => window.localStorage.removeItem(key)),
}
