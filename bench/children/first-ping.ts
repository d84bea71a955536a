// Processor time from switching a guest on for the first time to its first answered ping of an Internet host: DHCP, ARP, a walk
// through the DNS tree, two NATs. The lab around it stands already; the guest's own way is run for the first time.
import { newLab, readDefinition, type } from '../lab.ts'

const GUEST = 'ubuntu1'
const whole = readDefinition()
const machines = whole.machines.map((machine) =>
  machine.hyperV === null
    ? machine
    : {
        ...machine,
        hyperV: { ...machine.hyperV, vms: machine.hyperV.vms.map((vm) => ({ ...vm, running: vm.machine !== GUEST })) },
      },
)
const lab = newLab({ ...whole, machines })
const before = process.cpuUsage()
lab.hand({ action: 'power-on', machine: GUEST }, 1)
const output = type(lab, GUEST, 'ping -c 1 www.example.com', 2)
const { user, system } = process.cpuUsage(before)
if (!output.includes('1 received')) throw new Error(output)
console.log((user + system) / 1000)
