import type { Shell } from '../../engine/machine/console.ts'
import { complete } from './complete.ts'
import { runLine } from './run-line.ts'
import { incomplete } from './syntax/parse.ts'

/** Windows PowerShell 5.1, elevated, en-US, 120 columns. */
export const powershell: Shell = {
  run: runLine,
  prompt: ({ kernel, memory }) =>
    `PS ${typeof memory['cwd'] === 'string' ? memory['cwd'] : `C:\\Users\\${kernel.identity().user}`}> `,
  complete,
  incomplete,
}
