// For tests only: what the imaginary Windows computer has beside its network.
import type { Outcome } from '../../engine/machine/kernel.ts'
import { serviceList } from '../../engine/machine/windows/service-list.ts'
import type { WindowsCalls } from '../../engine/machine/windows/windows-views.ts'

/** Every service as it begins; what is asked for is noted and nothing comes of it. */
export const fakeWindows = (note: (what: string) => Outcome): WindowsCalls => ({
  services: () =>
    serviceList.map((one) => ({
      name: one.name,
      displayName: one.displayName,
      description: one.description,
      running: one.runs,
      startType: one.startType,
      driver: one.driver,
      shared: one.group !== '',
      canStop: one.runs && !one.refusesStop,
      dependsOn: one.dependsOn,
      dependents: [],
      path: one.image,
      pid: one.runs && !one.driver ? one.pid : 0,
    })),
  serviceRuns: (name) => serviceList.some((one) => one.name === name && one.runs),
  controlService: (name, action, force) => note(`controlService ${name} ${action} ${force === true}`),
  configureService: (name, change) => note(`configureService ${name} ${JSON.stringify(change)}`),
  windowsProcesses: () => [
    {
      pid: 2516,
      parent: 856,
      image: 'vmms.exe',
      path: 'C:\\Windows\\System32\\vmms.exe',
      commandLine: 'C:\\Windows\\System32\\vmms.exe',
      user: 'NT AUTHORITY\\SYSTEM',
      session: 0,
      startedAt: 0,
      handles: 800,
      threads: 20,
      workingSet: 60_000,
      privateBytes: 30_000,
      services: ['vmms'],
      vm: '',
    },
  ],
  stopProcess: (pid) => (pid === 2516 ? note(`stopProcess ${pid}`) : { ok: false, error: 'not-found' }),
  eventLogs: () => [{ name: 'System', records: 1, maximumBytes: 20_971_520 }],
  events: () => [
    {
      log: 'System',
      provider: 'Service Control Manager',
      id: 7036,
      level: 'Information',
      at: 1_000_000,
      record: 1,
      values: ['DNS Client', 'running'],
      message: 'The DNS Client service entered the running state.',
    },
  ],
  registryKey: (path) =>
    /^hk(lm|cu)$/i.test(path)
      ? { path: path.toUpperCase(), keys: ['SYSTEM'], values: [] }
      : path.toLowerCase() === 'hklm\\system'
        ? { path: 'HKLM\\SYSTEM', keys: [], values: [{ name: 'Value', kind: 'REG_DWORD', data: 1 }] }
        : undefined,
  makeRegistryKey: (path) => note(`makeRegistryKey ${path}`),
  removeRegistryKey: (path) => note(`removeRegistryKey ${path}`),
  setRegistryValue: (path, name, kind, data) => note(`setRegistryValue ${path} ${name} ${kind} ${JSON.stringify(data)}`),
  removeRegistryValue: (path, name) => note(`removeRegistryValue ${path} ${name}`),
  clearEventLog: (log) => note(`clearEventLog ${log}`),
})
