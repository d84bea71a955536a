// Grading runs in Node too, from an exported file. Its modules name these types of the platform; nothing of them is called there.
interface DurableObjectStorage {
  readonly sql: {
    readonly databaseSize: number
    exec<T>(query: string, ...bindings: unknown[]): { one(): T; toArray(): T[] }
  }
  transactionSync<T>(work: () => T): T
}
