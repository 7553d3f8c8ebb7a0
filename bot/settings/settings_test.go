package settings_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/settings"
	"digestbot/subscribers/intake"
)

// valid returns settings without faults, after change has changed them.
func valid(t *testing.T, change func(*settings.Config, settings.Environment)) settings.Settings {
	t.Helper()
	config := settings.Config{
		APIURL: "https://api.telegram.org", Database: "digestbot.db", Admins: []string{"12"}, Source: []string{"."}, Timezone: "UTC",
		Schedule: "0 9 * * FRI", Poll: "@every 15m", CatchUp: 24 * time.Hour, Rate: 30, Language: "en", LogLevel: "info", LogFormat: "text",
	}
	env := settings.Environment{"DIGESTBOT_TOKEN": "123456789:" + strings.Repeat("x", 35)}
	change(&config, env)
	s, err := config.Settings(env)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*settings.Config, settings.Environment)
		want   string // empty: none
	}{
		"nothing":                 {func(*settings.Config, settings.Environment) {}, ""},
		"every minute":            {func(c *settings.Config, _ settings.Environment) { c.Schedule = "* * * * *" }, ""},
		"every second":            {func(c *settings.Config, _ settings.Environment) { c.Schedule = "@every 1s" }, `--schedule (DIGESTBOT_SCHEDULE) is "@every 1s"`},
		"approval, but no admins": {func(c *settings.Config, _ settings.Environment) { c.Admins, c.Approve = nil, true }, "or leave out --approve"},
		"no admins":               {func(c *settings.Config, _ settings.Environment) { c.Admins = nil }, "give --admins (DIGESTBOT_ADMINS)"},
		"no source":               {func(c *settings.Config, _ settings.Environment) { c.Source = nil }, "give --source (DIGESTBOT_SOURCE)"},
		"secret of nothing":       {func(_ *settings.Config, env settings.Environment) { env["DIGESTBOT_WEBHOOK_SECRET"] = "x" }, "DIGESTBOT_WEBHOOK_SECRET is set and does nothing without --webhook-url"},
		"secret of a webhook": {func(c *settings.Config, env settings.Environment) {
			env["DIGESTBOT_WEBHOOK_SECRET"], c.WebhookURL, c.Listen = "x", "https://example.org/x", ":8080"
		}, ""},
	} {
		got := valid(t, test.change).Warnings
		if len(got) != min(len(test.want), 1) || len(got) == 1 && !strings.Contains(got[0], test.want) {
			t.Errorf("%s: warnings %q, want %q", name, got, test.want)
		}
	}
}

// A file of another user has to stay readable for the bot.
func TestWarningOfTheProxysPassword(t *testing.T) {
	file := filepath.Join(t.TempDir(), "digestbot.toml")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	warned := func() []string {
		return valid(t, func(c *settings.Config, _ settings.Environment) {
			c.Proxy, c.ConfigFile = "http://ada:hush@proxy:3128", file
			c.Origins = settings.Origins{"proxy": {Kind: settings.FromFile}}
		}).Warnings
	}
	if got := warned(); len(got) != 1 || !strings.HasSuffix(got[0], fmt.Sprintf("proxy: chmod 600 %q", file)) {
		t.Errorf("of an own file: warnings %q", got)
	}
	if os.Geteuid() != 0 {
		t.Skip("needs root, to give the file away")
	}
	if err := os.Chown(file, 65534, -1); err != nil {
		t.Fatal(err)
	}
	if got := warned(); len(got) != 1 || !strings.HasSuffix(got[0], fmt.Sprintf("chgrp root %q && chmod 640 %q", file, file)) {
		t.Errorf("of a file of another user: warnings %q", got)
	}
}

// A public address needs an address to listen at, and a path of its own.
func TestPublicURL(t *testing.T) {
	for _, test := range []struct{ address, listen, hook, want, wrong string }{
		{"", "", "", "", ""},
		{"https://example.org/weekly", ":8080", "", "https://example.org/weekly/", ""},
		{"https://example.org/weekly", ":8080", "https://example.org/hook", "https://example.org/weekly/", ""},
		{"https://example.org", "", "", "", "give --listen as well"},
		{"example.org", ":8080", "", "", "looks like https://example.org/weekly/"},
		{"https://example.org", ":8080", "https://example.org", "", "give the webhook another one"},
		{"https://example.org/a/", ":8080", "https://example.org/a", "", "give the webhook another one"},
	} {
		config := settings.Config{
			APIURL: "https://api.telegram.org", Database: "digestbot.db", Timezone: "UTC", Schedule: "0 9 * * FRI", Poll: "@every 15m", Rate: 30, Language: "en", LogLevel: "info", LogFormat: "text",
			PublicURL: test.address, Listen: test.listen, WebhookURL: test.hook,
		}
		s, err := config.Settings(settings.Environment{"DIGESTBOT_TOKEN": "123456789:" + strings.Repeat("x", 35)})
		got := ""
		if s.PublicURL != nil {
			got = s.PublicURL.String()
		}
		if got != test.want || (err != nil) != (test.wrong != "") || err != nil && !strings.Contains(err.Error(), "--public-url (DIGESTBOT_PUBLIC_URL): ") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%+v: %q, %v", test, got, err)
		}
	}
}

func TestAdminNamedTwice(t *testing.T) {
	s := valid(t, func(c *settings.Config, _ settings.Environment) { c.Admins = []string{"12", " 7", "12"} })
	if want := []int64{12, 7}; !slices.Equal(s.Admins, want) {
		t.Errorf("admins are %v, want %v", s.Admins, want)
	}
}

// The default that --help shows for the names of documents holds without the setting.
func TestDefaultNames(t *testing.T) {
	field, _ := reflect.TypeFor[settings.Config]().FieldByName("Include")
	if got := field.Tag.Get("default"); got != intake.DefaultInclude {
		t.Errorf("default of --include is %q, want %q", got, intake.DefaultInclude)
	}
}

// A token that is given for another setting is not printed with the error.
func TestTokenInTheWrongPlace(t *testing.T) {
	token := "123456789:" + strings.Repeat("x", 35)
	config := settings.Config{
		TokenFile: token, APIURL: token, Database: "digestbot.db", Admins: []string{token}, Source: []string{token}, Timezone: token,
		Schedule: token, Poll: token, Rate: 30, WebhookURL: token, Listen: token, Language: token, LogLevel: token,
	}
	_, err := config.Settings(settings.Environment{})
	if err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("Settings = %v, want errors without the token", err)
	}
}

// An address is reached through the right proxy. A wrong proxy matters only if it is used.
func TestProxy(t *testing.T) {
	const https, http = "https://api.telegram.org", "http://bot-api.example:8081"
	for _, test := range []struct {
		environ []string // what begins with --proxy= is a flag
		address string
		want    string // empty: none
		wrong   bool
	}{
		{nil, https, "", false},
		{[]string{"HTTPS_PROXY=http://a:1"}, https, "http://a:1", false},
		{[]string{"HTTPS_PROXY=a:1"}, https, "http://a:1", false},
		{[]string{"HTTPS_PROXY=http://a:1"}, http, "", false},
		{[]string{"ALL_PROXY=socks5h://a"}, https, "socks5h://a", false},
		{[]string{"all_proxy=https://me:word@a:1"}, http, "https://me:word@a:1", false},
		{[]string{"ALL_PROXY=socks5://a:1", "https_proxy=http://b:2"}, https, "http://b:2", false},
		{[]string{"ALL_PROXY=socks5://a:1", "https_proxy=http://b:2"}, http, "socks5://a:1", false},
		{[]string{"ALL_PROXY=a:1", "NO_PROXY=telegram.org"}, https, "", false},
		{[]string{"ALL_PROXY=a:1", "no_proxy=example.org, bot-api.example"}, http, "", false},
		{[]string{"ALL_PROXY=a:1"}, "http://localhost:8081", "", false},

		{[]string{"--proxy=socks5h://b:1", "HTTPS_PROXY=http://a:1", "all_proxy=ftp://a"}, https, "socks5h://b:1", false},
		{[]string{"--proxy=b:1"}, http, "http://b:1", false},
		{[]string{"--proxy=b:1", "NO_PROXY=telegram.org"}, https, "", false},
		{[]string{"--proxy=b:1"}, "http://[::1]:8081", "", false},
		{[]string{"--proxy=none", "HTTPS_PROXY=http://a:1"}, https, "", false},
		{[]string{"--proxy=none", "HTTPS_PROXY=ftp://a"}, https, "", false},
		{[]string{"--proxy=direct"}, https, "http://direct", false}, // a host may be called that
		{[]string{"--proxy=ftp://b"}, https, "", true},

		{[]string{"ALL_PROXY=a:port"}, https, "", true},
		{[]string{"ALL_PROXY=a:70000"}, https, "", true},
		{[]string{"ALL_PROXY=http:/a"}, https, "", true},
		{[]string{"ALL_PROXY=http://"}, https, "", true},
		{[]string{"ALL_PROXY=ftp://a"}, https, "", true},
		{[]string{"ALL_PROXY=ftp://a", "NO_PROXY=*"}, https, "", false},
		{[]string{"HTTP_PROXY=ftp://a"}, https, "", false},
	} {
		config := settings.Config{
			APIURL: test.address, Database: "digestbot.db", Timezone: "UTC", Schedule: "0 9 * * FRI", Poll: "@every 15m",
			Rate: 30, Language: "en", LogLevel: "info", LogFormat: "text",
		}
		for _, one := range test.environ {
			if flag, ok := strings.CutPrefix(one, "--proxy="); ok {
				config.Proxy = flag
			}
		}
		env := settings.ReadEnvironment(append(test.environ, "DIGESTBOT_TOKEN=123456789:"+strings.Repeat("x", 35)))
		s, err := config.Settings(env)
		if (err != nil) != test.wrong {
			t.Errorf("%q for %s: %v, want an error: %v", test.environ, test.address, err, test.wrong)
		}
		if err == nil {
			checkProxy(t, test.environ, s.Proxy, test.address, test.want, false)
		}
		checkProxy(t, test.environ, config.Fetch(env).Proxy, test.address, test.want, test.wrong)
	}
}

// checkProxy checks through which proxy an address is reached.
func checkProxy(t *testing.T, environ []string, proxy func(*url.URL) (*url.URL, error), address, want string, wrong bool) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	through, err := proxy(u)
	if through != nil {
		got = through.String()
	}
	if got != want || (err != nil) != wrong {
		t.Errorf("%q for %s: the proxy is %q, %v; want %q", environ, address, got, err, want)
	}
}
