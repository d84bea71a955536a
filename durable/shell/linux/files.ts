import type { KernelError } from '../../engine/machine/kernel.ts'
import type { FileStat } from '../../engine/machine/views.ts'
import type { OpenFile } from './bash/work.ts'
import type { Io, Place } from './io.ts'
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
  if (path === '') return { fault: 'No such file or directory' }
  const full = absolute(path, io.session.cwd)
  if (full === '/dev/null') return { text: '' }
  const held = io.work.held.get(full)
  if (held !== undefined) return { text: held }
  const stat = io.kernel.stat(full)
  if (stat === undefined) return { fault: 'No such file or directory' }
  if (stat.kind === 'directory') return { fault: 'Is a directory' }
  if (!allowed(stat, 4, io)) return { fault: 'Permission denied' }
  return { text: io.kernel.readFile(full) ?? '' }
}

type Looking = { readonly kernel: Io['kernel']; readonly session: Session }

export const isDirectory = (io: Looking, full: string): boolean => io.kernel.stat(full)?.kind === 'directory'

/** Whether permission bits let this user: 4 reads, 2 writes, 1 runs. */
export function allowed(stat: FileStat, bit: number, io: Io): boolean {
  if (io.root || io.session.user === 'root') return bit !== 1 || (stat.mode & 0o111) !== 0
  return (stat.mode & (stat.owner === io.session.user ? bit << 6 : bit)) !== 0
}

export function isExecutable(io: Io, full: string): boolean {
  const stat = io.kernel.stat(full)
  return stat?.kind === 'file' && allowed(stat, 1, io)
}

/** What keeps this user from writing a file; undefined: nothing. */
export function writeFault(io: Io, full: string): string | undefined {
  const stat = io.kernel.stat(full)
  if (stat) return stat.kind === 'directory' ? 'Is a directory' : allowed(stat, 2, io) ? undefined : 'Permission denied'
  return folderFault(io, full)
}

/** What keeps this user from making or removing a name; undefined: nothing. */
export function folderFault(io: Io, full: string): string | undefined {
  const parent = io.kernel.stat(full.slice(0, Math.max(1, full.lastIndexOf('/'))))
  if (parent === undefined) return 'No such file or directory'
  if (parent.kind !== 'directory') return 'Not a directory'
  return allowed(parent, 2, io) ? undefined : 'Permission denied'
}

/** Writes to where a job was told to. */
export function openPlace(place: Exclude<Place, 'terminal'>, io: Io): (text: string) => void {
  if (typeof place === 'string') return () => {}
  const file: OpenFile = { path: place.file, pending: '', failed: false }
  io.work.files.add(file)
  return (text) => {
    file.pending += text
    if (file.pending.length > 16_384) io.work.flush()
  }
}

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
    case 'is-directory':
      return 'Is a directory'
    case 'not-directory':
      return 'Not a directory'
    case 'not-empty':
      return 'Directory not empty'
    case 'no-space':
      return 'No space left on device'
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

/** Writes a whole file as this user; what keeps it from being written, else undefined. */
export function saveFile(io: Io, full: string, text: string, append = false): string | undefined {
  if (full === '/dev/null') return undefined
  const fault = writeFault(io, full)
  if (fault !== undefined) return fault
  const outcome = append ? io.kernel.appendFile(full, text) : io.kernel.writeFile(full, text)
  return outcome.ok ? undefined : errorText(outcome.error)
}
