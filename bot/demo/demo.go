// Package demo is what `digestbot demo` shows: a weekly in English and one in Chinese, as an
// operator would run them: a bot each, with readers of its own. A [Stage] is a simulated
// Telegram with one of the bots and people in it.
//
//	stage := demo.NewStage(demo.English(), report)
//	defer stage.Sim.Close()
//	http.Serve(listener, stage.Sim) // the chat page
//	err := stage.PublishArchive(folder)
//	stage.Begin()                   // people come, write to the bot and subscribe
//	err = stage.PublishNext(folder) // and Friday can come
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"digestbot/bot/telegramsim"
)

//go:embed dock.png
var dock []byte

// The numbers of issues that have texts. Those before FirstNumber are in the archive.
const (
	OldestNumber = 9
	FirstNumber  = 12 // the first to come on a Friday
)

// Stage is the simulated Telegram of one weekly.
type Stage struct {
	Weekly Weekly
	Sim    *telegramsim.Sim
	Admin  *telegramsim.Person
	// Subscribers is how many chats subscribe when it begins: the reader, the group, the
	// channel and the others of the cast.
	Subscribers int

	visitor, reader *telegramsim.Person

	friday time.Time // of the first issue

	mu   sync.Mutex
	next int // the number of the issue that comes next
}

// NewStage makes a Telegram with a weekly's bot, which nobody has written to. report is
// called for requests that the Bot API does not know.
func NewStage(w Weekly, report func(wrong string)) *Stage {
	sim := telegramsim.New(telegramsim.Options{Report: report, Name: w.Name, Username: w.Username})
	sim.SetGuide(w.guide()...)
	language := telegramsim.Language(w.Language)
	return &Stage{
		Weekly: w, Sim: sim, Subscribers: 3 + len(w.cast.others),
		visitor: sim.NewPerson(w.cast.visitor, language),
		reader:  sim.NewPerson(w.cast.reader, language),
		Admin:   sim.NewPerson(w.cast.admin, language),
		friday:  fridayOf(time.Now()), next: FirstNumber,
	}
}

// AddButtons puts buttons on the page that make it Friday and bring back the start, and
// links to the other weeklies.
func (s *Stage) AddButtons(friday, reset func(context.Context) error) {
	s.Sim.AddAction(telegramsim.Action{Words: telegramsim.Words{"en": "Friday now", "zh": "周五到了"}, InChats: true, Run: friday})
	s.Sim.AddAction(telegramsim.Action{Words: telegramsim.Words{"en": "Reset", "zh": "重置"}, Run: reset})
	for _, other := range Weeklies() {
		if other.Path != s.Weekly.Path {
			s.Sim.AddLink(other.Link, "/"+other.Path+"/")
		}
	}
}

// Begin lets the people and chats of the cast come. All subscribe but the visitor, whose chat
// is empty, the admin, who has to start the bot, or it could not report to them, and the group
// with topics.
func (s *Stage) Begin() {
	cast := s.Weekly.cast
	s.Admin.Write("/start")
	s.reader.Write("/subscribe")
	group := s.Sim.NewSupergroup(cast.group, s.reader, s.visitor)
	group.AddBot(s.reader)
	s.reader.WriteIn(group, "/subscribe@"+s.Weekly.Username)
	forum := s.Sim.NewForum(cast.forum, s.reader, s.visitor)
	forum.AddBot(s.reader)
	forum.PromoteBot(s.reader, telegramsim.AllRights())
	channel := s.Sim.NewChannel(cast.channel, s.Admin, s.visitor, s.reader)
	channel.AddBot(s.Admin)
	s.Admin.WriteIn(channel, "/subscribe")
	for _, name := range cast.others {
		s.Sim.NewPerson(name, telegramsim.Language(s.Weekly.Language), telegramsim.InBackground()).Write("/subscribe")
	}
}

// fridayOf returns midnight of the last Friday, which may be today.
func fridayOf(now time.Time) time.Time {
	back := (int(now.Weekday()) - int(time.Friday) + 7) % 7
	year, month, day := now.AddDate(0, 0, -back).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// PublishArchive writes the issues to the folder that come before the first Friday, so that
// there is something to search.
func (s *Stage) PublishArchive(folder string) error {
	for number := OldestNumber; number < FirstNumber; number++ {
		if err := s.Publish(folder, number); err != nil {
			return err
		}
	}
	return nil
}

// PublishNext writes the next issue to the folder. When there are no new texts, the old ones
// come again with new numbers.
func (s *Stage) PublishNext(folder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Publish(folder, s.next); err != nil {
		return err
	}
	s.next++
	return nil
}

// Newest returns the number of the newest issue in the folder.
func (s *Stage) Newest() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next - 1
}

// Publish writes an issue of the weekly to the folder, and makes its pictures known to the
// chat page. Its date is a week after that of the issue before it, but at most a week after
// the last Friday.
func (s *Stage) Publish(folder string, number int) error {
	var b bytes.Buffer
	weeks := min(number-FirstNumber, 1) // an issue that is dated further ahead is not sent
	date := s.friday.AddDate(0, 0, 7*weeks)
	text := OldestNumber + (number-OldestNumber)%(FirstNumber-OldestNumber+1)
	err := texts.ExecuteTemplate(&b, fmt.Sprintf("%02d%s", text, s.Weekly.suffix), struct {
		Number int
		Date   string
	}{number, date.UTC().Format(http.TimeFormat)})
	if err != nil {
		return fmt.Errorf("write issue %d: %w", number, err)
	}
	s.Sim.AddPicture(fmt.Sprintf("https://pictures.example.org/riverside-%d.png", number), "image/png", s.Weekly.cover)
	s.Sim.AddPicture("https://pictures.example.org/riverside-dock.png", "image/png", dock)
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("riverside-%d.md", number)), b.Bytes(), 0o600)
}
