import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Imports of .sql, .yaml, .md and .script files give their text, as they do in the Worker bundle. */
export function textFiles(): Plugin {
  return {
    name: 'switchroom:text-files',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0]
      // A query such as ?raw or ?url is answered by vite itself.
      if (file !== id || !/\.(sql|yaml|md|script)$/.test(file)) return undefined
      return { code: `export default ${JSON.stringify(readFileSync(file, 'utf8'))}`, map: null, moduleType: 'js' }
    },
  }
}
