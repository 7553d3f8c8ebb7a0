package revision

import (
	"slices"
	"strings"

	"digestbot/bot/rendition"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// run is the messages of one section, or of the cover.
type run struct {
	first, last int
	section     int64
}

func runsOf(messages []archive.Message) (all []run) {
	for p := 0; p < len(messages); p++ {
		_, last := archive.SectionOf(messages, p)
		all = append(all, run{p, last, messages[p].SectionID})
		p = last
	}
	return all
}

// runAt returns the index of the run to which the message at a position belongs.
func runAt(runs []run, position int) int {
	return slices.IndexFunc(runs, func(r run) bool { return position <= r.last })
}

// edition is the messages of an edition with its runs.
type edition struct {
	messages []archive.Message
	runs     []run
}

// matchRuns returns, for each run of an old edition, the index of the one in a new edition
// that it became; -1: it is not there any more. A section is known by its key. Of those that
// are left, one is known by its text, because a heading may have been corrected. Of those
// that are still left between two that were found, one takes the place of the other, but not
// if the recipient has muted it.
func matchRuns(old, fresh edition, to subscribers.Recipient) []int {
	match := make([]int, len(old.runs))
	taken := make(map[int]bool)
	for n, o := range old.runs {
		match[n] = slices.IndexFunc(fresh.runs, func(f run) bool { return f.section == o.section && !taken[f.first] })
		if match[n] >= 0 {
			taken[fresh.runs[match[n]].first] = true
		}
	}
	for n := range old.runs {
		if match[n] < 0 {
			match[n] = slices.IndexFunc(fresh.runs, func(f run) bool {
				return !taken[f.first] && !to.Muted[f.section] && haveSameText(old.lines(old.runs[n]), fresh.lines(f))
			})
		}
		if match[n] >= 0 {
			taken[fresh.runs[match[n]].first] = true
		}
	}
	next := 0 // in fresh
	for n := range old.runs {
		if match[n] >= 0 {
			next = match[n] + 1
			continue
		}
		if next < len(fresh.runs) && !taken[fresh.runs[next].first] && !to.Muted[fresh.runs[next].section] {
			match[n] = next
			taken[fresh.runs[next].first] = true
			next++
		}
	}
	return match
}

// lines are the lines of a section below its headings.
func (e edition) lines(r run) (all []string) {
	for _, m := range e.messages[r.first : r.last+1] {
		lines := strings.Split(m.HTML, "\n")
		all = append(all, slices.DeleteFunc(lines[1:], func(l string) bool { return l == "" })...)
	}
	return all
}

// haveSameText reports whether two sections have half of their lines in common.
func haveSameText(a, b []string) bool {
	same := 0
	for _, l := range a {
		if slices.Contains(b, l) {
			same++
		}
	}
	return same > 0 && 2*same >= max(len(a), len(b))
}

// Match returns, for the cover and each section of an old edition, which one of a new
// edition it became, counted from 0; -1: it is not there any more.
func Match(old, fresh []archive.Message) []int {
	return matchRuns(edition{old, runsOf(old)}, edition{fresh, runsOf(fresh)}, subscribers.Recipient{})
}

// positions finds out which messages those of an older version are. If nothing came in
// another way than everything would come today, they are what would come today.
func (p *planner) positions(all []subscribers.Arrived) []subscribers.Arrived {
	d := p.delivery
	known := func(a subscribers.Arrived) bool { return a.Position != subscribers.UnknownPosition }
	if d.Uncertain > 0 || slices.ContainsFunc(all, known) {
		return all
	}
	list := p.messages[d.Edition]
	var found []int
	muted, covered := 0, 0
	for q := 0; q < min(d.NextMessage, len(list)); q++ {
		if p.to.SwitchesOff(list[q]) {
			muted++
			continue
		}
		found = append(found, q)
		last := p.reach(list, q)
		for q < last {
			if q++; p.to.SwitchesOff(list[q]) {
				muted++
			} else {
				covered++
			}
		}
	}
	if len(found) != len(all) || muted != d.Muted || covered != d.Covered || len(p.to.Words) > 0 {
		return all
	}
	all = slices.Clone(all)
	for n := range all {
		all[n].Position = found[n]
	}
	return all
}

func (p *planner) reach(list []archive.Message, position int) int {
	layout := p.delivery.Layout
	if layout == "" {
		layout = digest.LayoutSections
	}
	return rendition.View{Messages: list, To: p.to, Layout: layout}.Reach(position)
}
