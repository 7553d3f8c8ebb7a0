package bot_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// broadcastIssue broadcasts the newest issue, which it has to be, and checks the
// books.
func (w *world) broadcastIssue(issue archive.Issue) subscribers.Books {
	w.t.Helper()
	if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
	bc := w.finished()
	if bc.IssueID != issue.ID {
		w.t.Fatalf("issue %d was broadcast, want %d", bc.IssueID, issue.ID)
	}
	books, err := w.store.Books(w.t.Context(), bc.ID)
	if err == nil {
		err = books.Check()
	}
	if err != nil {
		w.t.Errorf("books %+v: %v", books, err)
	}
	return books
}

// longIssue is an issue with the sections News, Essays, which takes three
// messages, and Tools.
func longIssue(number int) *digest.Issue {
	issue := &digest.Issue{
		Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Long %d", number),
		Date:  time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(number-179)),
		Image: "https://example.org/cover.png",
	}
	for _, name := range []string{"News", "Essays", "Tools"} {
		section := digest.Section{Key: digest.SectionKey(name), Name: name}
		items := 1
		if name == "Essays" {
			items = 9
		}
		for i := range items {
			section.Items = append(section.Items, digest.Item{
				Title: []digest.Span{{Text: fmt.Sprintf("%s item %d", name, i+1)}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("Words of it. ", 80)}}}},
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	return issue
}

func wantThreads(t *testing.T, got, want map[string][]int) {
	t.Helper()
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the messages are in topics %v, want %v", got, want)
	}
}

func TestEachSectionInItsOwnTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(longIssue(179))
		forum := w.forum(telegramsim.AllRights())
		wantThreads(t, w.ask(forum, "/latest"), map[string][]int{
			"Long 179": {0}, "News · № 179": {0}, "Tools · № 179": {0},
			"Essays · № 179 (1/3)": {0}, "Essays · № 179 (2/3)": {0}, "Essays · № 179 (3/3)": {0},
		})
		w.wantTopics(forum)
		got := w.ask(forum, "/latest")
		news, essays, tools := got["News · № 179"][0], got["Essays · № 179 (1/3)"][0], got["Tools · № 179"][0]
		if news == 0 || essays == 0 || tools == 0 || news == essays || essays == tools || news == tools {
			t.Errorf("the topics are %d, %d and %d, want three", news, essays, tools)
		}
		wantThreads(t, got, map[string][]int{
			"Long 179": {0}, "News · № 179": {news}, "Tools · № 179": {tools},
			"Essays · № 179 (1/3)": {essays}, "Essays · № 179 (2/3)": {essays}, "Essays · № 179 (3/3)": {essays},
		})

		// A broadcast uses them again.
		issue := w.issue(180, "Tools", "News")
		w.broadcastIssue(issue)
		wantThreads(t, threads(forum.FromBot()[len(forum.FromBot())-3:]), map[string][]int{
			"Weekly <180>": {0}, "News · № 180": {news}, "Tools · № 180": {tools},
		})
		if got := w.topicNames(forum); !slices.Equal(got, []string{"News", "Essays", "Tools"}) {
			t.Errorf("topics are %q, want one for each section", got)
		}
	})
}

// What a correction sends in addition goes to the topic of its section.
func TestCorrectionUsesTopics(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := w.save(longIssue(179))
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		got := w.ask(forum, "/latest")
		news, tools := got["News · № 179"][0], got["Tools · № 179"][0]
		w.tell(w.admin, "/start")
		longer := longIssue(179)
		longer.Sections[0].Items = longer.Sections[1].Items
		w.bot.IssueArchived(w.t.Context(), "issues", intake.Saved{Issue: w.save(longer), Outcome: archive.Corrected})
		w.settle()
		all := w.admin.Chat().FromBot() // it was not broadcast, but asked for
		_, _ = w.press(w.admin, all[len(all)-1], "✏️ Correct what was sent")
		w.pass(time.Minute)
		got = threads(forum.FromBot())
		for _, part := range []string{"News · № 179 (1/3)", "News · № 179 (2/3)", "News · № 179 (3/3)"} {
			if !slices.Equal(got[part], []int{news}) {
				t.Errorf("%s of issue %d is in topics %v, want %d", part, issue.Number, got[part], news)
			}
		}
		if !slices.Equal(got["Tools · № 179"], []int{tools}) || news == tools {
			t.Errorf("Tools is in topics %v, want %d, and News in another", got["Tools · № 179"], tools)
		}
	})
}

// A heading of one issue only has no topic: nothing would come there again. It goes to
// where the cover goes. It gets a topic when it comes a second time.
func TestOneOffSectionHasNoTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News")
		w.issue(179, "News", "On moving house")
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		w.ask(forum, "/latest")
		for _, m := range forum.FromBot() {
			oneOff, isNews := strings.Contains(m.Text, "On moving house ·"), strings.HasPrefix(m.Text, "News")
			if oneOff && m.Thread != 0 || isNews && m.Thread == 0 {
				t.Errorf("%q is in topic %d, want the one-off section where the cover is", m.Text, m.Thread)
			}
		}
		w.broadcastIssue(w.issue(180, "On other things", "News"))
		if got := w.topicNames(forum); !slices.Equal(got, []string{"News"}) {
			t.Errorf("topics are %q, want one for News", got)
		}
		w.broadcastIssue(w.issue(181, "On moving house"))
		if got := w.topicNames(forum); !slices.Equal(got, []string{"News", "On moving house"}) {
			t.Errorf("topics are %q, want another one for a section that came again", got)
		}
	})
}

func TestSectionTopicNames(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "", strings.Repeat("很", 200))
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		w.ask(forum, "/latest")
		if got, want := w.topicNames(forum), []string{"Main part", strings.Repeat("很", 127) + "…"}; !slices.Equal(got, want) {
			t.Errorf("topics are %q, want %q", got, want)
		}
	})
}

// Two issues that are on their way at the same time share the topics.
func TestSectionTopicIsMadeOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		for number := range 4 {
			w.issue(176+number, "News")
		}
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 3 * time.Second, Methods: []string{"createForumTopic"}})
		for number := range 4 {
			w.ann.WriteIn(forum, fmt.Sprintf("/issue %d", 176+number))
		}
		w.pass(5 * time.Minute)
		got := threads(forum.FromBot())
		thread := got["News · № 176"][0]
		for number := range 4 {
			if in := got[fmt.Sprintf("News · № %d", 176+number)]; !slices.Equal(in, []int{thread}) || thread == 0 {
				t.Errorf("the section of issue %d is in topics %v, want %d", 176+number, in, thread)
			}
		}
		if made := w.topicNames(forum); len(made) != 1 {
			t.Errorf("topics %q were made, want one", made)
		}
	})
}

// A topic that is deleted or closed while a section comes in: the rest goes
// where the group is subscribed, and the next issue gets a new one.
func TestSectionTopicIsGoneHalfway(t *testing.T) {
	for name, end := range map[string]func(w *world, forum *telegramsim.Chat, thread int){
		"deleted": func(_ *world, forum *telegramsim.Chat, thread int) { forum.DeleteTopic(thread) },
		"closed": func(w *world, forum *telegramsim.Chat, thread int) { // which does not bind who may manage topics
			forum.DemoteBot(w.ann)
			forum.CloseTopic(thread)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.save(longIssue(178))
				forum := w.forum(telegramsim.AllRights())
				w.wantTopics(forum)
				w.ask(forum, "/latest")
				w.save(longIssue(179))
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 2 * time.Second})
				w.ann.WriteIn(forum, "/latest")
				for len(threads(forum.FromBot())["Essays · № 179 (1/3)"]) == 0 {
					w.pass(time.Second)
				}
				essays := threads(forum.FromBot())["Essays · № 179 (1/3)"][0]
				end(w, forum, essays)
				w.pass(5 * time.Minute)
				got := threads(forum.FromBot())
				if tools := got["Tools · № 179"]; len(tools) != 1 || tools[0] == 0 {
					t.Errorf("the section after it is in topics %v, want its own", tools)
				}
				for heading, in := range map[string]int{"Essays · № 179 (1/3)": essays, "Essays · № 179 (2/3)": 0, "Essays · № 179 (3/3)": 0} {
					if !slices.Equal(got[heading], []int{in}) {
						t.Errorf("%q is in topics %v, want %d", heading, got[heading], in)
					}
				}
				forum.PromoteBot(w.ann, telegramsim.AllRights())
				w.save(longIssue(180))
				again := w.ask(forum, "/latest")["Essays · № 180 (1/3)"]
				if len(again) != 1 || again[0] == 0 || again[0] == essays {
					t.Errorf("the next issue's is in topics %v, want a new one", again)
				}
			})
		})
	}
}

// With every topic closed, and General as well, the group is one where the bot
// may not post.
func TestAllTopicsAreClosed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/start")
		w.issue(179, "News", "Tools")
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		made := w.ask(forum, "/latest")
		forum.DemoteBot(w.ann)
		forum.CloseGeneral()
		for _, in := range made {
			forum.CloseTopic(in[0])
		}
		before := len(forum.FromBot())
		m := w.one(w.ann.Chat(), func() { w.broadcastIssue(w.issue(180, "News", "Tools")) })
		wantText(t, m, "Club <3")
		if said := forum.FromBot()[before:]; len(said) != 0 {
			t.Errorf("the bot said %q where it may not", texts(said))
		}
	})
}

// A command in a section's topic is about the subscription that the topic belongs to, and
// is answered there.
func TestCommandsInASectionsTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		thread := w.ask(forum, "/latest")["News · № 179"][0]
		m := w.oneEphemeral(w.ann, forum, func() { w.ann.WriteEphemeralInTopic(forum, thread, "/sections") })
		if m.Thread != thread {
			t.Errorf("the answer is in topic %d, want %d", m.Thread, thread)
		}
		w.pressEphemeral(w.ann, m, "✅ Tools")
		if to := w.recipient(forum.ID, 0); !to.Muted[w.sectionIDs()[1]] {
			t.Error("the section is not muted for the group")
		}
		w.said(forum, func() { w.ann.WriteInTopic(forum, thread, "/unsubscribe") })
		w.wantState(forum.ID, subscribers.Off)
		if got := w.state(forum.ID, thread); got != "" {
			t.Errorf("the section's topic became a subscriber, %s", got)
		}
	})
}

func TestTopicsThatAreRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.li, "/start")
		forum := w.forum(telegramsim.AdminRights{})
		forum.Promote(w.li, telegramsim.AllRights(), false)
		w.wantTopics(forum)
		m := w.one(w.li.Chat(), func() {
			wantThreads(t, w.ask(forum, "/latest"), map[string][]int{"Weekly <179>": {0}, "News · № 179": {0}, "Tools · № 179": {0}})
		})
		wantText(t, m, "我无法在 Club <3 为栏目新建话题")
		if got := w.sim.Stats().Calls["createforumtopic"]; got != 1 {
			t.Errorf("the bot tried %d times, want once", got)
		}
		forum.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		if got := w.ask(forum, "/latest")["News · № 179"]; len(got) != 1 || got[0] == 0 {
			t.Errorf("with the right, the section is in topics %v, want its own", got)
		}
	})
}

// If no admin can be told in private, the group hears of it.
func TestRefusedTopicsAreToldInTheGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		forum := w.forum(telegramsim.AdminRights{})
		w.wantTopics(forum)
		w.ask(forum, "/latest")
		told := slices.DeleteFunc(forum.FromBot(), func(m telegramsim.Message) bool { return !strings.Contains(m.Text, "I cannot create topics") })
		if len(told) != 1 {
			t.Errorf("the group was told %d times, want once", len(told))
		}
	})
}

// When Telegram does not say what became of the topic, the whole section goes
// where the group is subscribed, and no topic is noted.
func TestTopicWithoutAnAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(longIssue(179))
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Methods: []string{"createForumTopic"}, After: 1, Times: 1})
		got := w.ask(forum, "/latest")
		for _, heading := range []string{"Essays · № 179 (1/3)", "Essays · № 179 (2/3)", "Essays · № 179 (3/3)"} {
			if !slices.Equal(got[heading], []int{0}) {
				t.Errorf("%q is in topics %v, want the group itself", heading, got[heading])
			}
		}
		if _, known := w.recipient(forum.ID, 0).TopicOf(w.sectionIDs()[1]); known {
			t.Error("a topic is noted that nobody knows to be there")
		}
	})
}

// A broken database keeps the rest back; nothing goes astray.
func TestTopicThatCannotBeNoted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		forum := w.forum(telegramsim.AllRights())
		w.wantTopics(forum)
		w.breakTable("section_topics")
		if got := w.ask(forum, "/latest"); len(got["News · № 179"]) != 0 {
			t.Errorf("the section went to topics %v", got)
		}
		if !strings.Contains(w.log.String(), "a requested issue is held up") {
			t.Error("the log does not say what is wrong")
		}
	})
}

// Short sections share a message where a group gets everything in one place, and not where
// each has a topic of its own.
func TestSharedMessagesAndTopics(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "A", "B", "C", "D", "E", "F")
		w.issue(179, "A", "B", "C", "D", "E", "F")
		forum := w.forum(telegramsim.AllRights())
		wantThreads(t, w.ask(forum, "/latest"), map[string][]int{"Weekly <179>": {0}, "A · № 179": {0}})
		w.wantTopics(forum)
		got := w.ask(forum, "/latest")
		seen := []int{0}
		for _, name := range []string{"A", "B", "C", "D", "E", "F"} {
			in := got[name+" · № 179"]
			if len(in) != 1 || slices.Contains(seen, in[0]) {
				t.Errorf("%s is in topics %v, want one of its own", name, in)
			}
			seen = append(seen, in...)
		}
		if len(got) != 7 {
			t.Errorf("the messages are in topics %v, want a cover and six sections", got)
		}
	})
}

// The buttons of the compact layout unfold short sections one by one.
func TestSharedMessagesUnfoldOneByOne(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "A", "B", "C", "D", "E", "F")
		w.tell(w.ann, "/subscribe")
		m := w.compactIn(w.ann.Chat(), w.ann)
		_, m = w.press(w.ann, m, "▾ C")
		wantText(t, m, "C · № 179", "About C")
		if strings.Contains(m.Text, "About D") {
			t.Errorf("the section unfolds with its neighbour: %q", m.Text)
		}
		_, m = w.press(w.ann, m, "D ›")
		wantText(t, m, "D · № 179", "About D")
		wantText(t, w.tell(w.ann, "/latest E"), "E · № 179", "About E")
	})
}
