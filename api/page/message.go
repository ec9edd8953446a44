package page

// messages is every text of the site in English and Chinese. Words of closed sets
// stand under the name of the set: state.ok, carrier.water.
var messages = map[string][2]string{
	"html.lang": {"en", "zh-CN"},
	"comma":     {", ", "，"},

	"demo.title": {"Demonstration.", "演示数据。"},
	"demo.text": {"Shandong and its institutions are simulated, the prices are examples. Of the houses the electricity was measured; their floor area and people are assumed.", "山东省各机构的数据均为模拟生成，价格为示例。“实测住宅”的用电量为真实测量，面积和人数为假定值。"},

	"skip": {"Skip to content", "跳到正文"}, "nav.place": {"Where you are", "当前位置"}, "nav.language": {"Language and documentation", "语言与文档"},
	"footer.docs": {"Documentation", "接口文档"}, "footer.ready": {"server state", "服务状态"},
	"notready": {"The server is not ready.", "服务尚未就绪。"}, "ready": {"Ready. Readings are taken and questions answered.", "就绪：正在接收读数并回答查询。"},
	"on_this_page": {"On this page", "本页内容"}, "pages": {"Pages", "页码"}, "next": {"Next page", "下一页"}, "show": {"Show", "显示"}, "nothing": {"Nothing to show.", "没有内容。"},

	"error.title": {"That did not work", "无法显示"}, "error.home": {"Back to the start", "返回首页"},
	"signin.title": {"Sign in", "登录"}, "signin.intro": {"This server asks who reads. Enter the token that you were given; it is kept until the browser is closed.", "本服务需要验证身份。请输入发给您的令牌；关闭浏览器后即失效。"},
	"signin.token": {"Token", "令牌"}, "signin.do": {"Sign in", "登录"}, "signin.wrong": {"The token is not known here.", "令牌无效。"}, "signout": {"Sign out", "退出"},
	"start.title": {"Nothing is registered yet", "尚未登记任何机构"}, "start.intro": {"Three steps, then this page shows what was used and how far that is on the way to the plan:", "三步之后，本页将显示用能情况与规划进度："},
	"start.registry": {"Import the registry of regions, institutions, buildings and meters:", "导入区域、机构、建筑和表计登记表："}, "start.push": {"Push a reading:", "推送读数："}, "start.look": {"See what can be asked:", "查看接口："},

	"plan": {"%s, %d to %d", "%s（%d—%d年）"}, "year": {"Year", "年份"}, "month": {"Month", "月份"}, "hour": {"Hour", "小时"}, "time": {"Time", "时间"}, "from": {"From", "起"},
	"from_to": {"%s to %s", "%s 至 %s"}, "local_time": {"Local time: %s", "当地时间：%s"}, "days": {"%d d", "%d 天"}, "hours": {"%d h", "%d 小时"}, "minutes": {"%d min", "%d 分钟"}, "seconds": {"%d s", "%d 秒"},
	"numbers": {"Numbers", "数据表"}, "evidence": {"What this rests on", "数据依据"}, "evidence.parts": {"By institution", "按机构"}, "evidence.explain": {"Explain", "溯源"},

	"summary.counted": {"%d of %d institutions are fully known in energy.", "能耗数据完整的机构 %d 家，共 %d 家。"},
	"summary.pace":    {"In %d, %d of %d indicators are on pace or better.", "%d 年，%d 项指标达到或快于进度（共 %d 项可评价）。"},
	"summary.base":    {"%d is the base year: all reductions count from it.", "%d 年为基准年，降幅自该年起算。"},
	"summary.unknown": {"For %d no indicator can be judged; each says why.", "%d 年暂无可评价指标，原因见各项说明。"},

	"indicators": {"The four indicators", "四项指标"}, "indicator": {"Indicator", "指标"}, "baseline": {"Baseline", "基准值"}, "current": {"Current", "当前值"}, "reduction": {"Reduction", "降幅"}, "pace": {"Pace", "进度要求"},
	"target": {"Target", "目标"}, "completion": {"Completion", "目标完成率"}, "coverage": {"Coverage", "覆盖率"}, "estimated": {"Estimated share", "估算占比"}, "source": {"Source", "数据来源"}, "state": {"State", "状态"},
	"indicator.energy_per_area":   {"Energy per floor area", "单位建筑面积能耗"},
	"indicator.energy_per_capita": {"Energy per person", "人均综合能耗"},
	"indicator.water_per_capita":  {"Water per person", "人均用水量"},
	"indicator.carbon_per_area":   {"Carbon per floor area", "单位建筑面积碳排放"},

	"mark.met": {"target reached", "已达目标"}, "mark.good": {"on pace", "符合进度"}, "mark.behind": {"behind pace", "落后于进度"}, "mark.worse": {"higher than in the base year", "高于基准年"}, "mark.unknown": {"not known", "未知"},
	"state.ok": {"known", "已知"}, "state.met": {"target reached", "已达目标"}, "state.partial_year": {"year not ended", "年度未结束"}, "state.no_baseline": {"no baseline", "缺少基准"}, "state.base_year": {"base year", "基准年"},
	"state.incomparable": {"not comparable", "不可比"}, "state.mixed_sources": {"differing sources", "来源不同"}, "state.not_enough_data": {"not enough data", "数据不足"},
	"why.ok": {"", ""}, "why.met": {"", ""}, "why.partial_year": {"the year has not ended: its days so far are compared", "年度尚未结束：与基准年同期比较"},
	"why.no_baseline": {"nothing is known of the base year", "基准年没有数据"}, "why.base_year": {"reductions count from this year", "降幅自本年起算"},
	"why.incomparable": {"the two years are known in different forms", "两年数据口径不同"}, "why.mixed_sources": {"the two years come from different sources", "两年数据来源不同"},
	"why.not_enough_data": {"too little is known of one of the years", "其中一年的数据不足（覆盖率低于要求）"},
	"why.no_target":       {"the plan sets none", "规划未设目标"}, "why.no_pace": {"the plan sets none", "规划未设进度"}, "why.no_meters": {"nothing is metered here", "没有计量表计"}, "why.no_readings": {"no readings", "无读数"},
	"why.not_given": {"not given", "未填写"}, "why.not_there": {"did not exist", "当时不存在"}, "why.coverage": {"only %s %% is known", "仅 %s%% 有数据"}, "why.zero": {"nothing to compare with", "无可比数值"},
	"why.no_energy": {"water is no energy", "水不计入能源"}, "why.too_few_hours": {"too few hours", "小时数不足"},
	"source.metered": {"metered", "计量"}, "source.declared": {"declared", "填报"}, "source.mixed": {"metered and declared", "计量与填报"},

	"chart.path": {"Path", "规划路径"}, "chart.actual": {"Actual", "实际"}, "path.label": {"%s: reduction since the base year by year, against the path to the target, in percent", "%s：逐年降幅与规划路径对比（%%）"}, "path.table": {"%s by year", "%s逐年数据"},
	"parts": {"The parts against the path", "各地进度"}, "part": {"Part", "名称"}, "part.own": {"%s, directly", "%s（本级）"}, "rank": {"Rank", "排名"}, "against_path": {"Against the path", "与路径对比"}, "institutions": {"Institutions", "机构"},
	"counted": {"%d / %d", "%d / %d"}, "counted.head": {"Counted", "计入机构"}, "classes": {"By class of institution", "按机构类别"}, "others": {"Other regions", "其他区域"},
	"ranking.by_region": {"%s by region, %d", "各地%s，%d 年"}, "ranking.by_institution": {"%s by institution, %d", "各机构%s，%d 年"}, "ranking.by_class": {"%s by class, %d", "各类机构%s，%d 年"},
	"map.label": {"Map of the cities by the state of: %s", "各市地图：%s"}, "map.caption": {"reduction since the base year in percent; not an official map", "较基准年降幅（%）；示意图，非标准地图"},
	"link.cities": {"All parts against the path, year by year", "各地逐年进度"}, "link.institutions": {"All institutions", "全部机构"}, "link.quality": {"Data quality", "数据质量"}, "link.json": {"Progress as JSON", "进度 JSON"}, "link.breakdown": {"Breakdown as JSON (CSV by Accept)", "分解 JSON（可选 CSV）"},
	"link.midterm":       {"Mid-term evaluation to print", "中期评估报告（可打印）"},
	"institutions.title": {"Institutions of %s", "%s各机构"},
	"cities.title":       {"%s: the parts against the path", "%s：各地与规划路径"}, "cities.label": {"%s: reduction of every part by year against the path to the target, in percent", "%s：各地逐年降幅与规划路径（%%）"},
	"cities.note": {"Above the dashed path is on pace or better. Point at a line, or look in the table, for its name.", "位于虚线路径之上即符合进度。将指针移到线上或查看下表可知名称。"}, "cities.table": {"%s: reduction since the base year in percent", "%s：较基准年降幅（%%）"},

	"kind.institution": {"Institution", "机构"}, "kind.building": {"Building", "建筑"}, "kind.meter": {"Meter", "表计"}, "kind.region": {"Region", "区域"},
	"fact.class": {"Class", "类别"}, "fact.region": {"Region", "所在地"}, "fact.area": {"Floor area", "建筑面积"}, "fact.people": {"People", "用能人数"}, "fact.carrier": {"Carrier", "能源资源种类"}, "fact.kind": {"Kind", "读数类型"}, "fact.unit": {"Unit", "单位"},
	"fact.interval": {"Read every", "抄读间隔"}, "fact.gap_limit": {"Measured up to gaps of", "计为实测的最长间隔"}, "fact.gateway": {"Gateway", "网关"}, "fact.multiplier": {"Multiplier", "倍率"}, "fact.meter": {"Meter", "表计"}, "fact.building": {"Building", "建筑"}, "fact.valid": {"Valid", "有效期"},
	"h.load": {"Load", "负荷"}, "h.findings": {"What looks wrong", "异常"}, "h.missing": {"What is missing", "缺失数据"}, "h.compared": {"Against last year and the base year", "同比与较基准年"}, "h.mix": {"Where the energy goes", "能源构成"}, "h.meters": {"Buildings and meters", "建筑与表计"},

	"load": {"Load", "负荷"}, "load.nothing": {"nothing is known yet", "尚无数据"}, "load.coarse": {"The meters are read every %s: hours are not measured, so there is no load curve.", "表计每 %s 抄读一次，没有小时数据，无法绘制负荷曲线。"},
	"load.week": {"Last week with readings", "最近一周"}, "load.week_before": {"The week before", "前一周"}, "load.table": {"Load in the last week that has readings", "最近一周负荷"}, "load.label": {"%s: the last week that has readings, from %s, over the week before", "%s：有读数的最近一周（自 %s）及前一周"},
	"heat.label": {"%s by hour and day, the last four weeks", "%s：近四周逐时热力图"}, "heat.table": {"Mean hour of the last four weeks", "近四周各时刻均值"}, "heat.mean": {"Mean", "均值"},
	"days.label": {"%s by day, the last year that has readings", "%s：近一年逐日用量"}, "days.table": {"Days of each month", "各月逐日情况"}, "days.known": {"Days known", "有数据天数"}, "days.least": {"Least day", "最小日"}, "days.most": {"Largest day", "最大日"},
	"profile.night_base": {"Night base load", "夜间基础负荷"}, "profile.near_base": {"Near-base load (2.5 %)", "近基荷（2.5%）"}, "profile.near_peak": {"Near-peak load (97.5 %)", "近峰荷（97.5%）"}, "profile.mean": {"Mean load", "平均负荷"},
	"profile.weekend": {"Weekend hour over workday hour", "周末与工作日之比"}, "profile.out_of_hours": {"Used outside 07–19 h and at weekends", "非工作时段用量占比"}, "profile.night_excess": {"Nights above the best quarter", "夜间超出最佳四分位"}, "profile.known": {"Hours known", "有数据小时"},
	"per_year": {"/a", "/年"},

	"findings.coarse": {"No meter is read hourly, so none was looked through.", "没有逐时表计，未作分析。"}, "findings.too_few": {"No meter could be looked through: that takes two weeks of hours.", "没有可分析的表计：至少需要两周的逐时数据。"}, "valid.always": {"always", "一直"}, "valid.since": {"since %s", "自 %s 起"}, "valid.until": {"until %s", "至 %s"}, "findings.counted": {"meters looked through: %d; read too seldom: %d", "已分析表计 %d 个；抄读过疏 %d 个"}, "findings.none": {"Nothing looks wrong.", "未发现异常。"},
	"findings.more": {"There are more findings; the API lists all.", "还有更多结果，见接口。"}, "severity": {"Severity", "级别"}, "cause": {"Cause", "原因"}, "when": {"When", "时间"}, "per_hour": {"More than usual", "每小时偏差"}, "total": {"In all", "合计"}, "message": {"In words", "说明"},
	"severity.info": {"info", "提示"}, "severity.warning": {"warning", "警告"}, "severity.alarm": {"alarm", "报警"},
	"cause.silent": {"silent", "无读数"}, "cause.stuck": {"stuck", "读数卡死"}, "cause.zero_run": {"counts nothing", "持续为零"}, "cause.spike": {"spike", "尖峰"}, "cause.leak": {"leak", "漏水"}, "cause.base_load_step": {"base load rose", "基荷抬升"}, "cause.night_schedule": {"runs at night", "夜间未停"},
	"cause.swap": {"meter or multiplier changed", "换表或倍率变化"}, "cause.weekend": {"runs at weekends", "周末未停"}, "cause.peak_growth": {"peak grows", "峰值增长"}, "cause.unusual": {"unusual hours", "异常时段"}, "cause.drift": {"level shifted", "水平漂移"}, "cause.register_jump": {"register jumped", "读数跳变"},
	"finding.silent": {"no readings came", "这段时间没有收到读数"}, "finding.stuck": {"the same amount again and again", "连续出现相同数值，而平时有变化"},
	"finding.zero_run": {"nothing counted at hours at which it usually does", "平时此时段有用量，现持续为零"}, "finding.spike": {"beyond three times the 99th percentile", "超过第 99 百分位数的三倍"}, "finding.leak": {"water never stops flowing at night", "夜间水流不断，平时夜间接近零"}, "finding.base_load_step": {"the load rose by night and day from one day on", "自某日起夜间与白天负荷同时抬升"}, "finding.night_schedule": {"nights as if the building were in use", "夜间如同白天运行，白天照常"},
	"finding.swap": {"night and day changed by one factor from one day on", "自某日起昼夜按同一倍数变化，可能换表或倍率改变"}, "finding.weekend": {"weekends as if they were workdays", "周末如同工作日运行"}, "finding.peak_growth": {"the peak grows from year to year", "峰值逐年增长"}, "finding.unusual": {"far from the same hours of other weeks", "与其他各周同一时段相差很大"}, "finding.drift": {"daily use left its level for good", "日用量长期偏离原有水平"}, "finding.register_jump": {"the register jumped", "累计读数跳变"},

	"explain.title": {"How the figure came about", "数据溯源"}, "explain.intro": {"Every number follows exactly from those below it, down to the readings.", "每个数字都由其下各项精确得出，直至读数。"}, "explain.open": {"Open further", "继续展开"},
	"chart.forecast": {"Forecast", "预测"}, "forecast.chance": {"Chance of target", "达标概率"}, "forecast.bounds": {"(%s to %s)", "（%s 至 %s）"}, "forecast.df": {"(df %d)", "（自由度 %d）"},
	"h.quota": {"Against peers and quotas", "同类对标与定额"}, "standing.running": {"The year is not over.", "年度尚未结束。"}, "standing.value": {"Energy per floor area", "单位建筑面积能耗"}, "standing.percentile": {"Peers that use less", "低于本机构的同类占比"}, "standing.band": {"Place", "位置"}, "standing.median": {"Median of peers", "同类中位数"}, "standing.peers": {"Peers", "同类数量"}, "standing.no_value": {"the standard gives none", "标准未规定"},
	"band.good_practice": {"best quarter", "最佳四分位"}, "band.typical": {"typical", "一般"}, "band.poor": {"highest quarter", "最高四分位"},
	"verdict.guide": {"at or below the guide value", "达到引导值"}, "verdict.base": {"at or below the base value", "达到基准值"}, "verdict.constraint": {"within the constraint value", "达到约束值"}, "verdict.over": {"above the constraint value", "超过约束值"}, "verdict.no_standard": {"no value", "无数值"},
	"quota.standard": {"Standard", "标准"}, "quota.value": {"Here", "本机构"}, "quota.guide": {"Guide", "引导值"}, "quota.base": {"Base", "基准值"}, "quota.constraint": {"Constraint", "约束值"}, "quota.verdict": {"Verdict", "结论"}, "quota.none": {"No standard is known for this class.", "该类机构暂无标准。"},

	"missing.nothing": {"Nothing is, or should be, metered here.", "此处没有应计量的数据。"}, "missing.worst": {"Known least", "缺失最多"}, "expected": {"Meters expected", "应有表计"}, "expected.institutions": {"Institutions expected", "应有机构"}, "silent": {"Silent", "无数据"}, "silent.one": {"silent", "无数据"},
	"stretch": {"Stretch", "时段"}, "stretch.month": {"%d-%02d", "%d年%d月"}, "stretch.year": {"%d, months 1–%d", "%d年1—%d月"}, "amount": {"Amount", "用量"}, "year_before": {"A year before", "上年同期"}, "change": {"Change", "变化"},
	"months.table": {"%s by month", "%s逐月用量"}, "month.label": {"%d", "%d月"}, "mix.label": {"Energy by carrier in %d, in kgce", "%d 年能源构成（kgce）"}, "energy": {"Energy", "折标煤"}, "share": {"Share", "占比"}, "sub": {"sub-meter", "分表"}, "readings": {"Readings", "读数"},

	"quality.title": {"%s: what the figures rest on", "%s：数据依据与质量"}, "quality.intro": {"Coverage is the known part of the time of all meters that should have reported, not only of those that did. A gap is never counted as zero.", "覆盖率 = 已知时间 / 所有应报表计的时间（不仅是已报的）。缺口绝不按零计。"},
	"quality.totals": {"By carrier", "按种类"}, "quality.meters": {"Meters, the least known first", "各表计（缺失多者在前）"}, "quality.institutions": {"Institutions, the least known first", "各机构（缺失多者在前）"}, "quality.open": {"open", "查看"},
	"waiting": {"Not in the books (whole server)", "未入账读数（全服务）"}, "waiting.parked": {"%d readings of %d unregistered meters wait.", "%d 条读数（%d 个未登记表计）待登记。"}, "waiting.none": {"No reading was rejected.", "没有被拒绝的读数。"},
	"readings.title": {"Readings of %s", "%s 的读数"}, "readings.sum": {"They were booked as", "入账用量"}, "readings.start": {"Start", "起始"}, "readings.value": {"Value as shown", "示值"}, "readings.revision": {"Revision", "修订"}, "readings.received": {"Received", "接收时间"}, "verdict": {"Verdict", "判定"}, "readings.none": {"No readings in these days.", "这些日期没有读数。"},

	"class.state_organ": {"State organs", "国家机关"}, "class.education": {"Education", "教育"}, "class.science": {"Science", "科技"}, "class.culture": {"Culture", "文化"}, "class.health": {"Health", "卫生"}, "class.sport": {"Sport", "体育"}, "class.other": {"Other", "其他"}, "class.association": {"Associations", "团体组织"},
	"carrier.electricity": {"Electricity", "电"}, "carrier.natural_gas": {"Natural gas", "天然气"}, "carrier.water": {"Water", "水"}, "carrier.heat": {"Heat", "热力"}, "carrier.cooling": {"Cooling", "冷量"}, "carrier.gasoline": {"Gasoline", "汽油"}, "carrier.diesel": {"Diesel", "柴油"}, "carrier.kerosene": {"Kerosene", "煤油"}, "carrier.coal": {"Coal", "煤炭"}, "carrier.lpg": {"LPG", "液化石油气"}, "carrier.fuel_oil": {"Fuel oil", "燃料油"}, "carrier.other": {"Other", "其他能源"},
	"carrier.":         {"nothing metered", "无计量"},
	"reading.register": {"cumulative register", "累计读数"}, "reading.delta": {"amount of an interval", "区间用量"}, "reading.power": {"rate", "功率"}, "reading.bill": {"bill", "账单"},
	"event.swap": {"Meter swap", "换表"}, "event.reset": {"Reset", "清零"}, "event.rollover": {"Rollover", "翻转"}, "event.multiplier": {"New multiplier", "倍率变更"},
	"code.accepted": {"accepted", "已采用"}, "code.superseded": {"superseded by another version", "被其他版本取代"}, "code.duplicate": {"duplicate", "重复"}, "code.deleted": {"taken back", "已撤回"}, "code.other_kind": {"not the kind that is booked", "类型不符"}, "code.other_register": {"of another register", "属于其他寄存器"}, "code.outside_validity": {"meter not valid then", "表计当时无效"},
	"code.pending": {"implausible, waits", "待判定"}, "code.settled": {"booked after what followed bore it out", "后续证实后入账"}, "code.spike": {"spike, not booked", "尖峰，未入账"}, "code.register_fall": {"register fell and came back", "读数回落后恢复"}, "code.unexplained_fall": {"unexplained fall", "原因不明的回落"}, "code.unexplained_rise": {"unexplained rise", "原因不明的跃升"}, "code.overlap": {"overlaps another", "时段重叠"}, "code.negative": {"negative", "负值"},
	"unit.kgce/m2": {"kgce/m²", "kgce/m²"}, "unit.kgce/person": {"kgce/person", "kgce/人"}, "unit.m3/person": {"m³/person", "m³/人"}, "unit.person": {"people", "人"}, "unit.hours": {"h", "小时"}, "unit.index": {"(index, base year 100)", "（指数，基准年=100）"},
}
