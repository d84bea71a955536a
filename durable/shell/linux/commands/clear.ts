import { type Command, instant } from '../io.ts'
import { parseOptions } from '../options.ts'

/** Erases the screen and what was scrolled away, as ncurses' clear does. */
export const clear: Command = {
  name: 'clear',
  summary: 'clears the screen',
  run: instant((args, io) => {
    const options = parseOptions('clear', args, { real: 'TVx' }, io)
    if (typeof options === 'number') return options
    if (io.terminal) io.out('\u001b[H\u001b[2J\u001b[3J')
    return 0
  }),
}
