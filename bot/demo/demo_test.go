package demo_test

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/png" // the cover is one
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/demo"
	"digestbot/digest"
	"digestbot/digest/document"
)

// newStage returns a stage that is closed when the test ends.
func newStage(t *testing.T, w demo.Weekly) *demo.Stage {
	t.Helper()
	stage := demo.NewStage(w, func(wrong string) { t.Error(wrong) })
	t.Cleanup(stage.Sim.Close)
	return stage
}

// publish makes a stage, publishes an issue and parses it as the bot does.
func publish(t *testing.T, w demo.Weekly, number int) (*demo.Stage, *digest.Issue) {
	t.Helper()
	stage := newStage(t, w)
	folder := t.TempDir()
	if err := stage.Publish(folder, number); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("Publish wrote %v, %v, want one file", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	issue, err := document.Parse(filepath.Base(files[0]), data)
	if err != nil {
		t.Fatal(err)
	}
	return stage, issue
}

// eachWeekly runs a test with every weekly.
func eachWeekly(t *testing.T, test func(t *testing.T, w demo.Weekly)) {
	for _, w := range demo.Weeklies() {
		t.Run(w.Path, func(t *testing.T) { test(t, w) })
	}
}

func TestTheWeeklyIsReadWithoutLoss(t *testing.T) {
	type section struct {
		Name  string
		Items int
	}
	want := map[string][]section{
		"en": {{"Worth knowing", 4}, {"New and useful", 4}, {"In town", 3}, {"Worth reading", 2}, {"Sounds of the river", 1}, {"Feature: who planted the sunflowers on the bridge", 1}, {"Question of the week", 1}},
		"zh": {{"值得关注", 4}, {"产品动态", 4}, {"运营动态", 3}, {"好文推荐", 2}, {"河边的声音", 1}, {"特写：谁在桥上种了向日葵", 1}, {"精彩问答", 1}},
	}
	eachWeekly(t, func(t *testing.T, w demo.Weekly) {
		_, issue := publish(t, w, demo.FirstNumber)
		var got []section
		for _, s := range issue.Sections {
			got = append(got, section{s.Name, len(s.Items)})
		}
		if diff := cmp.Diff(want[w.Path], got); diff != "" {
			t.Errorf("sections (-want +got):\n%s", diff)
		}
		if issue.Number != demo.FirstNumber || !strings.Contains(issue.Title, w.Name) {
			t.Errorf("issue %d is called %q", issue.Number, issue.Title)
		}
		if len(issue.Intro) == 0 || len(issue.Credits) == 0 {
			t.Errorf("intro %v, credits %v, want both", issue.Intro, issue.Credits)
		}
		if warnings := append(issue.Warnings, issue.Check(time.Now())...); len(warnings) > 0 {
			t.Errorf("warnings: %q", warnings)
		}
	})
}

// A reader gets nothing in the language of the other weekly.
func TestIssuesAreInOneLanguage(t *testing.T) {
	foreign := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`\p{Han}+`),
		"zh": regexp.MustCompile(`[a-z]+ [a-z]+ [a-z]+`),
	}
	eachWeekly(t, func(t *testing.T, w demo.Weekly) {
		for number := demo.OldestNumber; number <= demo.FirstNumber; number++ {
			_, issue := publish(t, w, number)
			for _, m := range issue.Messages() {
				if found := foreign[w.Path].FindString(m.HTML); found != "" {
					t.Errorf("issue %d, %s: %q", number, m.Section, found)
				}
			}
		}
	})
}

// A visitor sees a cover, one message per section, links on words, a quotation, and a long
// text that folds.
func TestTheWeeklyShowsWhatMessagesCanDo(t *testing.T) {
	eachWeekly(t, func(t *testing.T, w demo.Weekly) {
		_, issue := publish(t, w, demo.FirstNumber)
		messages := issue.Messages()
		if len(messages) != 1+len(issue.Sections) {
			t.Errorf("%d messages for %d sections", len(messages), len(issue.Sections))
		}
		var all strings.Builder
		for _, m := range messages {
			all.WriteString(m.HTML)
			if m.Parts > 1 {
				t.Errorf("section %q has %d parts", m.Section, m.Parts)
			}
		}
		for _, want := range []string{"<b>", "<a href=", "<blockquote>", "<blockquote expandable>", "<pre>", "riverside-dock.png"} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("the weekly has no %s", want)
			}
		}
		for _, want := range []string{"<table", "<img", "<details"} {
			if !slices.ContainsFunc(messages, func(m digest.Message) bool { return strings.Contains(m.Rich, want) }) {
				t.Errorf("the weekly has no %s for the rich layout", want)
			}
		}
	})
}

func TestEveryIssueIsAWeekAfterTheOneBefore(t *testing.T) {
	_, first := publish(t, demo.English(), demo.FirstNumber)
	_, second := publish(t, demo.English(), demo.FirstNumber+1)
	if second.Number != first.Number+1 || second.Key == first.Key {
		t.Errorf("issue %d (%s) follows %d (%s)", second.Number, second.Key, first.Number, first.Key)
	}
	if first.Date.Weekday() != time.Friday || second.Date.Sub(first.Date) != 7*24*time.Hour {
		t.Errorf("issues of %v and %v, want Fridays a week apart", first.Date, second.Date)
	}
}

// There is something to search before the first Friday, and every Friday has an issue.
func TestIssuesAreThereFromTheStartAndKeepComing(t *testing.T) {
	eachWeekly(t, func(t *testing.T, w demo.Weekly) {
		stage, folder := newStage(t, w), t.TempDir()
		if err := stage.PublishArchive(folder); err != nil {
			t.Fatal(err)
		}
		want := []int{9, 10, 11}
		for {
			if diff := cmp.Diff(want, numbers(t, folder)); diff != "" {
				t.Fatalf("issues there are (-want +got):\n%s", diff)
			}
			if newest := stage.Newest(); newest != want[len(want)-1] {
				t.Fatalf("the newest issue is %d, want the last of %v", newest, want)
			}
			if len(want) == 12 { // every text has come twice
				return
			}
			want = append(want, 9+len(want))
			if err := stage.PublishNext(folder); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// numbers returns the numbers of the issues in a folder, which must be without faults.
func numbers(t *testing.T, folder string) (all []int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		issue, err := document.Parse(filepath.Base(file), data)
		if err != nil {
			t.Fatal(err)
		}
		if warnings := append(issue.Warnings, issue.Check(time.Now())...); len(warnings) > 0 {
			t.Errorf("issue %d: warnings: %q", issue.Number, warnings)
		}
		all = append(all, issue.Number)
	}
	slices.Sort(all)
	return all
}

// The page needs no network to show the cover's picture.
func TestTheCoverIsAtHand(t *testing.T) { eachWeekly(t, coverIsAtHand) }

func coverIsAtHand(t *testing.T, w demo.Weekly) {
	stage, issue := publish(t, w, demo.FirstNumber)
	answer := httptest.NewRecorder()
	request := httptest.NewRequest("GET", "http://127.0.0.1/sim/picture?address="+url.QueryEscape(issue.Image), nil)
	stage.Sim.ServeHTTP(answer, request)
	picture, kind, err := image.Decode(bytes.NewReader(answer.Body.Bytes()))
	if err != nil || kind != "png" {
		t.Fatalf("picture %q: %s, %v", issue.Image, kind, err)
	}
	if size := picture.Bounds().Size(); size.X != 2*size.Y {
		t.Errorf("the picture has %v pixels, want 2:1, as the weekly says", size)
	}
}

// The guide names people and buttons, in both languages.
func TestTheGuideNamesPeople(t *testing.T) {
	eachWeekly(t, func(t *testing.T, w demo.Weekly) {
		stage := newStage(t, w)
		answer := httptest.NewRecorder()
		stage.Sim.ServeHTTP(answer, httptest.NewRequest("GET", "http://127.0.0.1/sim/state", nil))
		var state struct{ Guide []map[string]string }
		if err := json.Unmarshal(answer.Body.Bytes(), &state); err != nil || len(state.Guide) < 4 {
			t.Fatalf("guide %v, %v", state.Guide, err)
		}
		for _, words := range state.Guide {
			for _, language := range []string{"en", "zh"} {
				if text := words[language]; text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %q", language, text)
				}
			}
		}
		if admin := state.Guide[3]["en"]; !strings.Contains(admin, stage.Admin.Name()) {
			t.Errorf("%q does not name the admin", admin)
		}
	})
}

func TestPublishNeedsAFolder(t *testing.T) {
	stage := newStage(t, demo.Chinese())
	none := filepath.Join(t.TempDir(), "none")
	if stage.PublishArchive(none) == nil || stage.PublishNext(none) == nil {
		t.Error("issues were published without a folder")
	}
}
