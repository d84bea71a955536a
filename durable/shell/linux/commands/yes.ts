import type { Command, Run } from '../io.ts'

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
    if (words[0]?.startsWith('--')) {
      io.err(`yes: unrecognized option '${words[0]}'\nTry 'yes --help' for more information.\n`)
      return 1
    }
    if (/^-./.test(words[0] ?? '')) {
      io.err(`yes: invalid option -- '${words[0]?.charAt(1)}'\nTry 'yes --help' for more information.\n`)
      return 1
    }
    const line = `${words.length === 0 ? 'y' : words.join(' ')}\n`
    for (let n = 1; n <= MOST; n++) {
      io.out(line)
      if (n % TURN === 0) {
        const got = yield { pass: true }
        if (got.kind === 'interrupt') return 130
      }
    }
    io.err(`yes: ${MOST} lines were printed, which is this lab's budget\n`)
    return 1
  },
}
