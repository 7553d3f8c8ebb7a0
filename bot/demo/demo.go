// Package demo is the stage of `digestbot demo`: a simulated Telegram with
// people in it, and a weekly that was written for it.
//
//	stage := demo.NewStage()
//	defer stage.Sim.Close()
//	http.Serve(listener, stage.Sim) // the chat page
//	err := stage.Publish(folder, demo.FirstNumber)
package demo

import (
	"bytes"
	_ "embed" // for the weekly
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"digestbot/bot/telegramsim"
)

//go:embed issue.html.tmpl
var issueText string

//go:embed cover.png
var cover []byte

// issue is the weekly. The whole text is invented.
var issue = template.Must(template.New("issue").Parse(issueText))

// FirstNumber is the number of the first issue there is to send.
const FirstNumber = 12

// Stage is the simulated Telegram of a demonstration.
type Stage struct {
	Sim   *telegramsim.Sim
	Admin *telegramsim.Person

	friday time.Time // of the first issue
}

// NewStage makes a Telegram with an admin, a Chinese and an English reader,
// and a group that has the bot. The English reader and the group have
// subscribed, and the admin has started the bot, without which it could not
// report to them. The Chinese reader's chat is empty, for the visitor to begin.
func NewStage() *Stage {
	sim := telegramsim.New(telegramsim.Options{Name: "河畔周报 Riverside", Username: "riverside_weekly_bot"})
	lin := sim.NewPerson("小林", telegramsim.Language("zh-hans"))
	ann := sim.NewPerson("Ann", telegramsim.Language("en"))
	admin := sim.NewPerson("Admin Mei", telegramsim.Language("en"))
	group := sim.NewSupergroup("River walkers", ann, lin)
	group.AddBot(ann)
	admin.Write("/start")
	ann.Write("/start")
	ann.Write("/subscribe")
	ann.WriteIn(group, "/subscribe@riverside_weekly_bot")
	return &Stage{Sim: sim, Admin: admin, friday: fridayOf(time.Now())}
}

// fridayOf returns midnight of the last Friday up to now.
func fridayOf(now time.Time) time.Time {
	back := (int(now.Weekday()) - int(time.Friday) + 7) % 7
	year, month, day := now.AddDate(0, 0, -back).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Publish puts an issue of the weekly into the folder, dated a week after the
// one before it, and makes its picture known to the chat page. The document is
// shaped like those of many Chinese weeklies: YAML front matter, an HTML body,
// sections with ordinals.
func (s *Stage) Publish(folder string, number int) error {
	var b bytes.Buffer
	date := s.friday.AddDate(0, 0, 7*(number-FirstNumber))
	err := issue.Execute(&b, struct {
		Number int
		Date   string
	}{number, date.UTC().Format(http.TimeFormat)})
	if err != nil {
		return fmt.Errorf("write issue %d: %w", number, err)
	}
	s.Sim.AddPicture(fmt.Sprintf("https://pictures.example.org/riverside-%d.png", number), "image/png", cover)
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("riverside-%d.md", number)), b.Bytes(), 0o600)
}
