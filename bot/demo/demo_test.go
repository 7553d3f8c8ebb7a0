package demo_test

import (
	"bytes"
	"image"
	_ "image/png" // the cover is one
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/demo"
	"digestbot/digest"
	"digestbot/digest/document"
)

// publish makes a stage, publishes an issue and parses it as the bot does.
func publish(t *testing.T, number int) (*demo.Stage, *digest.Issue) {
	t.Helper()
	stage := demo.NewStage(func(wrong string) { t.Error(wrong) })
	t.Cleanup(stage.Sim.Close)
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

func TestTheWeeklyIsReadWithoutLoss(t *testing.T) {
	_, issue := publish(t, demo.FirstNumber)
	type section struct {
		Name  string
		Items int
	}
	var got []section
	for _, s := range issue.Sections {
		got = append(got, section{s.Name, len(s.Items)})
	}
	want := []section{{"值得关注", 4}, {"产品动态", 4}, {"运营动态", 3}, {"好文推荐", 2}, {"河边的声音", 1}, {"特写：谁在桥上种了向日葵", 1}, {"精彩问答", 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if issue.Number != demo.FirstNumber || !strings.Contains(issue.Title, "夜班图书馆") {
		t.Errorf("issue %d is called %q", issue.Number, issue.Title)
	}
	if len(issue.Intro) == 0 || len(issue.Credits) == 0 {
		t.Errorf("intro %v, credits %v, want both", issue.Intro, issue.Credits)
	}
	if warnings := append(issue.Warnings, issue.Check(time.Now())...); len(warnings) > 0 {
		t.Errorf("warnings: %q", warnings)
	}
}

// A visitor sees a cover, one message per section, links on words, a quotation, and a long
// text that folds.
func TestTheWeeklyShowsWhatMessagesCanDo(t *testing.T) {
	_, issue := publish(t, demo.FirstNumber)
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
}

func TestEveryIssueIsAWeekAfterTheOneBefore(t *testing.T) {
	_, first := publish(t, demo.FirstNumber)
	_, second := publish(t, demo.FirstNumber+1)
	if second.Number != first.Number+1 || second.Key == first.Key {
		t.Errorf("issue %d (%s) follows %d (%s)", second.Number, second.Key, first.Number, first.Key)
	}
	if first.Date.Weekday() != time.Friday || second.Date.Sub(first.Date) != 7*24*time.Hour {
		t.Errorf("issues of %v and %v, want Fridays a week apart", first.Date, second.Date)
	}
}

// There is something to search before the first Friday, and every Friday has an issue.
func TestIssuesAreThereFromTheStartAndKeepComing(t *testing.T) {
	stage := demo.NewStage(func(wrong string) { t.Error(wrong) })
	defer stage.Sim.Close()
	folder := t.TempDir()
	if err := stage.PublishArchive(folder); err != nil {
		t.Fatal(err)
	}
	numbers := func() (all []int) {
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
	want := []int{9, 10, 11}
	for {
		if diff := cmp.Diff(want, numbers()); diff != "" {
			t.Fatalf("issues there are (-want +got):\n%s", diff)
		}
		if len(want) == 12 { // every text has come twice
			return
		}
		want = append(want, 9+len(want))
		if err := stage.PublishNext(folder); err != nil {
			t.Fatal(err)
		}
	}
}

// The page needs no network to show the cover's picture.
func TestTheCoverIsAtHand(t *testing.T) {
	stage, issue := publish(t, demo.FirstNumber)
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

func TestPublishNeedsAFolder(t *testing.T) {
	stage := demo.NewStage(func(wrong string) { t.Error(wrong) })
	defer stage.Sim.Close()
	none := filepath.Join(t.TempDir(), "none")
	if stage.PublishArchive(none) == nil || stage.PublishNext(none) == nil {
		t.Error("issues were published without a folder")
	}
}
