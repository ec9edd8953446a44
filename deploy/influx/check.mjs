// Checks the names, arguments and types of Flux queries with InfluxData's own
// language server. Reads a JSON array of queries, writes a JSON array of lists of
// what is wrong with each.
//
//   node check.mjs FOLDER < queries.json     FOLDER is what fetch-checker.sh prints
import fs from 'node:fs'
import path from 'node:path'

console.info = () => {} // its log would stand among the answers
const folder = process.argv[2]
// A browser's bundler would give the glue its WebAssembly before it runs; here it
// is given afterwards.
const views = []
const glue = fs.readFileSync(path.join(folder, 'flux-lsp-browser_bg.js'), 'utf8')
	.replace(/^cached\w+ = new \w+\(wasm\.memory\.buffer\);$/mg, (line) => { views.push(line); return '' })
	.replace(/^import \* as wasm from .*$/m, () => `let wasm; export function setWasm(w) { wasm = w; ${views.join(' ')} }`)
const lsp = await import('data:text/javascript;base64,' + Buffer.from(glue).toString('base64'))
const { instance } = await WebAssembly.instantiate(fs.readFileSync(path.join(folder, 'flux-lsp-browser_bg.wasm')), { './flux-lsp-browser_bg.js': lsp })
lsp.setWasm(instance.exports)

const queries = JSON.parse(fs.readFileSync(0, 'utf8'))
const found = new Map()
let arrived = () => {}
const server = new lsp.Lsp()
server.onMessage((message) => {
	const m = JSON.parse(message)
	if (m.method === 'textDocument/publishDiagnostics') {
		found.set(m.params.uri, m.params.diagnostics.map((d) => `${d.range.start.line + 1}:${d.range.start.character + 1}: ${d.message}`))
		arrived()
	}
})
server.run()
const send = (m) => server.send(JSON.stringify({ jsonrpc: '2.0', ...m }))
await send({ id: 1, method: 'initialize', params: { capabilities: {} } })
await send({ method: 'initialized', params: {} })
const answers = []
for (const [i, text] of queries.entries()) {
	const uri = `file:///query/${i}.flux`
	const told = new Promise((resolve) => { arrived = resolve })
	await send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'flux', version: 1, text } } })
	await told
	answers.push(found.get(uri))
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0))
