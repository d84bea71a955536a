// Lets plain Node import .sql, .yaml, .md and .script files as text: node --import ./scripts/text-hook.mjs FILE
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

registerHooks({
  load(url, context, next) {
    if (!/\.(sql|yaml|md|script)$/.test(url)) return next(url, context)
    const text = readFileSync(fileURLToPath(url), 'utf8')
    return { format: 'module', shortCircuit: true, source: `export default ${JSON.stringify(text)}` }
  },
})
