// service-process.ts DIR: the service with its databases in DIR; prints its address and a key as JSON. For tests that kill it.
import { startServer } from '../../scripts/local-server.ts'

const { url, demo } = await startServer({ dataDir: process.argv[2], demo: true, quiet: true })
console.log(JSON.stringify({ url, key: demo?.apiKey }))
