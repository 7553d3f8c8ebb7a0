// Package demo is what `digestbot demo` shows: a [Stage], which is a simulated Telegram with
// people in it, and a weekly that was written for it.
//
//	stage := demo.NewStage(report)
//	defer stage.Sim.Close()
//	http.Serve(listener, stage.Sim) // the chat page
//	err := stage.PublishArchive(folder)
//	err = stage.PublishNext(folder) // and Friday can come
package demo

import (
	"bytes"
	"embed"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"text/template"
	"time"

	"digestbot/bot/telegramsim"
)

//go:embed weekly
var texts embed.FS

//go:embed cover.png
var cover []byte

//go:embed dock.png
var dock []byte

// weekly has the texts of the issues, which are invented. The oldest comes first.
var weekly = template.Must(template.ParseFS(texts, "weekly/*.html.tmpl"))

// The numbers of issues that have texts.
const (
	OldestNumber = 9
	FirstNumber  = 12 // the first to come on a Friday; those before it are in the archive
)

// Stage is the simulated Telegram of a demonstration.
type Stage struct {
	Sim   *telegramsim.Sim
	Admin *telegramsim.Person

	friday time.Time // of the first issue

	mu   sync.Mutex
	next int // the number of the issue that comes next
}

// NewStage makes a Telegram with an admin, a Chinese and an English reader, a group, and a
// group with topics. Both groups have the bot. The English reader and the first group have
// subscribed. The admin has started the bot, or it could not report to them. The chat of the
// Chinese reader is empty, for the visitor to begin. report is called for requests that the
// Bot API does not know.
func NewStage(report func(wrong string)) *Stage {
	sim := telegramsim.New(telegramsim.Options{Report: report, Name: "河畔周报 Riverside", Username: "riverside_weekly_bot"})
	lin := sim.NewPerson("小林", telegramsim.Language("zh-hans"))
	ann := sim.NewPerson("Ann", telegramsim.Language("en"))
	admin := sim.NewPerson("Admin Mei", telegramsim.Language("en"))
	group := sim.NewSupergroup("River walkers", ann, lin)
	group.AddBot(ann)
	forum := sim.NewForum("Harbour club", ann, lin)
	forum.AddBot(ann)
	forum.PromoteBot(ann, telegramsim.AllRights())
	admin.Write("/start")
	ann.Write("/start")
	ann.Write("/subscribe")
	ann.WriteIn(group, "/subscribe@riverside_weekly_bot")
	return &Stage{Sim: sim, Admin: admin, friday: fridayOf(time.Now()), next: FirstNumber}
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

// Publish writes an issue of the weekly to the folder, and makes its pictures known to the
// chat page. Its date is a week after that of the issue before it, but at most a week after
// the last Friday. It is written like many Chinese weeklies: with YAML front matter, an HTML
// body, and sections with ordinals.
func (s *Stage) Publish(folder string, number int) error {
	var b bytes.Buffer
	weeks := min(number-FirstNumber, 1) // an issue that is dated further ahead is not sent
	date := s.friday.AddDate(0, 0, 7*weeks)
	text := OldestNumber + (number-OldestNumber)%(FirstNumber-OldestNumber+1)
	err := weekly.ExecuteTemplate(&b, fmt.Sprintf("%02d.html.tmpl", text), struct {
		Number int
		Date   string
	}{number, date.UTC().Format(http.TimeFormat)})
	if err != nil {
		return fmt.Errorf("write issue %d: %w", number, err)
	}
	s.Sim.AddPicture(fmt.Sprintf("https://pictures.example.org/riverside-%d.png", number), "image/png", cover)
	s.Sim.AddPicture("https://pictures.example.org/riverside-dock.png", "image/png", dock)
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("riverside-%d.md", number)), b.Bytes(), 0o600)
}
