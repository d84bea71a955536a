import type { Shell } from '../../engine/machine/console.ts'
import { complete } from './complete.ts'
import { cmdCompletions, cmdPrompt, inCmd } from './remote/cmd-console.ts'
import { placeOf, runConsole } from './remote/console.ts'
import { linuxCompletions, linuxPrompt } from './remote/linux-console.ts'
import { incomplete } from './syntax/parse.ts'

/** Windows PowerShell 5.1, elevated, en-US, 120 columns. */
export const powershell: Shell = {
  run: runConsole,
  prompt: (console) => {
    const linux = linuxPrompt(console)
    if (linux !== undefined) return linux
    const { context, name } = placeOf(console)
    const old = cmdPrompt(context)
    if (old !== undefined) return old
    const { kernel, memory } = context
    const cwd = typeof memory['cwd'] === 'string' ? memory['cwd'] : `C:\\Users\\${kernel.identity().user}`
    return `${name === '' ? '' : `[${name}]: `}PS ${cwd}> `
  },
  complete: (line, console) => {
    const { context } = placeOf(console)
    return linuxCompletions(line, console) ?? (inCmd(context) ? cmdCompletions(line, context) : complete(line, context))
  },
  incomplete,
}
