// The planted faults of labs/troubleshooting, each with a line that shows it and the cause that has to be named first.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinition } from '../../durable/definition/parse.ts'
import type { LabDefinition } from '../../durable/engine/lab/definition.ts'
import type { Fault } from '../../durable/engine/lab/why/index.ts'

const folder = join(import.meta.dirname, '../../labs/troubleshooting')

export const planted: readonly (Fault & { readonly file: string })[] = [
  ['01', 'win1', 'ping -n 1 www.example.com', 'dns-server-wrong', 'win1'],
  ['02', 'ubuntu1', 'ping -c 1 8.8.8.8', 'no-default-route', 'ubuntu1'],
  ['03', 'win1', 'ping -n 1 8.8.8.8', 'vm-adapter-disconnected', 'win1'],
  ['04', 'ubuntu1', 'ping -c 1 8.8.8.8', 'vlan', 'pc'],
  ['05', 'ubuntu1', 'ping -c 1 8.8.8.8', 'source-mac', 'pc'],
  ['06', 'win1', 'ping -n 1 www.example.com', 'port-rule', 'pc'],
  ['07', 'win1', 'nslookup www.example.com', 'firewall', 'pc'],
  ['08', 'pc', 'ping -n 1 8.8.8.8', 'duplicate-address', 'lanpc'],
  ['09', 'win1', 'ping -n 1 192.168.50.1', 'other-subnet', 'win1'],
  ['10', 'lanpc', 'curl -s --max-time 10 http://192.168.3.50:8080/', 'proxy-target', 'pc'],
  ['12', 'win1', 'ipconfig /renew', 'firewall', 'pc'],
].map(([file, console, line, kind, machine]) => ({
  name: `troubleshooting-${file}`,
  file,
  probe: { console, line },
  kind: kind as Fault['kind'],
  machine,
}))

/** The lab of a fault, with the fault in it. */
export function labOf({ file }: { readonly file: string }): LabDefinition {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  const parsed = parseDefinition(text('machines.yaml') + text(`faults/${file}.yaml`))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.definition
}
