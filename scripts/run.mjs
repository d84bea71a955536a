// node scripts/run.mjs FILE [ARGUMENTS]: installs what is missing, then runs FILE on a Node that understands it.
// Every npm script goes through here, so that each works right after a clone. Plain JavaScript for Node 20.
import { spawn } from 'node:child_process'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installIfNeeded } from './install.mjs'
import { findNode } from './node-runtime.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

// Nothing here reports home, and nothing needs the network once the packages are there.
const quiet = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  DO_NOT_TRACK: '1',
  WRANGLER_LOG_PATH: join(root, '.wrangler', 'logs'),
}

try {
  installIfNeeded(root)
  const node = findNode(root)
  const textHook = pathToFileURL(join(root, 'scripts', 'text-hook.mjs')).href
  const [file, ...args] = process.argv.slice(2)
  const PATH = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const child = spawn(node, ['--import', textHook, resolve(root, file), ...args], {
    stdio: 'inherit',
    env: { ...quiet, ...process.env, PATH },
  })
  // The terminal sends Ctrl-C to both; the child decides when to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  // npm passes a SIGTERM on to its shell only, and the shell dies without a word to us.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 300).unref()
  child.on('error', fail)
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
} catch (error) {
  fail(error)
}

function fail(error) {
  console.error(error.message)
  process.exit(1)
}
