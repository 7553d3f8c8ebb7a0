package figures_test

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/figures"
)

// broadcast sends a new issue to those who get issues. Some are not reached, some forget
// themselves meanwhile, and some are still waiting in the end.
func (w *world) broadcast() {
	w.saved++
	ctx, n := w.t.Context(), w.saved
	issue := &digest.Issue{Key: strconv.Itoa(n), Number: n, Title: "Weekly " + strconv.Itoa(n), Date: time.Now().UTC().Truncate(24 * time.Hour)}
	for _, name := range []string{"News", "Tools", "Essay " + strconv.Itoa(n-n%3), "Jokes " + strconv.Itoa(n/8)} {
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "Moon"}}}},
		})
	}
	saved, _, err := w.store.SaveIssue(ctx, issue, "a.md", []byte("#"))
	w.check(err)
	for _, section := range must(w.store.IssueSections(ctx, saved))(w.t) {
		if len(w.parts[section.ID]) == 0 {
			w.parts[section.ID] = []int64{section.ID}
		}
		w.known[section.ID] = section
		w.uses[section.ID] = append(w.uses[section.ID], n)
	}
	w.polls[saved.ID] = &poll{issue: saved.ID, votes: make(map[int64]map[int64]feedback.Vote)}
	s := &sending{outcomes: make(map[int64]figures.Without)}
	places := make(map[int64]place)
	for at, l := range w.places {
		places[l.sub] = at
		if l.state == subscribers.On && !time.Now().Before(l.until) {
			s.outcomes[l.sub] = figures.Without{Outcome: subscribers.OutcomePending}
		}
	}
	b, err := w.store.StartBroadcast(ctx, saved.ID, subscribers.InPrivate(7))
	if len(s.outcomes) == 0 {
		return // there was nobody
	}
	w.check(err)
	s.id, w.issues = b.ID, append(w.issues, s)
	for _, d := range must(w.store.PendingDeliveries(ctx, b, 0, 1000))(w.t) {
		w.deliver(s, b, d, places[d.SubscriberID])
	}
	if len(w.issues)%4 != 0 { // else it goes on for ever
		_, err = w.store.FinishBroadcast(ctx, b.ID)
		w.check(err)
	}
}

// deliver carries a delivery to an end that chance decides.
func (w *world) deliver(s *sending, b subscribers.Broadcast, d subscribers.Delivery, to place) {
	if s.outcomes[d.SubscriberID].Outcome != subscribers.OutcomePending {
		return // another topic of the chat has forgotten it
	}
	d.State, d.NextMessage = subscribers.Delivered, b.Messages
	var o figures.Without
	switch w.rand.IntN(9) {
	case 0:
		o = figures.Without{Outcome: subscribers.OutcomeSkipped, Reason: subscribers.ReasonBlocked}
		d.State, d.Reason, d.NextMessage, d.Sent = subscribers.Skipped, o.Reason, 1, 1
	case 1:
		o = figures.Without{Outcome: subscribers.OutcomeFailed, Reason: subscribers.ReasonTooLong}
		d.State, d.Reason, d.NextMessage = subscribers.Failed, o.Reason, 0
	case 2:
		o = figures.Without{Outcome: subscribers.OutcomeSkipped, Reason: subscribers.ReasonMuted}
		d.Muted = b.Messages
	case 3:
		d.Muted, d.Uncertain = b.Messages-1, 1
	case 4:
		if len(w.issues)%4 == 0 {
			w.happened["a delivery that waits"]++
			return
		}
		w.forget(to.chat) // before its first message
		return
	default:
		d.Sent = b.Messages
	}
	w.check(w.store.SaveProgress(w.t.Context(), []subscribers.Delivery{d}))
	s.outcomes[d.SubscriberID] = o
	if l := w.places[to]; d.Sent > 0 && l.unconfirmed {
		w.happened["a first delivery"]++
		l.unconfirmed = false
	}
}

// section is one of those that are known.
func (w *world) section() (id int64, ok bool) {
	all := slices.Sorted(maps.Keys(w.known))
	if len(all) == 0 {
		return 0, false
	}
	return all[w.rand.IntN(len(all))], true
}

// merge has an admin make one section part of another.
func (w *world) merge() {
	from, _ := w.section()
	into, ok := w.section()
	if !ok || from == into || w.known[from].Name == "News" { // which stays
		return
	}
	w.happened["a merging"]++
	must(w.store.MergeSections(w.t.Context(), subscribers.InPrivate(7), from, into))(w.t)
	w.parts[into] = append(w.parts[into], w.parts[from]...)
	slices.Sort(w.parts[into][1:])
	w.uses[into] = slices.Compact(slices.Sorted(slices.Values(append(w.uses[into], w.uses[from]...))))
	for _, l := range w.places {
		l.muted[into] = l.muted[into] || l.muted[from]
		delete(l.muted, from)
	}
	delete(w.known, from)
	delete(w.uses, from)
	delete(w.parts, from)
}

// poll is the voting on an issue: votes by section, as it was then, and by person.
type poll struct {
	issue  int64
	began  time.Time // zero: nobody has voted
	closed bool
	votes  map[int64]map[int64]feedback.Vote
	press  int
}

// vote has a person vote on a section of an issue, or take that back.
func (w *world) vote() {
	section, ok := w.section()
	if !ok {
		return
	}
	issues := slices.Sorted(maps.Keys(w.polls))
	p := w.polls[issues[max(0, len(issues)-1-w.rand.IntN(4))]]
	person := w.anybody().chat
	if w.rand.IntN(3) > 0 {
		person = 1 + w.rand.Int64N(3) // reads in a group, and votes several times
	}
	vote := []feedback.Vote{feedback.Down, feedback.Up, feedback.Up}[w.rand.IntN(3)]
	p.press++
	ballot := feedback.Ballot{Issue: p.issue, Section: section, Person: person, Press: strconv.Itoa(p.press)}
	for range 2 { // the same press counts once
		_, err := w.store.Feedback.Cast(w.t.Context(), ballot, vote)
		if p.closed {
			if err == nil {
				w.t.Fatal("a vote counts when voting is over")
			}
			return
		}
		w.check(err)
	}
	if p.began.IsZero() {
		p.began = time.Now()
	}
	had := feedback.None
	for i := len(w.parts[section]) - 1; i >= 0; i-- {
		if v, ok := p.votes[w.parts[section][i]][person]; ok {
			had = v
		}
		delete(p.votes[w.parts[section][i]], person)
	}
	if had == vote {
		w.happened["a vote that is taken back"]++
		vote = feedback.None
	}
	if p.votes[section] == nil {
		p.votes[section] = make(map[int64]feedback.Vote)
	}
	p.votes[section][person] = vote
}

// closePolls ends voting that began long ago.
func (w *world) closePolls() {
	before := time.Now().Add(-28 * 24 * time.Hour).Truncate(time.Second)
	must(w.store.Feedback.Close(w.t.Context(), before))(w.t)
	for _, p := range w.polls {
		if !p.began.IsZero() && p.began.Truncate(time.Second).Before(before) && !p.closed {
			w.happened["the end of voting"]++
			p.closed = true
		}
	}
}

func (w *world) forgetVotes(person int64) {
	for _, p := range w.polls {
		for _, votes := range p.votes {
			if !p.closed {
				delete(votes, person)
			}
		}
	}
}

// votes are those on all issues.
func (w *world) votes(zone *time.Location) (all []figures.Votes) {
	for _, issue := range slices.Backward(slices.Sorted(maps.Keys(w.polls))) {
		p := w.polls[issue]
		v := figures.Votes{Issue: issue, Began: p.began.Truncate(time.Second).In(zone), Open: !p.closed}
		for id, section := range w.known {
			total := feedback.Total{Section: id, Name: section.Name, Emoji: section.Emoji}
			for _, part := range w.parts[id] {
				for _, vote := range p.votes[part] {
					total.Up, total.Down = total.Up+max(int(vote), 0), total.Down+max(int(-vote), 0)
				}
			}
			if total.Up+total.Down > 0 {
				v.Sections = append(v.Sections, total)
			}
		}
		if len(v.Sections) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// byID compares what was voted on; the order in an issue is tested elsewhere.
func byID(x, y feedback.Total) int { return cmp.Compare(x.Section, y.Section) }
