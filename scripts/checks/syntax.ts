import { parseSync } from 'rolldown/utils'

/** A node of the syntax tree, as far as the checks look at it. */
export type Node = { type: string; start: number; end: number; [key: string]: unknown }
export type Visit = (node: Node, parent: Node | undefined, key: string) => void

export function parse(path: string, text: string) {
  const result = parseSync(path, text)
  if (result.errors.length > 0) throw new Error(`${path}: ${result.errors[0].message}`)
  return result
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** Calls `visit` for every node, parents first. */
export function walk(root: unknown, visit: Visit, parent?: Node, key = ''): void {
  if (Array.isArray(root)) {
    for (const item of root) walk(item, visit, parent, key)
    return
  }
  if (!isNode(root)) return
  visit(root, parent, key)
  for (const [name, child] of Object.entries(root)) {
    if (typeof child === 'object' && child !== null) walk(child, visit, root, name)
  }
}

export const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
