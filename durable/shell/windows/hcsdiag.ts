// hcsdiag: what the Host Compute Service runs: virtual machines, and that of the Windows Subsystem for Linux.
import type { Program } from './program.ts'

const REAL = ['exec', 'console', 'read', 'write', 'kill', 'share', 'vhd', 'crash']

export const hcsdiag: Program = {
  name: 'hcsdiag',
  synopsis: 'Lists what the Host Compute Service runs.',
  options: ['list'],
  refuses: REAL,
  *run(args, io) {
    const word = (args[0] ?? '').toLowerCase()
    const { hyperV } = io.kernel
    if (REAL.includes(word)) {
      yield* io.line(`hcsdiag ${word}: this command is real, but it is not simulated here yet.`)
      return 1
    }
    if (word !== 'list') {
      for (const line of [
        'hcsdiag <command> [options...]',
        '',
        'Commands:',
        '  list',
        '  exec, console, read, write, kill, share, vhd, crash',
      ])
        yield* io.line(line)
      return word === '' || word === '/?' ? 0 : 1
    }
    if (hyperV === undefined || !io.kernel.identity().elevated) {
      yield* io.line(hyperV === undefined ? 'The service is not available.' : 'Access is denied.')
      return 1
    }
    const running = hyperV
      .vms()
      .filter(({ state }) => state === 'Running' || state === 'Paused')
      .map(({ id, state }) => ({ id: id.toUpperCase(), state, owner: 'VMMS' }))
    const wsl = hyperV.wsl()
    const all =
      wsl.running && wsl.version === 2 ? [...running, { id: wsl.id.toUpperCase(), state: 'Running', owner: 'WSL' }] : running
    for (const { id, state, owner } of all) {
      yield* io.line(id)
      yield* io.line(`    ${'VM,'.padEnd(28)}${`${state},`.padEnd(12)}${id}, ${owner}`)
      yield* io.line('')
    }
    return 0
  },
}
