// What every command of a Linux machine must do, whatever it is.
import { describe, expect, it } from 'vitest'
import { router } from '../router/index.ts'
import { commands } from './commands/index.ts'
import { fakeKernel, type Ran, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const slips = /undefined|\[object |NaN|Switchroom|not a function/

/** Words are words to these, or nothing at all. */
const plain = new Set([':', '[', 'echo', 'expr', 'false', 'let', 'printf', 'test', 'true'])
const outside = "only meaningful in a `for', `while', or `until' loop"
/** Built-ins that take what begins with a dash for something else than an option, and what they say then. */
const words = new Map([
  ['break', outside],
  ['continue', outside],
  ['return', '%: numeric argument required'],
  ['shift', '%: numeric argument required'],
  ['kill', 'SIGNAL: invalid signal specification'],
])
/** Built-ins that bash itself reads options for: it complains in its own words. */
const builtins = new Set(commands.filter(({ builtin }) => builtin).map(({ name }) => name))
/** What the real one answers without arguments. */
const failing = new Map([
  ['dhclient', 1],
  ['dhcrelay', 1],
  ['dig', 9],
  ['false', 1],
  ['bg', 1],
  ['disown', 1],
  ['fg', 1],
  ['grep', 2],
  ['ifdown', 1],
  ['ifquery', 1],
  ['ifup', 1],
  ['ip', 255],
  ['let', 1],
  ['local', 1],
  ['read', 1],
  ['pgrep', 2],
  ['pidof', 1],
  ['pkill', 2],
  ['popd', 1],
  ['pushd', 1],
  ['return', 2],
  ['shift', 1],
  ['test', 1],
  ['which', 1],
  ['yes', 1],
])

function run(line: string): Ran & { readonly calls: readonly string[] } {
  const fake = fakeKernel()
  return { ...type(bash, fake, line), calls: fake.calls.filter((call) => !call.startsWith('spawn')) }
}

describe.each(commands.map((one) => [one.name, one] as const))('%s', (name, command) => {
  it('is described, and found by its other names', () => {
    expect(command.summary).not.toBe('')
    expect(run('help').output).toContain(`  ${name} `)
    for (const alias of command.aliases ?? []) expect(run(`type ${alias}`).output).toContain(alias)
  })

  it('runs alone, or says what is missing', () => {
    const { output, status } = run(name)
    expect(output).not.toMatch(slips)
    const complaint =
      /usage|missing|without -r|must specify|required|no command specified|command line argument|no variables|not permitted|not simulated|wrong number|without a name|reading from the terminal|IPv6|operand|permission|no URL specified/i
    if (failing.has(name)) expect(status).toBe(failing.get(name))
    else if (status !== 0) expect(output).toMatch(complaint)
  })

  it.runIf(!plain.has(name))('--help says how it is written', () => {
    const { output, status, calls } = run(`${name} --help`)
    expect(output).toMatch(new RegExp(`^Usage: ${name}\\b`))
    expect(status).toBe(name === 'ip' ? 255 : 0)
    expect(calls).toEqual([])
  })

  it.runIf(!plain.has(name) && !['help', 'exit', 'ping6', 'ps'].includes(name)).each(['--no-such-thing', '-Y'])(
    'does not take %s for an option',
    (option) => {
      const { output, status, calls } = run(`${name} ${option}`)
      const told = option.startsWith('--') ? '--' : option
      if (builtins.has(name)) {
        const [first, second] = output.split('\n')
        const own = words.get(name)?.replace('SIGNAL', option.slice(1))
        expect(first).toBe(`-bash: ${name}: ${own?.replace('%', option) ?? `${told}: invalid option`}`)
        if (own === undefined) expect(second).toMatch(new RegExp(`^${name}: usage: ${name}\\b`))
      } else {
        expect(output).toContain(option.replace(/^-+/, ''))
        if (name !== 'dhcrelay') expect(output).toMatch(/^[^\n]+\n((Usage|Try|if\w+: Use)[^\n]*\n)?$/)
      }
      if (name === 'break' || name === 'continue') return
      expect(status).not.toBe(0)
      expect(calls).toEqual([])
    },
  )

  it('can be interrupted, piped and redirected', () => {
    for (const line of [
      `${name} a b | cat`,
      `cat /etc/hosts | ${name}`,
      `${name} < /etc/hosts > /tmp/out`,
      `${name} nosuch 2>/dev/null`,
    ]) {
      for (const interruptAt of [undefined, 1, 2]) {
        const fake = fakeKernel()
        expect(type(bash, fake, line, interruptAt === undefined ? {} : { interruptAt }).output).not.toMatch(slips)
      }
    }
  })
})

describe('options that are real', () => {
  const listed = commands.flatMap(({ name }) => {
    const real = /^Real, not simulated here yet: (.*)$/m.exec(plain.has(name) ? '' : run(`${name} --help`).output)?.[1]
    return (real ?? '').split(' ').flatMap((option) => (option === '' ? [] : [[name, option] as const]))
  })

  it.each(listed)('%s %s is refused in one line', (name, option) => {
    const { output, status, calls } = run(`${name} ${option}`)
    if (option === '-6') expect(output).toBe(`${name} -6: IPv6 is not simulated here yet\n`)
    else expect(output).toBe(`${name}: option ${option} is real, but not simulated here yet\n`)
    expect(status).not.toBe(0)
    expect(calls).toEqual([])
  })
})

it('a router answers in the same way', () => {
  expect(type(router, fakeKernel(), 'conntrack --help').output).toBe('Usage: conntrack -L\n')
})
