// Holds dashboards against Grafana's own schema: the types of @grafana/schema, by
// the TypeScript compiler. Reads a JSON object of dashboards by name, writes a JSON
// object of lists of what is wrong with each.
//
//   node check.mjs FOLDER < dashboards.json     FOLDER is what fetch-schema.sh prints
import { createRequire } from 'node:module'
import fs from 'node:fs'
import path from 'node:path'

const folder = path.resolve(process.argv[2])
const ts = createRequire(path.join(folder, 'x.js'))('typescript')
const raw = '@grafana/schema/dist/types/raw/'

// The panels that Grafana describes, and whether their fields have settings of
// their own.
const panels = {
	timeseries: ['TimeSeries', true], stat: ['Stat', false], gauge: ['Gauge', false], bargauge: ['BarGauge', false],
	piechart: ['PieChart', true], table: ['Table', true], heatmap: ['Heatmap', true], geomap: ['Geomap', false],
}
const kinds = Object.entries(panels)
const source = (dashboard) => `
import type * as base from '${raw}dashboard/x/dashboard_types.gen'
${kinds.map(([type, [name]]) => `import type * as ${type} from '${raw}composable/${type}/panelcfg/x/${name}PanelCfg_types.gen'`).join('\n')}
// In JSON enumerations are their words, and what has a default may be left out.
type Plain<T> = T extends string ? \`\${T}\` : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]?: Plain<T[K]> } : T
type Fields<F> = Omit<Plain<base.FieldConfigSource>, 'defaults'> & { defaults: Omit<Plain<base.FieldConfig>, 'custom'> & { custom?: Plain<F> } }
type Panel<T, O, F> = Omit<Plain<base.Panel>, 'type' | 'options' | 'fieldConfig'> & { type: T, options: Plain<O>, fieldConfig: Fields<F> }
// What a data source adds to an annotation or a variable is its own: Grafana keeps it
// and describes it nowhere.
type Annotation = Omit<Plain<base.AnnotationQuery>, 'target'> & { target: { refId: string }, expr: string, step: string, titleFormat: string, tagKeys: string }
type Variable = Plain<base.VariableModel> & { definition?: string }
type Any = ${kinds.map(([type, [, own]]) => `Panel<'${type}', ${type}.Options, ${own ? `${type}.FieldConfig` : 'Record<string, never>'}>`).join(' | ')}
type Board = Omit<Plain<base.Dashboard>, 'panels' | 'templating' | 'annotations'> &
	{ panels: Any[], templating: { list: Variable[] }, annotations: { list: Annotation[] } }
export const dashboard: Board = ${JSON.stringify(dashboard, null, 1)}
`
const boards = Object.entries(JSON.parse(fs.readFileSync(0, 'utf8')))
const files = new Map(boards.map(([name, d], i) => [path.join(folder, `board${i}.ts`), [name, source(d)]]))
const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], moduleResolution: ts.ModuleResolutionKind.Node10, module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }
const host = ts.createCompilerHost(options)
const { getSourceFile, fileExists, readFile } = host
host.getSourceFile = (name, language) => files.has(name) ? ts.createSourceFile(name, files.get(name)[1], language) : getSourceFile.call(host, name, language)
host.fileExists = (name) => files.has(name) || fileExists.call(host, name)
host.readFile = (name) => files.has(name) ? files.get(name)[1] : readFile.call(host, name)
const answers = {}
const program = ts.createProgram([...files.keys()], options, host)
for (const [file, [name]] of files) {
	answers[name] = ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((d) => {
		const lines = files.get(file)[1].split('\n')
		const { line } = program.getSourceFile(file).getLineAndCharacterOfPosition(d.start)
		return `${lines[line].trim()}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ').slice(0, 600)}`
	})
}
process.stdout.write(JSON.stringify(answers))
