/** Types of the API from openapi.json, which is what the server serves at /api/v1/openapi.json. */
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const at = (path) => new URL(path, import.meta.url)
const document = JSON.parse(await readFile(at('../openapi.json'), 'utf8'))
await writeFile(at('../src/api/schema.d.ts'), astToString(await openapiTS(document)))
