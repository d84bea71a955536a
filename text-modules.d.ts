// Files that the Worker bundle, the tests and the scripts all import as text.
declare module '*.sql' {
  const text: string
  export default text
}
declare module '*.yaml' {
  const text: string
  export default text
}
declare module '*.md' {
  const text: string
  export default text
}
declare module '*.script' {
  const text: string
  export default text
}
// Written by drizzle-kit beside the lab host's SQL files.
declare module '*/migrations.js' {
  const history: {
    journal: { entries: { idx: number; when: number; tag: string; breakpoints: boolean }[] }
    migrations: Record<string, string>
  }
  export default history
}
