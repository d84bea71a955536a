// Folders of other computers: `\\host\share\folder`, or a drive that stands for one.

import type { Kernel } from '../../engine/machine/kernel.ts'
import { octetsOf } from '../../engine/wire/bytes.ts'
import { fromUtf8 } from '../powershell/eval/invoke.ts'
import { allEvents, type Gen, textOf } from './program.ts'

export type Remote = { readonly host: string; readonly share: string; readonly folder: string }

/** Undefined: it is no such path. */
export function remoteOf(kernel: Kernel, path: string): Remote | undefined {
  const letter = /^([a-z]:)(?:\\(.*))?$/i.exec(path)
  const used = letter && kernel.windowsNet?.usedShares().find((one) => one.letter.toLowerCase() === letter[1]?.toLowerCase())
  const whole = used ? `${used.remote}\\${letter?.[2] ?? ''}` : path
  const read = /^\\\\([^\\]+)\\([^\\]+)\\?(.*)$/.exec(whole)
  if (read === null) return undefined
  return { host: read[1] as string, share: read[2] as string, folder: (read[3] ?? '').replace(/\\$/, '') }
}

export type RemoteEntry = { readonly name: string; readonly directory: boolean; readonly size: number }
/** The error of Windows, or what is in the folder (nothing when it was only connected to). */
export type RemoteResult =
  | { readonly fault: 'unreachable' | 'logon' | 'share' | 'path' | 'denied' | 'lost' }
  | { readonly entries: readonly RemoteEntry[]; readonly content?: string }

export function* reach(
  kernel: Kernel,
  remote: Omit<Remote, 'folder'> & { readonly folder?: string; readonly file?: string },
  user?: string,
): Gen<RemoteResult> {
  const { hostname, user: own } = kernel.identity()
  const [domain, name] = (user ?? own).includes('\\') ? (user ?? own).split('\\') : ['', user ?? own]
  const events = yield* allEvents(kernel, 'smb', {
    host: remote.host,
    share: remote.share,
    user: name ?? '',
    domain: domain ?? '',
    workstation: hostname,
    ...(remote.folder === undefined ? {} : { folder: remote.folder }),
    ...(remote.file === undefined ? {} : { file: remote.file }),
  })
  for (const event of events) {
    if (event.kind === 'connected')
      return {
        entries: event.entries as unknown as readonly RemoteEntry[],
        ...(typeof event.content === 'string' ? { content: fromUtf8([...octetsOf(event.content)]) } : {}),
      }
    if (event.kind === 'refused') return { fault: textOf(event.reason) as 'lost' }
  }
  return { fault: 'unreachable' }
}

/** The text of a file of another computer; undefined: there is none, or nobody gave it. */
export function* readRemote(kernel: Kernel, { folder, ...remote }: Remote): Gen<string | undefined> {
  const found = yield* reach(kernel, { ...remote, file: folder })
  return 'fault' in found ? undefined : found.content
}

/** What Windows calls these: number and words. */
export const SMB_ERRORS = {
  unreachable: [53, 'The network path was not found.'],
  share: [67, 'The network name cannot be found.'],
  logon: [1326, 'The user name or password is incorrect.'],
  path: [2, 'The system cannot find the file specified.'],
  denied: [5, 'Access is denied.'],
  lost: [64, 'The specified network name is no longer available.'],
} as const
