// Plain JavaScript without packages: this part must run on Node 20 before anything is installed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The first release that runs TypeScript and has the module hooks used here. */
const OLDEST = [22, 18]

/** Path of a Node that can run the project: the installed one, else the running one; throws when neither will do. */
export function findNode(root) {
  const bundled = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(bundled)) return bundled
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath
  throw new Error(
    `Node ${process.versions.node} is too old, and for ${process.platform}-${process.arch} no newer one comes with the packages.\n` +
      `Install Node ${OLDEST.join('.')} or newer (24 is what the tests use, see .nvmrc) and run the command again.`,
  )
}
