import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'
import { fullPath, noPath } from './get-content.ts'

export const getLocation = cmdlet(
  {
    name: 'Get-Location',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Gets the current working location.',
    supports: [],
    signature: 'PSProvider[] PSDrive[] Stack? StackName[]',
  },
  function* (call) {
    yield* call.emit(
      object(
        'System.Management.Automation.PathInfo',
        {
          Path: call.frame.session.cwd,
          Drive: 'C',
          Provider: 'Microsoft.PowerShell.Core\\FileSystem',
          ProviderPath: call.frame.session.cwd,
        },
        call.frame.session.cwd,
      ),
    )
  },
)

export const setLocation = cmdlet(
  {
    name: 'Set-Location',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Sets the current working location to a specified location.',
    supports: ['Path', 'PassThru'],
    signature: 'Path@0<vn(PSPath,LiteralPath) PassThru? StackName UseTransaction?',
  },
  function* (call, bound) {
    const { session } = call.frame
    const path = fullPath(call, bound.text('Path') ?? '~')
    const known =
      call.kernel.listFiles(path) !== undefined ||
      path === 'C:\\' ||
      path.toLowerCase() === `c:\\users\\${call.kernel.identity().user}`.toLowerCase()
    if (!known) return call.error(noPath(path))
    session.cwd = path
    if (bound.flag('PassThru')) yield* call.emit(object('System.Management.Automation.PathInfo', { Path: path }, path))
  },
)
