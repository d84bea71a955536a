// Text into files: replaced, added to, or as the screen would show it.
import { type Bound, type Call, type Cmdlet, cmdlet } from '../cmdlet.ts'
import { formatted } from '../format/render.ts'
import { text } from '../values/text.ts'
import { type PsValue, unroll } from '../values/value.ts'
import { fullPath } from './get-content.ts'

function write(call: Call, path: string, content: string): void {
  const full = fullPath(call, path)
  const done = call.kernel.writeFile(full, content)
  if (done.ok) return
  call.error({
    message:
      done.error === 'invalid' ? `There is not enough space on the disk. : '${full}'` : `Access to the path '${full}' is denied.`,
    category: done.error === 'invalid' ? 'WriteError' : 'PermissionDenied',
    target: `${full}:String`,
    exception: done.error === 'invalid' ? 'IOException' : 'UnauthorizedAccessException',
    id: done.error === 'invalid' ? 'GetContentWriterIOError' : 'GetContentWriterUnauthorizedAccessError',
  })
}

const paths = (bound: Bound): string[] => [...bound.texts('Path'), ...bound.texts('LiteralPath')]
const before = (call: Call, path: string): string => call.kernel.readFile(fullPath(call, path)) ?? ''

function contentCmdlet(name: string, synopsis: string, adds: boolean): Cmdlet {
  return {
    name,
    module: 'Microsoft.PowerShell.Management',
    synopsis,
    supports: ['Path', 'LiteralPath', 'Value', 'NoNewline', 'Force', 'PassThru', 'Encoding'],
    signature:
      '{Path,LiteralPath} Path![]@0<n#0 LiteralPath![]<n(PSPath)#1 Value!:Object[]@1<vn PassThru? Filter Include[] Exclude[] Force? Credential NoNewline? Encoding Stream Confirm?(cf) WhatIf?(wi)',
    defaultSet: 'Path',
    start(call) {
      const { bound } = call
      const lines: PsValue[] = []
      return {
        process(each) {
          lines.push(...unroll(each.get('Value') ?? null))
        },
        *end() {
          const body = lines.map((item) => `${text(item)}${bound.flag('NoNewline') ? '' : '\r\n'}`).join('')
          for (const path of paths(bound)) write(call, path, (adds ? before(call, path) : '') + body)
          if (bound.flag('PassThru')) for (const item of lines) yield* call.emit(item)
        },
      }
    },
  }
}

export const setContent = contentCmdlet('Set-Content', 'Writes new content or replaces existing content in a file.', false)
export const addContent = contentCmdlet('Add-Content', 'Adds content to the specified items.', true)

export const clearContent = cmdlet(
  {
    name: 'Clear-Content',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Deletes the contents of an item, but does not delete the item.',
    supports: ['Path', 'LiteralPath', 'Force'],
    defaultSet: 'Path',
    signature:
      '{Path,LiteralPath} Path![]@0<n#0 LiteralPath![]<n(PSPath)#1 Filter Include[] Exclude[] Force? Credential Stream Confirm?(cf) WhatIf?(wi)',
  },
  (call, bound) => {
    for (const path of paths(bound)) {
      const full = fullPath(call, path)
      if (call.kernel.readFile(full) !== undefined) write(call, path, '')
      else
        call.error({
          message: `Cannot find path '${full}' because it does not exist.`,
          category: 'ObjectNotFound',
          target: `${full}:String`,
          exception: 'ItemNotFoundException',
          id: 'PathNotFound',
        })
    }
  },
)

export const outFile: Cmdlet = {
  name: 'Out-File',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Sends output to a file.',
  supports: ['FilePath', 'LiteralPath', 'InputObject', 'Append', 'NoClobber', 'Force', 'NoNewline', 'Encoding'],
  signature:
    '{ByPath,ByLiteralPath} FilePath!@0#0 LiteralPath!<n(PSPath)#1 Encoding@1 Append? Force? NoClobber?(NoOverwrite) Width:Int32 NoNewline? InputObject:PSObject<v Confirm?(cf) WhatIf?(wi)',
  defaultSet: 'ByPath',
  start(call) {
    const { bound } = call
    const held: PsValue[] = []
    return {
      process(each, input) {
        if (input !== undefined || each.has('InputObject')) held.push(input ?? each.get('InputObject') ?? null)
      },
      end() {
        const path = bound.text('FilePath') ?? bound.text('LiteralPath') ?? ''
        if (bound.flag('NoClobber') && call.kernel.readFile(fullPath(call, path)) !== undefined)
          return call.fail({
            message: `The file '${fullPath(call, path)}' already exists.`,
            category: 'ResourceExists',
            target: `${fullPath(call, path)}:String`,
            exception: 'IOException',
            id: 'NoClobber',
          })
        write(
          call,
          path,
          (bound.flag('Append') ? before(call, path) : '') +
            formatted(held).replace(/\r?\n/g, bound.flag('NoNewline') ? '' : '\r\n'),
        )
      },
    }
  },
}
