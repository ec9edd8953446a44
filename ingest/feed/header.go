package feed

import (
	"fmt"
	"strings"

	"jouleline/schema"
)

// heading is one way in which the header of a column is written, in lower case,
// without blanks and underscores.
type heading struct {
	field string
	// names are sorted by how well they say it: where two columns of a file have
	// names of one field, the earlier name counts.
	names string
	// carrier is what the name says of the amounts below it.
	carrier schema.Carrier
	// exclusive tells that the day is not covered any more.
	exclusive bool
}

// Fields of a bill.
const (
	fieldMeter    = "meter"
	fieldStart    = "start"
	fieldEnd      = "end"
	fieldMonth    = "month"
	fieldQuantity = "quantity"
	fieldUnit     = "unit"
	fieldCarrier  = "carrier"
	fieldCost     = "cost"
	fieldRevision = "revision"
)

// billHeadings are the headers of bills.
var billHeadings = []heading{
	{field: fieldMeter, names: "meter meterid meterno meternumber 表号 表计编号 表计号 计量点编号 计量点 电表号 水表号 气表号 热表号 表具编号 " +
		"account accountid accountno accountnumber 户号 用户编号 用户号 客户编号 客户号 户编号 缴费户号 缴费号"},
	{field: fieldStart, names: "start startdate from periodstart billingstart servicestart 起始日期 开始日期 起始日 开始日 起始时间 开始时间 计费开始日期 计费起始日期 账期开始 " +
		"previousreadingdate lastreadingdate 上次抄表日期 上次抄表日 上次抄表时间 上期抄表日期 上次抄见日期"},
	{field: fieldEnd, names: "end enddate to through periodend billingend serviceend 截止日期 结束日期 终止日期 截止日 结束日 截止时间 结束时间 计费结束日期 计费截止日期 账期结束"},
	{field: fieldEnd, exclusive: true, names: "readingdate currentreadingdate 本次抄表日期 本次抄表日 本次抄表时间 本期抄表日期 本次抄见日期"},
	{field: fieldMonth, names: "month billingmonth billmonth 账期 账单月份 电费年月 计费月份 费用月份 用量月份 月份 年月 抄表月份"},
	{field: fieldQuantity, names: "quantity usage consumption 用量 使用量 消费量 消耗量 本期用量 本期使用量 结算用量 结算量 实用量 计费用量 数量"},
	{field: fieldQuantity, carrier: schema.Electricity, names: "electricity 用电量 电量 结算电量 本期电量 有功电量 总电量"},
	{field: fieldQuantity, carrier: schema.Water, names: "water 用水量 水量 本期水量 结算水量"},
	{field: fieldQuantity, carrier: schema.NaturalGas, names: "gas 用气量 气量 本期气量 结算气量"},
	{field: fieldQuantity, carrier: schema.Heat, names: "heat 用热量 热量 耗热量 本期热量 结算热量"},
	{field: fieldUnit, names: "unit uom 单位 计量单位"},
	{field: fieldCarrier, names: "carrier commodity fuel energytype 能源品种 能源种类 能源类型 能耗类型 用能类型 能源 品种"},
	{field: fieldCost, names: "cost charge totalcost 费用 金额 总金额 应收金额 应缴金额 电费 水费 气费 燃气费 热费 合计金额"},
	{field: fieldRevision, names: "revision version 修订 修订号 版本 更正次数 版本号"},
}

// columns tells where the fields of a sheet stand.
type columns struct {
	at        map[string]int
	names     map[string]string // of the fields, as the file writes them
	unit      string            // in brackets behind the name of the quantity
	carrier   schema.Carrier
	exclusive bool // the end is not covered
}

func (c *columns) has(field string) bool { _, ok := c.at[field]; return ok }

// index gives the column of a field, -1 where the sheet has none.
func (c *columns) index(field string) int {
	if at, ok := c.at[field]; ok {
		return at
	}
	return -1
}

// name gives the header of a field as the file writes it, or the field's own
// name where it has none.
func (c *columns) name(field string) string {
	if name, ok := c.names[field]; ok {
		return name
	}
	return field
}

// bare gives a header as the table of headings writes it, and what stands in
// brackets behind it.
func bare(cell string) (name, brackets string) {
	name = strings.ToLower(strings.NewReplacer(" ", "", "_", "", "\n", "", "\r", "", "\t", "", "*", "").Replace(plain(cell)))
	if open := strings.IndexAny(name, "([【"); open > 0 {
		name, brackets = name[:open], strings.Trim(name[open:], "()[]【】")
	}
	if before, unit, found := strings.Cut(name, "/"); found && before != "" { // 用量/kWh
		name, brackets = before, unit
	}
	return strings.TrimRight(name, ":"), brackets
}

// headerOf reads a row as a header. own adds names of the caller's, bare, that
// stand before all others. The columns are only those that it finds.
func headerOf(l *line, headings []heading, own map[string]string) (c columns, err error) {
	c = columns{at: map[string]int{}, names: map[string]string{}}
	rank := map[string]int{}
	for i := range l.cells {
		name, brackets := bare(l.cells[i])
		if name == "" {
			continue
		}
		h, r := find(name, headings, own)
		if h == nil {
			continue
		}
		switch before, twice := rank[h.field]; {
		case twice && before == r:
			err = badFile("row %d: got the column %s twice", l.number, clip(plain(l.cells[i])))
			continue
		case twice && before < r:
			continue
		}
		rank[h.field], c.at[h.field], c.names[h.field] = r, i, clip(strings.TrimSpace(l.cells[i]))
		switch h.field {
		case fieldQuantity:
			c.unit, c.carrier = "", h.carrier
			if _, err := unitOf(brackets, schema.CarrierNone); brackets != "" && err == nil {
				c.unit = brackets
			}
		case fieldEnd:
			c.exclusive = h.exclusive || brackets == "不含" || brackets == "exclusive"
		}
	}
	return c, err
}

// find gives the heading of a name, and its rank among the names of its field.
func find(name string, headings []heading, own map[string]string) (h *heading, rank int) {
	if field, ok := own[name]; ok {
		return &heading{field: field}, -1
	}
	for i := range headings {
		for k, known := range strings.Fields(headings[i].names) {
			if known == name {
				return &headings[i], 1000*i + k
			}
		}
	}
	return nil, 0
}

// headerRows is how far down a header is looked for: titles stand above it.
const headerRows = 30

// header finds the header of a sheet: the first row that has all that is needed.
// lacks tells, where there is none, what is missing in the row that is closest.
func (s *sheet) header(headings []heading, own map[string]string, needs func(*columns) []string) (c columns, at int, lacks string, err error) {
	most := 0
	for i := range s.rows[:min(len(s.rows), headerRows)] {
		found, err := headerOf(&s.rows[i], headings, own)
		missing := needs(&found)
		switch {
		case len(missing) == 0:
			return found, i, "", err
		case len(found.at) > most:
			most = len(found.at)
			lacks = fmt.Sprintf("row %d lacks %s", s.rows[i].number, strings.Join(missing, ", "))
		}
	}
	return c, -1, lacks, nil
}
