// What a console without an administrator's rights may call: whoever adds a call that changes the machine under a new word finds
// it here.
import { expect, it } from 'vitest'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import type { ConsoleSession } from '../../durable/engine/machine/console-session.ts'
import type { Machine } from '../../durable/engine/machine/machine.ts'
import { walkFirstLab } from './first-lab.ts'

/** Calls that only look, and those that are everybody's own business: files, programs, jobs, Wi-Fi, shares that one uses, WSL. */
const EVERYBODYS = new Set(
  `identity clock interfaces adapters bindings neighbors routes neighbors6 routes6 sockets protocolCounters dnsCache flushDnsCache
  dnsSuffixes connectWifi dhcp6 readFile writeFile appendFile listFiles stat makeDirectory removeFile renameFile linkFile changeFile
  diskUse spawn kill write closeInput processes startJob jobs reapJob signal fork reboot units unit journal wifiNetworks vpns
  natSessions dhcpServerLeases guest
  services serviceRuns windowsProcesses eventLogs events registryKey makeRegistryKey setRegistryValue removeRegistryValue removeRegistryKey
  switches boot hnsNetworks wsl runWsl endWsl vms exportedVm disks checkpoints netNats natExternalAddresses natMappings macPool
  firewallRules firewallProfiles firewallSettings networkCategories portProxies excludedPorts dynamicPorts manualMetrics weakHost
  adapterDetails skippedAsSource findRoute nrptRules dnsGlobal dnsConnection shares usedShares useShare unuseShare smbSessions
  packetMonitor netbiosNames netbiosCache keptItems`.split(/\s+/),
)

it('is known by name; all else is refused', () => {
  const lab = walkFirstLab().lab as Lab
  const pc = lab.parts.machines.get('pc') as Machine
  const session = pc.session('pc') as ConsoleSession
  const names = (elevated: boolean): Map<string, unknown> => {
    session.memory['elevated'] = elevated
    const kernel = pc.kernelFor('pc', 1) as unknown as { readonly [name: string]: unknown }
    const found = new Map<string, unknown>()
    for (const [name, member] of Object.entries(kernel))
      if (typeof member === 'function') found.set(name, member)
      else if (member !== null && typeof member === 'object')
        for (const [inner, call] of Object.entries(member)) if (typeof call === 'function') found.set(inner, call)
    return found
  }
  const denied: string[] = []
  const open: string[] = []
  const all = names(false)
  expect([...all.keys()]).toEqual([...names(true).keys()])
  for (const [name, call] of names(false)) {
    // A refusal takes no arguments and says so; what acts is told apart by its text, and not called.
    const refuses = /^\(\)\s*=>\s*DENIED$/.test(String(call))
    if (refuses) denied.push(name)
    else if (!EVERYBODYS.has(name)) open.push(name)
  }
  expect(open).toEqual([])
  expect(denied).toEqual(expect.arrayContaining(['changeFirewallRule', 'putNrptRule', 'importVm', 'setMetric', 'addRoute']))
})
