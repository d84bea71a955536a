// npm run db -- NAME: writes the migrations that bring both databases from their last migration to their schema.
import { spawnSync } from 'node:child_process'

const [name] = process.argv.slice(2)
if (name === undefined || !/^[a-z0-9-]+$/.test(name)) {
  console.error('npm run db -- NAME   (small letters, digits and hyphens: it becomes part of the file name, 0003_NAME.sql)')
  process.exit(2)
}
for (const database of ['lab-host', 'd1']) {
  const args = ['generate', '--config', `drizzle.${database}.config.ts`, '--name', name]
  const { status } = spawnSync('drizzle-kit', args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
