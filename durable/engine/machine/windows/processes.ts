// What runs on a Windows machine, as the task manager shows it: the system's own processes, those of services, a worker for each
// virtual machine that is up, consoles and what they started. Nothing is stored for it: it is read off what there is.
import { hashText } from '../../sim/random.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { Process } from '../process.ts'
import type { WindowsProcessView } from './windows-views.ts'

const SYSTEM32 = 'C:\\Windows\\System32'

/** Image, process id, parent, session, whether the system falls without it. */
const SYSTEM: readonly (readonly [image: string, pid: number, parent: number, session: number, vital: boolean])[] = [
  ['System Idle Process', 0, 0, 0, true],
  ['System', 4, 0, 0, true],
  ['Secure System', 140, 4, 0, true],
  ['Registry', 184, 4, 0, true],
  ['smss.exe', 588, 4, 0, true],
  ['csrss.exe', 700, 692, 0, true],
  ['wininit.exe', 784, 692, 0, true],
  ['csrss.exe', 792, 776, 1, true],
  ['services.exe', 856, 784, 0, true],
  ['lsass.exe', 796, 784, 0, true],
  ['winlogon.exe', 888, 776, 1, true],
  ['fontdrvhost.exe', 1016, 784, 0, true],
  ['dwm.exe', 1276, 888, 1, false],
  ['explorer.exe', 5412, 5388, 1, false],
  ['RuntimeBroker.exe', 6120, 1004, 1, false],
]
const SERVICES_PID = 856
const EXPLORER_PID = 5412

/** What a person sees when one of these programs runs. */
const IMAGES: { readonly [program: string]: string } = {
  ping: 'PING.EXE',
  trace: 'TRACERT.EXE',
  'dns-query': 'nslookup.exe',
  http: 'curl.exe',
  vpn: 'rasdial.exe',
  dhcp: 'ipconfig.exe',
}

type Known = WindowsProcessView & { readonly vital: boolean }

/** A multiple of four that no other process has. */
function freePid(label: string, taken: Set<number>): number {
  let pid = 6200 + (hashText(label) % 3000) * 4
  while (taken.has(pid)) pid += 4
  taken.add(pid)
  return pid
}

/** Figures that look like a process of this kind: the same for the same image. */
function size(image: string): Pick<WindowsProcessView, 'handles' | 'threads' | 'workingSet' | 'privateBytes'> {
  const draw = hashText(image)
  const big = /vmwp|vmms|explorer|powershell|MsMpEng|SearchIndexer/i.test(image) ? 6 : 1
  return {
    handles: 120 + (draw % 600) * (big > 1 ? 2 : 1),
    threads: 3 + ((draw >>> 8) % 12) * big,
    workingSet: (4_000 + ((draw >>> 4) % 14_000)) * big,
    privateBytes: (1_500 + ((draw >>> 6) % 9_000)) * big,
  }
}

function known(machine: Machine): Known[] {
  const { system, bootedAt } = machine
  const user = `${machine.hostname}\\${'Student'}`
  const found: Known[] = []
  const taken = new Set<number>()
  const add = (pid: number, image: string, more: Partial<Omit<Known, 'pid' | 'image'>> & { readonly label?: string }): void => {
    taken.add(pid)
    const { label = image, ...rest } = more
    const path = /\.exe$/i.test(image) ? `${SYSTEM32}\\${image}` : ''
    found.push({
      pid,
      parent: SERVICES_PID,
      image,
      path,
      commandLine: path,
      user: 'NT AUTHORITY\\SYSTEM',
      session: 0,
      startedAt: bootedAt,
      services: [],
      vm: '',
      vital: false,
      ...size(label),
      ...rest,
    })
  }
  for (const [image, pid, parent, session, vital] of SYSTEM) {
    const own = image === 'explorer.exe' || image === 'RuntimeBroker.exe'
    const path = image === 'explorer.exe' ? 'C:\\Windows\\explorer.exe' : undefined
    add(pid, image, { parent, session, vital, ...(own ? { user } : {}), ...(path ? { path, commandLine: path } : {}) })
  }
  addServices(machine, add, taken)
  for (const vm of machine.hyperV?.vms ?? []) {
    if (vm.state !== 'Running' && vm.state !== 'Paused') continue
    add(freePid(`vmwp/${vm.id}/${vm.startedAt}`, taken), 'vmwp.exe', {
      parent: system?.services.pid('vmms') ?? 0,
      user: `NT VIRTUAL MACHINE\\${vm.id.toUpperCase()}`,
      commandLine: `${SYSTEM32}\\vmwp.exe ${vm.id.toUpperCase()}`,
      startedAt: vm.startedAt,
      vm: vm.id,
      label: `vmwp.exe ${vm.id}`,
    })
  }
  for (const session of machine.sessions.values()) {
    const pid = freePid(`console/${session.console}`, taken)
    const shell = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`
    add(pid, 'powershell.exe', { parent: EXPLORER_PID, session: 1, user, path: shell, commandLine: `"${shell}"`, vital: true })
    add(freePid(`conhost/${session.console}`, taken), 'conhost.exe', { parent: pid, session: 1, user, vital: true })
  }
  for (const process of machine.running) {
    const image = IMAGES[process.program]
    if (image !== undefined && process.exitCode === null)
      add(process.pid, image, { parent: EXPLORER_PID, session: 1, user, startedAt: process.startedAt })
  }
  return found
}

function addServices(
  machine: Machine,
  add: (pid: number, image: string, more: Partial<Omit<Known, 'pid' | 'image'>> & { readonly label?: string }) => void,
  taken: ReadonlySet<number>,
): void {
  const byPid = new Map<number, { readonly image: string; readonly names: string[] }>()
  for (const { pid, name, path, running, driver } of machine.system?.services.list() ?? []) {
    if (!running || driver) continue
    const there = byPid.get(pid)
    if (there) there.names.push(name)
    else byPid.set(pid, { image: path, names: [name] })
  }
  for (const [pid, { image, names }] of byPid) {
    if (taken.has(pid)) continue
    const path = image.replace(/ -k .*$/, '')
    const user = /LocalService/.test(image) ? 'LOCAL SERVICE' : /NetworkService|RPCSS/i.test(image) ? 'NETWORK SERVICE' : 'SYSTEM'
    add(pid, path.slice(path.lastIndexOf('\\') + 1), {
      path,
      commandLine: image,
      services: names,
      user: `NT AUTHORITY\\${user}`,
      label: `${path}/${names[0]}`,
    })
  }
}

export const windowsProcesses = (machine: Machine): WindowsProcessView[] => {
  const all = known(machine).sort((a, b) => a.pid - b.pid)
  return all.map(({ vital: _vital, ...view }) => {
    // What services share a process with one that ended before is told by the first of them.
    const services = machine.system?.services.list().filter((one) => one.pid === view.pid && one.pid !== 0)
    return services && services.length > view.services.length ? { ...view, services: services.map(({ name }) => name) } : view
  })
}

/** Ends a process as TerminateProcess does: nobody is asked, nothing is tidied up. */
export function stopProcess(machine: Machine, pid: number): Outcome {
  const one = known(machine).find((each) => each.pid === pid)
  if (one === undefined) return failed('not-found')
  if (one.image === 'powershell.exe' || one.image === 'conhost.exe')
    return failed('not-simulated', 'Ending a console from a command line is real, but it is not simulated here.')
  if (one.vital) return failed('access-denied')
  const vm = machine.hyperV?.vms.find(({ id }) => id === one.vm)
  if (vm) {
    vm.stop('turn-off')
    machine.eventLog?.write('vm.quit', vm.settings.name, vm.id.toUpperCase())
    if (machine.hyperV) machine.sim.touch(machine.hyperV)
    return OK
  }
  const process: Process | undefined = machine.process(pid)
  if (process) {
    process.kill()
    return OK
  }
  return stopServices(machine, pid)
}

/** The service control manager notices that its services are gone. */
function stopServices(machine: Machine, pid: number): Outcome {
  const { system } = machine
  const lost = (system?.services.all ?? []).filter((one) => system?.services.pid(one.name) === pid)
  if (lost.some(({ refusesStop }) => refusesStop)) return failed('access-denied')
  for (const service of lost) {
    machine.eventLog?.write('scm.crashed', service.displayName, 1)
    system?.services.ended(service)
  }
  return OK
}
