// npm test [-- FILTER ...]: engine tests in Node, Worker and Durable Object tests inside workerd.
import { spawn } from 'node:child_process'

const args = process.argv.slice(2)
const projects = args.some((arg) => arg.startsWith('--project'))
  ? []
  : ['--project', 'engine', '--project', 'worker', '--project', 'worker-alone']
// With real clients, the Linux commands are compared with this machine's own kernel, too.
const env = args.includes('interop') ? { LINUX_PARITY: 'live', ...process.env } : process.env
const child = spawn('vitest', ['run', ...projects, ...args], { stdio: 'inherit', env })
child.on('error', (error) => console.error(error.message))
child.on('exit', (code) => process.exit(code ?? 1))
