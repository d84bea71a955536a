import { cmdlet } from '../cmdlet.ts'

export const clearHost = cmdlet(
  { name: 'Clear-Host', module: 'Microsoft.PowerShell.Core', synopsis: 'Clears the display.', supports: [], signature: '' },
  (call) => {
    call.host('\x1b[2J\x1b[3J\x1b[H')
  },
)
