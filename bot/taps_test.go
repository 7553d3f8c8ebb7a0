package bot_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// tapRow is a row of the table in docs/taps.md.
type tapRow struct {
	goal  string
	steps [2][]string // for a reader of English and one of Chinese
	taps  int
}

var tapStep = regexp.MustCompile("`([^`]+)`")

// tapRows reads that table.
func tapRows(t *testing.T) []tapRow {
	t.Helper()
	page, err := os.ReadFile("../docs/taps.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []tapRow
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 4 || !strings.Contains(line, "`") {
			continue
		}
		row := tapRow{goal: strings.TrimPrefix(cells[0], "| ")}
		for n := range row.steps {
			for _, step := range tapStep.FindAllStringSubmatch(cells[1+n], -1) {
				row.steps[n] = append(row.steps[n], step[1])
			}
		}
		if row.taps, err = strconv.Atoi(strings.TrimSuffix(cells[3], " |")); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// tapGoals are what readers do, with what has been reached after the last tap. seen is the
// last message of the bot.
func tapGoals() map[string]func(w *world, p *telegramsim.Person, sub subscribers.Subscriber, seen telegramsim.Message) bool {
	return map[string]func(w *world, p *telegramsim.Person, sub subscribers.Subscriber, seen telegramsim.Message) bool{
		"subscribe": func(_ *world, _ *telegramsim.Person, sub subscribers.Subscriber, _ telegramsim.Message) bool {
			return sub.State == subscribers.On
		},
		"mute a section": func(w *world, _ *telegramsim.Person, sub subscribers.Subscriber, _ telegramsim.Message) bool {
			switches, err := w.store.Switches(w.t.Context(), sub.ID)
			return err == nil && slices.ContainsFunc(switches, func(s subscribers.Switch) bool { return s.Muted && s.Section.Name == "Tools" })
		},
		"get one section of the newest issue": func(_ *world, _ *telegramsim.Person, _ subscribers.Subscriber, seen telegramsim.Message) bool {
			return strings.Contains(seen.Text, "Tools · ") && strings.Contains(seen.Text, "About Tools")
		},
		"find an item and read it": func(_ *world, _ *telegramsim.Person, _ subscribers.Subscriber, seen telegramsim.Message) bool {
			return strings.Contains(seen.Text, "It burns all night.")
		},
		"leave": func(_ *world, _ *telegramsim.Person, sub subscribers.Subscriber, _ telegramsim.Message) bool {
			return sub.State == subscribers.Off
		},
		"pause two weeks": func(_ *world, _ *telegramsim.Person, sub subscribers.Subscriber, _ telegramsim.Message) bool {
			return sub.State == subscribers.On && time.Until(sub.PausedUntil).Round(time.Hour) == 14*24*time.Hour
		},
		"change the hour": func(_ *world, _ *telegramsim.Person, sub subscribers.Subscriber, _ telegramsim.Message) bool {
			return sub.Delivery == subscribers.DeliveryTime{Weekday: time.Friday, Minute: 20 * 60, Zone: "UTC"}
		},
	}
}

// The table of taps in the docs is true: each row is done, and takes as many taps as it says.
func TestTaps(t *testing.T) {
	goals, met := tapGoals(), make(map[string]bool)
	for _, row := range tapRows(t) {
		met[row.goal] = true
		reached, known := goals[row.goal]
		most := 2
		if row.goal == "find an item and read it" {
			most = 3
		}
		if !known || row.taps > most {
			t.Errorf("%q takes %d taps, want one that this test knows, and at most %d", row.goal, row.taps, most)
			continue
		}
		for n, language := range []string{"English", "Chinese"} {
			t.Run(row.goal+" in "+language+" by "+strings.Join(row.steps[n], " "), func(t *testing.T) {
				if len(row.steps[n]) != row.taps {
					t.Fatalf("the steps are %q, want %d", row.steps[n], row.taps)
				}
				inWorld(t, func(w *world) {
					w.archive(178, "Lamps", entry{"A lantern", "It burns all night.", ""})
					w.issue(179, "News", "Tools")
					w.issue(180, "News", "Tools")
					p := []*telegramsim.Person{w.ann, w.li}[n]
					if row.goal != "subscribe" {
						w.tell(p, "/subscribe")
					}
					w.settle()
					seen := w.tapThrough(p, row.steps[n])
					sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
					if err != nil || !reached(w, p, sub, seen) {
						t.Errorf("after %q the chat is %+v, %v, and shows %q", row.steps[n], sub, err, seen.Text)
					}
				})
			})
		}
	}
	for _, goal := range slices.Sorted(maps.Keys(goals)) {
		if !met[goal] {
			t.Errorf("docs/taps.md does not say how many taps it takes to %s", goal)
		}
	}
}

// tapThrough does steps one after another: it presses a [button] of the message seen last,
// and writes everything else. It returns the message seen in the end.
func (w *world) tapThrough(p *telegramsim.Person, steps []string) (seen telegramsim.Message) {
	w.t.Helper()
	for _, step := range steps {
		if button, ok := strings.CutPrefix(step, "["); ok {
			_, seen = w.press(p, seen, strings.TrimSuffix(button, "]"))
			continue
		}
		seen = w.tell(p, step)
	}
	return seen
}
