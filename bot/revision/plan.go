package revision

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"digestbot/bot/rendition"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// A plan says what has to be done so that a chat has the newest edition. The messages that
// arrived are matched with those of the new edition by section and part: what a section
// was called does not matter if another took its place. Nothing is sent that the chat did
// not have, but for sections that are new in the issue.

// action is what has to be done about a message.
type action string

const (
	keep   action = "keep" // it would not change
	edit   action = "edit"
	remove action = "remove" // it has no place any more
	add    action = "add"
)

// step is one thing to do.
type step struct {
	do       action
	was      subscribers.Arrived // of add: the message that it belongs to; ID 0: none
	into     subscribers.Arrived // of keep, edit and add
	view     rendition.View      // the new edition as the chat sees it
	vanished bool                // of remove: its section is not in the issue any more
}

// position is that of the message in the new edition.
func (s step) position() int { return s.into.Position }

// planner makes a plan for one chat.
type planner struct {
	texts    rendition.Texts
	messages map[int][]archive.Message // of editions, as archived
	target   int                       // the edition to get to
	to       subscribers.Recipient
	delivery subscribers.Delivery
	leftOut  *subscribers.LeftOut // as known; the plan changes it
	// doubtful says that a message may have a text that is not on record: then each is
	// edited.
	doubtful bool

	steps   []step
	unknown []subscribers.Arrived // of which nobody knows what they are, or where
}

// plan makes the plan for all copies. New sections and parts come to the newest copy.
func (p *planner) plan() error {
	copies := 0
	for _, a := range p.delivery.Arrived {
		copies = max(copies, a.Copy)
	}
	for c := range copies + 1 {
		all := slices.DeleteFunc(slices.Clone(p.delivery.Arrived), func(a subscribers.Arrived) bool { return a.Copy != c })
		if err := p.planCopy(all, c == copies); err != nil {
			return err
		}
	}
	return nil
}

// editionOf is the edition of which an arrived message has the text.
func editionOf(d subscribers.Delivery, a subscribers.Arrived) int {
	return cmp.Or(a.Edition, d.Edition)
}

func layoutOf(d subscribers.Delivery, a subscribers.Arrived) digest.Layout {
	return cmp.Or(a.Layout, d.Layout, digest.LayoutSections)
}

// toChange returns how many messages of a delivery a correction to an edition is about.
func toChange(d subscribers.Delivery, target int) int {
	n := 0
	for _, a := range d.Arrived {
		if a.ID != 0 && a.Position != subscribers.LinePosition && editionOf(d, a) != target {
			n++
		}
	}
	return n
}

// copyPlan is the plan for one copy.
type copyPlan struct {
	*planner
	all    []subscribers.Arrived // whose position is known, in the order of arrival
	layout digest.Layout
	last   bool // new sections and parts come to this copy
	sure   bool // it is known of all messages which they are

	old  map[int]oldEdition
	view rendition.View
	runs []run
	has  map[int]bool                // runs of the new edition that the chat has, or is to get
	at   map[int]subscribers.Arrived // messages by their position in the new edition
}

// oldEdition is an edition of which the chat has messages.
type oldEdition struct {
	view  rendition.View
	runs  []run
	match []int        // of each run, the one in the new edition; -1: none
	has   map[int]bool // runs that the chat has
}

func (p *planner) planCopy(all []subscribers.Arrived, last bool) error {
	c := &copyPlan{planner: p, last: last, sure: true, old: make(map[int]oldEdition), has: make(map[int]bool), at: make(map[int]subscribers.Arrived)}
	all = p.positions(all)
	for _, a := range all {
		c.layout = cmp.Or(c.layout, layoutOf(p.delivery, a))
		moved := a.Chat != 0 && a.Chat != p.to.Chat.ID
		switch {
		case a.Position == subscribers.LinePosition:
		case a.Position == subscribers.UnknownPosition, moved, layoutOf(p.delivery, a) == digest.LayoutMonthly, !p.exists(a), c.layout == digest.LayoutCompact && !p.hasCompact():
			c.sure = false
			if a.ID != 0 && editionOf(p.delivery, a) != p.target {
				p.unknown = append(p.unknown, a)
			}
		default:
			c.all = append(c.all, a)
		}
	}
	if len(c.all) == 0 {
		return nil
	}
	if err := c.look(); err != nil {
		return err
	}
	surplus := c.place()
	c.walk()
	p.steps = append(p.steps, surplus...)
	return nil
}

// exists reports whether the message of which an arrived one has the text is known.
func (p *planner) exists(a subscribers.Arrived) bool {
	return a.Position < len(p.messages[editionOf(p.delivery, a)])
}

// hasCompact reports whether the new edition has a compact message that Telegram accepts.
func (p *planner) hasCompact() bool {
	cover := p.messages[p.target][0]
	return cover.Headlines != "" && cover.CompactRefused == ""
}

// look finds out what the chat has, and what it is to have of the new edition.
func (c *copyPlan) look() error {
	fresh, err := c.viewOf(c.target)
	if err != nil {
		return err
	}
	c.view, c.runs = fresh, runsOf(fresh.Messages)
	for _, a := range c.all {
		number := editionOf(c.delivery, a)
		if _, known := c.old[number]; known {
			continue
		}
		view, err := c.viewOf(number)
		if err != nil {
			return err
		}
		runs := runsOf(view.Messages)
		c.old[number] = oldEdition{view: view, runs: runs, match: matchRuns(edition{view.Messages, runs}, edition{c.view.Messages, c.runs}, c.to), has: make(map[int]bool)}
	}
	for n, a := range c.all {
		o := c.old[editionOf(c.delivery, a)]
		last := o.view.Reach(a.Position)
		if n+1 < len(c.all) && editionOf(c.delivery, c.all[n+1]) == editionOf(c.delivery, a) {
			last = max(a.Position, min(last, c.all[n+1].Position-1))
		}
		for q := a.Position; q <= last; q++ {
			if q == a.Position || !o.view.Mutes(q) {
				r := runAt(o.runs, q)
				o.has[r] = true
				if o.match[r] >= 0 {
					c.has[o.match[r]] = true
				}
			}
		}
	}
	c.mute()
	return nil
}

// viewOf returns an edition as the recipient sees it now.
func (c *copyPlan) viewOf(number int) (rendition.View, error) {
	messages, err := rendition.ForReader(c.messages[number], c.to, c.texts.HiddenLine)
	return rendition.View{
		Texts: c.texts, Messages: slices.Clone(messages), To: c.to, Layout: c.layout, Issue: c.delivery.IssueID, Edition: number,
	}, err
}

// mute makes the views show what the chat has, and not what it would get today: it keeps
// what it has muted since, and does not get what it had muted. Both editions are shown in
// the same way, so only the correction makes a difference.
func (c *copyPlan) mute() {
	out := c.known()
	wanted := make(map[int64]bool)
	for n, r := range c.runs {
		switch {
		case c.has[n]:
			wanted[r.section] = true
		case out[r.section]:
		case c.mayAdd() && !c.to.Mutes(c.view.Messages[r.first]):
			c.has[n] = true
			wanted[r.section] = true
		case c.isWhole() || c.to.Mutes(c.view.Messages[r.first]):
			out[r.section] = true
		}
	}
	for _, o := range c.old {
		for n := range o.has {
			wanted[o.runs[n].section] = true
		}
	}
	for section := range wanted {
		delete(out, section)
	}
	if c.last && c.isWhole() {
		c.leftOut = &subscribers.LeftOut{Copy: c.all[0].Copy, Sections: slices.Sorted(maps.Keys(out))}
	}
	c.view = show(c.view, out, wanted)
	for number, o := range c.old {
		o.view = show(o.view, out, wanted)
		c.old[number] = o
	}
}

// known returns the sections that the chat is not to get, as far as they are known from
// before, or show in what it has. A delivery that was cut off did not reach some sections;
// its cover names them.
func (c *copyPlan) known() map[int64]bool {
	out := make(map[int64]bool)
	if l := c.planner.leftOut; l != nil && l.Copy == c.all[0].Copy && c.isWhole() {
		for _, section := range l.Sections {
			out[section] = true
		}
		return out
	}
	for _, o := range c.old {
		reached := len(o.view.Messages)
		if !c.isWhole() {
			reached = c.delivery.NextMessage
		}
		for n, r := range o.runs {
			if o.has[n] || o.match[n] >= 0 && c.has[o.match[n]] {
				continue
			}
			if r.first < reached || c.to.Mutes(o.view.Messages[r.first]) {
				out[r.section] = true
				if m := o.match[n]; m >= 0 { // it may have another name now
					out[c.runs[m].section] = true
				}
			}
		}
	}
	return out
}

// show makes a view show all sections but some, and those that are wanted whatever words
// the recipient has muted.
func show(v rendition.View, out, wanted map[int64]bool) rendition.View {
	v.To.Muted, v.To.MutesOther = out, false
	for i := range v.Messages {
		if wanted[v.Messages[i].SectionID] {
			v.Messages[i].Emptied = false
		}
	}
	return v
}

// isWhole reports whether the copy came to its end.
func (c *copyPlan) isWhole() bool {
	return c.delivery.State == subscribers.Delivered || c.all[0].Copy > 0
}

// mayAdd reports whether the chat gets sections that it does not have: it got all of the
// issue, and would get one today. Those who have all in one message get no message for that.
func (c *copyPlan) mayAdd() bool {
	if c.layout == digest.LayoutCompact {
		return c.sure
	}
	d := c.delivery
	d.BroadcastID = cmp.Or(d.BroadcastID, -1) // who asked for the issue did not ask for this
	return c.last && c.sure && c.isWhole() && c.to.SkipReason(&d) == ""
}

// isNew reports whether a section is in none of the editions that the chat has messages of.
func (c *copyPlan) isNew(n int) bool {
	for _, o := range c.old {
		if slices.Contains(o.match, n) {
			return false
		}
	}
	return true
}

// place finds the place of each message in the new edition. It returns steps that remove
// those without one.
func (c *copyPlan) place() (surplus []step) {
	alone := make(map[int]bool)
	for _, a := range c.all {
		o := c.old[editionOf(c.delivery, a)]
		n := runAt(o.runs, a.Position)
		part := a.Position - o.runs[n].first
		target := -1
		whole := func(m int) bool { return c.view.IsRich(c.runs[m].first) } // one message has all parts
		if m := o.match[n]; m >= 0 && c.runs[m].first+part <= c.runs[m].last && (part == 0 || !whole(m)) {
			target = c.runs[m].first + part
		}
		_, taken := c.at[target]
		if target >= 0 && !taken {
			c.at[target], alone[target] = a, true
			continue
		}
		if a.ID != 0 && editionOf(c.delivery, a) != c.target {
			surplus = append(surplus, step{do: remove, was: a, view: c.view, vanished: o.match[n] < 0})
		}
	}
	c.view.Alone = alone
	for number, o := range c.old {
		o.view.Alone = make(map[int]bool)
		for _, a := range c.all {
			if editionOf(c.delivery, a) == number {
				o.view.Alone[a.Position] = true
			}
		}
		c.old[number] = o
	}
	return surplus
}

// walk goes through the new edition and notes what has to be done.
func (c *copyPlan) walk() {
	var before subscribers.Arrived
	for q := 0; q < len(c.view.Messages); q++ {
		a, there := c.at[q]
		if !there && c.view.Mutes(q) {
			continue
		}
		n := runAt(c.runs, q)
		switch {
		case there:
			before = a
			if a.ID != 0 && editionOf(c.delivery, a) != c.target {
				c.steps = append(c.steps, c.changed(a, q))
			}
		case c.has[n] && c.last && c.sure && c.layout != digest.LayoutCompact:
			s := step{do: add, view: c.view, into: c.into(subscribers.Arrived{}, q)}
			if !c.isNew(n) {
				s.was = before
			}
			c.steps = append(c.steps, s)
		}
		q = c.view.Reach(q)
	}
}

// into is what becomes of a message at a position of the new edition.
func (c *copyPlan) into(a subscribers.Arrived, position int) subscribers.Arrived {
	a.Position, a.Edition, a.Layout, a.Copy = position, c.target, c.layout, c.all[0].Copy
	if c.to.Kind == subscribers.Group {
		a.Chat = c.to.Chat.ID
	}
	return a
}

// changed is the step for a message that is at a position of the new edition.
func (c *copyPlan) changed(a subscribers.Arrived, position int) step {
	s := step{do: edit, was: a, into: c.into(a, position), view: c.view}
	old := c.old[editionOf(c.delivery, a)].view
	isLast := c.view.IsLast(c.view.Reach(position)) // its buttons have the title
	if !c.doubtful && (!isLast || titleLine(old) == titleLine(c.view)) && reflect.DeepEqual(
		old.Render(a.Position, old.Form(a.Position), false), c.view.Render(position, c.view.Form(position), false)) {
		s.do = keep
	}
	return s
}

// titleLine returns the line of a cover that has the title of the issue.
func titleLine(v rendition.View) string {
	line, _, _ := strings.Cut(v.Messages[0].HTML, "\n")
	return line
}
