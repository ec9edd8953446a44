package midterm

import (
	"slices"

	"jouleline/analytics/progress"
)

// paragraph writes the sentences of an evaluation: what fell, what rose, whether
// it keeps pace, and what is left open. Every indicator is in it.
func (m *maker) paragraph(lines []Line) []Piece {
	p := prose{maker: m}
	var falls, rises []*Line
	for i := range lines {
		switch l := &lines[i]; {
		case l.ReductionPct == nil || l.Reduction == nil:
		case *l.ReductionPct < 0:
			rises = append(rises, l)
		default:
			falls = append(falls, l)
		}
	}
	p.course("fall", falls)
	p.course("rise", rises)
	p.pace(lines)
	p.remarks(lines)
	return p.pieces
}

// prose is a paragraph on its way.
type prose struct {
	*maker
	pieces []Piece
}

// say adds words to the last piece that leads nowhere.
func (p *prose) say(text string) {
	if last := len(p.pieces) - 1; last >= 0 && p.pieces[last].Open == "" {
		p.pieces[last].Text += text
		return
	}
	p.pieces = append(p.pieces, Piece{Text: text})
}

// figures adds a figure of each line, which leads to its explanation.
func (p *prose) figures(lines []*Line, text func(*Line) string) {
	for i, l := range lines {
		switch {
		case i > 0 && p.words == Chinese:
			p.say("、")
		case i > 0 && i == len(lines)-1:
			p.say(p.T("list.last"))
		case i > 0:
			p.say(p.T("list.between"))
		}
		if l.Open == "" {
			p.say(text(l))
			continue
		}
		p.pieces = append(p.pieces, Piece{Text: text(l), Open: l.Open})
	}
}

// course says how far some indicators have fallen or risen, and what part of
// their targets that is.
func (p *prose) course(key string, lines []*Line) {
	if len(lines) == 0 {
		return
	}
	a := p.in.Whole
	who := p.T("who.other", p.name(a.Scope))
	if a.Scope.Region != "" {
		who = p.T("who.region", p.name(a.Scope))
	}
	p.between()
	p.say(p.T(key, p.in.PlanTitle, a.Year, who) + p.list(names(lines)))
	if p.words == Chinese {
		p.say("，" + p.T(key+".by", a.BaseYear))
	} else {
		p.say(p.T(key + ".by"))
	}
	p.figures(lines, func(l *Line) string {
		if key == "rise" {
			return unsigned(*l.Reduction) + "%"
		}
		return *l.Reduction + "%"
	})
	if p.words == English {
		p.say(p.T("against", a.BaseYear))
	}
	aimed := slices.DeleteFunc(slices.Clone(lines), func(l *Line) bool { return l.Completion == nil })
	switch {
	case len(aimed) == 0:
		p.say(p.T("end"))
		return
	case len(aimed) < len(lines):
		p.say(p.T("completion.some", p.list(names(aimed))))
	case len(aimed) > 1:
		p.say(p.T("completion.many"))
	default:
		p.say(p.T("completion"))
	}
	p.figures(aimed, func(l *Line) string { return official(l.Completion) })
	p.say(p.T("completion.end", a.TargetYear))
}

// pace says which indicators keep pace, as the answer judges it.
func (p *prose) pace(lines []Line) {
	var judged, yes, no []*Line
	for i := range lines {
		l := &lines[i]
		if l.OnPace == nil || l.PacePct == nil {
			continue
		}
		judged = append(judged, l)
		if *l.OnPace {
			yes = append(yes, l)
		} else {
			no = append(no, l)
		}
	}
	if len(judged) == 0 {
		return
	}
	p.between()
	if p.words == Chinese {
		p.say(p.T("pace", p.in.Whole.Year))
	} else {
		p.say(p.T("pace"))
	}
	p.figures(judged, func(l *Line) string { return percent(l.PacePct) })
	p.say(p.paceOf())
	if len(yes) > 0 {
		p.say(p.T(number("pace", yes, "yes"), p.list(names(yes))))
	}
	if len(yes) > 0 && len(no) > 0 {
		p.say(p.T("pace.between"))
	}
	if len(no) > 0 {
		p.say(p.T(number("pace", no, "no"), p.list(names(no))))
	}
	p.say(p.T("pace.end"))
}

// paceOf names the year in which the path is asked.
func (p *prose) paceOf() string {
	if p.words == Chinese {
		return "："
	}
	return p.T("pace.of", p.in.Whole.Year)
}

// remarks say which targets are reached, which figures need a word of care, and
// why others are not there.
func (p *prose) remarks(lines []Line) {
	var met []*Line
	for i := range lines {
		if lines[i].State == progress.Met {
			met = append(met, &lines[i])
		}
	}
	if len(met) > 0 {
		p.between()
		p.say(p.T("met", p.list(names(met))))
	}
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		if l.Why == "" {
			continue
		}
		same := []*Line{l}
		for i+1 < len(lines) && lines[i+1].Why == l.Why && (lines[i+1].ReductionPct == nil) == (l.ReductionPct == nil) {
			i++
			same = append(same, &lines[i])
		}
		p.between()
		key := "remark"
		if l.ReductionPct == nil {
			key = "unknown"
		}
		p.say(p.T(key, p.list(names(same)), l.Why))
	}
}

// between sets sentences apart.
func (p *prose) between() {
	if len(p.pieces) > 0 && p.words == English {
		p.say(" ")
	}
}

func names(lines []*Line) []string {
	list := make([]string, len(lines))
	for i, l := range lines {
		list[i] = l.Name
	}
	return list
}

// number chooses the message for one or for many.
func number(key string, lines []*Line, answer string) string {
	if len(lines) == 1 {
		return key + ".one." + answer
	}
	return key + "." + answer
}

// unsigned takes the sign off a percentage whose verb says it.
func unsigned(text string) string {
	if text != "" && text[0] == '-' {
		return text[1:]
	}
	return text
}
