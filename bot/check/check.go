// Package check tries whether a bot could do its work with its settings, and says what is wrong
// and how to mend it:
//
//	findings := check.Run(ctx, check.Config{Settings: s, Zone: "Europe/Berlin"}, func(f check.Finding) {
//		fmt.Println(f.State, f.Check, f.Text, f.Cure)
//	})
//
// It works while the bot runs and does not disturb it: it asks for no updates, takes no lock,
// writes nothing and sends no message. A check that hangs is given up.
package check

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"digestbot/bot/ping"
	"digestbot/bot/settings"
	"digestbot/subscribers/intake/fetch"
)

// State says how a check went.
type State string

// The states. Only Failed is for scripts to act upon.
const (
	OK      State = "ok"
	Warning State = "warning" // the bot works, but something may not be as it is meant
	Failed  State = "failed"
	Skipped State = "skipped" // it could not be tried, because something else is wrong
)

// Finding is what one check found. Its JSON is for programs and keeps its names.
type Finding struct {
	Check   string `json:"check"`   // such as "token" or "database"
	Subject string `json:"subject"` // of several: which source, which admin; else ""
	State   State  `json:"state"`
	Text    string `json:"text"` // what is
	Cure    string `json:"cure"` // what to do; "": nothing, or the text says it
}

// Config says what to check.
type Config struct {
	Settings settings.Settings
	Origins  string   // where the settings are from, in words
	Mistakes []string // in the settings
	Zone     string   // as it was given; "": the machine's
	Fetch    *fetch.Client
	Ping     ping.Service     // heeded if the settings have its address
	Now      func() time.Time // nil: time.Now
	Patience time.Duration    // with one check; 0: 15 seconds

	// Web gets to the addresses at which the bot itself is to be found; nil: the network, through
	// no proxy.
	Web http.RoundTripper
}

const patience = 15 * time.Second

// checker has what several checks need.
type checker struct {
	Config
	telegram *telegram
	database *database
	web      *http.Client // for addresses of the bot's own
}

// A check returns what it found. It may take as long as it wants: it is given up in time.
type check struct {
	name string
	run  func(ctx context.Context) []Finding
}

// Run runs all checks side by side, tells of what each found in a fixed order, and returns all
// that. No token is in it.
func Run(ctx context.Context, config Config, tell func(Finding)) (all []Finding) {
	c := newChecker(config)
	checks := []check{
		{"settings", c.checkSettings},
		{"token", c.checkToken},
		{"clock", c.checkClock},
		{"proxy", c.checkProxy},
		{"admins", c.checkAdmins},
		{"webhook", c.checkWebhook},
		{"database", c.checkDatabase},
		{"disk", c.checkDisk},
		{"backups", c.checkBackups},
		{"schedule", c.checkSchedule},
	}
	for i := range c.Settings.Sources {
		checks = append(checks, check{"source", func(ctx context.Context) []Finding { return c.checkSource(ctx, c.Settings.Sources[i]) }})
	}
	checks = append(checks, check{"listen", c.checkListen}, check{"public-url", c.checkPublic}, check{"ping-url", c.checkPing}, check{"open files", c.checkFiles})
	results := make([]chan []Finding, len(checks))
	for i, check := range checks {
		results[i] = make(chan []Finding, 1)
		go func() { results[i] <- c.withPatience(ctx, check) }()
	}
	for _, result := range results {
		for _, f := range <-result {
			f.Text, f.Cure = settings.MaskTokens(f.Text), settings.MaskTokens(f.Cure)
			tell(f)
			all = append(all, f)
		}
	}
	return all
}

func newChecker(config Config) *checker {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Patience == 0 {
		config.Patience = patience
	}
	c := &checker{Config: config, web: ownAddresses(config.Web)}
	c.telegram = newTelegram(config.Settings)
	c.database = newDatabase(config.Settings.Database)
	return c
}

// withPatience runs a check, and gives it up if it takes too long. Its goroutine stays then:
// a file system that is gone cannot be cut off.
func (c *checker) withPatience(ctx context.Context, check check) []Finding {
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	done := make(chan []Finding, 1)
	go func() { done <- check.run(ctx) }()
	timer := time.NewTimer(c.Patience + time.Second) // what heeds ctx says more
	defer timer.Stop()
	select {
	case found := <-done:
		for i := range found {
			found[i].Check = check.name
		}
		return found
	case <-timer.C:
		return []Finding{{
			Check: check.name, State: Failed, Text: fmt.Sprintf("given up: there was no answer in %s", c.Patience),
			Cure: "look whether a file system or server hangs",
		}}
	}
}

// checkSettings reports what is wrong with the settings, and what may not be meant.
func (c *checker) checkSettings(context.Context) (all []Finding) {
	for _, mistake := range c.Mistakes {
		all = append(all, Finding{State: Failed, Text: mistake})
	}
	for _, warning := range c.Settings.Warnings {
		all = append(all, Finding{State: Warning, Text: warning})
	}
	if len(all) == 0 {
		all = append(all, Finding{State: OK, Text: c.Origins})
	}
	return all
}

// one returns the only finding of a check.
func one(state State, text, cure string) []Finding {
	return []Finding{{State: state, Text: text, Cure: cure}}
}
