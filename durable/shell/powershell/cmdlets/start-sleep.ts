import { pause } from '../../windows/program.ts'
import { cmdlet } from '../cmdlet.ts'

export const startSleep = cmdlet(
  {
    name: 'Start-Sleep',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Suspends the activity in a script or session for the specified period of time.',
    supports: ['Seconds', 'Milliseconds'],
    signature: '{Seconds,Milliseconds} Seconds!:Int32@0<vn#0 Milliseconds!:Int32(m)#1',
    defaultSet: 'Seconds',
  },
  function* (_, bound) {
    yield* pause((bound.number('Seconds') ?? 0) * 1_000_000 + (bound.number('Milliseconds') ?? 0) * 1000)
  },
)
