import { expect } from 'vitest'

interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
}

/** Fails for an answer whose status the OpenAPI document does not name for its operation. */
export function expectDocumented(
  document: OpenapiDocument,
  { method, url, status }: { method: string; url: string; status: number },
): void {
  const path = url.split('?')[0] ?? ''
  const isFor = (template: string) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
  // A path without parameters goes before one with them, as in the router.
  const template = Object.keys(document.paths)
    .filter(isFor)
    .sort((one, other) => one.split('{').length - other.split('{').length)[0]
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()]
  if (operation) expect(Object.keys(operation.responses), `${method} ${template}`).toContain(String(status))
}
