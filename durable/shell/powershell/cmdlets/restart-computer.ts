import { cmdlet } from '../cmdlet.ts'

export const restartComputer = cmdlet(
  {
    name: 'Restart-Computer',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Restarts the operating system.',
    supports: ['Force', 'ComputerName', 'Confirm'],
    signature:
      'ComputerName[]@0<n(CN,__SERVER,Server,IPAddress) Force? Wait? For=Default|Wmi|WinRM|PowerShell Timeout:Int32(TimeoutSec) Delay:Int16 Credential:PSCredential@1 AsJob? Protocol WsmanAuthentication ThrottleLimit:Int32 WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    const own = call.kernel.identity().hostname.toLowerCase()
    for (const name of bound.has('ComputerName') ? bound.texts('ComputerName') : ['localhost']) {
      if (!/^(localhost|\.|127\.0\.0\.1)$/.test(name) && name.toLowerCase() !== own) {
        call.error({
          message: `Failed to restart the computer ${name} with the following error message: The RPC server is unavailable. (Exception from HRESULT: 0x800706BA).`,
          category: 'OperationStopped',
          target: `${name}:String`,
          exception: 'InvalidOperationException',
          id: 'RestartcomputerFailed',
        })
        continue
      }
      const done = call.kernel.reboot()
      if (!done.ok)
        call.error({
          message: `Failed to restart the computer ${call.kernel.identity().hostname} with the following error message: Access is denied.`,
          category: 'OperationStopped',
          target: `${name}:String`,
          exception: 'InvalidOperationException',
          id: 'RestartcomputerFailed',
        })
    }
  },
)
