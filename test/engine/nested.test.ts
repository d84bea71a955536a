// A computer with Hyper-V in a virtual machine (fact sheet T11): bridged, which needs MAC spoofing, or behind its own NAT.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'

const source = readFileSync(join(import.meta.dirname, '../../labs/default-switch/lab.yaml'), 'utf8')
const nested = (exposed: boolean) => {
  const text = source
    .replace(
      '        win1: { memory: 4GB, automaticStop: Save }\n',
      `        win1: { memory: 4GB, automaticStop: Save }\n        hv1: { memory: 8GB, exposeVirtualizationExtensions: ${exposed} }\n`,
    )
    .replace(
      '  # Home ---',
      "  hv1:\n    os: windows-11\n    hostname: HV1\n    adapters: { Ethernet: { mac: '00:15:5d:03:32:10' } }\n    hyperV: { vms: { inner: {} } }\n  inner:\n    os: ubuntu-24.04\n    adapters: { eth0: { mac: '00:15:5d:aa:00:01' } }\n  # Home ---",
    )
  const parsed = parseDefinition(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  return parsed.definition
}

function lab(exposed = true, away = false) {
  const definition = nested(exposed)
  let one = new Lab(definition, 1, shells)
  let line = 0
  const type = (console: string, text: string): string => {
    const { output } = one.exec(console, text, ++line)
    if (away) one = new Lab(definition, 1, shells, JSON.parse(JSON.stringify(one.save())))
    return output
  }
  return { type, lab: () => one }
}

describe('nested virtualization', () => {
  it('starts nothing unless the extensions are exposed, which is done while the machine is off', () => {
    const { type } = lab(false)
    expect(type('hv1', 'Get-VM | % State')).toBe('Off\n')
    expect(type('hv1', 'Start-VM inner')).toContain(
      'The virtual machine could not be started because the hypervisor is not running.',
    )
    const expose = 'Set-VMProcessor -VMName hv1 -ExposeVirtualizationExtensions $true'
    expect(type('pc', expose)).toContain('The operation cannot be performed while the object is in its current state.')
    type('pc', `Stop-VM hv1; ${expose}; Start-VM hv1`)
    expect(type('hv1', 'Start-VM inner; Get-VM | % State')).toBe('Running\n')
  })

  it('inside the Default Switch of a Default Switch: three translations to the Internet', () => {
    const { type } = lab()
    expect(type('inner', 'ping -c 1 -W 2 192.0.2.80')).toContain(' 1 received')
    const inner = /inet (172|192)\.[\d.]+/.exec(type('inner', 'ip -4 addr show eth0'))?.[0]
    expect(inner).toBeDefined()
  })

  it('bridged: without spoofing nothing comes of it, with it the inner machine is on the outer switch', () => {
    const { type } = lab()
    type('hv1', 'New-VMSwitch Ext -NetAdapterName Ethernet | Out-Null; Connect-VMNetworkAdapter inner -SwitchName Ext')
    expect(type('hv1', 'ping -n 1 192.0.2.80')).toContain('Received = 1')
    expect(type('inner', 'ip -4 -br addr show eth0')).not.toMatch(/172|192/)
    type('pc', 'Get-VMNetworkAdapter -VMName hv1 | Set-VMNetworkAdapter -MacAddressSpoofing On')
    type('inner', 'sudo dhclient eth0')
    expect(type('inner', 'ping -c 1 -W 2 192.0.2.80')).toContain(' 1 received')
    expect(type('pc', 'Get-Content C:\\Windows\\System32\\drivers\\etc\\hosts.ics')).toContain('inner.mshome.net')
  })

  it('behind a NAT of its own', () => {
    const { type } = lab()
    type('hv1', 'New-VMSwitch -Name VmNAT -SwitchType Internal | Out-Null')
    type('hv1', 'New-NetNat -Name LocalNAT -InternalIPInterfaceAddressPrefix 192.168.100.0/24 | Out-Null')
    type(
      'hv1',
      'Get-NetAdapter "vEthernet (VmNat)" | New-NetIPAddress -IPAddress 192.168.100.1 -AddressFamily IPv4 -PrefixLength 24 | Out-Null',
    )
    type('hv1', 'Connect-VMNetworkAdapter inner -SwitchName VmNAT')
    type('inner', 'sudo ip addr flush dev eth0; sudo ip addr add 192.168.100.2/24 dev eth0')
    type('inner', 'sudo ip route add default via 192.168.100.1')
    expect(type('inner', 'ping -c 1 -W 2 192.0.2.80')).toContain(' 1 received')
  })

  it('stands still with the machine that it runs in', () => {
    const run = (away: boolean) => {
      const { type, lab: now } = lab(true, away)
      const said = [
        type('inner', 'date +%s > /tmp/a; cat /proc/uptime'),
        type('pc', 'Save-VM hv1'),
        type('pc', 'Start-Sleep 500'),
        type('pc', 'Start-VM hv1'),
        type('inner', 'ping -c 1 -W 2 192.0.2.80; ip -4 -br addr'),
        type('pc', 'Restart-Computer -Force'),
        type('hv1', 'Get-VM'),
      ]
      return { said, digest: now().digest() }
    }
    const straight = run(false)
    expect(straight.said[4]).toContain(' 1 received')
    expect(run(true)).toEqual(straight)
  })
})
