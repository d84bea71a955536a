// Processor time from a lab without power to the first answered ping of a guest, in a process that has done nothing else.
import { newLab, readDefinition, type } from '../lab.ts'

const definition = readDefinition()
const before = process.cpuUsage()
const lab = newLab(definition)
const output = type(lab, 'ubuntu1', 'ping -c 1 www.example.com', 1)
const { user, system } = process.cpuUsage(before)
if (!output.includes('1 received')) throw new Error(output)
console.log((user + system) / 1000)
