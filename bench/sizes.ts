// What has to be carried: the Worker as it is deployed, and what a browser loads before it can show the first page.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleWorker } from '../scripts/worker-bundle.ts'
import { child } from './child.ts'
import type { Benchmark, Measurement } from './harness.ts'

const DIST = 'dist/web'
const LEVEL = 9

function sizes(files: readonly Uint8Array[]): Measurement {
  const sum = (size: (file: Uint8Array) => number) => files.reduce((all, file) => all + size(file), 0)
  return {
    value: sum((file) => gzipSync(file, { level: LEVEL }).length),
    unit: 'bytes',
    reference: sum((file) => file.length),
    referenceIs: 'the same uncompressed',
    runs: 1,
  }
}

/** The entry of the page and everything that it imports at once, however deep; not what it loads later. */
function firstScripts(): string[] {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const found = new Set(
    [...page.matchAll(/<(?:script|link)[^>]*(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path as string),
  )
  for (const path of found) {
    const text = readFileSync(join(DIST, path), 'utf8')
    for (const [, target] of text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g)) {
      found.add(join(dirname(path), target as string))
    }
  }
  return [...found]
}

export const bundleGzip: Benchmark = {
  name: 'bundle-gzip-bytes',
  says: 'the Worker with the lab host, one module, as it is deployed',
  run: async () => sizes([Buffer.from(await bundleWorker())]),
}

const zipped = async (leaveOut: readonly string[] = []): Promise<number> =>
  gzipSync(Buffer.from(await bundleWorker({ leaveOut })), { level: LEVEL }).length

const SHELLS = ['durable/shell/powershell', 'durable/shell/windows', 'durable/shell/linux']
const MOST_SHELL = 400 * 1024

export const shellGzip: Benchmark = {
  name: 'shell-gzip-bytes',
  says: 'what PowerShell and the classic Windows programs add to the compressed Worker: with them, less without; may be 400 KiB',
  run: async () => {
    const whole = await zipped()
    for (const folder of [...SHELLS, 'durable/shell'])
      console.log(`${folder.padEnd(26)} ${whole - (await zipped([folder]))} bytes`)
    const value = whole - (await zipped(['durable/shell/powershell', 'durable/shell/windows']))
    return { value, unit: 'bytes', reference: MOST_SHELL, referenceIs: 'what they may add', runs: 1 }
  },
}

export const pageScriptGzip: Benchmark = {
  name: 'page-script-gzip-bytes',
  says: 'scripts of the first page: the entry and what it imports at once',
  run: () => {
    child('build-console')
    const files = firstScripts().map((path) => readFileSync(join(DIST, path)))
    if (files.length === 0) throw new Error(`${DIST}/index.html loads no script`)
    return sizes(files)
  },
}
