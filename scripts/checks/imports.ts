import { posix } from 'node:path'
import { type Node, parse, walk } from './syntax.ts'

export type Import = {
  readonly specifier: string
  /** The file meant, or undefined for a package or a built-in module. */
  readonly target: string | undefined
  /** True when nothing is left of it at run time: only `import type` and `export type` are. */
  readonly typeOnly: boolean
}

export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  const add = (specifier: string, typeOnly: boolean) => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier.split('?')[0]) : undefined
    found.push({ specifier, target, typeOnly })
  }
  const literal = (value: unknown) => (value as { value?: unknown } | null | undefined)?.value
  walk(parse(path, text).program, (node: Node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        if (node.source) add(String(literal(node.source)), (node.importKind ?? node.exportKind) === 'type')
        break
      case 'ImportExpression':
        if (typeof literal(node.source) === 'string') add(String(literal(node.source)), false)
        break
      case 'TSImportType':
        if (typeof literal(node.source) === 'string') add(String(literal(node.source)), true)
        break
    }
  })
  return found
}
