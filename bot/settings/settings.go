// Package settings holds what the operator of the bot decides: flags and environment
// variables, their defaults, and the checks of them. A [Config] has the settings as they are
// written, and [Config.Settings] checks them and returns [Settings].
//
// Errors name the setting, the cause and the cure. None of them contains the token or
// anything that looks like one.
package settings

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/bot"
	"digestbot/bot/talk"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// Config holds the settings as they are written, for kong. Each is a flag and an environment
// variable, see [Variable]. The flag wins.
type Config struct {
	TokenFile string        `placeholder:"FILE" help:"File with the bot token from @BotFather, or a pipe; or set DIGESTBOT_TOKEN."`
	APIURL    string        `name:"api-url" default:"https://api.telegram.org" placeholder:"URL" help:"Bot API server (${default})."`
	Database  string        `default:"digestbot.db" placeholder:"FILE" help:"SQLite file (${default})."`
	Admins    []string      `placeholder:"ID" help:"Telegram user ids of the admins, comma-separated."`
	Source    []string      `placeholder:"FOLDER" help:"Folder to take issues from; repeatable, or comma-separated."`
	Include   []string      `default:"*.md,*.markdown,*.html,*.htm,*.xml,*.rss,*.atom,*.json" placeholder:"PATTERN" help:"Names of documents in folders; repeatable, or comma-separated; !PATTERN leaves files out (${default})."`
	Schedule  string        `default:"0 9 * * FRI" placeholder:"CRON" help:"When to broadcast (${default})."`
	Timezone  string        `placeholder:"NAME" help:"IANA time zone of the schedule and of dates shown, such as Asia/Shanghai (the machine's)."`
	Poll      string        `default:"@every 15m" placeholder:"CRON" help:"When to look at the sources (${default})."`
	CatchUp   time.Duration `default:"24h" placeholder:"DURATION" help:"How late a missed broadcast is still sent, such as 36h, 2d or 1w; after that, admins are asked (${default})."`
	Rate      int           `default:"30" placeholder:"N" help:"Messages per second for the whole bot (${default})."`

	PaidBroadcast  bool          `help:"Allow paid broadcasting, which lets --rate go up to 1000 and costs Telegram Stars."`
	KeepDeliveries time.Duration `default:"2160h" placeholder:"DURATION" help:"How long the bot remembers who got an issue, before it keeps only totals; 0s: for ever (${default})."`

	WebhookURL string `name:"webhook-url" placeholder:"URL" help:"Public https address to which Telegram sends updates, instead of the bot asking for them; needs --listen."`
	Listen     string `placeholder:"HOST:PORT" help:"Address for the webhook and /healthz, such as 127.0.0.1:8080."`

	Layout    string   `default:"sections" enum:"sections,auto,compact,rich" placeholder:"LAYOUT" help:"Layout for subscribers who chose none, and for preview: sections, auto (sections up to six messages, more become compact), compact or rich (${default})."`
	Language  string   `default:"en" placeholder:"TAG" help:"Language for readers whose own is unknown (${default})."`
	Welcome   []string `sep:"none" placeholder:"[LANG=]TEXT" help:"What /start says of the bot, for all readers or those of a language, such as en=TEXT; repeatable, or a line each."`
	LogLevel  string   `default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"Lowest level to log: debug, info, warn or error (${default})."`
	LogFormat string   `default:"text" enum:"text,json" placeholder:"FORMAT" help:"Format of the log: text or json (${default})."`
}

// Settings are a Config that was checked and understood.
type Settings struct {
	Token          string
	APIURL         string // without a slash at the end
	Proxy          func(*url.URL) (*url.URL, error)
	Database       string // file name
	Admins         []int64
	Sources        []string // names of folders
	Rules          intake.Rules
	Location       *time.Location
	Schedule       scheduler.Schedule
	Poll           scheduler.Schedule
	CatchUp        time.Duration
	Rate           int // messages per second
	Paid           bool
	KeepDeliveries time.Duration // 0: for ever
	WebhookURL     string        // empty: none
	WebhookSecret  string        // empty: the bot makes one up
	Listen         string        // host and port; empty: the bot does not listen
	Layout         string        // sections, auto, compact or rich; empty: sections
	Language       string
	Welcome        talk.Sentences
	Warnings       []string // about what is allowed, but may not be meant
	logLevel       slog.Level
	logFormat      string
}

// Settings checks all that can be checked without a database and a network. The error lists
// everything that is wrong, one setting on each line.
func (c Config) Settings(env Environment) (Settings, error) {
	var p problems
	s := Settings{
		APIURL:   strings.TrimRight(c.APIURL, "/"),
		Database: c.Database, Sources: c.Source, CatchUp: c.CatchUp, Rate: c.Rate, Paid: c.PaidBroadcast,
		KeepDeliveries: c.KeepDeliveries, WebhookURL: c.WebhookURL, WebhookSecret: env[secretVariable], Listen: c.Listen, Layout: c.Layout, Language: c.Language, logFormat: c.LogFormat,
	}
	var err error
	if s.Token, err = c.token(env); err != nil {
		p.all = append(p.all, err)
	}
	s.Admins, err = parseAdmins(c.Admins)
	p.add("admins", err)
	p.add("database", subscribers.CheckPath(c.Database))
	p.add("api-url", checkAPIURL(c.APIURL))
	if s.Proxy, err = env.proxy(c.APIURL); err != nil {
		p.all = append(p.all, err)
	}
	for _, source := range c.Source {
		p.add("source", intake.CheckSource(source))
	}
	s.Rules.Settle = intake.SettleTime
	s.Rules.Names, err = c.Names()
	if err != nil {
		p.all = append(p.all, err)
	}
	s.Location, err = scheduler.Location(c.Timezone)
	p.add("timezone", err)
	if err != nil {
		s.Location = time.UTC // to go on checking
	}
	s.Schedule, err = scheduler.Parse(c.Schedule, s.Location)
	p.add("schedule", err)
	s.Poll, err = scheduler.Parse(c.Poll, s.Location)
	p.add("poll", err)
	p.add("catch-up", checkCatchUp(c.CatchUp))
	p.add("rate", checkRate(c.Rate, c.PaidBroadcast))
	p.add("keep-deliveries", checkKeep(c.KeepDeliveries))
	p.add("webhook-url", c.checkWebhook(s.WebhookSecret))
	p.add("listen", checkListen(c.Listen))
	p.add("language", talk.CheckLanguage(c.Language))
	s.Welcome, err = talk.ParseSentences(c.Welcome)
	p.add("welcome", err)
	p.add("log-level", s.logLevel.UnmarshalText([]byte(c.LogLevel)))
	if len(p.all) > 0 {
		return s, errors.Join(p.all...)
	}
	s.Warnings = c.warnings(s)
	return s, nil
}

// shortestGap is the shortest time between two broadcasts without a warning.
const shortestGap = time.Minute

// warnings returns what is allowed but may not be meant, with what to do about it.
func (c Config) warnings(s Settings) (all []string) {
	if c.TokenFile != "" && readableByOthers(c.TokenFile) {
		all = append(all, fmt.Sprintf("everybody on this machine can read the token: chmod 600 %q", c.TokenFile))
	}
	if len(s.Admins) == 0 {
		all = append(all, "there are no admins, so nobody is told what goes wrong, or can use /broadcast and /status: give --admins ("+Variable("admins")+")")
	}
	if len(s.Sources) == 0 {
		all = append(all, "there is no source, so issues come only from digestbot import: give --source ("+Variable("source")+")")
	}
	if first := s.Schedule.Next(time.Now()); !first.IsZero() && s.Schedule.Next(first).Sub(first) < shortestGap {
		all = append(all, fmt.Sprintf("--schedule (%s) is %q: a new issue goes out the moment it is found", Variable("schedule"), c.Schedule))
	}
	if s.WebhookSecret != "" && c.WebhookURL == "" {
		all = append(all, secretVariable+" is set and does nothing without --webhook-url ("+Variable("webhook-url")+")")
	}
	return all
}

// Names returns the patterns for the names of documents in folders.
func (c Config) Names() (intake.Names, error) {
	var p problems
	names, err := intake.ParseNames(c.Include)
	p.add("include", err)
	return names, errors.Join(p.all...)
}

// Demo returns the settings of the demonstration: the defaults, with a folder that has both
// the database and the issues.
func Demo(token string, admin int64, folder string) (Settings, error) {
	location := time.Local
	schedule, err := scheduler.Parse("0 9 * * FRI", location)
	if err != nil {
		return Settings{}, err
	}
	poll, err := scheduler.Parse("@every 15m", location)
	if err != nil {
		return Settings{}, err
	}
	names, err := intake.ParseNames(nil)
	if err != nil {
		return Settings{}, err
	}
	return Settings{
		Token: token, Admins: []int64{admin}, Sources: []string{folder}, Rules: intake.Rules{Names: names}, Location: location,
		Schedule: schedule, Poll: poll, Rate: 30, logLevel: slog.LevelError,
	}, nil
}

// LogHandler returns the handler that the log settings ask for. It does not repeat the same
// line over and over.
func (s Settings) LogHandler(w io.Writer) slog.Handler {
	options := &slog.HandlerOptions{Level: s.logLevel}
	if s.logFormat == "json" {
		return newQuiet(slog.NewJSONHandler(w, options))
	}
	return newQuiet(slog.NewTextHandler(w, options))
}

// secretVariable has no flag, just as tokenVariable has none.
const secretVariable = prefix + "WEBHOOK_SECRET"

func (c Config) checkWebhook(secret string) error {
	if c.WebhookURL == "" {
		return nil
	}
	if err := bot.CheckWebhook(c.WebhookURL, ""); err != nil {
		return fmt.Errorf("%q: %w", MaskTokens(c.WebhookURL), err)
	}
	if err := bot.CheckWebhook(c.WebhookURL, secret); err != nil {
		return fmt.Errorf("%s: %w", secretVariable, err)
	}
	if c.Listen == "" {
		return errors.New("give --listen as well, the address on this machine to which the webhook leads")
	}
	return nil
}

func checkListen(address string) error {
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is not a host and a port, such as 127.0.0.1:8080 or :8080", MaskTokens(address))
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > math.MaxUint16 {
		return fmt.Errorf("%q has no port between 0 and %d in it", MaskTokens(address), math.MaxUint16)
	}
	return nil
}

type problems struct{ all []error }

func (p *problems) add(flag string, err error) {
	if err != nil {
		p.all = append(p.all, fmt.Errorf("--%s (%s): %s", flag, Variable(flag), MaskTokens(err.Error())))
	}
}

func parseAdmins(texts []string) (ids []int64, err error) {
	for _, text := range texts {
		id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil || id <= 0 {
			return nil, fmt.Errorf("%q is not a Telegram user id, which is a number such as 123456789: "+
				"ask @userinfobot in Telegram for yours", text)
		}
		if !slices.Contains(ids, id) { // an admin who is named twice gets everything once
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// botPath matches what the Bot API puts between the address of a server and a method.
// Escaped colons are unescaped first.
var botPath = regexp.MustCompile(`(?i)/bot[0-9]+:`)

func checkAPIURL(text string) error {
	u, err := url.Parse(text)
	if err == nil && botPath.MatchString(u.Path) {
		return errors.New("leave out /bot and the token: only the address of the server is wanted, such as https://api.telegram.org")
	}
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not the address of a server, such as https://api.telegram.org or http://localhost:8081",
			MaskTokens(text))
	}
	return nil
}

func checkCatchUp(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("%s is negative: use 0s to make up for nothing", d)
	}
	return nil
}

// The limits, in messages per second (core.telegram.org/bots/faq).
const (
	maxRate     = 30
	maxPaidRate = 1000
)

func checkRate(rate int, paid bool) error {
	switch {
	case paid && (rate < 1 || rate > maxPaidRate):
		return fmt.Errorf("%d is not between 1 and %d, the messages per second that Telegram allows a bot that pays for them", rate, maxPaidRate)
	case !paid && (rate < 1 || rate > maxRate):
		return fmt.Errorf("%d is not between 1 and %d, the messages per second that Telegram allows for free: "+
			"up to %d need --paid-broadcast", rate, maxRate, maxPaidRate)
	}
	return nil
}

// shortestKeep keeps a duration in the wrong unit from aggregating deliveries that an admin may
// still want to retry.
const shortestKeep = 24 * time.Hour

func checkKeep(d time.Duration) error {
	if d < 0 || d > 0 && d < shortestKeep {
		return fmt.Errorf("%s is too short: an issue cannot be sent to anybody else after that; use %s or more, or 0s to keep them for ever", d, shortestKeep)
	}
	return nil
}
