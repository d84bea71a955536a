import { lineAt, type Node, parse, walk } from './syntax.ts'

/** Measured: Math.cbrt, log, exp and others differ between Node and workerd in the last bits; these do not. */
const exactMath = new Set(['abs', 'ceil', 'floor', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'])

const impureNames = new Set(
  [
    ['Date', 'Intl', 'Temporal', 'performance'],
    ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise'],
    ['crypto', 'fetch', 'console', 'process', 'globalThis', 'self', 'window', 'Buffer', 'navigator'],
    ['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'eval', 'Function'],
  ].flat(),
)

export const timerNames: ReadonlySet<string> = new Set(['setTimeout', 'setInterval'])

/** Everything in an engine or shell file whose result could depend on where and when it runs. */
export function findImpurities(path: string, text: string): string[] {
  const { program } = parse(path, text)
  const faults: string[] = []
  const fault = (node: Node, what: string) => faults.push(`${path}:${lineAt(text, node.start)}  ${what}`)
  for (const node of foreignNames(program, impureNames)) fault(node, `${node.name} is not allowed in pure code`)
  walk(program, (node, parent, key) => {
    if (node.type === 'Identifier') {
      const word = String(node.name)
      if (/^toLocale|^localeCompare$/.test(word)) fault(node, `${word} depends on the locale`)
      if (word === 'Math' && !isName(parent, key)) {
        const member =
          parent?.type === 'MemberExpression' && key === 'object' && !parent.computed ? (parent.property as Node) : undefined
        if (!exactMath.has(String(member?.name))) fault(node, `Math.${member?.name ?? '...'} may differ between runtimes`)
      }
    }
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) fault(node, 'pure code does not await')
    else if (node.async === true) fault(node, 'pure code has no async functions')
    if (node.type === 'BinaryExpression' && node.operator === '**' && !bothNumbers(node)) {
      fault(node, '** is Math.pow, which may differ between runtimes: shift or multiply')
    }
  })
  return faults
}

/** Live time needs one short timer while somebody watches, and jobs rest while they are under way; nothing else does. */
const paced: ReadonlySet<string> = new Set(['durable/pacer.ts', 'durable/jobs/rest.ts'])
const tickless: ReadonlySet<string> = new Set([...timerNames].filter((name) => name !== 'setTimeout'))

/** Uses of a timer in lab host code: a pending one keeps the object in memory, and billed. */
export function findTimers(path: string, text: string): string[] {
  const { program } = parse(path, text)
  return foreignNames(program, paced.has(path) ? tickless : timerNames).map(
    (node) => `${path}:${lineAt(text, node.start)}  ${node.name} keeps the object from hibernating: use the alarm`,
  )
}

/** References to `names` that the file does not itself declare. */
function foreignNames(program: unknown, names: ReadonlySet<string>): Node[] {
  const declared = declaredNames(program)
  const found: Node[] = []
  walk(program, (node, parent, key) => {
    if (node.type !== 'Identifier') return
    const word = String(node.name)
    if (names.has(word) && !declared.has(word) && !isName(parent, key)) found.push(node)
  })
  return found
}

function declaredNames(program: unknown): Set<string> {
  const declared = new Set<string>()
  walk(program, (node, _parent, key) => {
    if (key === 'params') bind(node, declared)
    else if (/^Import\w*Specifier$/.test(node.type)) bind(node.local, declared)
    else if (node.type === 'CatchClause') bind(node.param, declared)
    else if (declaration.test(node.type)) bind(node.id, declared)
  })
  return declared
}

const declaration = /^(VariableDeclarator|(Function|Class)(Declaration|Expression)|TS(TypeAlias|Interface)Declaration)$/

/** Adds the names a pattern binds; its defaults and type annotations are uses and stay out. */
function bind(pattern: unknown, into: Set<string>): void {
  const node = pattern as Node | null | undefined
  switch (node?.type) {
    case 'Identifier':
      into.add(String(node.name))
      break
    case 'AssignmentPattern':
      bind(node.left, into)
      break
    case 'RestElement':
      bind(node.argument, into)
      break
    case 'Property':
      bind(node.value, into)
      break
    case 'ArrayPattern':
      for (const element of node.elements as unknown[]) bind(element, into)
      break
    case 'ObjectPattern':
      for (const property of node.properties as unknown[]) bind(property, into)
      break
  }
}

const keyed = /^(Property|MethodDefinition|PropertyDefinition|AccessorProperty|TSPropertySignature|TSMethodSignature)$/

/** True when the identifier only names a member, so that it refers to nothing. */
function isName(parent: Node | undefined, key: string): boolean {
  if (parent === undefined) return false
  if (parent.type === 'MemberExpression' && key === 'property') return !parent.computed
  if (keyed.test(parent.type) && key === 'key') return !parent.computed
  return key === 'label' || key === 'imported' || key === 'exported'
}

function bothNumbers(node: Node): boolean {
  return [node.left, node.right].every((side) => typeof (side as { value?: unknown }).value === 'number')
}
