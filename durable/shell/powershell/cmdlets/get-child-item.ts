import { civil, formatDate, localMicros } from '../../windows/calendar.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Remote, reach, remoteOf } from '../../windows/smb-path.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { fullPath, noPath } from './get-content.ts'

export const getChildItem = cmdlet(
  {
    name: 'Get-ChildItem',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Gets the items in one or more specified locations.',
    supports: ['Path', 'Filter', 'File', 'Directory', 'Name', 'Force'],
    signature:
      'Path[]@0<vn(PSPath,LiteralPath) Filter@1 Include[] Exclude[] Recurse?(s) Depth:UInt32 Force? Name? File?(af) Directory?(ad,d) Attributes Hidden?(ah,h) ReadOnly?(ar) System?(as)',
  },
  function* (call, bound) {
    const { kernel } = call
    for (const given of bound.has('Path') ? bound.texts('Path') : ['.']) {
      const remote = remoteOf(kernel, given)
      if (remote !== undefined) {
        yield* remoteItems(call, given, remote, bound)
        continue
      }
      const path = fullPath(call, given)
      const cut = path.lastIndexOf('\\')
      const parent = path.slice(0, Math.max(cut, 3)).replace(/:$/, ':\\')
      const whole = kernel.listFiles(path)
      const directory = whole === undefined ? parent : path
      const name = path.slice(cut + 1)
      const matches = wildcard(whole === undefined ? name : (bound.text('Filter') ?? '*'))
      const files = (whole ?? kernel.listFiles(parent) ?? []).filter((one) => matches(one.name))
      if (whole === undefined && files.length === 0 && !/[*?]/.test(name)) {
        call.error(noPath(path))
        continue
      }
      const written = civil(localMicros(kernel.clock(), kernel.identity().bootedAt))
      const when = `${formatDate(written, 'M/d/yyyy').padStart(10)}  ${formatDate(written, 'h:mm tt').padStart(8)}`
      const sorted = [...files].sort(
        (a, b) => Number(b.directory) - Number(a.directory) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
      )
      for (const one of sorted) {
        if ((bound.flag('File') && one.directory) || (bound.flag('Directory') && !one.directory)) continue
        const full = `${directory.replace(/\\$/, '')}\\${one.name}`
        if (bound.flag('Name')) yield* call.emit(one.name)
        else
          yield* call.emit(
            object(
              [`System.IO.${one.directory ? 'DirectoryInfo' : 'FileInfo'}`, 'System.IO.FileSystemInfo'],
              {
                Mode: one.directory ? 'd-----' : '-a----',
                Written: when,
                Length: one.directory ? '' : one.size,
                Name: one.name,
                FullName: full,
                Directory: directory,
                PSIsContainer: one.directory,
              },
              full,
            ),
          )
      }
    }
  },
)

/** What another computer shares, over the network. */
function* remoteItems(call: Call, given: string, remote: Remote, bound: Bound) {
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
