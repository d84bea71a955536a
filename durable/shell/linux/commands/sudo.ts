import { type Command, type Io, notSimulated, type Run } from '../io.ts'

export const sudo: Command = {
  name: 'sudo',
  summary: 'runs a command as root',
  usage: 'sudo COMMAND [ARGUMENT]...',
  run: runSudo,
}

function* runSudo(args: readonly string[], io: Io): Run {
  let words = args
  while (words[0]?.startsWith('-')) {
    if (words[0] === '--') {
      words = words.slice(1)
      break
    }
    io.err(notSimulated(`sudo: option ${words[0]}`))
    return 1
  }
  const [name] = words
  if (name === undefined) {
    io.err('usage: sudo command [argument ...]\n')
    return 1
  }
  const command = io.tools.commands.get(name)
  if (command?.builtin && name !== 'echo' && name !== 'printf' && name !== 'true' && name !== 'false' && name !== 'pwd') {
    io.err(`sudo: ${name}: command not found\n`)
    return 1
  }
  return yield* io.tools.launch(words, { ...io, root: true })
}
