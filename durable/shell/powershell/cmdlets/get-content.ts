import { resolvePath } from '../../windows/path.ts'
import { readRemote, remoteOf } from '../../windows/smb-path.ts'
import type { Call, Fault } from '../cmdlet.ts'
import { cmdlet } from '../cmdlet.ts'

export const noPath = (path: string): Fault => ({
  message: `Cannot find path '${path}' because it does not exist.`,
  category: 'ObjectNotFound',
  target: `${path}:String`,
  exception: 'ItemNotFoundException',
  id: 'PathNotFound',
})

export const fullPath = (call: Call, path: string): string =>
  resolvePath(call.frame.session.cwd, path, call.kernel.identity().user)

export const getContent = cmdlet(
  {
    name: 'Get-Content',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Gets the content of the item at the specified location.',
    supports: ['Path', 'LiteralPath', 'TotalCount', 'Tail', 'Raw'],
    signature:
      'Path![]@0<n LiteralPath[]<n(PSPath) TotalCount:Int64(First,Head) Tail:Int32(Last) Raw? ReadCount:Int64 Wait? Encoding Filter Include[] Exclude[] Force? Delimiter Stream',
  },
  function* (call, bound) {
    for (const given of [...bound.texts('Path'), ...bound.texts('LiteralPath')]) {
      const remote = remoteOf(call.kernel, given)
      const path = remote ? given : fullPath(call, given)
      const content = remote ? yield* readRemote(call.kernel, remote) : call.kernel.readFile(path)
      if (content === undefined) {
        if (call.kernel.listFiles(path) !== undefined)
          call.error({
            message: `Access to the path '${path}' is denied.`,
            category: 'PermissionDenied',
            target: `${path}:String`,
            exception: 'UnauthorizedAccessException',
            id: 'GetContentReaderUnauthorizedAccessError',
          })
        else call.error(noPath(path))
        continue
      }
      if (bound.flag('Raw')) {
        yield* call.emit(content)
        continue
      }
      const lines = content === '' ? [] : content.replace(/\r?\n$/, '').split(/\r?\n/)
      const [head, tail] = [bound.number('TotalCount'), bound.number('Tail')]
      for (const line of head !== undefined
        ? lines.slice(0, head)
        : tail !== undefined
          ? lines.slice(tail === 0 ? lines.length : -tail)
          : lines)
        yield* call.emit(line)
    }
  },
)
