import type { KernelError } from '../../engine/machine/kernel.ts'
import type { Io } from './io.ts'
import type { Session } from './session.ts'

/** A path as it is from the root: relative parts, `.` and `..` resolved. */
export function absolute(path: string, cwd: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

export type Opened = { readonly text: string } | { readonly fault: string }

/** A file's text, or what the system says instead. */
export function openFile(io: Io, path: string): Opened {
  const full = absolute(path, io.session.cwd)
  if (full === '/dev/null') return { text: '' }
  const text = io.kernel.readFile(full)
  if (text !== undefined) return { text }
  if (isDirectory(io, full)) return { fault: 'Is a directory' }
  return { fault: 'No such file or directory' }
}

/** Whether there is a directory; the home directory is there even when it holds no file. */
export const isDirectory = (io: { readonly kernel: Io['kernel']; readonly session: Session }, full: string): boolean =>
  full === '/' || full === io.session.home || full === '/tmp' || io.kernel.listFiles(full) !== undefined

export function errorText(error: KernelError): string {
  switch (error) {
    case 'access-denied':
      return 'Permission denied'
    case 'exists':
      return 'File exists'
    case 'not-found':
      return 'No such file or directory'
    case 'no-route':
      return 'Network is unreachable'
    case 'in-use':
    case 'exhausted':
    case 'no-service':
      return 'Device or resource busy'
    case 'not-simulated':
      return 'real, but not simulated here yet'
    case 'invalid':
    case 'media-disconnected':
    case 'not-dhcp':
    case 'wrong-state':
    case 'ics-switch':
      return 'Invalid argument'
    default:
      error satisfies never
      return 'Invalid argument'
  }
}

/** Lines with their line feeds; a last one may have none. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const whole = lines.map((line) => `${line}\n`)
  if (last !== '') whole.push(last)
  return whole
}
