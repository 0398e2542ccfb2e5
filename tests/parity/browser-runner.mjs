// The core in a browser as a program that is asked in lines of JSON, as every other runner.
import { createInterface } from 'node:readline'
import { browserRunner } from './lib/browser.mjs'

const runner = await browserRunner()
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await runner.ask(JSON.parse(line)))}\n`)
}
await runner.end()
