// The part of Node's API that workerd has too and that is used here.
declare module 'node:dns/promises' {
  export class Resolver {
    resolve4(name: string): Promise<string[]>
    resolve6(name: string): Promise<string[]>
  }
}
