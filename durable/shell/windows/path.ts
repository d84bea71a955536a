/** A full Windows path from one that may be relative; `.` and `..` are resolved, and `~` for shells that have a user's home. */
export function resolvePath(cwd: string, given: string, user?: string): string {
  const path = given.replace(/\//g, '\\').replace(/^Microsoft\.PowerShell\.Core\\FileSystem::/i, '')
  const drive0 = /^[A-Za-z]+:/.exec(cwd)?.[0] ?? 'C:'
  const absolute = /^[A-Za-z]+:/.test(path)
    ? path
    : path.startsWith('\\')
      ? `${drive0}${path}`
      : user !== undefined && /^~(\\|$)/.test(path)
        ? `C:\\Users\\${user}${path.slice(1)}`
        : `${cwd}\\${path}`
  const [drive, ...parts] = absolute.split('\\')
  const out: string[] = []
  for (const part of parts) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `${drive.toUpperCase()}\\${out.join('\\')}`
}
