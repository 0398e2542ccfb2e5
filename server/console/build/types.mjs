/**
 * Types of the API from openapi.json, which is what the server serves at /api/v1/openapi.json.
 * What the document has wrong is set right here, until the server's own is: parameters of a query
 * that it places in the path, and names of operations that are given twice.
 */
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const at = (path) => new URL(path, import.meta.url)
const document = JSON.parse(await readFile(at('../openapi.json'), 'utf8'))

for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    operation.operationId = `${method} ${path}`
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in !== 'path' || path.includes(`{${parameter.name}}`)) continue
      parameter.in = 'query'
      parameter.required = false
    }
  }
}

await writeFile(at('../src/api/schema.d.ts'), astToString(await openapiTS(document)))
