import { type Command, INTERRUPTED, type Run } from '../io.ts'
import { wrongOption } from '../options.ts'

/** Lines before others get their turn. */
const TURN = 64
/** What nobody takes away ends here, as every endless line does. */
const MOST = 20_000

export const yes: Command = {
  name: 'yes',
  summary: 'the same line again and again',
  usage: 'yes [TEXT]...',
  *run(args, io): Run {
    const words = args[0] === '--' ? args.slice(1) : args
    if (/^-./.test(words[0] ?? '')) return wrongOption('yes', words[0] ?? '', io)
    const line = `${words.length === 0 ? 'y' : words.join(' ')}\n`
    for (let n = 1; n <= MOST; n++) {
      io.out(line)
      if (n % TURN === 0) {
        const got = yield { pass: true }
        if (got.kind === 'interrupt') return INTERRUPTED
      }
    }
    io.err(`yes: ${MOST} lines were printed, which is this lab's budget\n`)
    return 1
  },
}
