// Items that another computer shares.
import { civil, formatDate, localMicros } from '../../../windows/calendar.ts'
import { wildcard } from '../../../windows/regex/wildcard.ts'
import { type Remote, reach } from '../../../windows/smb-path.ts'
import type { Bound, Call } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { noPath } from '../get-content.ts'

/** What another computer shares, over the network. */
export function* remoteItems(call: Call, given: string, remote: Remote, bound: Bound) {
  const found = yield* reach(call.kernel, remote)
  if ('fault' in found) return call.error(noPath(given))
  const matches = wildcard(bound.text('Filter') ?? '*')
  const { kernel } = call
  const written = civil(localMicros(kernel.clock(), kernel.identity().bootedAt))
  const when = `${formatDate(written, 'M/d/yyyy').padStart(10)}  ${formatDate(written, 'h:mm tt').padStart(8)}`
  const directory = given.replace(/\\$/, '')
  const sorted = [...found.entries].sort(
    (a, b) => Number(b.directory) - Number(a.directory) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
  )
  for (const one of sorted) {
    if (!matches(one.name)) continue
    if ((bound.flag('File') && one.directory) || (bound.flag('Directory') && !one.directory)) continue
    if (bound.flag('Name')) {
      yield* call.emit(one.name)
      continue
    }
    const full = `${directory}\\${one.name}`
    const props = {
      Mode: one.directory ? 'd-----' : '-a----',
      Written: when,
      Length: one.directory ? '' : one.size,
      Name: one.name,
      FullName: full,
      Directory: directory,
      PSIsContainer: one.directory,
    }
    yield* call.emit(
      object([`System.IO.${one.directory ? 'DirectoryInfo' : 'FileInfo'}`, 'System.IO.FileSystemInfo'], props, full),
    )
  }
}
