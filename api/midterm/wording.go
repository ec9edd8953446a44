package midterm

import (
	"strings"

	"jouleline/api/wording"
)

// The languages of a document.
const (
	English = wording.English
	Chinese = wording.Chinese
)

// words speaks one language.
type words string

// T gives a message with values in its places.
func (w words) T(key string, values ...any) string {
	return messages.Say(string(w), key, values...)
}

// word gives the message of one of the closed sets, the word itself where the
// table has none.
func (w words) word(set, name string) string { return messages.Word(string(w), set, name) }

// list joins names as the language does.
func (w words) list(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], w.T("list.between")) + w.T("list.last") + names[last]
}

// messages are English and Chinese; members of closed sets stand under the name
// of the set.
var messages = wording.Table{
	"demo": {"Demonstration: simulated figures, no statistics of these places.", "演示：数据为模拟生成，并非当地统计结果。"}, "unit.person": {"person", "人"},
	"list.between": {", ", "、"}, "list.last": {" and ", "和"},
	"title":      {"%s: mid-term evaluation of %d", "%s%d年中期评估"},
	"plan":       {"%s, base year %d, target year %d", "《%s》，基准年%d年，目标年%d年"},
	"who.region": {"the public institutions of %s", "%s公共机构"}, "who.other": {"%s", "%s"},
	"fall":    {"Under the %s, up to %d, %s reduced ", "《%s》实施至%d年，%s"},
	"rise":    {"Against the aim of the %s, up to %d, %s increased ", "《%s》实施至%d年，%s"},
	"fall.by": {" by ", "较%d年下降"}, "rise.by": {" by ", "较%d年上升"}, "against": {" against %d", ""},
	"completion":      {", which is ", "，完成规划目标的"},
	"completion.many": {", which is ", "，分别完成规划目标的"},
	"completion.some": {"; for %s this is ", "；其中%s完成规划目标的"},
	"completion.end":  {" of the targets for %d.", "（目标年%d年）。"}, "end": {".", "。"},
	"pace": {"The plan's path asks for ", "按规划路径，到%d年应下降"}, "pace.of": {" by %d: ", "："},
	"pace.yes": {"%s keep pace", "%s达到进度"}, "pace.no": {"%s fall behind", "%s未达到进度"}, "pace.one.yes": {"%s keeps pace", "%s达到进度"}, "pace.one.no": {"%s falls behind", "%s未达到进度"},
	"pace.between": {"; ", "；"}, "pace.end": {" (judged on figures that are not rounded).", "（按未舍入的数值判定）。"},
	"met":                       {"Target reached: %s.", "%s已达到规划目标。"},
	"unknown":                   {"No figure can be given for %s: %s.", "%s无法给出：%s。"},
	"remark":                    {"Note on %s: %s.", "%s：%s。"},
	"detail":                    {"%s (%s)", "%s（明细：%s）"},
	"not_metered":               {"not metered", "无计量"},
	"no_target":                 {"the plan sets no target", "规划未设目标"},
	"indicator.energy_per_area": {"energy per floor area", "单位建筑面积能耗"}, "indicator.energy_per_capita": {"energy per person", "人均综合能耗"},
	"indicator.water_per_capita": {"water per person", "人均用水量"}, "indicator.carbon_per_area": {"carbon per floor area", "单位建筑面积碳排放"},
	"total.energy": {"energy", "能源消费总量"}, "total.water": {"water", "用水总量"}, "total.carbon": {"carbon", "碳排放总量"},
	"state.ok": {"known", "已知"}, "state.met": {"target reached", "已达目标"}, "state.partial_year": {"year not ended: its days so far are compared", "年度尚未结束：与基准年同期比较"},
	"state.no_baseline": {"nothing is known of the base year", "基准年没有数据"}, "state.base_year": {"base year: reductions count from it", "基准年：降幅自本年起算"},
	"state.incomparable": {"the two years are known in different forms", "两年数据口径不同"}, "state.mixed_sources": {"the two years come from different sources", "两年数据来源不同"},
	"state.not_enough_data": {"too little is known of one of the years", "其中一年的数据不足"}, "state.no_cap": {"no cap is set", "未设总量控制目标"}, "state.over": {"over the cap", "超过总量控制目标"},
	"source.metered": {"metered", "计量"}, "source.declared": {"declared", "填报"}, "source.mixed": {"metered and declared", "计量与填报"}, "source.": {"unknown", "未知"},
	"verdict.yes": {"keeps pace", "达到进度"}, "verdict.no": {"falls behind", "未达到进度"}, "verdict.unknown": {"not judged", "未评价"},
	"class.state_organ": {"State organs", "国家机关"}, "class.education": {"Education", "教育"}, "class.science": {"Science", "科技"}, "class.culture": {"Culture", "文化"},
	"class.health": {"Health", "卫生"}, "class.sport": {"Sport", "体育"}, "class.other": {"Other", "其他"}, "class.association": {"Associations", "团体组织"},
	"carrier.electricity": {"Electricity", "电"}, "carrier.natural_gas": {"Natural gas", "天然气"}, "carrier.water": {"Water", "水"}, "carrier.heat": {"Heat", "热力"}, "carrier.cooling": {"Cooling", "冷量"},
	"carrier.gasoline": {"Gasoline", "汽油"}, "carrier.diesel": {"Diesel", "柴油"}, "carrier.kerosene": {"Kerosene", "煤油"}, "carrier.coal": {"Coal", "煤炭"}, "carrier.lpg": {"LPG", "液化石油气"}, "carrier.fuel_oil": {"Fuel oil", "燃料油"}, "carrier.other": {"Other", "其他能源"},
	"h.paragraph": {"In short", "总体进展"}, "h.indicators": {"The four indicators", "四项指标"}, "h.caps": {"Totals against the caps", "总量控制"},
	"h.by.region": {"By region", "分地区情况"}, "h.by.department": {"By department", "分部门情况"}, "h.by.class": {"By class", "分类情况"}, "h.charts": {"Charts", "图"},
	"h.quality": {"Data quality", "数据质量"}, "h.changes": {"What changed since the last frozen report", "与上次定稿报告相比的变化"}, "h.notes": {"What the figures rest on", "数据依据"},
	"c.part": {"Part", "范围"}, "c.indicator": {"Indicator", "指标"}, "c.unit": {"Unit", "单位"}, "c.baseline": {"Base year %d", "%d年（基准）"}, "c.current": {"%d", "%d年"}, "c.reduction": {"Reduction", "下降率"}, "c.target": {"Target", "目标"},
	"c.completion": {"Completion", "目标完成率"}, "c.pace": {"Pace", "应达进度"}, "c.verdict": {"On pace", "进度评价"}, "c.state": {"State", "状态"}, "c.why": {"Why", "说明"}, "c.source": {"Sources", "数据来源"},
	"c.coverage": {"Coverage", "覆盖率"}, "c.estimated": {"Estimated", "估算占比"}, "c.counted": {"Counted of expected", "已统计/应统计"}, "c.exact_reduction": {"Reduction, not rounded (%)", "下降率（未舍入，%）"}, "c.exact_completion": {"Completion, not rounded (%)", "目标完成率（未舍入，%）"},
	"c.total": {"Total", "总量"}, "c.cap": {"Cap", "控制目标"}, "c.used": {"Used", "占控制目标"}, "c.carrier": {"Carrier", "能源资源品种"}, "c.quantity": {"Known quantity", "已知用量"}, "c.expected": {"Should have reported", "应报"}, "c.silent": {"Silent", "未报"},
	"c.before": {"As frozen", "定稿时"}, "c.now": {"Now", "现在"}, "c.causes": {"Because of", "原因"}, "c.explain": {"Explanation", "数据溯源"},
	"whole": {"%s (whole)", "%s（合计）"}, "itself": {"%s itself", "%s本级"}, "unassigned": {"none", "未归属"},
	"chart.indicators": {"Reduction since %d in percent, beside path and target", "较%d年下降率（%%），与规划路径和目标对照"}, "chart.parts": {"%s: reduction in percent by part", "%s：各范围下降率（%%）"},
	"chart.path": {"path", "路径"}, "chart.target": {"target", "目标"}, "chart.legend": {"The dashed line is the plan's path in the year, the solid line the target.", "虚线为规划路径当年应达进度，实线为目标。"},
	"chart.more": {"The first %d of %d parts are drawn; the table has all.", "图中为前%d个范围（共%d个），全部见表。"},
	"none.caps":  {"The plan sets no caps for this scope.", "规划未为本范围设定总量控制目标。"}, "none.parts": {"There are no parts to list.", "没有可列出的范围。"}, "more.parts": {"%d further parts are in the breakdown of the API.", "另有%d个范围，见接口分解结果。"},
	"quality.none": {"Nothing is, or should be, metered here in %d: the figures are declared ones, or missing.", "%d年本范围没有计量表计：数据为填报数，或缺失。"}, "quality.then": {"How well the books were known at an earlier moment is not kept; ask without known_at.", "不保留以往时点的数据质量；请不带 known_at 查询。"}, "quality.before": {"%d has not begun.", "%d年尚未开始。"},
	"quality.stretch": {"From %s to %s, by meters and institutions that should have reported.", "%s至%s，按应报的表计和机构统计。"}, "quality.worst": {"Known least", "数据最不完整的单位"},
	"changes.none": {"No report of the same question has been frozen yet.", "尚无同一问题的定稿报告。"}, "changes.then": {"The document is asked as of an earlier moment: nothing is compared.", "本文档按以往时点查询，不作比较。"}, "changes.off": {"This server keeps no reports.", "本服务器不保存报告。"},
	"changes.report": {"Against report %d %s, frozen %s.", "与%s的第%d号报告%s相比。"}, "changes.same": {"Every indicator is what it was.", "各项指标均无变化。"}, "changes.gone": {"did not exist", "不存在"}, "changes.more": {"%d further figures differ.", "另有%d项指标有变化。"},
	"figure.floor_area": {"floor area", "建筑面积"}, "figure.headcount": {"headcount", "用能人数"}, "figure.energy": {"energy as one total", "能源合计"},
	"cause.program": {"program, factors or plan", "程序、折算系数或规划"}, "cause.registry": {"registry", "基础信息"}, "cause.books": {"readings and corrections booked since", "之后入账的读数与更正"}, "cause.time": {"time that has passed", "时间推移"},
	"note.counted": {"%d of %d institutions are counted.", "已统计%d家，应统计%d家。"}, "note.factors": {"Factor set %s, version %s, grid factors %s%s.", "折算系数 %s，版本 %s，电网因子 %s%s。"}, "note.grid": {": %s kgCO₂/kWh of %d", "：%s kgCO₂/kWh（%d年）"},
	"note.panel": {"Panel %s, boundary %s, plan version %s.", "统计口径 %s，边界 %s，规划版本 %s。"}, "note.rounding": {"Percentages are rounded half up to two decimals; pace is judged on figures that are not rounded. A percentage leads to its explanation.", "百分数按四舍五入保留两位小数；进度按未舍入的数值判定。点击百分数可追溯其来源。"},
	"note.made": {"Written %s.", "生成时间：%s。"}, "note.known": {"As known at %s.", "按%s的已知数据。"}, "note.corrections": {"The baseline was recalculated, or adjustments are on record: see the progress answer.", "基准有重算或存在调整记录：见进展查询结果。"},
	"mode.fixed": {"of one fixed year", "固定年份"}, "mode.by_year": {"by year", "分年度"},
	"workbook": {"as a workbook", "下载表格"}, "sheet.report": {"report", "报告"}, "sheet.figures": {"figures", "指标数据"}, "sheet.caps": {"caps", "总量"}, "sheet.quality": {"quality", "数据质量"}, "sheet.changes": {"changes", "变化"},
}
