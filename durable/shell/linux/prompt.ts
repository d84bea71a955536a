import type { Session } from './session.ts'

/** The working directory as the prompt shows it. */
export function promptDirectory({ cwd, home }: Session): string {
  if (cwd === home) return '~'
  return cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
}

/** A path with the home directory for its tilde. */
export const homeDirectory = (path: string, session: Session): string =>
  path === '~' || path.startsWith('~/') ? session.home + path.slice(1) : path
