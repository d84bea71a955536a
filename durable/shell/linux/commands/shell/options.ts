import { complain } from '../../bash/faults.ts'
import { remember } from '../../bash/memory.ts'
import { quoteWord } from '../../bash/quote.ts'
import { builtinOptions, refuseOption } from '../../bash/usage.ts'
import { type Command, type Io, instant } from '../../io.ts'

// set and shopt.

const LETTERS: { readonly [letter: string]: string } = {
  a: 'allexport',
  b: 'notify',
  e: 'errexit',
  f: 'noglob',
  h: 'hashall',
  m: 'monitor',
  n: 'noexec',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
  B: 'braceexpand',
  C: 'noclobber',
  E: 'errtrace',
  H: 'histexpand',
  P: 'physical',
  T: 'functrace',
}
const NAMES = [
  'allexport',
  'braceexpand',
  'emacs',
  'errexit',
  'errtrace',
  'functrace',
  'hashall',
  'histexpand',
  'history',
  'ignoreeof',
  'interactive-comments',
  'keyword',
  'monitor',
  'noclobber',
  'noexec',
  'noglob',
  'nolog',
  'notify',
  'nounset',
  'onecmd',
  'physical',
  'pipefail',
  'posix',
  'privileged',
  'verbose',
  'vi',
  'xtrace',
]
const USAGE = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]'

export const set: Command = {
  name: 'set',
  summary: 'options and positional parameters of the shell',
  usage: 'set [-eufxC] [-o OPTION] [--] [ARGUMENT]...',
  builtin: true,
  special: true,
  completions: ['-e', '-u', '-x', '-o', '+x'],
  run: instant(runSet),
}

function runSet(args: readonly string[], io: Io): number {
  const { session } = io
  if (args.length === 0) {
    for (const name of [...session.variables.keys()].sort()) io.out(`${name}=${quoteWord(session.variables.get(name) ?? '')}\n`)
    return 0
  }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--' || arg === '-') {
      if (arg === '--' || at + 1 < args.length) session.positional = kept(args.slice(at + 1), io)
      if (arg === '-') session.options.delete('xtrace')
      return 0
    }
    if (!/^[-+]./.test(arg)) {
      session.positional = kept(args.slice(at), io)
      return 0
    }
    const on = arg.startsWith('-')
    if (arg.startsWith('--')) return refuseOption('set', '--', USAGE, io)
    for (const letter of arg.slice(1)) {
      let name = LETTERS[letter]
      if (letter === 'o') {
        name = args[++at]
        if (name === undefined) {
          showOptions(on, io)
          return 0
        }
        if (!NAMES.includes(name)) {
          complain(io, `set: ${name}: invalid option name`)
          return 2
        }
      }
      if (name === undefined) return refuseOption('set', `${arg.charAt(0)}${letter}`, USAGE, io)
      if (on) session.options.add(name)
      else session.options.delete(name)
    }
  }
  return 0
}

function kept(words: string[], io: Io): string[] {
  remember(
    'set',
    words.reduce((sum, word) => sum + word.length + 16, 0),
    io,
  )
  return words
}

const ALWAYS: ReadonlySet<string> = new Set([
  'braceexpand',
  'emacs',
  'hashall',
  'histexpand',
  'history',
  'interactive-comments',
  'monitor',
])

function showOptions(table: boolean, io: Io): void {
  for (const name of NAMES) {
    const on = io.session.options.has(name) || ALWAYS.has(name)
    io.out(table ? `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n` : `set ${on ? '-' : '+'}o ${name}\n`)
  }
}

const SHOPTS = [
  'autocd',
  'cdspell',
  'checkhash',
  'checkjobs',
  'checkwinsize',
  'cmdhist',
  'dotglob',
  'expand_aliases',
  'extglob',
  'failglob',
  'globstar',
  'histappend',
  'inherit_errexit',
  'lastpipe',
  'nocaseglob',
  'nocasematch',
  'nullglob',
  'sourcepath',
  'xpg_echo',
]

export const shopt: Command = {
  name: 'shopt',
  summary: 'more options of the shell',
  usage: 'shopt [-pqsu] [NAME]...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('shopt', args, 'pqsuo', 'shopt [-pqsu] [-o] [optname ...]', io)
    if (!options) return 2
    const { flags, rest } = options
    const { options: on } = io.session
    let status = 0
    for (const name of rest.length > 0 ? rest : SHOPTS) {
      if (!SHOPTS.includes(name) && !NAMES.includes(name)) {
        complain(io, `shopt: ${name}: invalid shell option name`)
        status = 1
      } else if (rest.length > 0 && flags.has('s')) on.add(name)
      else if (rest.length > 0 && flags.has('u')) on.delete(name)
      else {
        const is =
          on.has(name) ||
          name === 'expand_aliases' ||
          name === 'sourcepath' ||
          name === 'checkwinsize' ||
          name === 'cmdhist' ||
          name === 'extglob'
        if (rest.length > 0 && !is) status = 1
        if (!flags.has('q') && (!flags.has('s') || is) && (!flags.has('u') || !is))
          io.out(flags.has('p') ? `shopt -${is ? 's' : 'u'} ${name}\n` : `${name.padEnd(15)}\t${is ? 'on' : 'off'}\n`)
      }
    }
    return status
  }),
}
