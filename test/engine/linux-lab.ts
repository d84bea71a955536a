// Linux machines on one cable each to a switch, for tests of their tools: type, interrupt, and store and open again at any point.
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const YAML = `
title: Linux tools
summary: Machines on a switch.
starts: 2026-03-02T12:00:00+00:00
machines:
  alpha: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.9.0.1/24, mac: '00:15:5d:00:00:01' } } }
  beta: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.9.0.2/24, mac: '00:15:5d:00:00:02' } } }
  gamma: { os: ubuntu-24.04, role: computer, adapters: { eth0: { mac: '00:15:5d:00:00:03' } } }
switches:
  hub: { label: Switch }
cables:
  - { name: a, between: [alpha/eth0, hub], latency: 50us }
  - { name: b, between: [beta/eth0, hub], latency: 50us }
  - { name: c, between: [gamma/eth0, hub], latency: 50us }
`

export class LinuxLab {
  walk: Walk
  private readonly yaml: string
  /** Stored and opened again before each step. */
  private readonly fragile: boolean

  constructor(options: { readonly fragile?: boolean; readonly yaml?: string } = {}) {
    this.yaml = options.yaml ?? YAML
    this.fragile = options.fragile ?? false
    const opened = openRuntime(this.yaml, 7)
    if (!opened.ok) throw new Error(opened.faults.map((fault) => fault.reason).join('\n'))
    this.walk = new Walk(opened.lab)
  }

  /** Stores the lab as text and opens it from that. */
  reopen(): void {
    const stored = JSON.parse(JSON.stringify(this.walk.lab.save()))
    const opened = openRuntime(this.yaml, 7, stored)
    if (!opened.ok) throw new Error('does not open again')
    this.walk.lab = opened.lab
  }

  /** What the line printed, and everybody else meanwhile, under their names. */
  type(console: string, text: string): string {
    if (this.fragile) this.reopen()
    const { output, further } = this.walk.step({ kind: 'type', line: 0, console, text })
    return output + further.map((one) => `[${one.console}] ${one.text}`).join('')
  }

  interrupt(console: string): string {
    if (this.fragile) this.reopen()
    const { further } = this.walk.step({ kind: 'interrupt', line: 0, console })
    return further.map((one) => one.text).join('')
  }
}
