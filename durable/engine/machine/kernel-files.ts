// System calls on files.
import type { FileFault } from './files.ts'
import type { Kernel, Outcome } from './kernel.ts'
import { failed, OK } from './kernel-network.ts'
import type { Machine } from './machine.ts'

type FileCalls = Pick<
  Kernel,
  | 'readFile'
  | 'writeFile'
  | 'listFiles'
  | 'stat'
  | 'appendFile'
  | 'makeDirectory'
  | 'removeFile'
  | 'renameFile'
  | 'linkFile'
  | 'changeFile'
  | 'diskUse'
>

export function fileCalls(machine: Machine): FileCalls {
  const { files } = machine
  const outcome = (result: 'ok' | FileFault): Outcome => {
    if (result !== 'ok') return failed(result)
    machine.sim.touch(machine)
    return OK
  }
  /** Kernel parameters are files too; a shell opens one with nothing before it writes. */
  const setting = (path: string, text: string): Outcome | undefined => {
    if (!machine.linux || !path.startsWith('/proc/sys/')) return undefined
    const key = path.slice('/proc/sys/'.length)
    if (machine.linux.policy.get(key) === undefined) return failed('not-found')
    return text === '' || machine.linux.policy.set(key, text) === 'ok' ? OK : failed('invalid')
  }
  return {
    readFile: (path) => files.read(path),
    listFiles: (path) => files.list(path),
    stat: (path, follow) => files.stat(path, follow),
    writeFile: (path, text) => setting(path, text) ?? outcome(files.write(path, text)),
    appendFile: (path, text) => setting(path, text) ?? outcome(files.append(path, text)),
    makeDirectory: (path, mode) => outcome(files.makeDirectory(path, mode)),
    removeFile: (path) => outcome(files.remove(path)),
    renameFile: (from, to) => outcome(files.rename(from, to)),
    linkFile: (target, path) => outcome(files.link(target, path)),
    changeFile: (path, change) => outcome(files.change(path, change)),
    diskUse: () => ({ used: files.used, limit: files.limit }),
  }
}
