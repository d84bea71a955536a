// npm run deploy [-- --dry-run | --new-owner-link]: puts the product into a Cloudflare account, an empty one or a used one.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startServer } from './local-server.ts'
import { readMigrations } from './migrate-d1.ts'
import { buildWeb } from './web-bundle.ts'
import { wrangler } from './wrangler.ts'

const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, 'new-owner-link': { type: 'boolean', default: false } },
})

const DATABASE = 'switchroom'
const SECRET = 'FIRST_OWNER_TOKEN'
/** Protects private keys at rest. With another one, those that are kept cannot be opened any more. */
const KEY_SECRET = 'LTI_KEY_SECRET'
/** wrangler.toml with the account's own database in it; not kept in git. */
const DEPLOYED_CONFIG = 'wrangler.deployed.toml'
const DEPLOY_LOG = 'dist/deploy.ndjson'

try {
  await (values['dry-run'] ? rehearse() : deploy())
} catch (error) {
  console.error(`\n${(error as Error).message}`)
  process.exit(1)
}

/** All that can be tried without an account: both bundles, the migrations on an empty database, and the start of the Worker. */
async function rehearse(): Promise<void> {
  await buildWeb()
  wrangler(['deploy', '--dry-run', '--outdir', 'dist/dry-run'])
  const server = await startServer({ quiet: true })
  await server.dispose()
  console.log(
    `\nDry run: the console builds, the Worker starts, and ${readMigrations('migrations/d1').length} D1 migrations apply to an empty database.`,
  )
  console.log(
    'Nothing was sent. A real run would now find or create the database, migrate it, deploy, and hand out the owner link.',
  )
}

async function deploy(): Promise<void> {
  checkAccount()
  await buildWeb()
  const config = writeConfig(findDatabase() ?? createDatabase())
  wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', ...config], { env: { CI: 'true' } })
  mkdirSync('dist', { recursive: true })
  rmSync(DEPLOY_LOG, { force: true })
  wrangler(['deploy', ...config], { env: { WRANGLER_OUTPUT_FILE_PATH: DEPLOY_LOG } })
  handOutOwnerLink(config, deployedAddress())
}

function checkAccount(): void {
  try {
    wrangler(['whoami', '--json'], { capture: true })
  } catch {
    throw new Error(
      'No Cloudflare account to deploy to. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID\n' +
        '(permissions: Workers Scripts edit, D1 edit). `npm run deploy -- --dry-run` tries everything that needs no account.',
    )
  }
}

function findDatabase(): string | undefined {
  const list: { name: string; uuid: string }[] = JSON.parse(wrangler(['d1', 'list', '--json'], { capture: true }))
  return list.find(({ name }) => name === DATABASE)?.uuid
}

function createDatabase(): string {
  wrangler(['d1', 'create', DATABASE], { env: { CI: 'true' } })
  const id = findDatabase()
  if (id === undefined)
    throw new Error(`The D1 database "${DATABASE}" was created but is not in the list; run the command again.`)
  return id
}

function writeConfig(databaseId: string): string[] {
  const text = readFileSync('wrangler.toml', 'utf8').replace('database_id = "local"', `database_id = "${databaseId}"`)
  writeFileSync(DEPLOYED_CONFIG, text)
  return ['--config', DEPLOYED_CONFIG]
}

function deployedAddress(): string {
  const entries = readFileSync(DEPLOY_LOG, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const targets: string[] = entries.find(({ type }) => type === 'deploy')?.targets ?? []
  const target = targets.find((one) => one.includes('.')) ?? 'https://<your worker>'
  return target.startsWith('http') ? target.replace(/\/$/, '') : `https://${target}`
}

/**
 * The first owner comes in by a link whose token is a secret of the Worker. The Worker accepts it once, while it has no owner;
 * so a deployment never holds a link or key that was not made here, for it alone.
 */
function handOutOwnerLink(config: readonly string[], address: string): void {
  const secrets: { name: string }[] = JSON.parse(wrangler(['secret', 'list', '--format', 'json', ...config], { capture: true }))
  if (!secrets.some(({ name }) => name === KEY_SECRET))
    wrangler(['secret', 'put', KEY_SECRET, ...config], { input: randomBytes(32).toString('base64url') })
  if (secrets.some(({ name }) => name === SECRET) && !values['new-owner-link']) {
    console.log(
      `\nDeployed: ${address}\nThe owner link was handed out by an earlier run; \`npm run deploy -- --new-owner-link\` replaces it while it is unused.`,
    )
    return
  }
  const token = randomBytes(32).toString('base64url')
  wrangler(['secret', 'put', SECRET, ...config], { input: token })
  console.log(
    `\nDeployed: ${address}\n\nOpen this link once to become the first owner; it ends with its first use:\n\n  ${address}/auth/first-owner#${token}\n`,
  )
}
