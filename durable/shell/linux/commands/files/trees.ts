// What the commands on files share: how they complain, and how they walk a tree.
import type { FileStat } from '../../../../engine/machine/views.ts'
import { absolute, errorText, folderFault } from '../../files.ts'
import type { Io } from '../../io.ts'
import { type Options, parseOptions, type Spec } from '../../options.ts'

/** GNU programs point to their help after a mistake in how they are called. */
export function gnuFault(name: string, text: string, io: Io, status = 1): number {
  io.err(`${name}: ${text}\nTry '${name} --help' for more information.\n`)
  return status
}

/** Options, or the exit status after `missing operand`. */
export function gnuOptions(
  name: string,
  args: readonly string[],
  spec: Spec,
  io: Io,
  missing = 'missing operand',
): Options | number {
  const options = parseOptions(name, args, spec, io)
  if (typeof options === 'number' || options.operands.length > 0) return options
  return gnuFault(name, missing, io)
}

export const full = (name: string, io: Io): string => absolute(name, io.session.cwd)

export const baseName = (path: string): string => {
  const bare = path.replace(/\/+$/, '')
  return bare === '' ? (path === '' ? '' : '/') : bare.slice(bare.lastIndexOf('/') + 1)
}

export const join = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`)

/** A file and what is below it, folders before what is in them; links are not followed. */
export function* below(path: string, name: string, io: Io): Generator<{ path: string; name: string; stat: FileStat }, void> {
  const stat = io.kernel.stat(path, false)
  if (stat === undefined) return
  io.work.step()
  yield { path, name, stat }
  if (stat.kind !== 'directory') return
  for (const entry of io.kernel.listFiles(path) ?? []) yield* below(join(path, entry.name), join(name, entry.name), io)
}

/** Removes a name; what keeps it from being removed, else undefined. */
export function removeName(path: string, io: Io): string | undefined {
  const fault = folderFault(io, path)
  if (fault !== undefined) return fault
  const outcome = io.kernel.removeFile(path)
  return outcome.ok ? undefined : errorText(outcome.error)
}
