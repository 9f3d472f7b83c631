export { makeEncryptionKeys, readOrMakeSecret } from './key-file.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './postgres.ts'
export { SetupError } from './setup-error.ts'
