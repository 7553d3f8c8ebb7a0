package settings_test

import (
	"net/url"
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
		"nothing":           {func(*settings.Config, settings.Environment) {}, ""},
		"every minute":      {func(c *settings.Config, _ settings.Environment) { c.Schedule = "* * * * *" }, ""},
		"every second":      {func(c *settings.Config, _ settings.Environment) { c.Schedule = "@every 1s" }, `--schedule (DIGESTBOT_SCHEDULE) is "@every 1s"`},
		"no admins":         {func(c *settings.Config, _ settings.Environment) { c.Admins = nil }, "give --admins (DIGESTBOT_ADMINS)"},
		"no source":         {func(c *settings.Config, _ settings.Environment) { c.Source = nil }, "give --source (DIGESTBOT_SOURCE)"},
		"secret of nothing": {func(_ *settings.Config, env settings.Environment) { env["DIGESTBOT_WEBHOOK_SECRET"] = "x" }, "DIGESTBOT_WEBHOOK_SECRET is set and does nothing without --webhook-url"},
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
		environ []string
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
		env := settings.ReadEnvironment(append(test.environ, "DIGESTBOT_TOKEN=123456789:"+strings.Repeat("x", 35)))
		s, err := config.Settings(env)
		if (err != nil) != test.wrong {
			t.Errorf("%q for %s: %v, want an error: %v", test.environ, test.address, err, test.wrong)
		}
		if err != nil {
			continue
		}
		u, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if through, err := s.Proxy(u); err != nil {
			t.Error(err)
		} else if through != nil {
			got = through.String()
		}
		if got != test.want {
			t.Errorf("%q for %s: the proxy is %q, want %q", test.environ, test.address, got, test.want)
		}
	}
}
