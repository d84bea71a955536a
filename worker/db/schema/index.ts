// The control data of all tenants.
export * from './accounts.ts'
export * from './authoring.ts'
export * from './courses.ts'
export * from './grading.ts'
export * from './identities.ts'
export * from './labs.ts'
export * from './organisations.ts'
export * from './tenancy.ts'
