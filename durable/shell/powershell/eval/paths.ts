/** A full Windows path from one that may be relative; `.` and `..` are resolved. */
export function resolvePath(cwd: string, given: string): string {
  const path = given.replace(/\//g, '\\').replace(/^Microsoft\.PowerShell\.Core\\FileSystem::/i, '')
  const drive0 = /^[A-Za-z]+:/.exec(cwd)?.[0] ?? 'C:'
  const absolute = /^[A-Za-z]+:/.test(path)
    ? path
    : path.startsWith('\\')
      ? `${drive0}${path}`
      : path.startsWith('~')
        ? `C:\\Users\\${cwd.split('\\')[2] ?? ''}${path.slice(1)}`
        : `${cwd}\\${path}`
  const [drive, ...parts] = absolute.split('\\')
  const out: string[] = []
  for (const part of parts) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `${drive.toUpperCase()}\\${out.join('\\')}`
}
