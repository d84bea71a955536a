import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { textFiles } from './scripts/text-plugin.ts'

const engine = [
  'durable/engine/**/*.test.ts',
  'durable/shell/**/*.test.ts',
  'durable/definition/**/*.test.ts',
  'durable/walk/*.test.ts',
  'labs/**/*.test.ts',
  'web/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
  'client/**/*.test.ts',
  'test/engine/**/*.test.ts',
  'test/checks/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/interop/linux-parity.test.ts',
]
const worker = [
  'worker/**/*.test.ts',
  'durable/*.test.ts',
  'durable/store/**/*.test.ts',
  'durable/history/**/*.test.ts',
  'durable/ports/**/*.test.ts',
  'durable/jobs/**/*.test.ts',
  'durable/grading/**/*.test.ts',
  'test/worker/**/*.test.ts',
]
/** What needs a database that nobody has used, or breaks the service under everybody. */
const alone = ['worker/auth/first-owner.test.ts', 'worker/routes/bad-input.test.ts']
// These compare with tshark, which is not expected on every machine.
const tshark = ['**/*.tshark.test.ts']

/** Only stops what hangs: no test asserts a time, and machines may be busy. */
const PATIENCE = 120_000

/** Labs that earlier versions exported, base64. */
const labFiles = () =>
  Object.fromEntries(
    readdirSync('test/fixtures')
      .filter((name) => name.endsWith('.export'))
      .map((name) => [name, readFileSync(`test/fixtures/${name}`, 'base64')]),
  )

const inWorkerd = cloudflareTest(async () => ({
  wrangler: { configPath: './wrangler.toml' },
  miniflare: {
    bindings: { TEST_MIGRATIONS: await readD1Migrations('migrations/d1'), LAB_FILES: labFiles(), OUTBOUND_LOOPBACK: 'allow' },
  },
}))

export default defineConfig({
  test: {
    // By itself vitest leaves one core to others, and of two that is half; each of many would begin a workerd of its own.
    maxWorkers: Math.min(availableParallelism(), 4),
    // Every rejected call on a Durable Object stub is reported as unhandled, even when it was awaited.
    onUnhandledError(error) {
      const remote = error as { remote?: boolean; durableObjectReset?: boolean }
      if (remote.remote === true || remote.durableObjectReset === true) return false
    },
    projects: [
      {
        plugins: [textFiles()],
        test: {
          name: 'engine',
          include: engine,
          exclude: tshark,
          environment: 'node',
          // The engine keeps nothing outside of a lab (rule 1), so files share a process and what it has loaded.
          isolate: false,
          testTimeout: PATIENCE,
        },
      },
      {
        plugins: [textFiles(), inWorkerd],
        test: {
          name: 'worker',
          include: worker,
          exclude: [...tshark, ...alone],
          // One workerd for all files: loading a thousand modules anew for each took longer than the tests.
          isolate: false,
          setupFiles: ['./test/worker/setup.ts'],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
        },
      },
      {
        plugins: [textFiles(), inWorkerd],
        test: {
          name: 'worker-alone',
          include: alone,
          setupFiles: ['./test/worker/setup.ts'],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
        },
      },
      {
        plugins: [textFiles()],
        test: {
          name: 'capture',
          include: ['test/capture/**/*.test.ts', ...tshark],
          exclude: ['**/node_modules/**'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        plugins: [textFiles()],
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [textFiles()],
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['./test/e2e/build.ts'],
          environment: 'node',
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
