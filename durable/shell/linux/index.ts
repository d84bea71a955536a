import type { Shell } from '../../engine/machine/console.ts'
import { commands } from './commands/index.ts'
import { createShell } from './shell.ts'

/** The shell of the Linux guests and servers. */
export const bash: Shell = createShell({
  name: '-bash',
  path: '/bin/bash',
  commands,
  missing: 'command not found',
  prompt: (user, host, directory) => `${user}@${host}:${directory}${user === 'root' ? '#' : '$'} `,
})
