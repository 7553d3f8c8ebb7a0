package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

var soakSeed = flag.Uint64("soak.seed", 0, "seed of TestSoakOfBadDays; 0: a fixed one")

// In each period some things go wrong: the clock jumps, the program stops or restarts,
// Telegram refuses or is away, a source hangs, another program uses the token. Each period
// has an issue. Either the reader gets it in that period, or the admin is told that it was
// missed or refused and can send it. Nothing comes twice.
func TestSoakOfBadDays(t *testing.T) {
	t.Parallel()
	seed := *soakSeed
	if seed == 0 {
		seed = 1
	}
	defer func() {
		if t.Failed() {
			t.Logf("the same again: go test . -run TestSoakOfBadDays -soak.seed %d", seed)
		}
	}()
	onMachine(t, func(m *machine) {
		chance := rand.New(rand.NewPCG(seed, 0))
		m.until("08:00")
		var overdue []string // issues that came after the run of their period, by a clock that was wrong
		for number := 1; number <= longtest.Rounds(12, 40); number++ {
			got := m.soakPeriod(chance, number)
			t.Logf("period %d: %q", number, got)
			issue := fmt.Sprintf("Weekly %d ", number)
			missed := slices.ContainsFunc(m.told(), func(text string) bool {
				return strings.Contains(text, "A broadcast was missed") && strings.Contains(text, issue)
			})
			lost := func(issue string) {
				t.Fatalf("period %d: the reader did not get %s, and the admin does not know; it was %q, and the admin was told\n%s",
					number, issue, got, strings.Join(m.lastTold(8), "\n---\n"))
			}
			switch {
			case m.came(issue), m.retry(issue): // the admin must be told of issues that this one overtook
				for _, before := range overdue {
					if !m.came(before) && !m.toldPassedOver(before) {
						lost(before)
					}
				}
				overdue = nil
			case missed:
			case slices.ContainsFunc(got, func(event string) bool { return strings.Contains(event, "clock") }):
				overdue = append(overdue, issue) // by that clock, it came after the run
			default:
				lost(issue)
			}
		}
		m.checkOnce()
	})
}

// came reports whether the reader got an issue.
func (m *machine) came(issue string) bool {
	return slices.ContainsFunc(m.got(), func(title string) bool { return strings.HasPrefix(title, issue) })
}

// toldPassedOver reports whether the admin was told that an issue was passed over.
func (m *machine) toldPassedOver(issue string) bool {
	return slices.ContainsFunc(m.admin.Chat().FromBot(), func(message telegramsim.Message) bool {
		said := strings.Contains(message.Text, "never sent") || strings.Contains(message.Text, "has not been sent")
		return said && strings.Contains(message.Text, issue)
	})
}

// lastTold returns the last n messages to the admin.
func (m *machine) lastTold(n int) (all []string) {
	messages := m.admin.Chat().FromBot()
	for _, message := range messages[max(0, len(messages)-n):] {
		all = append(all, message.Date.UTC().Format("15:04:05 ")+message.Text)
	}
	return all
}

// retry has the admin send a refused issue again, and reports whether it came.
func (m *machine) retry(issue string) bool {
	m.t.Helper()
	for _, notice := range slices.Backward(m.admin.Chat().FromBot()) {
		if !strings.Contains(notice.Text, issue) || !strings.Contains(notice.Text, "something new") {
			continue
		}
		if _, err := m.admin.Press(notice, "🔁 Retry what failed"); err != nil {
			m.t.Errorf("the notice of a refusal has no button to retry: %v", err)
		}
		time.Sleep(time.Minute)
		return m.came(issue)
	}
	return false
}

// soakPeriod simulates a period and returns what happened.
func (m *machine) soakPeriod(chance *rand.Rand, number int) (events []string) {
	m.t.Helper()
	begin := time.Now().Truncate(period)
	later := func(limit time.Duration) time.Duration {
		return time.Duration(chance.Int64N(int64(limit))).Truncate(time.Second)
	}
	published := later(80 * time.Minute)
	moments := []time.Duration{published}
	for range chance.IntN(6) {
		moments = append(moments, later(150*time.Minute))
	}
	if chance.IntN(3) == 0 {
		moments = append(moments, 90*time.Minute) // when messages are under way
	}
	if number == 1 { // issues from before the first broadcast are archive, and need not be sent
		moments = nil
		m.publish(number)
	}
	slices.Sort(moments)
	for _, moment := range moments {
		time.Sleep(time.Until(begin.Add(moment)))
		synctest.Wait()
		event := m.event(chance)
		if moment == published {
			m.publish(number)
			event += " and the issue"
		}
		events = append(events, time.Now().UTC().Format("15:04:05 ")+event)
	}
	time.Sleep(time.Until(begin.Add(150 * time.Minute)))
	m.set(0)
	if m.store == nil {
		m.start()
	}
	time.Sleep(time.Until(begin.Add(period)))
	synctest.Wait()
	return events
}

// event does something to the machine, and returns what it did.
func (m *machine) event(chance *rand.Rand) string {
	m.t.Helper()
	switch chance.IntN(8) {
	case 0, 1:
		return m.trouble(chance)
	case 2:
		m.takeWebhook()
		return "webhook taken"
	case 3:
		lasts := time.Duration(chance.Int64N(int64(time.Hour)))
		m.source.hang(lasts)
		return fmt.Sprintf("source hangs for %s", lasts)
	case 4:
		if m.store == nil {
			m.start()
			return "start"
		}
		m.end()
		return "stop"
	case 5:
		if m.store != nil {
			m.end()
		}
		m.start()
		return "restart"
	}
	ahead := time.Duration(0)
	switch chance.IntN(6) {
	case 0:
		ahead = time.Until(time.Unix(20, 0))
	case 1: // right
	default:
		limits := []time.Duration{10 * time.Second, 10 * time.Minute, 100 * time.Minute, 3 * period, 400 * day}
		limit := limits[chance.IntN(len(limits))]
		ahead = time.Duration(chance.Int64N(2*int64(limit))).Truncate(time.Second) - limit
	}
	m.set(ahead)
	return "clock " + ahead.String()
}

// trouble makes Telegram refuse messages to the reader, or be away, for a while.
func (m *machine) trouble(chance *rand.Rand) string {
	fault := telegramsim.Fault{
		Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Methods: []string{"sendMessage"}, Chat: m.reader.ID(),
	}
	if chance.IntN(2) == 0 {
		fault = telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}}
	}
	lasts := time.Duration(chance.Int64N(int64(time.Hour)))
	time.AfterFunc(lasts, m.sim.Inject(fault))
	return fmt.Sprintf("%s for %s", fault.Kind, lasts)
}

// takeWebhook sets a webhook, as another program with the same token would.
func (m *machine) takeWebhook() {
	m.t.Helper()
	response, err := m.sim.Client().Post("https://api.telegram.org/bot"+m.sim.Token()+"/setWebhook?url=https://example.com/hook", "", nil)
	if err != nil {
		return // Telegram is away for the other program too
	}
	response.Body.Close()
}

// checkOnce checks that nothing came twice.
func (m *machine) checkOnce() {
	m.t.Helper()
	seen := make(map[string]bool)
	for _, title := range m.got() {
		issue, _, _ := strings.Cut(title, " on ")
		if seen[issue] {
			m.t.Errorf("%s came twice: %q", issue, m.got())
		}
		seen[issue] = true
	}
}
