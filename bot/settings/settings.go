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
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/bot"
	"digestbot/bot/replies"
	"digestbot/bot/site"
	"digestbot/bot/talk"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// Config holds the settings as they are written, for kong. Each is a flag, an environment
// variable, see [Variable], and a key of the file that --config names. The flag wins over the
// variable, and the variable over the file.
//
// A setting whose placeholder is FILE, FOLDER or DIR is a path, and one with ID or CHAT may be
// a number in the file. What stands in the tag "example" is shown where there is no default.
type Config struct {
	Origins Origins `kong:"-"`

	ConfigFile string `name:"config" placeholder:"FILE" help:"TOML file with settings, which have the names of these flags. Flags win over the environment, and that wins over the file."`

	TokenFile string        `placeholder:"FILE" example:"token" help:"File with the bot token from @BotFather, or a pipe; or set DIGESTBOT_TOKEN."`
	APIURL    string        `name:"api-url" default:"https://api.telegram.org" placeholder:"URL" help:"Bot API server (${default})."`
	Database  string        `default:"digestbot.db" placeholder:"FILE" help:"SQLite file (${default})."`
	Admins    []string      `placeholder:"ID" example:"[123456789]" help:"Telegram user ids of the owners, comma-separated; they name editors in the chat."`
	Source    []string      `sep:"none" placeholder:"SOURCE" example:"[\n  \"issues\",\n  \"https://example.org/feed.xml digest every=week\",\n]" help:"Folder, feed or page to take issues from, and options behind it, such as 'https://example.org/feed.xml digest every=week'; repeatable, or a line each."`
	Include   []string      `default:"*.md,*.markdown,*.html,*.htm,*.xml,*.rss,*.atom,*.json" placeholder:"PATTERN" help:"Names of documents in folders; repeatable, or comma-separated; !PATTERN leaves files out (${default})."`
	Schedule  string        `default:"0 9 * * FRI" placeholder:"CRON" help:"When to broadcast (${default})."`
	Timezone  string        `placeholder:"NAME" example:"Asia/Shanghai" help:"IANA time zone of the schedule and of dates shown, such as Asia/Shanghai (the machine's)."`
	Poll      string        `default:"@every 15m" placeholder:"CRON" help:"When to look at the sources (${default})."`
	CatchUp   time.Duration `default:"24h" placeholder:"DURATION" help:"How late a missed broadcast is still sent, such as 36h, 2d or 1w; after that, admins are asked (${default})."`
	Approve   bool          `help:"Hold each issue that is found in a source until an admin approves it."`
	Feedback  bool          `help:"Put 👍 and 👎 under the sections of issues; admins see how many pressed which."`
	Replies   string        `placeholder:"CHAT" example:"-1001234567890" help:"Where replies of readers to issues go, without their names: the id of a group as in --replies=-1001234567890, the same with /12 behind it for a topic, or admins for the private chats of all admins."`
	Rate      int           `default:"30" placeholder:"N" help:"Messages per second for the whole bot (${default})."`

	AllowPrivateSources bool `help:"Fetch documents also from addresses that are not on the public internet, such as those of your own network."`

	Proxy string `placeholder:"URL" example:"socks5h://127.0.0.1:1080" help:"Proxy to Telegram and to documents on the web, such as socks5h://127.0.0.1:1080 or http://name:password@proxy.example:3128, whatever HTTPS_PROXY and the like say; none: no proxy. What NO_PROXY lists is reached without one."`

	PaidBroadcast  bool          `help:"Allow paid broadcasting, which lets --rate go up to 1000 and costs Telegram Stars."`
	KeepDeliveries time.Duration `default:"2160h" placeholder:"DURATION" help:"How long the bot remembers who got an issue, before it keeps only totals; 0s: for ever (${default})."`

	WebhookSecretFile string `placeholder:"FILE" example:"webhook-secret" help:"File with the secret by which Telegram's requests to the webhook are known; or set DIGESTBOT_WEBHOOK_SECRET (a new one at every start)."`

	BackupDir       string `placeholder:"FOLDER" help:"Folder in which a backup of the database is made every night at three and after each broadcast."`
	BackupKeep      int    `default:"7" placeholder:"N" help:"How many of these backups are kept (${default})."`
	NoUpgradeBackup bool   `help:"Bring a database of an older version up to date without a backup of it."`

	WebhookURL string `name:"webhook-url" placeholder:"URL" example:"https://example.org/digestbot" help:"Public https address to which Telegram sends updates, instead of the bot asking for them; needs --listen."`
	Listen     string `placeholder:"HOST:PORT" example:"127.0.0.1:8080" help:"Address for the webhook, /healthz, /metrics and the public archive, such as 127.0.0.1:8080."`
	PublicURL  string `name:"public-url" placeholder:"URL" example:"https://example.org/weekly/" help:"Address of the public archive, such as https://example.org/weekly/. With --listen, to which it has to lead, the bot serves it there."`

	PingURL     string `name:"ping-url" secret:"" placeholder:"URL" example:"https://hc-ping.com/00000000-0000-0000-0000-000000000000" help:"Address of a check at healthchecks.io or the like, which is asked for when a broadcast is good, and with /fail behind its path when one failed, so that somebody hears of it when none goes out."`
	PingURLFile string `name:"ping-url-file" placeholder:"FILE" example:"ping-url" help:"File with the address of --ping-url, which is a secret."`

	Layout    string   `default:"sections" enum:"sections,auto,compact,rich" placeholder:"LAYOUT" help:"Layout for subscribers who chose none, and for preview: sections, auto (sections up to six messages, more become compact), compact or rich (${default})."`
	Language  string   `default:"en" placeholder:"TAG" help:"Language for readers whose own is unknown (${default})."`
	Welcome   []string `sep:"none" placeholder:"[LANG=]TEXT" example:"[\"Letters from a small garden\"]" help:"What /start says of the bot, for all readers or those of a language, such as en=TEXT; repeatable, or a line each."`
	LogLevel  string   `default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"Lowest level to log: debug, info, warn or error (${default})."`
	LogFormat string   `default:"text" enum:"text,json" placeholder:"FORMAT" help:"Format of the log: text or json (${default})."`
}

// Settings are a Config that was checked and understood.
type Settings struct {
	Token           string
	APIURL          string // without a slash at the end
	Proxy           func(*url.URL) (*url.URL, error)
	Database        string // file name
	Admins          []int64
	Sources         []sourceline.Line
	Rules           intake.Rules
	Fetch           fetch.Config // how documents are got from the web
	Location        *time.Location
	Schedule        scheduler.Schedule
	Poll            scheduler.Schedule
	CatchUp         time.Duration
	Approve         bool // new issues of sources wait for an admin
	Feedback        bool // readers vote on sections
	Replies         replies.Target
	Rate            int // messages per second
	Paid            bool
	KeepDeliveries  time.Duration // 0: for ever
	BackupDir       string        // empty: no backups are made at night
	BackupKeep      int
	NoUpgradeBackup bool
	WebhookURL      string   // empty: none
	WebhookSecret   string   // empty: the bot makes one up
	Listen          string   // host and port; empty: the bot does not listen
	PublicURL       *url.URL // of the public archive; nil: there is none
	PingURL         *url.URL // of the dead-man's switch, which is secret; nil: there is none
	Layout          string   // sections, auto, compact or rich; empty: sections
	Language        string
	Welcome         talk.Sentences
	Warnings        []string // about what is allowed, but may not be meant
	logLevel        slog.Level
	logFormat       string
}

// Settings checks all that can be checked without a database and a network. The error lists
// everything that is wrong, one setting on each line.
func (c Config) Settings(env Environment) (Settings, error) {
	s, wrong := c.understand(env)
	if len(wrong) > 0 {
		return s, errors.Join(wrong...)
	}
	s.Warnings = c.warnings(env, s)
	return s, nil
}

// Inspect is Settings for somebody who goes on with what is right. Each mistake is one setting's.
func (c Config) Inspect(env Environment) (s Settings, mistakes []string) {
	s, wrong := c.understand(env)
	for _, err := range wrong {
		mistakes = append(mistakes, MaskTokens(err.Error()))
	}
	if len(wrong) == 0 {
		s.Warnings = c.warnings(env, s)
	}
	return s, mistakes
}

// understand returns what the settings mean, and everything that is wrong with them. What is
// wrong is empty, or has a value to go on with.
func (c Config) understand(env Environment) (s Settings, wrong []error) {
	p := problems{label: c.label}
	s = Settings{
		APIURL:   strings.TrimRight(c.APIURL, "/"),
		Database: c.Database, CatchUp: c.CatchUp, Approve: c.Approve, Feedback: c.Feedback, Rate: c.Rate, Paid: c.PaidBroadcast,
		KeepDeliveries: c.KeepDeliveries, WebhookURL: c.WebhookURL, Listen: c.Listen, Layout: c.Layout, Language: c.Language, logFormat: c.LogFormat,
	}
	s.Fetch = c.Fetch(env)
	var err error
	if s.Token, err = c.token(env); err != nil {
		p.all = append(p.all, err)
	}
	s.Admins, err = parseAdmins(c.Admins)
	p.add("admins", err)
	p.add("database", subscribers.CheckPath(c.Database))
	p.add("api-url", checkAPIURL(c.APIURL))
	if s.Proxy, err = c.proxies(env).forTelegram(c.APIURL); err != nil {
		p.all = append(p.all, err)
	}
	s.Sources, err = sourceline.ParseAll(c.Source, sourceline.IsFolder)
	p.add("source", err)
	for _, line := range s.Sources {
		if line.Folder != "" {
			p.add("source", intake.CheckFolder(line.Folder))
		}
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
	s.Replies, err = replies.ParseTarget(c.Replies)
	p.add("replies", err)
	p.add("catch-up", checkCatchUp(c.CatchUp))
	p.add("rate", checkRate(c.Rate, c.PaidBroadcast))
	p.add("keep-deliveries", checkKeep(c.KeepDeliveries))
	if s.WebhookSecret, err = c.webhookSecret(env); err != nil {
		p.all = append(p.all, err)
	}
	s.BackupDir, s.BackupKeep, s.NoUpgradeBackup = c.BackupDir, c.BackupKeep, c.NoUpgradeBackup
	p.add("backup-dir", checkBackupDir(c.BackupDir))
	if c.BackupDir != "" {
		p.add("backup-keep", checkBackupKeep(c.BackupKeep))
	}
	p.add("webhook-url", c.checkWebhook())
	p.add("listen", checkListen(c.Listen))
	s.PublicURL, err = c.publicURL()
	p.add("public-url", err)
	if s.PingURL, err = c.pingURL(env); err != nil {
		p.all = append(p.all, err)
	}
	p.add("language", talk.CheckLanguage(c.Language))
	s.Welcome, err = talk.ParseSentences(c.Welcome)
	p.add("welcome", err)
	p.add("log-level", s.logLevel.UnmarshalText([]byte(c.LogLevel)))
	return s, p.all
}

// shortestGap is the shortest time between two broadcasts without a warning.
const shortestGap = time.Minute

// warnings returns what is allowed but may not be meant, with what to do about it.
func (c Config) warnings(env Environment, s Settings) (all []string) {
	all = c.fileWarnings(env)
	switch {
	case len(s.Admins) == 0 && s.Approve:
		all = append(all, "new issues wait for an admin, and there are no admins, so none of them goes out: give --admins ("+Variable("admins")+"), or leave out --approve")
	case len(s.Admins) == 0:
		all = append(all, "there are no admins, so nobody is told what goes wrong, or can use /broadcast and /status: give --admins ("+Variable("admins")+")")
	}
	if len(s.Admins) == 0 && s.Replies.Admins {
		all = append(all, "replies of readers wait for an admin, and there are no admins: give --admins ("+Variable("admins")+"), or the id of a group with --replies")
	}
	if len(s.Sources) == 0 {
		all = append(all, "there is no source, so issues come only from digestbot import: give --source ("+Variable("source")+")")
	}
	if first := s.Schedule.Next(time.Now()); !first.IsZero() && s.Schedule.Next(first).Sub(first) < shortestGap {
		all = append(all, fmt.Sprintf("--schedule (%s) is %q: a new issue goes out the moment it is found", Variable("schedule"), c.Schedule))
	}
	return all
}

// Names returns the patterns for the names of documents in folders.
func (c Config) Names() (intake.Names, error) {
	p := problems{label: c.label}
	names, err := intake.ParseNames(c.Include)
	p.add("include", err)
	return names, errors.Join(p.all...)
}

// Fetch returns how documents are got from the web. That a proxy is wrong is said when it
// would be used.
func (c Config) Fetch(env Environment) fetch.Config {
	return fetch.Config{
		Proxy: c.proxies(env).forSources(),
		Allow: func(netip.AddrPort) bool { return c.AllowPrivateSources },
	}
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
		Token: token, Admins: []int64{admin}, Sources: []sourceline.Line{{Folder: folder, Kind: sourceline.Folder, First: sourceline.FirstNewest}}, Rules: intake.Rules{Names: names}, Location: location,
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

func (c Config) checkWebhook() error {
	if c.WebhookURL == "" {
		return nil
	}
	if err := bot.CheckWebhook(c.WebhookURL, ""); err != nil {
		return fmt.Errorf("%q: %w", hideSecrets(c.WebhookURL), err)
	}
	if c.Listen == "" {
		return errors.New("give --listen as well, the address on this machine to which the webhook leads")
	}
	return nil
}

// webhookSecret returns the secret of the webhook, "" if there is none.
func (c Config) webhookSecret(env Environment) (string, error) {
	text, from, err := c.secret(env, webhookSecret)
	if err != nil || from == "" || bot.CheckWebhook(c.WebhookURL, "") != nil {
		return text, err
	}
	if text == "" {
		return "", fmt.Errorf("%s: it is empty: write the secret into it, or leave it out", from)
	}
	if err := bot.CheckWebhook(c.WebhookURL, text); err != nil {
		return "", fmt.Errorf("%s: %w", from, err)
	}
	return text, nil
}

// publicURL returns the address of the public archive that is served; nil: none is.
func (c Config) publicURL() (*url.URL, error) {
	if c.PublicURL == "" {
		return nil, nil //nolint:nilnil // see above
	}
	address, err := c.ArchiveAddress()
	if err != nil {
		return nil, err
	}
	if c.Listen == "" {
		return nil, errors.New("give --listen as well, the address on this machine to which the public one leads")
	}
	if hook, err := url.Parse(c.WebhookURL); err == nil && c.WebhookURL != "" && strings.TrimRight(hook.Path, "/")+"/" == address.Path {
		return nil, errors.New("its path is that of --webhook-url: give the webhook another one")
	}
	return address, nil
}

// ArchiveAddress returns the address of the public archive. The error says what is wrong
// with it, but not of which setting it is.
func (c Config) ArchiveAddress() (*url.URL, error) {
	address, err := site.ParseAddress(c.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", hideSecrets(c.PublicURL), err)
	}
	return address, nil
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

type problems struct {
	label func(flag string) string
	all   []error
}

func (p *problems) add(flag string, err error) {
	if err != nil {
		p.all = append(p.all, fmt.Errorf("%s: %s", p.label(flag), MaskTokens(err.Error())))
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
			hideSecrets(text))
	}
	return nil
}

// checkBackupDir takes a folder that is not there: it may be on a disk that will be mounted,
// and the bot has to run without. Admins are told then.
func checkBackupDir(folder string) error {
	if info, err := os.Stat(folder); folder != "" && err == nil && !info.IsDir() {
		return fmt.Errorf("%s is not a folder", folder)
	}
	return nil
}

func checkBackupKeep(n int) error {
	if n < 1 {
		return fmt.Errorf("%d is too few: keep 1 or more, or leave out --backup-dir", n)
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
